"""A full disk in every stage: one line, exit code 1, no artifact; and with room the same command succeeds."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).with_name("full_disk.py")
# A step of each stage; `report` is smaller than the smallest disk.
STEPS = [
    *("world", "mixed-text", "tokenizer", "mixed-shards", "teacher-1", "student"),
    *("nlu-all", "test-all", "export-all", "intents", "judged"),
]


@pytest.fixture(scope="module")
def told(tiny: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What happened to each step, out of one process."""
    if sys.platform != "linux" or shutil.which("unshare") is None:
        pytest.skip("needs Linux and unshare, for a disk of its own")
    namespace = ["unshare", "--mount"] + (["--map-root-user"] if os.getuid() else [])
    if subprocess.run([*namespace, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True).returncode:
        pytest.skip("this user may not mount a small disk")
    scratch = tmp_path_factory.mktemp("full")
    done = subprocess.run(
        [*namespace, sys.executable, SCRIPT, tiny.recipe, tiny.runs, scratch, *STEPS],
        capture_output=True,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("step", STEPS)
def test_a_full_disk_is_one_line_and_costs_nothing(told: dict[str, Any], step: str) -> None:
    what = told[step]
    assert what["code"] == 1, what
    lines = what["errors"].splitlines()
    assert "Traceback" not in what["errors"], what["errors"]
    assert [line for line in lines if line.startswith("understudy: ")] == lines[-1:]
    assert f".{step}.partial" in lines[-1] and "No space left on device" in lines[-1]
    assert what["left"] is None
    assert what["again"] == 0
    assert what["made"] == what["due"], "the same fingerprint and bytes as on a disk with room"
