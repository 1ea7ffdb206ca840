"""Agreement with public written -> spoken cases (Apache-2.0, from NeMo text processing), a language each."""

from __future__ import annotations

import gzip
import json
import unicodedata
from pathlib import Path

import pytest

from understudy.text.spoken import has_rules, spoken

LANGUAGES = ("ar", "de", "en", "es", "fr", "hi", "it", "ja", "pt")
OTHER_CLASSES = ("word", "special_text", "whitelist", "electronic", "address")
"""Names, markup and spelling, where conventions differ most; all ``punctuation*`` classes too."""


def compared(text: str) -> str:
    """Lower case, punctuation and symbols dropped, spaces folded."""
    kept = (" " if unicodedata.category(c)[0] in "PS" else c for c in text.lower())
    return " ".join("".join(kept).split())


def agrees(row: dict, locale: str) -> bool:
    return compared(spoken(row["written"], locale)) in map(compared, row["spoken"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_agreement(shared_data: Path, language: str) -> None:
    assert has_rules(language)
    with gzip.open(shared_data / "spoken_form" / f"{language}.jsonl.gz", "rt", encoding="utf-8") as handle:
        rows = [json.loads(line) for line in handle]
    sides: dict[bool, list[bool]] = {True: [], False: []}
    for row in rows:
        other = row["class"] in OTHER_CLASSES or row["class"].startswith("punctuation")
        sides[other].append(agrees(row, language))
    main = sum(sides[False]) / len(sides[False])
    rest = sum(sides[True]) / len(sides[True]) if sides[True] else 1.0
    print(f"{language}: {main:.1%} of {len(sides[False])}, {rest:.1%} of {len(sides[True])} of other classes")
    assert main >= 0.92
    assert rest >= 0.75
