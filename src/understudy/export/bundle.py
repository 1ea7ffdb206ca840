"""The bundle: the folder that is deployed. Its format is written and read here, and nowhere else.

::

    bundle.json       what the runtime must know (:class:`BundleInfo`)
    model.onnx        the served graph, int8 or fp32
    model.fp32.onnx   the same in float32, for comparison and other runtimes
    labels.json       intents, domains, tags
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

FORMAT_VERSION = 1

INFO = "bundle.json"
MODEL = "model.onnx"
MODEL_FP32 = "model.fp32.onnx"
LABELS = "labels.json"


class BundleInfo(BaseModel):
    """What ``bundle.json`` says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format_version: Literal[1] = 1
    locales: tuple[str, ...] = Field(min_length=1)
    """The locales the model was trained for; others are refused."""
    max_length: int = Field(ge=3)
    """Longest input in pieces, special tokens included."""
    parameters: int = Field(ge=1)
    int8: bool
    """Is ``model.onnx`` the int8 graph, or did the accuracy gate keep float32?"""
    rejection_threshold: float = Field(default=0.0, ge=0.0, le=1.0)
    """A frame whose intent is less probable than this is marked ``rejected``."""


def write_bundle(
    folder: Path,
    info: BundleInfo,
    *,
    served: Path,
    fp32: Path,
    labels: Path,
    tokenizer: Sequence[Path],
) -> None:
    """Fill ``folder`` with everything that serving needs; ``bundle.json`` last, so half a bundle is none.

    Args:
        folder: made when missing.
        info: what ``bundle.json`` says.
        served: the graph to serve; may be ``fp32`` itself.
        fp32: the float32 graph.
        labels: the label set's JSON file.
        tokenizer: the tokenizer's files, copied under their own names.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / INFO).unlink(missing_ok=True)
    for source, name in ((served, MODEL), (fp32, MODEL_FP32), (labels, LABELS)):
        shutil.copyfile(source, folder / name)
    for source in tokenizer:
        shutil.copyfile(source, folder / source.name)
    write_json(folder / INFO, info.model_dump())


def read_info(folder: Path) -> BundleInfo:
    """Read and check a bundle's description, and that its graph and labels are there.

    Raises:
        UserError: the folder is no bundle, a file is missing, a value is wrong, or the format is newer.
    """
    if not folder.is_dir():
        raise UserError("no such bundle; give the 'bundle' folder of an export step", file=folder)
    if not (folder / INFO).is_file():
        raise UserError(f"holds no {INFO}; give the 'bundle' folder of an export step", file=folder)
    value = read_json(folder / INFO)
    version = value.get("format_version") if isinstance(value, dict) else None
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise UserError(
            f"bundle format {version} is newer than this program's {FORMAT_VERSION}; upgrade understudy",
            file=folder / INFO,
        )
    try:
        info = BundleInfo.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UserError(f"not a bundle's: {first['msg']}", file=folder / INFO, place=place or None) from None
    for name in (MODEL, LABELS):
        if not (folder / name).is_file():
            raise UserError("is missing from the bundle; export the model again", file=folder / name)
    return info
