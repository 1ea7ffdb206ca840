"""Make each step on a disk that is too small, then on the same disk with room.

    unshare --mount [--map-root-user] python full_disk.py RECIPE RUNS SCRATCH STEP...

RUNS holds an undisturbed run. Mounts a tmpfs of half the size a step needs; the mount is gone with the
process. Prints a JSON object: step -> what happened.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from kill_everywhere import state

from understudy.cli import main as command_line
from understudy.stages.runner import Run

PAGE = os.sysconf("SC_PAGE_SIZE")


def attempt(arguments: list[str], errors: Path) -> int:
    """The command line in a fork, standard error into a file; the exit code."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:
        with errors.open("w") as handle, contextlib.redirect_stderr(handle):
            sys.argv = ["understudy", *arguments]
            try:
                command_line()
                code = 0
            except SystemExit as stop:
                code = int(stop.code or 0)
            except BaseException:
                import traceback

                traceback.print_exc()
    finally:
        os._exit(code)


def main(recipe: Path, finished: Path, scratch: Path, steps: list[str]) -> None:
    """Every step: too little room, then enough."""
    prepared = Run(recipe, finished)
    name = prepared.recipe.name
    for step in steps:
        importlib.import_module(f"understudy.stages.{prepared.recipe.steps[step].stage}")
    disk, errors = scratch / "disk", scratch / "errors"
    disk.mkdir(parents=True)
    told: dict[str, Any] = {}
    for step in steps:
        payload = sum(path.stat().st_size for path in (finished / name / step).rglob("*") if path.is_file())
        half = max(2 * PAGE, payload // 2 // PAGE * PAGE)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={half}", "tmpfs", disk], check=True)
        folder = disk / name
        folder.mkdir()
        for other in (finished / name).glob("[!.]*"):
            if other.name != step:
                (folder / other.name).symlink_to(other)
        arguments = ["step", str(recipe), step, "--runs", str(disk)]
        code = attempt(arguments, errors)
        left = state(folder / step)
        subprocess.run(["mount", "-o", "remount,size=256m", disk], check=True)
        again = attempt(arguments, scratch / "again")
        told[step] = {
            "code": code,
            "errors": errors.read_text(),
            "left": left,
            "again": again,
            "made": state(folder / step),
            "due": state(finished / name / step),
        }
        subprocess.run(["umount", disk], check=True)
    print(json.dumps(told))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]), sys.argv[4:])
