"""Rows of a batch do not see each other, nor their padding."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
import torch

from understudy.model.attention import attention
from understudy.model.encoder import MaskedLanguageModel

LENGTHS = [3, 9, 24, 1, 12]


@pytest.fixture(params=["with gradients", "without"], autouse=True)
def gradients(request: pytest.FixtureRequest) -> Iterator[None]:
    """Attention takes another path where gradients are due."""
    with torch.set_grad_enabled(request.param == "with gradients"):
        yield


def test_a_row_is_the_same_whatever_it_is_padded_to(model: MaskedLanguageModel, batch) -> None:
    ids, mask = batch(LENGTHS, 24)
    together = model(ids, mask)
    for row, length in enumerate(LENGTHS):
        for width in {length, min(24, length + 1), 24}:
            alone = model(ids[row : row + 1, :width], mask[row : row + 1, :width])
            torch.testing.assert_close(alone[0, :length], together[row, :length], atol=1e-5, rtol=0)


def test_what_stands_on_the_padding_is_not_read(model: MaskedLanguageModel, batch) -> None:
    ids, mask = batch(LENGTHS, 24)
    other = torch.where(mask, ids, 7)
    assert not torch.equal(ids, other)
    assert torch.equal(model(ids, mask)[mask], model(other, mask)[mask])


def test_another_row_changes_nothing_to_the_bit(model: MaskedLanguageModel, batch) -> None:
    ids, mask = batch(LENGTHS, 24)
    before = model(ids, mask)
    changed = ids.clone()
    changed[2] = torch.where(changed[2] == 7, 8, 7)
    after = model(changed, mask)
    rest = [0, 1, 3, 4]
    assert torch.equal(before[rest], after[rest])
    assert not torch.allclose(before[2], after[2], atol=1e-2)


def test_every_position_reads_every_other_and_its_own_place(model: MaskedLanguageModel, batch) -> None:
    ids, mask = batch([10], 10)
    before = model(ids, mask)[0]
    for position in range(10):
        changed = ids.clone()
        changed[0, position] = 7 if ids[0, position] != 7 else 8
        assert ((model(changed, mask)[0] - before).abs().amax(-1) > 1e-4).all()
    swapped = ids[:, [1, 0, *range(2, 10)]]
    assert ((model(swapped, mask)[0, 2:] - before[2:]).abs().amax(-1) > 1e-4).all()


def test_states_are_the_layers_outputs_before_the_last_norm(model: MaskedLanguageModel, batch) -> None:
    ids, mask = batch([5, 8], 8)
    states: list[torch.Tensor] = []
    hidden = model.encoder(ids, mask, states)
    assert [state.shape for state in states] == [(2, 8, 48)] * 3
    torch.testing.assert_close(model.encoder.final_norm(states[-1]), hidden)
    assert torch.equal(hidden, model.encoder(ids, mask))


def test_the_output_matrix_is_the_embedding(model: MaskedLanguageModel, batch) -> None:
    ids, mask = batch([8], 8)
    with torch.no_grad():
        before = model(ids, mask)
        absent = next(i for i in range(5, len(model.head_bias)) if i not in ids)
        model.encoder.words.weight[absent] *= 2
        bias = model.head_bias[absent]
        change = (model(ids, mask) - before).abs().amax((0, 1))
        assert change.nonzero().flatten().tolist() == [absent]
        torch.testing.assert_close(
            model(ids, mask)[..., absent] - bias, 2 * (before[..., absent] - bias), atol=1e-4, rtol=1e-4
        )


def test_dropout_drops_in_training_only(model: MaskedLanguageModel, batch) -> None:
    ids, mask = batch([8, 4], 8)
    assert torch.equal(model(ids, mask), model(ids, mask))
    model.train()
    assert not torch.allclose(model(ids, mask), model(ids, mask), atol=1e-2)


def test_the_start(vocabulary: int, model: MaskedLanguageModel) -> None:
    torch.manual_seed(0)
    fresh = MaskedLanguageModel(model.config)
    for name, parameter in fresh.named_parameters():
        if parameter.dim() > 1 and "token_type" not in name:
            assert float(parameter.detach().std()) == pytest.approx(0.02, rel=0.08), name
        else:
            due = 1.0 if "norm" in name and name.endswith("weight") else 0.0
            assert (parameter == due).all(), name


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_attention_by_the_formula(dtype: torch.dtype) -> None:
    generator = torch.Generator().manual_seed(0)
    query, key, value = (torch.randn(2, 3, 5, 4, dtype=dtype, generator=generator) for _ in range(3))
    bias = torch.zeros(2, 1, 1, 5).masked_fill(
        torch.tensor([[[[0, 0, 0, 1, 1]]], [[[0] * 5]]]) == 1, -torch.inf
    )
    got = attention(query, key, value, bias, 0.0)
    for row, length in ((0, 3), (1, 5)):
        for head in range(3):
            for place in range(5):
                scores = [float(query[row, head, place] @ key[row, head, i]) / 2 for i in range(length)]
                total = sum(math.exp(score) for score in scores)
                due = sum(math.exp(score) / total * value[row, head, i] for i, score in enumerate(scores))
                torch.testing.assert_close(got[row, head, place], due, atol=1e-6, rtol=0)


def test_attention_drops_weights_and_keeps_their_mean() -> None:
    torch.manual_seed(0)
    query, value = torch.zeros(1, 1, 4000, 2), torch.ones(1, 1, 50, 2)
    got = attention(query, torch.zeros(1, 1, 50, 2), value, torch.zeros(1, 1, 1, 50), 0.2)[0, 0, :, 0]
    # Of 50 equal weights 10 are dropped and the rest grow by a quarter.
    assert float(got.mean()) == pytest.approx(1.0, abs=0.005)
    assert float(got.std()) == pytest.approx((0.2 / 0.8 / 50) ** 0.5, rel=0.1)
