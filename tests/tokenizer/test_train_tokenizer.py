"""Training: repeatable, guaranteed characters, errors that say the right size."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from understudy.core.errors import UserError
from understudy.tokenizer.characters import JOYO, JOYO_AS_TYPED, SETS, expand
from understudy.tokenizer.normalize import normalized
from understudy.tokenizer.sample import Sample, write_sample
from understudy.tokenizer.subwords import MODEL_FILE, Subwords
from understudy.tokenizer.train import train, train_on, write_seeds


def test_the_same_text_and_seed_give_the_same_bytes(sentences: tuple[str, ...], tmp_path: Path) -> None:
    for name in ("a", "b"):
        train(sentences * 3, 150, "", 7, tmp_path / name, limit=120)
    files = [{p.name: p.read_bytes() for p in (tmp_path / name).iterdir()} for name in ("a", "b")]
    assert files[0] == files[1]
    train(sentences * 3, 150, "", 8, tmp_path / "c", limit=120)
    assert (tmp_path / "c" / MODEL_FILE).read_bytes() != files[0][MODEL_FILE]


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


@pytest.fixture
def sample(sentences: tuple[str, ...], tmp_path: Path) -> Sample:
    return write_sample(lambda: sentences * 3, 3 * len(sentences), 10_000, 0, tmp_path / "sample.txt")


def test_the_address_of_the_text_is_no_part_of_the_model(sample: Sample, tmp_path: Path) -> None:
    moved = Sample(sample.path.rename(tmp_path / "moved.txt"), sample.sentences, sample.num_bytes)
    trained = train_on(moved, 150, tmp_path / "b")
    assert b"moved" not in (tmp_path / "b" / MODEL_FILE).read_bytes()
    assert trained.peak_memory > 10_000_000
    assert 0 < trained.seconds < 60


def test_seeds_of_a_larger_model_give_a_smaller_one_of_its_pieces(sample: Sample, tmp_path: Path) -> None:
    larger = train_on(sample, 170, tmp_path / "larger").subwords
    write_seeds(larger, tmp_path / "seeds.tsv")
    smaller = train_on(sample, 140, tmp_path / "smaller", seeds=tmp_path / "seeds.tsv").subwords
    assert smaller.vocabulary_size == 140
    assert {piece for piece in smaller.pieces if len(piece) > 1} <= set(larger.pieces)


def test_coverage_decides_which_characters_are_known(tmp_path: Path) -> None:
    text = ["abab baba"] * 500 + ["z"]
    half, _ = train(text, 10, "", 0, tmp_path / "half")
    assert half.ids(["z"])[0][-1] == half.unk_id
    sample = write_sample(lambda: text, len(text), 1000, 0, tmp_path / "sample.txt")
    whole = train_on(sample, 10, tmp_path / "whole", coverage=1.0).subwords
    assert "z" in whole.pieces


def test_the_joyo_list() -> None:
    assert len(JOYO) == len(set(JOYO)) == 2136
    assert list(JOYO) == sorted(JOYO)
    assert not set(JOYO) & set(JOYO_AS_TYPED)
    # Its print has these four forms; all but 20 characters of its years at school are in JIS X 0208.
    assert set("𠮟塡剝頰") <= set(JOYO)
    outside = []
    for character in JOYO:
        try:
            character.encode("iso2022_jp")
        except UnicodeEncodeError:
            outside.append(character)
    assert set(outside) == set("𠮟塡剝頰")
    assert set("一人学校鬱俺璃弥勅朕匁銑") - set(JOYO) == {"匁", "銑"}  # the last two left it in 2010


def test_sets_of_characters() -> None:
    assert set("ぁあんゔ") < set(SETS["hiragana"]) and set("ァアンヴヶー") < set(SETS["katakana"])
    assert all(normalized(c) == c for characters in SETS.values() for c in characters)
    assert expand(["hiragana", "hiragana"], "xあ").count("あ") == 1
    assert len(expand(["joyo", "hiragana", "katakana"])) == 2136 + 4 + 88 + 93


def test_every_joyo_kanji_and_kana_is_known(sentences: tuple[str, ...], tmp_path: Path) -> None:
    characters = expand(["joyo", "hiragana", "katakana"], "☃")
    subwords, _ = train(sentences * 3, 2440, characters, 0, tmp_path)
    assert not any(subwords.unk_id in ids for ids in subwords.ids(list(characters)))
