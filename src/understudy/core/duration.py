"""How long to train: in steps, examples, tokens or epochs, or until nothing more is learned."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Converged(BaseModel):
    """Stop when held-out text gets no easier."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    patience: int = Field(default=5, ge=1)
    """Validations in a row without an improvement."""
    improvement: float = Field(default=0.001, ge=0, lt=1)
    """What counts as one: the best perplexity so far (in fine-tuning: the score) bettered by this share."""


class Duration(BaseModel):
    """Exactly one of the units, and perhaps an earlier end.

    With ``converged`` the unit says the most, and the learning rate's schedule is as long as that.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    steps: int | None = Field(default=None, ge=1)
    examples: int | None = Field(default=None, ge=1)
    tokens: int | None = Field(default=None, ge=1)
    epochs: float | None = Field(default=None, gt=0)
    converged: Converged | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Duration:
        given = [
            name for name in ("steps", "examples", "tokens", "epochs") if getattr(self, name) is not None
        ]
        if len(given) != 1:
            most = ", as the most, beside converged" if self.converged else ""
            raise ValueError(f"give exactly one of steps, examples, tokens, epochs{most}")
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
