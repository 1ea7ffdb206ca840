"""How long to train: in steps, examples, tokens or epochs."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Duration(BaseModel):
    """Exactly one of the units."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    steps: int | None = Field(default=None, ge=1)
    examples: int | None = Field(default=None, ge=1)
    tokens: int | None = Field(default=None, ge=1)
    epochs: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _exactly_one(self) -> Duration:
        given = [
            name for name in ("steps", "examples", "tokens", "epochs") if getattr(self, name) is not None
        ]
        if len(given) != 1:
            raise ValueError("give exactly one of steps, examples, tokens, epochs")
        return self

    def in_steps(self, *, steps_per_epoch: int, examples: int, tokens: int) -> int:
        """The number of optimizer steps, at least 1.

        Args:
            steps_per_epoch: batches in one pass over the data.
            examples: rows in one pass.
            tokens: real tokens (padding not counted) in one pass.
        """
        if self.steps is not None:
            return self.steps
        if self.examples is not None:
            epochs = self.examples / examples
        elif self.tokens is not None:
            epochs = self.tokens / tokens
        else:
            assert self.epochs is not None
            epochs = self.epochs
        return max(1, round(epochs * steps_per_epoch))
