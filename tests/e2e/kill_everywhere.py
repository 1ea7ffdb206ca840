"""Kill a step with SIGKILL before each of its changes to the file system, and make it again.

    python kill_everywhere.py RECIPE RUNS STEP SCRATCH [--force]

RUNS holds an undisturbed run. Modules are imported once and every attempt is a fork, so it costs what the
step costs. An audit hook sees every file that Python opens for writing, renames, removes or makes; native
libraries write between those events. Prints one JSON object: the number of events, and for every kill what
was there after it and after the next attempt.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import re
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from understudy.core.artifact import MANIFEST, Artifact
from understudy.core.errors import UserError
from understudy.stages.runner import Run

KILLS = 6
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.truncate")


def watch(folder: Path, kill_at: int | None) -> list[str]:
    """Record the changes under ``folder``; kill this process before number ``kill_at``."""
    changes: list[str] = []

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            if not isinstance(arguments[0], str) or not (arguments[2] or 0) & WRITES:
                return
        elif event not in CHANGES:
            return
        name = os.fsdecode(arguments[0])
        # A name without a folder is relative to a descriptor: `shutil.rmtree` at work.
        if name.startswith(str(folder)) or "/" not in name:
            changes.append(f"{event} {name}")
            if len(changes) == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)
    return changes


def attempt(recipe: Path, runs: Path, step: str, *, force: bool, kill_at: int | None, record: Path) -> int:
    """Make the step in a fork; its wait status."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    code = 1
    try:
        changes = watch(runs, kill_at)
        Run(recipe, runs).execute([step], force=force)
        record.write_text(json.dumps({"changes": changes, "modules": sorted(sys.modules)}))
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)


CLOCKED = ("mfu", "loader_wait")
"""Shares of time, beside what is named for its seconds."""


def payload(folder: Path) -> str:
    """A digest of everything the step made that does not tell the time."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST):
        if file.parent.name == "tensorboard":  # every record has a time, every file's name a process
            continue
        content = file.read_bytes()
        if file.name == "log.jsonl":
            rows = [json.loads(line) for line in content.splitlines()]
            content = json.dumps(
                [{k: v for k, v in row.items() if "second" not in k and k not in CLOCKED} for row in rows]
            ).encode()
        if file.name == "README.md":  # the card tells how fast the model answered
            content = re.sub(rb"[0-9.]+ ms", b"ms", content)
        digest.update(f"{file.relative_to(folder)} {len(content)} ".encode() + content)
    return digest.hexdigest()


def state(folder: Path) -> dict[str, str] | str | None:
    """None where there is nothing; fingerprint and payload of a whole artifact; else what is wrong."""
    if not folder.exists():
        return None
    try:
        return {"fingerprint": Artifact.load(folder).manifest.fingerprint, "payload": payload(folder)}
    except UserError as error:
        return str(error)


def main(recipe: Path, finished: Path, step: str, scratch: Path, *, force: bool) -> None:
    """Count the changes of an undisturbed attempt, then kill before each of (at most KILLS of) them."""
    importlib.import_module(f"understudy.stages.{Run(recipe, finished).recipe.steps[step].stage}")

    def fresh() -> Path:
        shutil.rmtree(scratch, ignore_errors=True)
        gone = () if force else (step,)
        shutil.copytree(finished, scratch, copy_function=os.link, ignore=shutil.ignore_patterns(".*", *gone))
        return scratch

    name = Run(recipe, finished).recipe.name
    record = scratch.with_name("record.json")
    assert attempt(recipe, fresh(), step, force=force, kill_at=None, record=record) == 0
    undisturbed = json.loads(record.read_text())
    for module in undisturbed["modules"]:  # what is imported late, so that forks need not
        if module not in sys.modules and module.startswith(("torch", "numpy", "onnx", "daft", "pyarrow")):
            importlib.import_module(module)
    total = len(undisturbed["changes"])
    last = min(3, total)
    kills = sorted(
        {1 + round(i * (total - 1) / KILLS) for i in range(KILLS)} | {total - i for i in range(last)}
    )
    results = []
    for kill_at in kills:
        runs = fresh()
        options = {"force": force, "record": record}
        status = attempt(recipe, runs, step, kill_at=kill_at, **options)
        killed = state(runs / name / step)
        left = [path.name for path in (runs / name).glob(f"*/{MANIFEST}") if path.parent.name == step]
        again = attempt(recipe, runs, step, kill_at=None, **(options | {"force": False}))
        results.append(
            {
                "before": undisturbed["changes"][kill_at - 1],
                "killed": os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL,
                "left": killed,
                "manifests": left,
                "again": again,
                "made": state(runs / name / step),
                "hidden": sorted(
                    p.name for p in (runs / name).glob(f".{step}*") if not p.name.endswith(".lock")
                ),
            }
        )
    print(json.dumps({"due": state(finished / name / step), "changes": total, "kills": results}))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]), sys.argv[3], Path(sys.argv[4]), force="--force" in sys.argv)
