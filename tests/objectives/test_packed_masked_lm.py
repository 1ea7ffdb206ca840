"""A batch without its padding loses and learns what the padded one does."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from understudy.objectives.losses import IGNORE, mean_losses
from understudy.objectives.masked_lm import MaskedLm
from understudy.objectives.masking import mask_batch
from understudy.objectives.packed import EndToEnd, PackedMaskedLm, end_to_end
from understudy.tokenizer.protocol import SpecialPieces

LENGTHS = np.array([4, 12, 9, 3, 7])
REAL = np.arange(12) < LENGTHS[:, None]


def batch(sequences: int | None = None) -> tuple[tuple[Tensor, ...], EndToEnd]:
    """The same rows padded and end to end."""
    ids = np.random.default_rng(0).integers(5, 60, REAL.shape)
    ids[:, 0] = 0
    masked = mask_batch(
        np.where(REAL, ids, 1), np.arange(5), seed=0, epoch=0, special=SpecialPieces.of_ours(60)
    )
    padded = (masked.ids, REAL, masked.selected, masked.labels)
    return tuple(map(torch.from_numpy, padded)), end_to_end(masked, REAL, sequences)


def test_nothing_is_left_out_but_padding() -> None:
    (ids, _, selected, labels), packed = batch()
    assert packed.borders.tolist() == [0, 4, 16, 25, 28, 35]
    assert packed.positions.tolist() == [place for length in LENGTHS for place in range(length)]
    assert packed.ids.tolist() == [int(ids[row, place]) for row in range(5) for place in range(LENGTHS[row])]
    assert np.array_equal(packed.ids[packed.selected], ids.flatten()[selected])
    assert np.array_equal(packed.labels, labels)


@pytest.mark.parametrize("sequences", [None, 8])
def test_losses_and_gradients_are_the_padded_ones(make, sequences: int | None) -> None:
    padded, packed = batch(sequences)
    assert len(packed.borders) == (sequences or 5) + 1
    model = make()

    def outcome(objective, inputs) -> list[Tensor]:
        model.zero_grad()
        loss = mean_losses(objective, *inputs)
        loss.total.backward()
        return [loss.total.detach(), *(parameter.grad.clone() for parameter in model.parameters())]

    got = outcome(PackedMaskedLm(model), [torch.from_numpy(each) for each in packed])
    due = outcome(MaskedLm(model), padded)
    assert any(gradient.abs().max() > 1e-3 for gradient in due[1:])
    torch.testing.assert_close(got, due, atol=1e-10, rtol=1e-10)


def test_masked_positions_are_counted() -> None:
    (_, _, _, labels), packed = batch()
    objective = PackedMaskedLm(torch.nn.Module())
    assert objective.counts(*map(torch.from_numpy, packed)) == {"mlm": int((labels != IGNORE).sum())}


def test_more_rows_than_sequences() -> None:
    with pytest.raises(ValueError, match="5 rows are more than 4 sequences"):
        batch(4)
