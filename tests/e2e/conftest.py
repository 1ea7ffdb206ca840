"""One run of every stage at toy size, shared by all tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from understudy.stages.runner import Run

RECIPE = Path(__file__).with_name("tiny.yaml")
ENVIRONMENT = os.environ | {"OMP_NUM_THREADS": "1"}


@dataclass(frozen=True)
class TinyRun:
    """A finished run; tests must not change it."""

    recipe: Path
    runs: Path
    out: str
    err: str

    @property
    def folder(self) -> Path:
        """Where the artifacts are."""
        return self.runs / "tiny"


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> TinyRun:
    """``understudy run tiny.yaml``, in a process of its own."""
    runs = tmp_path_factory.mktemp("tiny") / "runs"
    done = subprocess.run(
        [sys.executable, "-m", "understudy", "run", RECIPE, "--runs", runs],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return TinyRun(RECIPE, runs, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def teachers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The artifacts of the tiny recipe as far as its teachers; tests link to them."""
    runs = tmp_path_factory.mktemp("teachers")
    steps = ["world", "public-text", "mixed-text", "tokenizer", "public-shards", "mixed-shards"]
    Run(RECIPE, runs).execute([*steps, "teacher-1", "teacher-2"], say=lambda _: None)
    return runs / "tiny"


@pytest.fixture
def copied(tiny: TinyRun, tmp_path: Path) -> TinyRun:
    """A copy of the run that a test may damage."""
    shutil.copytree(tiny.runs, tmp_path / "runs")
    return TinyRun(tiny.recipe, tmp_path / "runs", tiny.out, tiny.err)
