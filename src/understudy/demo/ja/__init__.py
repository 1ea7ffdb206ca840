"""Japanese (ja-JP): shared lexicon, spoken assistant templates, written encyclopaedia templates."""

from understudy.demo.ja.assistant import ASSISTANT
from understudy.demo.ja.encyclopaedia import ENCYCLOPAEDIA
from understudy.demo.ja.lexicon import LEXICON

__all__ = ["ASSISTANT", "ENCYCLOPAEDIA", "LEXICON"]
