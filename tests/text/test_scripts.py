"""Which letters are of a language's scripts, by hand and on real text."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from understudy.text.locale import LANGUAGES
from understudy.text.scripts import script_share


@pytest.mark.parametrize(
    ("text", "language", "share"),
    [
        ("Hello, world 123!", "en", 1.0),
        ("Привет", "en", 0.0),
        ("Привет ab", "ru", 0.75),
        ("ab Привет", "en", 0.25),
        ("Größe ïé ﬁ Ａ", "de", 1.0),
        ("مرحبا", "ar", 1.0),
        ("नमस्ते", "hi", 1.0),  # vowel signs are marks, no letters
        ("नमस्ते", "mr", 1.0),
        ("வணக்கம்", "ta", 1.0),
        ("వందనం", "te", 1.0),
        ("వందనం", "ta", 0.0),
        ("日本のテレビ", "ja", 1.0),
        ("日本のテレビ", "zh", 2 / 6),
        ("ab日本", "ja", 0.5),
        ("123 ... 😀", "en", 0.0),
        ("", "en", 0.0),
        # A language that is not in the table: the script that most letters are of.
        ("aaaж", "qaa", 0.75),
        ("жжж", "qaa", 1.0),
    ],
)
def test_by_hand(text: str, language: str, share: float) -> None:
    assert script_share(text, language) == pytest.approx(share)


@pytest.mark.parametrize("language", LANGUAGES)
def test_real_text_is_in_its_script_and_others_are_not(shared_data: Path, language: str) -> None:
    with gzip.open(shared_data / "generic" / f"{language}.jsonl.gz") as file:
        texts = [json.loads(line)["text"] for _, line in zip(range(2000), file, strict=False)]
    shares = [script_share(text, language) for text in texts]
    assert sum(share >= 0.5 for share in shares) / len(shares) > 0.999
    other = "ta" if language != "ta" else "en"
    assert sum(script_share(text, other) >= 0.5 for text in texts) / len(shares) < 0.001
