"""Rows of a batch do not see each other, nor their padding."""

from __future__ import annotations

import pytest
import torch

from understudy.model.encoder import MaskedLanguageModel

LENGTHS = [3, 9, 24, 1, 12]


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
