"""The trainer as a process: its progress, its end, and its end with ours."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from understudy.tokenizer.process import TrainerError, _Log, run_trainer


@pytest.fixture
def options(sentences: tuple[str, ...], tmp_path: Path) -> dict[str, object]:
    path = tmp_path / "text"
    path.write_text("\n".join(sentences * 3), encoding="utf-8")
    return {"input": str(path), "vocab_size": 165, "normalization_rule_name": "identity"}


def test_progress_reaches_the_end_and_never_goes_back(options: dict[str, object]) -> None:
    told: list[tuple[int, str]] = []
    model, peak = run_trainer(options, lambda more, note: told.append((more, note)))
    assert len(model) > 1000 and peak > 10_000_000
    assert all(more >= 0 for more, _ in told)
    assert 90 <= sum(more for more, _ in told) <= 100
    notes = dict.fromkeys(note for _, note in told)
    assert {"starting", "reading", "finding frequent strings", "splitting words"} <= set(notes)
    assert "strings left" in list(notes)[-1]


def test_what_the_log_says() -> None:
    log = _Log(1000)
    for line, percent in (
        ("trainer_interface.cc:446] Loaded all 50 sentences", 2),
        ("EM sub_iter=0 size=4400 obj=16.9", 25),
        ("EM sub_iter=1 size=2200 obj=16.9", 62),
        ("something else", 62),
        ("EM sub_iter=1 size=1000 obj=16.9", 100),
    ):
        log.read(line)
        assert log.percent == percent, line


def test_sentencepieces_complaint_comes_through(options: dict[str, object]) -> None:
    with pytest.raises(TrainerError, match="Vocabulary size too high"):
        run_trainer({**options, "vocab_size": 9000}, lambda more, note: None)


def test_a_killed_trainer_is_said_to_be(options: dict[str, object]) -> None:
    """As the system kills it when memory runs out."""

    def kill(more: int, note: str) -> None:
        if note == "reading":
            for child in children():
                os.kill(child, signal.SIGKILL)

    with pytest.raises(TrainerError, match="was killed; if memory ran out"):
        run_trainer(options, kill)


def test_an_interrupted_wait_leaves_no_process(options: dict[str, object]) -> None:
    def interrupt(more: int, note: str) -> None:
        raise KeyboardInterrupt

    before = children()  # other tests' helpers may live on in this process
    with pytest.raises(KeyboardInterrupt):
        run_trainer(options, interrupt)
    assert set(children()) <= set(before)


def children() -> list[int]:
    found = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return [int(child) for tasks in found for child in tasks.read_text().split()]


def test_nothing_trains_on_when_its_parent_is_gone(options: dict[str, object]) -> None:
    """Nobody reads its log any more."""
    options = {**options, "num_sub_iterations": 100_000}
    command = [sys.executable, "-m", "understudy.tokenizer.trainer", json.dumps(options)]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert child.stderr is not None
    watchdog = threading.Timer(60, child.kill)
    watchdog.start()
    child.stderr.readline()
    child.stderr.close()
    assert child.wait() == -signal.SIGPIPE
    watchdog.cancel()
