"""Every task is done once; what is finished is kept, on either kind of worker."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from understudy.core.errors import UserError
from understudy.core.progress import Bar
from understudy.corpus import passes
from understudy.corpus.partitions import BYTES, batches, collect, partitions_for, writing
from understudy.corpus.passes import Facts, run_pass


@dataclass(frozen=True)
class Count:
    """Task n writes n bytes, and a line into a log."""

    folder: Path
    count: int
    fail: Callable[[int], None] = lambda number: None

    name = "count"

    def file(self, number: int) -> Path:
        return self.folder / f"counted-{number}"

    def make(self, number: int, path: Path) -> Facts:
        path.write_bytes(b"x" * number)
        self.fail(number)
        with (self.folder / "log").open("a") as log:
            log.write(f"{number}\n")
        return {"number": number}


def done(folder: Path) -> list[int]:
    return sorted(map(int, (folder / "log").read_text().split()))


def test_facts_come_by_number_and_a_finished_pass_does_nothing(tmp_path: Path) -> None:
    for _ in range(2):
        facts = run_pass(Count(tmp_path, 5), tmp_path, label="count", processes=False)
        assert [fact["number"] for fact in facts] == list(range(5))
    assert done(tmp_path) == list(range(5))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "count.json", *(f"counted-{number}" for number in range(5)), "log"
    ]  # fmt: skip


def test_after_a_failure_only_what_is_missing_or_short_is_done(tmp_path: Path) -> None:
    def fail(number: int) -> None:
        if number == 3:
            raise OSError(28, "No space left on device", "disk")

    with pytest.raises(OSError, match="No space left on device: 'disk'"):
        run_pass(Count(tmp_path, 6, fail), tmp_path, label="count", processes=False)
    assert not (tmp_path / "counted-3").exists()
    assert not list(tmp_path.glob(".*"))
    before = set(done(tmp_path))
    assert 3 not in before
    lost = set(list(before)[:1])
    for number in lost:
        (tmp_path / f"counted-{number}").write_bytes(b"cut off")  # the power was: a name, but not its bytes
    (tmp_path / "log").write_text("")
    run_pass(Count(tmp_path, 6), tmp_path, label="count", processes=False)
    assert set(done(tmp_path)) == set(range(6)) - before | lost


def test_errors_of_the_user_come_out_as_they_are(tmp_path: Path) -> None:
    def fail(number: int) -> None:
        raise UserError("is wrong", file="a.txt", place=3)

    with pytest.raises(UserError, match=r"^a.txt: line 3: is wrong$"):
        run_pass(Count(tmp_path, 2, fail), tmp_path, label="count", processes=False)


def test_a_bug_is_no_error_of_the_user(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="by zero") as caught:
        run_pass(Count(tmp_path, 2, lambda number: 1 // 0), tmp_path, label="count", processes=False)
    assert not isinstance(caught.value, UserError)


def test_progress_starts_where_the_killed_run_ended(tmp_path: Path, capsys, monkeypatch) -> None:
    monkeypatch.setattr(
        passes, "progress", lambda label, total, unit: nullcontext(Bar(label, total, unit, None, 0.0))
    )
    (tmp_path / "counted-0").write_bytes(b"")
    (tmp_path / "count-00000.json").write_text(json.dumps({"number": 0, "bytes": 0}))
    run_pass(Count(tmp_path, 2), tmp_path, label="count", processes=False)
    assert "count: 2/2 partitions" in capsys.readouterr().err
    assert done(tmp_path) == [1]


def test_a_partition_is_read_from_the_rounds_of_all_files(tmp_path: Path) -> None:
    schema = pa.schema([("n", pa.int64()), ("text", pa.large_string())])
    files = [tmp_path / name for name in "ab"]
    numbers = iter(range(100))
    for file in files:
        with writing(file, schema, 3) as rounds:
            for length in (5, 0, 4):
                mine = [next(numbers) for _ in range(length)]
                table = pa.table({"n": mine, "text": [f"<{n}>" for n in mine]}, schema)
                rounds.write(table, np.array(mine, np.int64) % 3)
    for partition in range(3):
        due = [n for n in range(18) if n % 3 == partition]
        table = collect(files, schema, partition, 3)
        assert table["n"].to_pylist() == due
        assert table["text"].to_pylist() == [f"<{n}>" for n in due]
    [*texts] = batches(files[0], 0, 3, ("text",))
    assert [batch.schema.names for batch in texts] == [["text"]] * 3
    assert (partitions_for(0), partitions_for(BYTES), partitions_for(BYTES + 1)) == (1, 1, 2)


def test_an_error_waits_for_the_tasks_at_work_and_begins_no_more(tmp_path: Path) -> None:
    def fail(number: int) -> None:
        time.sleep(0.2)
        if number == 0:
            raise UserError("is wrong")

    with pytest.raises(UserError, match="is wrong"):
        run_pass(Count(tmp_path, 200, fail), tmp_path, label="count", processes=False)
    before = done(tmp_path) if (tmp_path / "log").exists() else []
    assert len(before) < 50
    time.sleep(0.5)
    assert (done(tmp_path) if (tmp_path / "log").exists() else []) == before


@pytest.mark.slow
def test_control_c_keeps_what_is_finished(tmp_path: Path) -> None:
    code = """
import sys, time
from pathlib import Path
from understudy.corpus import gather, groups
from understudy.corpus.passes import run_pass
from understudy.corpus.clean import Rules
from understudy.corpus.readers import Source
from understudy.core.recipe.entries import Corpus
folder = Path(sys.argv[1])
file = folder / "a.jsonl"
source = Source(file, "en", Corpus(path="x", locales=("en",)))
group = groups.Group("public", "en", "public")
task = gather.Gather(folder, [source] * 40, [0] * 40, [group], 1, Rules(0, 0.0, 0), 0, None, None)
try:
    print(len(run_pass(task, folder, label="gather", processes=sys.argv[2] == "processes")))
except KeyboardInterrupt:
    print("stopped")
"""
    (tmp_path / "a.jsonl").write_text('{"text": "one two"}\n' * 100_000)
    for kind in ("threads", "processes"):
        command = [sys.executable, "-c", code, tmp_path, kind]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            while not list(tmp_path.glob("gather-*.json")):
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            out, _ = process.communicate()
        assert (process.returncode, out.splitlines()[-1]) == (0, "stopped")
        finished = {file.name: file.stat().st_mtime_ns for file in tmp_path.glob("gathered-*.arrow")}
        assert 0 < len(finished) < 40
        assert not list(tmp_path.glob(".*"))
        for marker in tmp_path.glob("gather*"):
            marker.unlink()
