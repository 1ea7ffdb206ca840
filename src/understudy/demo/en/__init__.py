"""English (en-US): shared lexicon, spoken assistant templates, written encyclopaedia templates."""

from understudy.demo.en.assistant import ASSISTANT
from understudy.demo.en.encyclopaedia import ENCYCLOPAEDIA
from understudy.demo.en.lexicon import LEXICON

__all__ = ["ASSISTANT", "ENCYCLOPAEDIA", "LEXICON"]
