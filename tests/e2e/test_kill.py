"""SIGKILL in every stage, before its changes to the disk: nothing half looks whole, nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from beside import Beside

SCRIPT = Path(__file__).with_name("kill_everywhere.py")
ENVIRONMENT = os.environ | {"OMP_NUM_THREADS": "1"}


def kill_everywhere(tiny: Any, step: str, scratch: Path, *options: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, SCRIPT, tiny.recipe, tiny.runs, step, scratch, *options],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


# A step of each stage.
@pytest.mark.slow
@pytest.mark.parametrize(
    "step",
    ["world", "mixed-text", "tokenizer", "mixed-shards", "teacher-1", "student", "nlu-all", "test-all",
     "export-all", "report", "intents", "judged", "doubts"],
)  # fmt: skip
def test_a_killed_step_leaves_no_artifact_and_is_made_alike_afterwards(
    tiny: Any, step: str, tmp_path: Path
) -> None:
    told = kill_everywhere(tiny, step, tmp_path / "scratch")
    assert told["changes"] >= 5 and len(told["kills"]) >= 5
    for kill in told["kills"]:
        assert kill["killed"], kill
        assert kill["left"] is None, "no folder under the final name before everything is in it"
        assert kill["again"] == 0
        assert kill["made"] == told["due"], "the same fingerprint and the same bytes as undisturbed"
        assert kill["hidden"] == []


def test_a_kill_while_an_artifact_is_replaced_leaves_a_whole_one_or_none(tiny: Any, tmp_path: Path) -> None:
    told = kill_everywhere(tiny, "report", tmp_path / "scratch", "--force")
    assert any("report.old" in kill["before"] or "/report" in kill["before"] for kill in told["kills"])
    for kill in told["kills"]:
        assert kill["killed"], kill
        assert kill["left"] in (None, told["due"])
        assert kill["again"] == 0 and kill["made"] == told["due"]


@pytest.mark.slow
def test_killed_training_continues_from_its_checkpoint(tiny: Any, tmp_path: Path) -> None:
    """From outside, as a scheduler does it: the rerun goes on, and ends at the same weights."""
    world = Beside(tiny.recipe, tiny.folder, tmp_path / "killed", without="student")
    command = [sys.executable, "-m", "understudy", "step", tiny.recipe, "student", "--runs", world.runs]
    command += ["--set", "steps.student.duration.steps=200", "--set", "steps.student.checkpoint_every=5"]
    folder = world.made
    checkpoints = folder / ".student.partial" / "checkpoints"

    def newest() -> int:
        return max((int(path.name.removeprefix("step-")) for path in checkpoints.glob("step-*")), default=0)

    with subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and newest() < 25:  # the log has a line for step 20
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL, "it ended before it was killed"
    assert not (folder / "student").exists()
    before = newest()
    assert before < 200
    rows = (folder / ".student.partial" / "log.jsonl").read_text().splitlines()
    kept = [row for row in rows if json.loads(row)["step"] <= before]
    assert kept
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    resumed = json.loads((folder / "student" / "manifest.json").read_text())
    assert resumed["numbers"]["steps"] == 200
    # Lines hold the speed, so they would differ had the steps been done again.
    assert (folder / "student" / "log.jsonl").read_text().splitlines()[: len(kept)] == kept
    whole = Beside(tiny.recipe, tiny.folder, tmp_path / "whole", without="student")
    command[command.index("--runs") + 1] = whole.runs
    assert subprocess.run(command, env=ENVIRONMENT, capture_output=True).returncode == 0
    weights = [each.weights("student") for each in (world, whole)]
    assert weights[0] == weights[1]
