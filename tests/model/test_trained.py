"""Which parameters learn when, and at what rate, of our encoder and of others'."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import transformers
from torch import nn

from understudy.core.errors import UserError
from understudy.core.recipe.heads import Heads
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.huggingface import load_model
from understudy.model.nlu import NluModel
from understudy.model.trained import Trained
from understudy.utterances.tags import LabelSet

LABELS = LabelSet(("a", "b"), ("d",), {"a": "d", "b": "d"}, ("O", "B-x", "I-x"))
HEADS = Heads.model_validate(["intent", "crf"])
SIZES = {"vocab_size": 60, "pad_token_id": 1, "max_position_embeddings": 26}
KINDS: dict[str, dict[str, Any]] = {
    "bert": SIZES
    | {"hidden_size": 32, "num_hidden_layers": 3, "num_attention_heads": 4, "intermediate_size": 48},
    "distilbert": SIZES | {"dim": 32, "n_layers": 3, "n_heads": 4, "hidden_dim": 48},
    # One layer's weights serve as all twelve: there are none to be told apart.
    "albert": SIZES
    | {"hidden_size": 32, "embedding_size": 16, "num_attention_heads": 4, "intermediate_size": 48},
}


@pytest.fixture(params=["ours", "bert", "distilbert"])
def nlu(request: pytest.FixtureRequest, model: MaskedLanguageModel, tmp_path: Path) -> NluModel:
    """Three layers each."""
    return NluModel(model if request.param == "ours" else foreign(request.param, tmp_path), LABELS, HEADS)


def foreign(kind: str, folder: Path) -> MaskedLanguageModel:
    config = transformers.AutoConfig.for_model(kind, **KINDS[kind])
    transformers.AutoModelForMaskedLM.from_config(config).save_pretrained(folder)
    return load_model(folder)


def trained(nlu: NluModel) -> set[int]:
    return {id(parameter) for parameter in nlu.parameters() if parameter.requires_grad}


def ids(*parts: nn.Module) -> set[int]:
    return {id(parameter) for part in parts for parameter in part.parameters()}


def heads_of(nlu: NluModel) -> set[int]:
    assert nlu.crf is not None
    return ids(nlu.heads, nlu.crf)


def test_all_but_the_mlm_head_is_trained(nlu: NluModel) -> None:
    Trained().begin(nlu, 0)
    assert trained(nlu) == ids(nlu.encoder) | heads_of(nlu)
    assert trained(nlu) < ids(nlu)


def test_a_frozen_encoder_stays(nlu: NluModel) -> None:
    Trained(frozen=True).begin(nlu, 9)
    assert trained(nlu) == heads_of(nlu)
    assert {id(each) for each in Trained(frozen=True).factors(nlu)} == heads_of(nlu)


@pytest.mark.parametrize(
    ("every", "counts"),
    [
        (1.0, [0, 1, 2, 3, 4, 4]),
        (2.0, [0, 0, 1, 1, 2, 2]),
        (0.5, [0, 2, 4, 4, 4, 4]),
        (1.5, [0, 0, 1, 2, 2, 3]),
    ],
)
def test_layers_are_freed_from_the_top_and_embeddings_last(
    nlu: NluModel, every: float, counts: list[int]
) -> None:
    begun = Trained(unfreeze_every=every)
    for epoch, count in enumerate(counts):
        begun.begin(nlu, epoch)
        blocks = list(nlu.encoder.blocks)
        free = [trained(nlu) >= ids(block) for block in blocks]
        assert free == [depth < count for depth in reversed(range(3))]
        assert (trained(nlu) == ids(nlu.encoder) | heads_of(nlu)) == (count == 4)
        assert trained(nlu) >= heads_of(nlu)
    # All that is free at some time has a rate, and a run that is continued frees the same again.
    assert {id(each) for each in begun.factors(nlu)} == ids(nlu.encoder) | heads_of(nlu)


def test_rates_fall_by_a_factor_a_layer(nlu: NluModel) -> None:
    factors = Trained(layer_decay=0.5, head_factor=7.0).factors(nlu)
    assert {factors[each] for each in nlu.head_parameters()} == {7.0}
    for block, due in zip(nlu.encoder.blocks, (0.25, 0.5, 1.0), strict=True):
        assert {factors[each] for each in block.parameters()} == {due}
    assert set(factors.values()) == {7.0, 1.0, 0.5, 0.25, 0.125}


def test_without_decay_the_encoder_has_one_rate(nlu: NluModel) -> None:
    factors = Trained(head_factor=2.0).factors(nlu)
    assert {factors[each] for each in nlu.encoder.parameters()} == {1.0}


def test_layers_that_cannot_be_told_apart_are_the_users_error(tmp_path: Path) -> None:
    nlu = NluModel(foreign("albert", tmp_path), LABELS, HEADS)
    Trained().begin(nlu, 0)
    for wanted in (Trained(layer_decay=0.9), Trained(unfreeze_every=1.0)):
        with pytest.raises(UserError, match="layers of this encoder cannot be told apart"):
            wanted.factors(nlu) if wanted.unfreeze_every is None else wanted.begin(nlu, 1)
