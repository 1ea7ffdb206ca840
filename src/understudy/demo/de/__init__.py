"""German (de-DE): shared lexicon, spoken assistant templates, written encyclopaedia templates."""

from understudy.demo.de.assistant import ASSISTANT
from understudy.demo.de.encyclopaedia import ENCYCLOPAEDIA
from understudy.demo.de.lexicon import LEXICON

__all__ = ["ASSISTANT", "ENCYCLOPAEDIA", "LEXICON"]
