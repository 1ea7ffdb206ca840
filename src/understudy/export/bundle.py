"""The bundle: the folder that is deployed. Its format is written and read here, and nowhere else.

::

    bundle.json       what the runtime must know (:class:`BundleInfo`)
    model.onnx        the served graph, int8 or fp32
    model.fp32.onnx   the same in float32, for comparison and other runtimes
    labels.json       intents, domains, tags
    calibration.json  temperatures and the rejection threshold
    transitions.npy   of the CRF, where there is one
    README.md         the model card
    ...               the tokenizer's files

This module imports no torch: the serving room reads bundles through it.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from understudy.core.errors import UserError
from understudy.core.files import read_json, write_json
from understudy.export.calibration import CALIBRATION, Calibration
from understudy.utterances.chain import TRANSITIONS

FORMAT_VERSION = 2

INFO = "bundle.json"
MODEL = "model.onnx"
MODEL_FP32 = "model.fp32.onnx"
LABELS = "labels.json"


class BundleInfo(BaseModel):
    """What ``bundle.json`` says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format_version: Literal[2] = 2
    locales: tuple[str, ...] = Field(min_length=1)
    """The locales the model was trained for; others are refused."""
    max_length: int = Field(ge=3)
    """Longest input in pieces, special tokens included."""
    parameters: int = Field(ge=1)
    int8: bool
    """Is ``model.onnx`` the int8 graph, or did the accuracy gate keep float32?"""
    heads: tuple[Literal["intent", "slots", "domain"], ...] = Field(min_length=1)
    """The outputs of the graph, each with the scores of one head."""
    crf: bool = False
    """Are the slots' tags a chain with the transitions of ``transitions.npy``?"""


def write_bundle(
    folder: Path,
    info: BundleInfo,
    *,
    served: Path,
    fp32: Path,
    labels: Path,
    tokenizer: Sequence[Path],
    calibration: Calibration,
    transitions: Path | None = None,
) -> None:
    """Fill ``folder`` with everything that serving needs; ``bundle.json`` last, so half a bundle is none.

    Args:
        folder: made when missing.
        info: what ``bundle.json`` says.
        served: the graph to serve; may be ``fp32`` itself.
        fp32: the float32 graph.
        labels: the label set's JSON file.
        tokenizer: the tokenizer's files, copied under their own names.
        calibration: what confidences are divided by, and what is rejected.
        transitions: the CRF's; due where ``info.crf`` is true.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / INFO).unlink(missing_ok=True)
    files = [(served, MODEL), (fp32, MODEL_FP32), (labels, LABELS)]
    if transitions is not None:
        files.append((transitions, TRANSITIONS))
    for source, name in files:
        shutil.copyfile(source, folder / name)
    calibration.save(folder)
    for source in tokenizer:
        shutil.copyfile(source, folder / source.name)
    write_json(folder / INFO, info.model_dump())


def read_info(folder: Path) -> BundleInfo:
    """Read and check a bundle's description, and that its graph and labels are there.

    Raises:
        UserError: the folder is no bundle, a file is missing, a value is wrong, or the format is another.
    """
    if not folder.is_dir():
        raise UserError("no such bundle; give the 'bundle' folder of an export step", file=folder)
    if not (folder / INFO).is_file():
        raise UserError(f"holds no {INFO}; give the 'bundle' folder of an export step", file=folder)
    value = read_json(folder / INFO)
    version = value.get("format_version") if isinstance(value, dict) else None
    if isinstance(version, int) and version != FORMAT_VERSION:
        older = version < FORMAT_VERSION
        raise UserError(
            f"bundle format {version} is {'older' if older else 'newer'} than this program's "
            f"{FORMAT_VERSION}; {'export the model again' if older else 'upgrade understudy'}",
            file=folder / INFO,
        )
    try:
        info = BundleInfo.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UserError(f"not a bundle's: {first['msg']}", file=folder / INFO, place=place or None) from None
    for name in (MODEL, LABELS, CALIBRATION, *([TRANSITIONS] if info.crf else [])):
        if not (folder / name).is_file():
            raise UserError("is missing from the bundle; export the model again", file=folder / name)
    return info
