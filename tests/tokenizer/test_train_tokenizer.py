"""Training: repeatable, guaranteed characters, errors that say the right size."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from understudy.core.errors import UserError
from understudy.tokenizer.subwords import MODEL_FILE, Subwords
from understudy.tokenizer.train import sample, train


def test_the_same_text_and_seed_give_the_same_bytes(sentences: tuple[str, ...], tmp_path: Path) -> None:
    for name in ("a", "b"):
        train(sentences * 3, 150, "", 7, tmp_path / name, limit=120)
    files = [{p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("a", "b")]
    assert files[0] == files[1]
    train(sentences * 3, 150, "", 8, tmp_path / "c", limit=120)
    assert (tmp_path / "c" / MODEL_FILE).read_bytes() != files[0][MODEL_FILE]


def test_every_sentence_has_the_same_chance() -> None:
    drawn = Counter(text for seed in range(3000) for text in sample("abcdefghij", 3, seed))
    assert set(drawn) == set("abcdefghij")
    # 900 are due, with a standard deviation of 25.
    assert all(780 < count < 1020 for count in drawn.values())
    assert sample("abc", 3, 0) == ["a", "b", "c"]


def test_guaranteed_characters_are_pieces(sentences: tuple[str, ...], tmp_path: Path) -> None:
    subwords, _ = train(sentences * 3, 172, "々鬱ガＺ ", 0, tmp_path)
    assert {"々", "鬱", "ガ", "Z"} <= set(subwords.pieces)
    assert 3 not in subwords.ids(["鬱々 ｶﾞＺ"])[0]


def test_scores_are_exact_in_single_precision(subwords: Subwords) -> None:
    assert all(score * 256 == round(score * 256) for score in subwords.scores)
    assert len(set(subwords.scores[5:])) > 50


def test_a_vocabulary_too_large_names_the_largest(sentences: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(UserError, match="the largest they allow is") as caught:
        train(sentences, 5000, "", 0, tmp_path)
    largest = int(re.findall(r"\d+", caught.value.problem)[-1])
    assert train(sentences, largest, "", 0, tmp_path)[0].vocabulary_size == largest
    with pytest.raises(UserError):
        train(sentences, largest + 1, "", 0, tmp_path)


def test_a_vocabulary_too_small_names_the_characters(sentences: tuple[str, ...], tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"64 pieces cannot hold the \d+ characters"):
        train(sentences, 64, "", 0, tmp_path)


@pytest.mark.parametrize("text", [[], ["", " \u200b"]])
def test_no_text(text: list[str], tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no text to train"):
        train(text, 64, "", 0, tmp_path)


def test_a_row_longer_than_sentencepieces_default_counts(tmp_path: Path) -> None:
    """Packed rows have some 700 words, more than the 4,192 bytes beyond which SentencePiece drops a line."""
    row = "मुझे कल सुबह जगाना " * 300
    assert len(row.encode()) > 4192
    assert train([row], 19, "", 0, tmp_path)[0].vocabulary_size == 19
