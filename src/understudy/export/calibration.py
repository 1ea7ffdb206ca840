"""``calibration.json``: temperatures by head, what they mend, and the rejection threshold; no torch.

It is written at the end of fine-tuning, read by evaluation, and goes with the bundle to serving.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from understudy.core.errors import UserError
from understudy.core.files import read_json, write_json

FORMAT_VERSION = 1

CALIBRATION = "calibration.json"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class HeadCalibration(_Part):
    """Of one head, on development data."""

    temperature: float = Field(default=1.0, gt=0)
    """Scores are divided by it before they become probabilities."""
    examples: int = Field(default=0, ge=0)
    """Utterances it was fitted on; those with a label that training never saw are not among them."""
    error_before: float | None = None
    """Expected calibration error at temperature 1."""
    error_after: float | None = None
    reason: str | None = None
    """Why the temperature is 1 though nothing was fitted."""


class Rejection(_Part):
    """The threshold, and what it does on the development data it was chosen on."""

    threshold: float = Field(default=0.0, ge=0, le=1)
    """A frame whose confidence is not above it is rejected."""
    wanted: float
    """Share of the unwanted frames that may be accepted."""
    unwanted: Literal["wrong frames", "out-of-scope utterances"]
    number: int = Field(ge=0)
    """Unwanted frames that the threshold was chosen on."""
    false_accept_rate: float | None = None
    """Of the unwanted, accepted."""
    acceptance_rate: float | None = None
    """Of the utterances in scope, accepted."""
    reason: str | None = None
    """Why there is no threshold though one was wanted."""


class Calibration(_Part):
    """What ``calibration.json`` says."""

    format_version: Literal[1] = 1
    utterances: int = Field(default=0, ge=0)
    """Development utterances in scope."""
    heads: dict[str, HeadCalibration] = Field(default_factory=dict)
    frame: HeadCalibration = HeadCalibration()
    """Of the confidence of whole frames, which has no temperature of its own."""
    rejection: Rejection | None = None

    @property
    def temperatures(self) -> dict[str, float]:
        """By head."""
        return {head: of_head.temperature for head, of_head in self.heads.items()}

    @property
    def threshold(self) -> float:
        """Frames whose confidence is not above it are rejected; 0 where nothing was asked for."""
        return 0.0 if self.rejection is None else self.rejection.threshold

    def save(self, folder: Path) -> None:
        """Write ``calibration.json``."""
        write_json(folder / CALIBRATION, self.model_dump())

    @classmethod
    def load(cls, folder: Path) -> Calibration:
        """Read what :meth:`save` wrote.

        Raises:
            UserError: it is missing, damaged, or of another format.
        """
        file = folder / CALIBRATION
        if not file.is_file():
            raise UserError("is missing: the model was made by an older understudy; make it again", file=file)
        value: Any = read_json(file)
        version = value.get("format_version") if isinstance(value, dict) else None
        if version != FORMAT_VERSION:
            raise UserError(
                f"calibration of format version {version}; this understudy reads version {FORMAT_VERSION}",
                file=file,
            )
        try:
            return cls.model_validate(value)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise UserError(f"not a calibration's: {first['msg']}", file=file, place=place or None) from None
