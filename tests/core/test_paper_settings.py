"""The papers' training tables, once more as printed, against what recipes are given."""

from __future__ import annotations

import pytest

from understudy.core.recipe.optimization import Optimization
from understudy.core.recipe.paper_settings import PAPER_SETTINGS
from understudy.core.recipe.presets import PRESETS

# Column: optimizer, schedule, peak, minimum, warm-up steps and shape, decay steps, tokens in a batch as the
# table rounds them, length, updates, betas, epsilon. None: the table is silent.
TABLE = {
    "700m": ("adamw", "linear", 1e-3, 1e-5, 1e3, "exponential", 5e5, 2.1e6, 1024, None, (0.9, 0.99), 1e-8),
    "2.3b": ("adamw", "linear", 1.5e-4, 1e-5, 5e3, "exponential", 5e5, 1.05e6, 512, 9.5e5, (0.9, 0.9), 1e-8),
    "9.3b": ("adamw", "linear", 1.4e-4, 1e-5, 1e4, "linear", 6e5, 2.1e6, 512, 5.7e5, (0.9, 0.99), 1e-8),
    "85m": ("adam", "noam", 0.5, None, 3250, None, None, 65.5e3, 512, 4e4, (0.9, 0.98), 1e-9),
    "5m": ("adam", "noam", 0.5, None, 3250, None, None, 131e3, 512, 4e4, (0.9, 0.98), 1e-9),
    "170m-stage-1": (
        *("lamb", "linear", 1.5e-3, None, 1e5, "exponential", 1e6, 393e3, 512, 1.5e6),
        *((0.9, 0.999), 1e-8),
    ),
    "170m-stage-2": (
        *("lamb", "linear", 2e-4, None, 1e4, "exponential", 2.5e5, 492e3, 30, 3.6e5),
        *((0.9, 0.999), 1e-8),
    ),
    "170m-mlm": (
        *("lamb", "linear", 1e-5, None, 1e4, "exponential", 15.6e3, 24.6e3, 512, 15_625),
        *((0.9, 0.999), 1e-8),
    ),
    "17m": ("lamb", "linear", 1e-3, None, 500, "exponential", 195e3, 8192, 512, 5e6, (0.9, 0.999), 1e-8),
    # [B]'s student has no column of its own: batch and updates are of its A.3.
    "17m-b": (
        "lamb",
        "linear",
        1e-3,
        None,
        500,
        "exponential",
        195e3,
        2**19,
        512,
        78_125,
        (0.9, 0.999),
        1e-8,
    ),
}


def test_every_column_is_there() -> None:
    assert PAPER_SETTINGS.keys() == TABLE.keys()
    assert {settings.preset for settings in PAPER_SETTINGS.values()} == PRESETS.keys()


@pytest.mark.parametrize("name", TABLE)
def test_a_column_is_the_tables(name: str) -> None:
    optimizer, schedule, peak, floor, warmup, shape, decay, tokens, length, updates, betas, epsilon = TABLE[
        name
    ]
    settings = PAPER_SETTINGS[name]
    # The recipe takes every field.
    got = Optimization(**settings.optimization)
    assert (got.optimizer, got.schedule, got.learning_rate) == (optimizer, schedule, peak)
    assert (got.warmup_steps, got.decay_steps) == (warmup, decay)
    assert (got.betas, got.epsilon) == (betas, epsilon)
    assert got.tokens_per_batch == pytest.approx(tokens, rel=2e-3)
    assert (settings.max_length, settings.updates) == (length, updates)
    assert got.minimum_learning_rate == (pytest.approx(peak / 100) if optimizer == "lamb" else floor or 1e-5)
    if shape is not None:
        assert got.warmup_shape == shape
    else:
        assert not {"warmup_shape", "decay_steps", "minimum_learning_rate"} & settings.optimization.keys()


def test_what_the_large_ones_share() -> None:
    for name in ("700m", "2.3b", "9.3b"):
        fields = PAPER_SETTINGS[name].optimization
        assert (fields["weight_decay"], fields["clip"]) == (0.1, 1.0)
        assert PAPER_SETTINGS[name].later_max_length == (1024 if name == "9.3b" else None)


def test_batches_are_whole_sequences() -> None:
    sequences = {
        name: PAPER_SETTINGS[name].optimization["tokens_per_batch"] / PAPER_SETTINGS[name].max_length
        for name in ("700m", "2.3b", "9.3b")
    }
    assert sequences == {"700m": 2048, "2.3b": 2048, "9.3b": 4096}
    for settings in PAPER_SETTINGS.values():
        assert settings.optimization["tokens_per_batch"] % settings.max_length == 0


def test_sequences_fit_the_presets() -> None:
    for settings in PAPER_SETTINGS.values():
        longest = settings.later_max_length or settings.max_length
        assert longest <= PRESETS[settings.preset]["max_length"]
