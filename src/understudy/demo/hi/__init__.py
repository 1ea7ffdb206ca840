"""Hindi (hi-IN): shared lexicon, spoken assistant templates, written encyclopaedia templates."""

from understudy.demo.hi.assistant import ASSISTANT
from understudy.demo.hi.encyclopaedia import ENCYCLOPAEDIA
from understudy.demo.hi.lexicon import LEXICON

__all__ = ["ASSISTANT", "ENCYCLOPAEDIA", "LEXICON"]
