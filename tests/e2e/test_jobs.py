"""Steps side by side: those that need each other wait, and one that fails ends the others."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from beside import Beside

from understudy.stages.runner import Run
from understudy.stages.side_by_side import execute_side_by_side

RECIPE = Path(__file__).with_name("tiny.yaml")
LEARN = {"stage": "pretrain", "shards": "public-shards", "optimization": {"tokens_per_batch": 256}}
MEET = """
import pathlib, runpy, sys, time
mine, other, sys.argv = *map(pathlib.Path, sys.argv[1:3]), ["understudy", *sys.argv[3:]]
mine.touch()
while not other.exists():
    time.sleep(0.01)
runpy.run_module("understudy", run_name="__main__")
"""


@pytest.fixture
def world(teachers: Path, tmp_path: Path) -> Beside:
    world = Beside(RECIPE, teachers, tmp_path)
    world.add(
        one=LEARN | {"from": "teacher-1", "duration": {"steps": 2}},
        two=LEARN | {"from": "teacher-1", "duration": {"steps": 3}},
        both=LEARN | {"from": "one", "duration": {"steps": 1}},
    )
    return world


@pytest.mark.slow
def test_steps_meet_that_need_not_wait_for_each_other(world: Beside, tmp_path: Path) -> None:
    lines: list[str] = []

    def command(step: str) -> Sequence[str]:
        own = ["step", str(world.file), step, "--runs", str(world.runs)]
        if step == "both":
            assert (world.made / "one" / "manifest.json").exists()
            return [sys.executable, "-m", "understudy", *own]
        places = [str(tmp_path / name) for name in (step, *{"one", "two"} - {step})]
        return [sys.executable, "-c", MEET, *places, *own]

    names = ["one", "two", "both"]
    run = Run(world.file, world.runs)
    outcomes = execute_side_by_side(run, command, 2, names, say=lines.append)
    assert [(each.step, each.state) for each in outcomes] == [(name, "done") for name in names]
    assert {"one: pretrain ...", "two: pretrain ...", "both: pretrain ..."} <= set(lines)
    again = execute_side_by_side(run, command, 2, names, say=lines.append)
    assert [each.state for each in again] == ["up to date"] * 3


@pytest.mark.slow
def test_a_step_that_fails_ends_the_others_and_the_command(world: Beside, tmp_path: Path) -> None:
    stays = tmp_path / "ended"
    waits = (
        "import pathlib, signal, sys\n"
        f"signal.signal(signal.SIGTERM, lambda *_: (pathlib.Path({str(stays)!r}).touch(), sys.exit(143)))\n"
        f"pathlib.Path({str(tmp_path / 'there')!r}).touch()\n"
        "signal.pause()\n"
    )
    fails = (
        "import pathlib, sys, time\n"
        f"while not pathlib.Path({str(tmp_path / 'there')!r}).exists(): time.sleep(0.01)\n"
        "sys.exit(2)\n"
    )
    commands = {"one": waits, "two": fails}
    with pytest.raises(SystemExit) as ended:
        execute_side_by_side(
            Run(world.file, world.runs),
            lambda step: [sys.executable, "-c", commands[step]],
            2,
            ["one", "two", "both"],
        )
    assert ended.value.code == 2 and stays.exists()


@pytest.mark.slow
def test_from_the_command_line(world: Beside) -> None:
    command = [sys.executable, "-m", "understudy", "run", world.file, "--runs", world.runs, "--jobs", "2"]
    only = ["--only", "one", "--only", "two", "--only", "both"]
    done: Any = subprocess.run([*command, *only], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    made = [world.numbers(step)["steps"] for step in ("one", "two", "both")]
    assert made == [2, 3, 1]
    short = {"layers": 1, "hidden": 16, "ffn": 16, "heads": 2, "max_length": 16}
    world.add(two=LEARN | {"encoder": short, "duration": {"steps": 3}})
    failed = subprocess.run([*command, *only], capture_output=True, text=True)
    assert failed.returncode == 2
    assert "do not fit a model of 16" in failed.stderr.splitlines()[-1]
