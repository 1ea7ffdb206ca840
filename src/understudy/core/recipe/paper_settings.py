"""How the papers trained their models: paper A's tables 6 and 7 as fields of a recipe's ``optimization``.

Where a table is silent the field is left out, and the recipe's own default holds, with these exceptions:

- Table 7's Adam has a weight decay of 0.1 under DeepSpeed, whose Adam takes it off the weights: ``adamw``.
- The LAMB columns give no floor. It is set to a hundredth of the peak, the ratio of table 7's 700M column.
- Warm-up and decay have the shape of the column to the left where a cell repeats it.
- Tokens are written in full: 2M tokens in 2048 sequences of 1024 are 2,097,152.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PaperSettings:
    """One column of a table."""

    preset: str
    """The encoder's size, a name in :data:`.presets.PRESETS`."""
    optimization: Mapping[str, Any]
    """Fields of :class:`.optimization.Optimization`."""
    max_length: int
    """Longest sequence in pieces, where training began."""
    updates: int | None
    """Steps made; none: the paper does not say."""
    later_max_length: int | None = None
    """Longest sequence in the second part of training."""

    @property
    def steps(self) -> int:
        """``updates``, or where the paper does not say, warm-up and decay."""
        return self.updates or self.optimization["warmup_steps"] + self.optimization["decay_steps"]


_NOAM: dict[str, Any] = {
    "optimizer": "adam",
    "schedule": "noam",
    "learning_rate": 0.5,
    "warmup_steps": 3250,
    "betas": (0.9, 0.98),
    "epsilon": 1e-9,
}
_LAMB: dict[str, Any] = {
    "optimizer": "lamb",
    "schedule": "linear",
    "warmup_shape": "exponential",
    "betas": (0.9, 0.999),
    "epsilon": 1e-8,
}
_ADAM: dict[str, Any] = {
    "optimizer": "adamw",
    "schedule": "linear",
    "minimum_learning_rate": 1e-5,
    "weight_decay": 0.1,
    "clip": 1.0,
    "epsilon": 1e-8,
}


def _lamb(*, peak: float, warmup: int, decay: int, tokens: int) -> dict[str, Any]:
    return _LAMB | {
        "learning_rate": peak,
        "minimum_learning_rate": peak / 100,
        "warmup_steps": warmup,
        "decay_steps": decay,
        "tokens_per_batch": tokens,
    }


def _adam(*, peak: float, warmup: int, shape: str, decay: int, tokens: int, beta: float) -> dict[str, Any]:
    return _ADAM | {
        "learning_rate": peak,
        "warmup_steps": warmup,
        "warmup_shape": shape,
        "decay_steps": decay,
        "tokens_per_batch": tokens,
        "betas": (0.9, beta),
    }


# Table 7: pretraining.
_700M = _adam(peak=1e-3, warmup=1_000, shape="exponential", decay=500_000, tokens=2048 * 1024, beta=0.99)
_2_3B = _adam(peak=1.5e-4, warmup=5_000, shape="exponential", decay=500_000, tokens=2048 * 512, beta=0.9)
_9_3B = _adam(peak=1.4e-4, warmup=10_000, shape="linear", decay=600_000, tokens=4096 * 512, beta=0.99)
# Table 6: distillation.
_STAGE_1 = _lamb(peak=1.5e-3, warmup=100_000, decay=1_000_000, tokens=768 * 512)
_STAGE_2 = _lamb(peak=2e-4, warmup=10_000, decay=250_000, tokens=16_384 * 30)
_MLM = _lamb(peak=1e-5, warmup=10_000, decay=15_600, tokens=48 * 512)
_STUDENT = _lamb(peak=1e-3, warmup=500, decay=195_000, tokens=8192)

PAPER_SETTINGS: dict[str, PaperSettings] = {
    "700m": PaperSettings("700m", _700M, 1024, None),
    "2.3b": PaperSettings("2.3b", _2_3B, 512, 950_000),
    "9.3b": PaperSettings("9.3b", _9_3B, 512, 570_000, later_max_length=1024),
    # The baseline's teacher and student.
    "85m": PaperSettings("85m", _NOAM | {"tokens_per_batch": 65_536}, 512, 40_000),
    "5m": PaperSettings("5m", _NOAM | {"tokens_per_batch": 131_072}, 512, 40_000),
    "170m-stage-1": PaperSettings("170m", _STAGE_1, 512, 1_500_000),
    "170m-stage-2": PaperSettings("170m", _STAGE_2, 30, 360_000),
    # The table has 1M updates; the text's 15,625 are what the decay fits.
    "170m-mlm": PaperSettings("170m", _MLM, 512, 15_625),
    # And again after 12.5M.
    "17m": PaperSettings("17m", _STUDENT, 512, 5_000_000),
    # Paper B A.3: one epoch; a batch is 2 sequences a GPU, on 8 GPUs, 64 times accumulated. The rest as in A.
    "17m-b": PaperSettings("17m-b", _STUDENT | {"tokens_per_batch": 1024 * 512}, 512, 78_125),
}
"""By preset; the 170M model has a column for each of its three runs."""


def paper_settings(preset: str, *, stage: str = "distill", continued: bool = False) -> PaperSettings:
    """The column of a run.

    The 170M model's runs are told apart by how they begin: from random weights it is the first distillation;
    with ``from`` the second if the step distils, and the continuation by MLM if it pretrains.

    Args:
        preset: a name in :data:`.presets.PRESETS`.
        stage: ``pretrain`` or ``distill``.
        continued: the step goes on from another one's model.
    """
    if preset != "170m":
        return PAPER_SETTINGS[preset]
    column = "stage-1" if not continued else "stage-2" if stage == "distill" else "mlm"
    return PAPER_SETTINGS[f"170m-{column}"]
