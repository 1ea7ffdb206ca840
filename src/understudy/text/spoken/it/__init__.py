"""Spoken form of Italian (paper A 2.2): ``alle 7:30 dell'11 maggio``, alle sette e mezza dell'undici maggio.

Tens are one word without accent (ventitre), hundreds stand apart (mille novecento otto).
"""

from __future__ import annotations

from understudy.text.spoken.elision import set_off
from understudy.text.spoken.it import amounts, codes, dates, letters
from understudy.text.spoken.it.names import ABBREVIATIONS, STOPLESS
from understudy.text.spoken.it.tables import SYMBOLS
from understudy.text.spoken.rules import one_of, speaker

_WORDS = [name for name in ABBREVIATIONS if "." not in name]
_WORK = (
    rf"[{''.join(SYMBOLS)}]|[A-Z]{{2}}|\b\w\.|\b(?i:{one_of(_WORDS)}|on|onn|min|sen)\.|\w\.\w|://"
    r"| [IVX]+\b|\b[IVX]+ "
    rf"|(?<![^\W\d_])(?i:{one_of(STOPLESS)})(?![^\W\d_])"
)
_RULES = set_off(
    (
        *letters.ABBREVIATED,
        *codes.RULES,
        *dates.RULES,
        *letters.ROMANS,
        *amounts.RULES,
        *letters.SPELLED,
    )
)

speak = speaker(lambda _: _RULES, _WORK, gap="")
