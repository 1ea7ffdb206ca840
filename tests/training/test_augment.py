"""Words replaced by a model: which, how many, and always the same ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from understudy.core.errors import UserError
from understudy.model.config import EncoderConfig
from understudy.model.encoder import MaskedLanguageModel
from understudy.tokenizer.subwords import Subwords
from understudy.tokenizer.train import train
from understudy.training import augment
from understudy.training.augment import _unspaced, _words, augmented

THINGS = ["music", "window", "kitchen", "weather", "coffee", "taxi", "lights", "alarm"]
TEXTS = [f"{verb} the {thing}" for verb in ("play", "stop") for thing in THINGS]


@pytest.fixture(scope="module")
def subwords(tmp_path_factory: pytest.TempPathFactory) -> Subwords:
    folder = tmp_path_factory.mktemp("tokenizer")
    train(TEXTS * 3, 33, "", 0, folder)
    return Subwords.load(folder)


@pytest.fixture
def model(subwords: Subwords) -> MaskedLanguageModel:
    torch.manual_seed(0)
    return MaskedLanguageModel(
        EncoderConfig(
            vocabulary=subwords.vocabulary_size, layers=1, hidden=16, ffn=16, heads=2, max_length=24
        )
    ).eval()


OPTIONS = {"copies": 2, "share": 0.3, "temperature": 1.0, "seed": 1}


def test_a_word_of_three_is_another_and_the_rest_stays(
    model: MaskedLanguageModel, subwords: Subwords
) -> None:
    made = augmented(TEXTS, model, subwords, **OPTIONS)
    assert len(made) == len(set(made)) > len(TEXTS)
    assert not set(made) & set(TEXTS)
    for text in made:
        assert len(text.split()) == 3
        assert any(
            sum(a != b for a, b in zip(text.split(), old.split(), strict=True)) == 1 for old in TEXTS
        ), text
    assert not any("<" in text for text in made)


def test_variants_belong_to_their_text(model: MaskedLanguageModel, subwords: Subwords) -> None:
    whole = augmented(TEXTS, model, subwords, **OPTIONS)
    assert augmented(TEXTS[::-1], model, subwords, **OPTIONS) != []
    assert set(augmented(TEXTS[::-1], model, subwords, **OPTIONS)) == set(whole)
    assert set(augmented(TEXTS[:5], model, subwords, **OPTIONS)) <= set(whole) | set(TEXTS)
    assert set(augmented(TEXTS, model, subwords, **OPTIONS | {"seed": 2})) != set(whole)


def test_pieces_are_drawn_as_often_as_they_are_likely(model: MaskedLanguageModel, subwords: Subwords) -> None:
    likely = subwords.ids(["taxi"])[0][0]
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
        model.head_bias[likely] = 30.0
    made = augmented(TEXTS, model, subwords, **OPTIONS | {"copies": 8})
    first = subwords.pieces[likely].lstrip("\u2581")
    for text in made:
        (new,) = [word for word in text.split() if word not in {w for t in TEXTS for w in t.split()}] or [""]
        assert new.startswith(first) or not new
    flat = augmented(TEXTS, model, subwords, **OPTIONS | {"copies": 8, "temperature": 100.0})
    assert len(flat) > len(made)


CITIES = ["東京", "大阪", "京都", "福岡"]
ASKED = [
    f"{city}の{thing}を{verb}"
    for city in CITIES
    for thing in ("天気", "音楽", "時刻")
    for verb in ("教えて", "調べて", "見せて")
]


def test_without_spaces_the_share_is_of_the_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    train(ASKED, 40, "", 0, tmp_path)
    subwords = Subwords.load(tmp_path)
    config = EncoderConfig(vocabulary=40, layers=1, hidden=16, ffn=16, heads=2, max_length=24)
    masked = 0

    def counted(model: Any, table: Any, selected: list[int], *others: Any) -> Any:
        nonlocal masked
        masked += len(selected)
        return drawn(model, table, selected, *others)

    drawn = augment._drawn
    monkeypatch.setattr(augment, "_drawn", counted)
    made = augmented(ASKED, MaskedLanguageModel(config).eval(), subwords, **OPTIONS)
    rows = [[subwords.pieces[i] for i in row] for row in subwords.ids(ASKED)]
    sizes = [len(row) - (row[0] == "\u2581") for row in rows]
    assert max(sizes) > 4
    assert masked == 2 * sum(max(1, round(0.3 * size)) for size in sizes)
    assert made


def test_words_of_scripts_with_and_without_spaces() -> None:
    def words(*pieces: str) -> list[int]:
        begins = np.array([piece.startswith("▁") for piece in pieces])
        return _words(begins, np.array(list(map(_unspaced, pieces))), np.array(pieces) == "▁").tolist()

    assert words("▁play", "▁mus", "ic", "▁", "now") == [2, 3, 3, 4, 4]
    assert words("▁", "東京", "の", "▁", "am", "7", "時", "15", "0") == [
        *(0, 3, 4), *(5, 5, 5), *(6, 7, 7)
    ]  # fmt: skip
    for piece in ("เป", "ເປ", "បើ", "ဖွ", "カー", "々"):
        assert words(f"▁{piece}", piece, piece) == [2, 3, 4], piece
    for piece in ("음", "न", "ا", "ሀ", "α", "7", "!"):
        assert words(f"▁{piece}", piece, piece) == [2, 2, 2], piece


def test_unknown_characters_are_not_spelled_out(
    model: MaskedLanguageModel, subwords: Subwords, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = ["play the 音", "stop the 音"]
    made = augmented(TEXTS + odd, model, subwords, **OPTIONS)
    assert made == augmented(TEXTS, model, subwords, **OPTIONS)
    assert "augment: 2 of 18 utterances get no copies" in capsys.readouterr().err


def test_a_tokenizer_that_is_not_ours_is_the_users_error(
    model: MaskedLanguageModel, subwords: Subwords, tmp_path: Path
) -> None:
    class Foreign:
        pass

    with pytest.raises(
        UserError, match=r"taught.augment.model: only a model with understudy's own tokenizer"
    ):
        augmented(TEXTS, model, Foreign(), **OPTIONS)  # type: ignore[arg-type]
