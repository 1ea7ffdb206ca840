"""Dropout by 16 bits an element is dropout."""

from __future__ import annotations

import pytest
import torch

from understudy.model.dropout import dropped


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float64])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_share_is_zeroed_and_the_mean_stays(share: float, dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    out = dropped(torch.ones(999, 1001, dtype=dtype), share)
    assert out.dtype == dtype and out.shape == (999, 1001)
    scaled = out[out > 0].double()
    assert float((scaled * (1 - share) - 1).abs().max()) < (0.005 if dtype == torch.bfloat16 else 1e-4)
    zeros = (out == 0).double()
    assert float(zeros.mean()) == pytest.approx(share, abs=0.003)
    # No row, column, or lane of four has more than its part.
    for axis in (zeros.mean(0), zeros.mean(1), zeros.flatten()[: 4 * 249_000].view(-1, 4).mean(0)):
        assert float((axis - share).abs().max()) < 0.09
    assert float(out.double().mean()) == pytest.approx(1.0, abs=0.01)


def test_neighbours_are_dropped_apart() -> None:
    torch.manual_seed(0)
    zeros = (dropped(torch.ones(400_000), 0.5) == 0).double()
    for distance in range(1, 9):
        both = float((zeros[distance:] * zeros[:-distance]).mean())
        assert both == pytest.approx(0.25, abs=0.005)


def test_the_gradient_passes_where_the_value_does() -> None:
    torch.manual_seed(0)
    x = torch.randn(64, 33, requires_grad=True)
    out = dropped(x, 0.3)
    out.sum().backward()
    assert torch.equal(x.grad == 0, out == 0)
    torch.testing.assert_close(x.grad * x, out)


def test_a_seed_repeats_it_and_nothing_is_drawn_without_need() -> None:
    x = torch.ones(100)
    torch.manual_seed(5)
    first = dropped(x, 0.5)
    torch.manual_seed(5)
    assert torch.equal(dropped(x, 0.5), first)
    state = torch.get_rng_state()
    assert dropped(x, 0.0) is x and dropped(x, 0.5, training=False) is x
    assert torch.equal(torch.get_rng_state(), state)
    assert (dropped(x, 0.9999999) == 0).any()
    assert dropped(torch.ones(0, 4), 0.5).shape == (0, 4)
