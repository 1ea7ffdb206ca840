"""German abbreviations, Roman numerals and letters read one by one."""

from __future__ import annotations

import re

from understudy.text.spoken.de.inflection import ending
from understudy.text.spoken.de.names import (
    ABBREVIATIONS,
    CASED_ABBREVIATIONS,
    INITIALISMS,
    NUMBERED,
    QUEENS,
    RULERS,
)
from understudy.text.spoken.de.numbers import cardinal, ordinal
from understudy.text.spoken.numbers import ROMAN, roman_value
from understudy.text.spoken.rules import Match, Rule, one_of

_WRITTEN = {name.lower(): words for name, words in ABBREVIATIONS.items()}
# Two letters that the rule for abbreviations would take for one of its own are not spelled.
_AMBIGUOUS = {name.replace(".", "") for name in _WRITTEN if re.fullmatch(r"(\w\.)+\w", name)}


def _abbreviation(match: Match) -> str:
    return _WRITTEN[re.sub(r"\s", "", match[1].lower())]


def _numbered(match: Match) -> str:
    return f"{match[1]} {cardinal(str(roman_value(match['roman'])))}"


def _regnal(match: Match) -> str:
    """``Ludwig XIV.`` -> ludwig der vierzehnte, ``Ludwigs XIV.`` -> ludwigs des vierzehnten."""
    genitive = match["name"].endswith("s") and not match["name"].endswith(("us", "ns", "is", "as"))
    article = "des" if genitive else "die" if match["name"] in QUEENS else "der"
    return f"{match['name']} {article} {ordinal(str(roman_value(match['roman'])), 'en' if genitive else 'e')}"


def _century(match: Match) -> str:
    return ordinal(str(roman_value(match["roman"])), ending(match.string[: match.start()], match["noun"]))


def _spelled(letters: str) -> str | None:
    lower = letters.lower()
    return None if lower in _AMBIGUOUS else " ".join(f"{letter}." for letter in lower)


def _capitals(match: Match) -> str | None:
    word = match.group()
    unread = len(set(word)) > 1 and not set(word) & set("AEIOUYÄÖÜ")
    return _spelled(word) if word in INITIALISMS or unread else None


def _letters(match: Match) -> str | None:
    return _spelled(re.sub(r"[\s.]", "", match.group()))


def _apart(name: str) -> str:
    return r"\. ?".join(map(re.escape, name.split(".")))


_DOTTED = "|".join(_apart(name) for name in sorted(ABBREVIATIONS, key=len, reverse=True) if "." in name)
_WHOLE = one_of(form for name in ABBREVIATIONS if "." not in name for form in (name, name.capitalize()))

ABBREVIATED: tuple[Rule, ...] = (
    (re.compile(rf"(?<![\w.])(?<!\b\w\. )({_DOTTED})\.(?! ?[^\W\d_]\.)", re.I), _abbreviation),
    (re.compile(rf"(?<![\w.])({_WHOLE})\."), _abbreviation),
    (re.compile(r"(?<![\w.])[Kk]ap\.(?= ?[\dIVX])"), lambda _: "kapitel"),
    (re.compile(r"\b([^\W\d_]{3,})str\.(?!\w)"), lambda match: f"{match[1]}straße"),
    (
        re.compile(rf"(?<![\w.])({one_of(CASED_ABBREVIATIONS)})\.(?=\s\w|\s?$)"),
        lambda match: CASED_ABBREVIATIONS[match[1]],
    ),
)

ROMANS: tuple[Rule, ...] = (
    (re.compile(rf"\b(?P<name>(?:{one_of(RULERS)})s?) (?P<roman>(?=[IVX]){ROMAN})\.(?!\w)"), _regnal),
    (re.compile(rf"\b((?i:{one_of(NUMBERED)})) +(?P<roman>(?=[IVX]){ROMAN})"), _numbered),
    (re.compile(rf"(?<!\w)(?P<roman>(?=[IVX]{{2,}}){ROMAN})\. ?(?=(?P<noun>[A-ZÄÖÜ]\w{{3,}}))"), _century),
    (
        re.compile(
            rf"(?<!\w)(?P<roman>(?=[IVX]){ROMAN})\. ?(?=(?P<noun>{one_of(NUMBERED)}|Jahrhundert)\w?\b)"
        ),
        _century,
    ),
    (
        re.compile(rf"\b(?P<name>[A-ZÄÖÜ][a-zäöüß]{{3,}}) (?P<roman>(?=[IVX]{{2,}}){ROMAN})"),
        _numbered,
    ),
)

SPELLED: tuple[Rule, ...] = (
    (re.compile(r"\bGmbH\b"), lambda _: "g. m. b. h."),
    (re.compile(r"\b[^\W\d_](?:\.[^\W\d_])+\b\.?"), _letters),
    (re.compile(r"\b(?![IVX]+\b)[A-ZÄÖÜ]{2,5}(?=s?\b)(?!['’])"), _capitals),
)
