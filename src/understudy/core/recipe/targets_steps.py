"""The step that writes down what a teacher says, for students that will not ask it again."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from understudy.core.recipe.entries import Reads
from understudy.core.recipe.step import Step


class Targets(Step):
    """A teacher's likeliest pieces at masked positions, and states of chosen layers, on disk.

    The step's ``seed`` is that of the masks, which the students that read this share.
    """

    stage: Literal["targets"]
    teacher: Annotated[str, Reads(("pretrained", "pretrain", "distill"))]
    shards: Annotated[str, Reads(("encode",))]
    top: int = Field(default=64, ge=1)
    """Pieces at a masked position; what is left of the probability is kept as one number."""
    hidden: tuple[int, ...] = ()
    """The teacher's layers, from 0, whose states are kept at every piece, in half precision."""
    epochs: int = Field(default=1, ge=1)
    """Passes with masks of their own; a student that trains longer meets them again."""
    temperature: float = Field(default=1.0, gt=0)
    limit: float = Field(default=50.0, gt=0)
    """GiB that may be written."""
    tokens_per_batch: int = Field(default=8192, ge=64)
    """Positions at once."""
    precision: Literal["fp32", "bf16", "fp16"] = "bf16"
    device: Literal["auto", "cpu", "cuda"] = "auto"
