"""Artifacts: a folder that is complete exactly when its manifest is there and every file has its size."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from understudy import __version__
from understudy.core.errors import UserError
from understudy.core.files import read_json, write_json

FORMAT_VERSION = 1
"""Of the manifest and the payload layouts; artifacts of a newer one are refused."""

MANIFEST = "manifest.json"
_FINGERPRINT = "fingerprint"


class Manifest(BaseModel):
    """What made an artifact, out of what, when, where, and the numbers that came out."""

    model_config = ConfigDict(extra="forbid")

    format_version: int
    recipe: str
    step: str
    stage: str
    fingerprint: str
    config: dict[str, Any]
    inputs: dict[str, str]
    """Step name -> fingerprint, for every artifact that was read."""
    sources: dict[str, str]
    """File -> SHA-256, for every raw file that was read."""
    code_version: str
    machine: dict[str, Any]
    started: str
    seconds: float
    numbers: dict[str, Any]
    files: dict[str, int]
    """Payload file -> size in bytes."""


@dataclass(frozen=True)
class Artifact:
    """A complete artifact on disk."""

    path: Path
    manifest: Manifest

    @property
    def numbers(self) -> dict[str, Any]:
        """What the stage measured."""
        return self.manifest.numbers

    def file(self, *parts: str) -> Path:
        """A payload file or folder.

        Raises:
            UserError: it is not there.
        """
        path = self.path.joinpath(*parts)
        if not path.exists():
            raise UserError("is missing from the artifact; make the step again with --force", file=path)
        return path

    def part(self, name: str) -> Artifact:
        """One of several models that a step made: the folder of that name, and its own numbers."""
        if (self.path / name / MANIFEST).is_file():  # another step's artifact, handed on
            return Artifact.load(self.path / name)
        numbers = self.numbers.get("parts", {}).get(name, self.numbers)
        return Artifact(self.file(name), self.manifest.model_copy(update={"numbers": numbers}))

    @staticmethod
    def load(path: Path) -> Artifact:
        """Read and check the artifact in a folder.

        Raises:
            UserError: no manifest, a manifest cut short or of a newer format, a payload file missing or of
                another size than was written.
        """
        manifest_path = path / MANIFEST
        if not manifest_path.is_file():
            raise UserError(f"holds no {MANIFEST}, so it is no complete artifact", file=path)
        raw = read_json(manifest_path)
        version = raw.get("format_version") if isinstance(raw, dict) else None
        if isinstance(version, int) and version > FORMAT_VERSION:
            raise UserError(
                f"format version {version} is newer than this program's {FORMAT_VERSION}; upgrade understudy",
                file=manifest_path,
            )
        try:
            manifest = Manifest.model_validate(raw)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise UserError(
                f"not a manifest: {first['msg']}", file=manifest_path, place=place or None
            ) from None
        for name, size in manifest.files.items():
            file = path / name
            if not file.is_file():
                raise UserError("is missing; make the step again with --force", file=file)
            if file.stat().st_size != size:
                raise UserError(
                    f"has {file.stat().st_size} bytes where {size} were written; "
                    "it is damaged, make the step again with --force",
                    file=file,
                )
        return Artifact(path, manifest)


class Workspace:
    """The hidden folder in which a step works until its artifact is complete.

    A killed step leaves it behind. The next run of the same fingerprint continues in it (stages keep their
    checkpoints there); any other fingerprint starts from an empty one.
    """

    def __init__(self, final: Path, fingerprint: str) -> None:
        self.final = final
        self.path = final.with_name(f".{final.name}.partial")
        marker = self.path / _FINGERPRINT
        if self.path.exists() and not (marker.is_file() and marker.read_text() == fingerprint):
            shutil.rmtree(self.path)
        if not self.path.exists():
            self.path.mkdir(parents=True)
            marker.write_text(fingerprint)
        # Files that a killed step was writing; they would become part of the artifact.
        for leftover in list(self.path.rglob(".*.tmp")):
            leftover.unlink()

    def complete(self, manifest: Manifest) -> Artifact:
        """Write the manifest last, then give the folder its final name."""
        marker = self.path / _FINGERPRINT
        files = sorted(file for file in self.path.rglob("*") if file.is_file() and file.name != MANIFEST)
        files = [file for file in files if file != marker]
        for file in files:
            _flush(file)
        sizes = {file.relative_to(self.path).as_posix(): file.stat().st_size for file in files}
        manifest = manifest.model_copy(update={"files": sizes})
        write_json(self.path / MANIFEST, manifest.model_dump())
        discard(self.final)
        marker.unlink(missing_ok=True)  # not before: until here a killed step goes on in this folder
        self.path.rename(self.final)
        _flush(self.final.parent)
        return Artifact(self.final, manifest)


def discard(path: Path) -> None:
    """Remove an artifact so that a kill on the way never leaves a half one that looks whole."""
    if path.exists():
        grave = path.with_name(f".{path.name}.old")
        shutil.rmtree(grave, ignore_errors=True)
        path.rename(grave)
        shutil.rmtree(grave)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def code_version() -> str:
    """The package's version and, in a checkout, the commit."""
    try:
        done = subprocess.run(
            ["git", "rev-parse", "--short", "HEAD"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return __version__
    return f"{__version__}+{done.stdout.strip()}"


def machine() -> dict[str, Any]:
    """What the step ran on."""
    return {
        "architecture": platform.machine(),
        "cores": os.cpu_count(),
        "processor": processor(),
        "python": platform.python_version(),
        "system": platform.system(),
    }


def processor() -> str:
    """The processor's name as the system gives it."""
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            key, _, value = line.partition(":")
            if key.strip() == "model name":
                return value.strip()
    return platform.processor() or platform.machine()
