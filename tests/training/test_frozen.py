"""Features of a frozen encoder: each row is what the encoder says of that text alone."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from understudy.model.config import EncoderConfig
from understudy.model.encoder import MaskedLanguageModel
from understudy.tokenizer.subwords import Subwords
from understudy.tokenizer.train import train
from understudy.training import frozen
from understudy.training.frozen import frozen_features

TEXTS = ["play the music", "stop", "what is the weather in berlin", "play it in the kitchen", "明日の天気"]
SPANS = [[(0, 4), (5, 8), (9, 14)], [(0, 4)], [(5, 7), (23, 29)], [], [(0, 1), (2, 3)]]
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def subwords(tmp_path_factory: pytest.TempPathFactory) -> Subwords:
    folder = tmp_path_factory.mktemp("tokenizer")
    train(TEXTS * 3, 36, "", 0, folder)
    return Subwords.load(folder)


def model_of(subwords: Subwords, max_length: int = 64) -> MaskedLanguageModel:
    torch.manual_seed(0)
    sizes = EncoderConfig(
        vocabulary=subwords.vocabulary_size, layers=2, hidden=16, ffn=32, heads=2, max_length=max_length
    )
    return MaskedLanguageModel(sizes).eval()


def test_a_row_is_the_mean_over_its_own_pieces(subwords: Subwords, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frozen, "_scaled", lambda features: features)
    model = model_of(subwords)
    texts, words = frozen_features(model, subwords, CPU, TEXTS, SPANS)
    due = []
    for row, (text, spans) in enumerate(zip(TEXTS, SPANS, strict=True)):
        encoding = subwords.encode(text)
        ids = torch.tensor([encoding.ids])
        with torch.inference_mode():
            states = model.encoder(ids, torch.ones_like(ids))[0].numpy()
        assert texts[row] == pytest.approx(states.mean(axis=0), abs=1e-5)
        for start, end in spans:
            covered = [at for at, (a, b) in enumerate(encoding.offsets) if max(a, start) < min(b, end)]
            due.append(states[covered].mean(axis=0))
    assert words == pytest.approx(np.array(due), abs=1e-5)


def test_columns_are_centred_and_rows_about_one_long(subwords: Subwords) -> None:
    texts, words = frozen_features(model_of(subwords), subwords, CPU, TEXTS * 3, SPANS * 3)
    for features in (texts, words):
        assert features.mean(axis=0) == pytest.approx(np.zeros(16), abs=1e-5)
        assert np.mean(np.linalg.norm(features, axis=1) ** 2) == pytest.approx(1, abs=1e-3)


def test_words_behind_the_longest_row_have_nothing(
    subwords: Subwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frozen, "_scaled", lambda features: features)
    _, words = frozen_features(model_of(subwords, 8), subwords, CPU, TEXTS, SPANS)
    assert words[5].tolist() == [0] * 16  # berlin
    assert words[0].any()
