"""A pass over the corpus: numbered tasks, each of which makes one file, on any engine, resumed after a kill.

A task writes under a temporary name, renames, and then leaves a marker with what it counted. A run that finds
the marker and the file as long as it says does not do the task again. When all are done, their counts become
one file and the passes before may be deleted.
"""

from __future__ import annotations

import errno
import json
import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from traceback import walk_stack
from typing import Any, Protocol

from understudy.core.errors import UserError
from understudy.core.files import read_json, write_json
from understudy.core.progress import progress
from understudy.corpus.engine import daft, daft_udf, user_errors

STOP = "stop"
"""A file that tells workers to begin nothing more: the engine would go through all tasks after an error."""

Facts = dict[str, Any]
"""What a task counted, as JSON holds it."""


class Pass(Protocol):
    """Tasks ``0 .. count - 1``; it is sent to the workers as it is."""

    @property
    def name(self) -> str:
        """Names the markers."""

    @property
    def count(self) -> int:
        """How many tasks there are."""

    def file(self, number: int) -> Path:
        """What a task makes."""

    def make(self, number: int, path: Path) -> Facts:
        """Make the task's file at ``path``, a temporary name; alone, and the same whenever it is done."""


def run_pass(task: Pass, folder: Path, *, label: str, processes: bool) -> list[Facts]:
    """Do what is left of a pass; the counts of all its tasks, by number.

    Args:
        task: what to do.
        folder: for the markers.
        label: for the progress bar.
        processes: in processes of their own, one a core: Python code uses one core of a process.

    Raises:
        UserError, OSError: as a task raised it.
    """
    summary = folder / f"{task.name}.json"
    if summary.exists():
        return list(read_json(summary))
    left = [number for number in range(task.count) if not _finished(task, folder, number)]
    with progress(label, total=task.count, unit="partitions") as bar, user_errors():
        bar.start_at(task.count - len(left))
        for _ in _run(task, folder, left, processes):
            bar.advance(1)
    facts = [read_json(_marker(task, folder, number)) for number in range(task.count)]
    write_json(summary, facts)
    for number in range(task.count):
        _marker(task, folder, number).unlink()
    return facts


def _marker(task: Pass, folder: Path, number: int) -> Path:
    return folder / f"{task.name}-{number:05d}.json"


def _finished(task: Pass, folder: Path, number: int) -> bool:
    marker, file = _marker(task, folder, number), task.file(number)
    # After a power cut a name may have reached the disk before its bytes.
    return marker.exists() and file.exists() and file.stat().st_size == read_json(marker)["bytes"]


def _do(task: Pass, folder: Path, number: int) -> None:
    final = task.file(number)
    temporary = final.with_name(f".{final.name}.{os.getpid()}.tmp")
    try:
        facts = task.make(number, temporary)
        size = temporary.stat().st_size
        temporary.replace(final)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    write_json(_marker(task, folder, number), facts | {"bytes": size})


def _attempt(numbers: daft.Series, task: Any, folder: Any) -> list[str]:
    """Errors of the user and of the disk travel as text: an exception loses its type in the engine."""
    results = []
    for number in numbers.to_pylist():
        if (Path(folder) / STOP).exists():
            results.append(json.dumps(None))
            continue
        problem: dict[str, Any] | None = None
        try:
            _do(task, Path(folder), number)
        except UserError as error:
            problem = {"problem": error.problem, "file": error.file and str(error.file), "place": error.place}
        except OSError as error:
            problem = {"errno": error.errno or errno.EIO, "text": error.strerror or str(error)}
            problem["file"] = error.filename and str(error.filename)
        results.append(json.dumps(problem))
    return results


# A task a batch. `use_process` is one process a core, which ends with the query.
_IN_THREADS = daft.func.batch(return_dtype=daft.DataType.string(), batch_size=1)(_attempt)
_IN_PROCESSES = daft.func.batch(return_dtype=daft.DataType.string(), batch_size=1, use_process=True)(_attempt)


def _run(task: Pass, folder: Path, numbers: Sequence[int], processes: bool) -> Iterator[None]:
    if not numbers:
        return
    rows = daft.from_pydict({"number": list(numbers)})
    if daft.get_or_infer_runner_type() == "ray":
        rows = rows.into_partitions(len(numbers))  # a cluster spreads partitions
    attempt: Any = _IN_PROCESSES if processes else _IN_THREADS
    said = rows.select(attempt(daft.col("number"), task, str(folder)).alias("said")).to_arrow_iter()
    stop, done = folder / STOP, 0
    stop.unlink(missing_ok=True)
    try:
        # Without an order to keep, no task waits for another.
        with daft.execution_config_ctx(maintain_order=False):
            for batch in said:
                for problem in map(json.loads, batch.to_pydict()["said"]):
                    if problem is None:
                        done += 1
                        yield
                    elif "errno" in problem:
                        raise OSError(problem["errno"], problem["text"], problem["file"])
                    else:
                        raise UserError(**problem)
    finally:
        if done < len(numbers):
            stop.touch()
            _let_tasks_end()
    if done < len(numbers):  # the engine takes Control-C for itself, and just comes to an end
        raise KeyboardInterrupt


def _let_tasks_end() -> None:
    """After an error, wait for what is still at work: a thread of the engine's that is in Python when the
    interpreter ends would abort the process."""
    own = (__file__, daft_udf.__file__)
    quiet = 0
    while quiet < 4:  # looks in a row: between two tasks a thread is nowhere to be seen
        time.sleep(0.05)
        busy = any(
            thread != threading.get_ident() and any(f.f_code.co_filename in own for f, _ in walk_stack(frame))
            for thread, frame in sys._current_frames().items()
        )
        quiet = 0 if busy else quiet + 1
