"""Long numbers as a recogniser writes them: digit by digit, in words."""

from __future__ import annotations

import re
from functools import cache

from understudy.text.spoken import has_rules, spoken

_ALSO = {"en": ("oh", "o", "double", "triple"), "de": ("zwo", "doppel"), "hi": ("छह", "छः", "डबल")}
"""What people say for a digit besides its name, or before a repeated one."""


@cache
def digit_words(language: str, digits: int) -> re.Pattern[str] | None:
    """A pattern of ``digits`` or more digit words one after the other; None where they are not known."""
    if not has_rules(language):
        return None
    names = {spoken(str(digit), language) for digit in range(10)} | set(_ALSO.get(language, ()))
    if language == "ja":  # one sign a digit, and no spaces
        return re.compile(f"[〇零一二三四五六七八九]{{{digits},}}")
    one = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    # Marks of Indic scripts are no word characters to `re`, so words are told by the spaces around them.
    return re.compile(rf"(?<!\S)(?:{one})(?: (?:{one})){{{digits - 1},}}(?!\S)")
