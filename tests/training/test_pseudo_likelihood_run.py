"""A model guesses words: batches against one piece at a time, and a model whose every answer is known."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from understudy.core.recipe.optimization import Optimization
from understudy.metrics.pseudo_likelihood import Questions, ask
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.huggingface import load_model
from understudy.tokenizer.load import load_tokenizer
from understudy.tokenizer.protocol import Tokenizer
from understudy.training.pseudo_likelihood import answers

EXACT = Optimization(precision="fp32", tokens_per_batch=64)
TEXTS = [
    ("de", "weckt alle um sieben in der küche"),
    ("ja", "明日の朝七時に起こして"),
    ("en", "wake me up"),
] * 3
KINDS = ["bert", "xlm-roberta", "modernbert"]
Asked = tuple[MaskedLanguageModel, Tokenizer, Questions]


@pytest.fixture(params=KINDS)
def asked(request: pytest.FixtureRequest, elsewhere: Callable[[str], Path]) -> Asked:
    folder = elsewhere(request.param)
    model, tokenizer = load_model(folder), load_tokenizer(folder)
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for weight in model.parameters():  # far from the start, so that guesses hang on what stands around
            weight.add_(0.3 * torch.randn(weight.shape, generator=generator))
    return model, tokenizer, ask(TEXTS, [tokenizer], words=3, max_length=60, seed=0)


@torch.no_grad()
def test_batches_are_as_one_piece_at_a_time(asked: Asked) -> None:
    model, tokenizer, questions = asked
    done: list[int] = []
    found = answers(
        model, tokenizer.special, questions.encodings[0], questions.asked, 0, settings=EXACT, done=done.append
    )
    due = []
    for question in questions.asked:
        ids = questions.encodings[0][question.sentence].ids
        (places,) = question.pieces
        total = 0.0
        for turn, place in enumerate(places):
            hidden = [
                tokenizer.special.mask if other in places[turn:] else ids[other] for other in range(len(ids))
            ]
            scores = model(torch.tensor([hidden]), torch.ones(1, len(ids)))[0, place]
            total -= float(torch.log_softmax(scores.double(), -1)[ids[place]])
        due.append(total)
    assert max(map(len, (question.pieces[0] for question in questions.asked))) > 1
    assert np.ptp(found) > 1
    np.testing.assert_allclose(found, due, rtol=1e-4)
    assert sum(done) == sum(len(question.pieces[0]) for question in questions.asked)


@torch.no_grad()
def test_a_model_that_knows_nothing_spells_by_chance(asked: Asked) -> None:
    """All weights 0: every piece of the table is as likely, so a word of n costs n ln V."""
    model, tokenizer, questions = asked
    for weight in model.parameters():
        weight.zero_()
    found = answers(model, tokenizer.special, questions.encodings[0], questions.asked, 0, settings=EXACT)
    chance = math.log(model.config.vocabulary)
    due = [len(question.pieces[0]) * chance for question in questions.asked]
    np.testing.assert_allclose(found, due, rtol=1e-6)
