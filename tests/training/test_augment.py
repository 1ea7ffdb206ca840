"""Words replaced by a model: which, how many, and always the same ones."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from understudy.core.errors import UserError
from understudy.model.config import EncoderConfig
from understudy.model.encoder import MaskedLanguageModel
from understudy.tokenizer.subwords import Subwords
from understudy.tokenizer.train import train
from understudy.training.augment import augmented

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


def test_a_tokenizer_that_is_not_ours_is_the_users_error(
    model: MaskedLanguageModel, subwords: Subwords, tmp_path: Path
) -> None:
    class Foreign:
        pass

    with pytest.raises(
        UserError, match=r"taught.augment.model: only a model with understudy's own tokenizer"
    ):
        augmented(TEXTS, model, Foreign(), **OPTIONS)  # type: ignore[arg-type]
