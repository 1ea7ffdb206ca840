"""SIGTERM and Control-C finish the step and save; what continues is the same to the bit."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from understudy.core.artifact import Artifact
from understudy.training.signals import StopRequest, stop_requests

SIGNALLED = """
import importlib.util, os, signal, sys, time
from pathlib import Path
from understudy.core.artifact import Artifact, Manifest

signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where tests run in the background
spec = importlib.util.spec_from_file_location("toy", sys.argv[1])
toy = importlib.util.module_from_spec(spec)
spec.loader.exec_module(toy)
task = toy.Recorded(toy.masked_task(Artifact(Path(sys.argv[2]), Manifest.model_construct())))
real = task.task.inputs

def inputs(batch, epoch):
    if len(task.seen) == 9:  # in the tenth step; the next validation would come after it, as step 10
        print("ready", flush=True)
        sys.stdin.read(1)
    return real(batch, epoch)

task.task.inputs = inputs
toy.run(task, Path(sys.argv[3]), validate_every=5, rehearsed=True)
"""


def told_to_stop(shards: Artifact, folder: Path, number: signal.Signals) -> subprocess.CompletedProcess[str]:
    here = Path(__file__).with_name("conftest.py")
    command = [sys.executable, "-c", SIGNALLED, str(here), str(shards.path), str(folder)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdin is not None
        assert process.stdout.readline() == "ready\n", process.communicate()[1]
        process.send_signal(number)
        process.stdin.write("x")
        out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess(command, process.returncode, out, err)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, -signal.SIGINT)])
def test_a_signal_saves_after_the_step_and_resume_is_exact(
    run, recorded, masked_task, shards: Artifact, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    whole = recorded(masked_task())
    due = run(whole, tmp_path / "whole", validate_every=5)
    done = told_to_stop(shards, tmp_path / "parts", number)
    # Rehearsed, the recorder has seen one more: the signal came in the ninth step. Nine of thirty are saved.
    assert done.returncode == code, done.stderr
    names = sorted(path.name for path in (tmp_path / "parts" / "checkpoints").glob("step-*"))
    assert names == ["step-000000007", "step-000000009"]
    rest = recorded(masked_task())
    numbers = run(rest, tmp_path / "parts", validate_every=5)
    assert rest.seen == whole.seen[9:]
    assert numbers["history"] == due["history"]
    for name, tensor in whole.module.state_dict().items():
        assert torch.equal(rest.module.state_dict()[name], tensor), name


def test_a_stop_at_a_step_with_a_validation_does_it_on_return(run, toy, tmp_path: Path) -> None:
    def loss(step: int) -> float:
        if step == 4 and not told:
            told.append(step)
            os.kill(os.getpid(), signal.SIGTERM)
        return 1.0

    told: list[int] = []
    task = toy(loss, [0.5, 0.1])
    with pytest.raises(SystemExit) as left:
        run(task, tmp_path, steps=8, validate_every=4)
    assert left.value.code == 143
    assert task.validated == []
    again = toy(lambda step: 1.0, [0.5, 0.1])
    again.step = 4
    numbers = run(again, tmp_path, steps=8, validate_every=4)
    assert numbers["history"] == [{"step": 4, "score": 0.5}, {"step": 8, "score": 0.1}]


def test_what_another_process_heard_counts() -> None:
    request = StopRequest()
    request.note(signal.SIGINT)
    others = {"SIGTERM": 1.0, "SIGINT": 0.0}
    assert request.votes == {"SIGTERM": 0.0, "SIGINT": 1.0}
    assert StopRequest.heard(others) and not StopRequest.heard(StopRequest().votes)
    with pytest.raises(SystemExit):
        StopRequest.leave(others)
    with pytest.raises(KeyboardInterrupt):
        StopRequest.leave(request.votes)


def test_handlers_are_put_back_and_a_second_signal_acts_at_once() -> None:
    # Where tests run in the background, SIGINT is ignored to begin with.
    outer = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with stop_requests() as request:
            os.kill(os.getpid(), signal.SIGINT)
            assert request.votes["SIGINT"] == 1
            with pytest.raises(KeyboardInterrupt):
                os.kill(os.getpid(), signal.SIGINT)
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, outer)


def test_a_signal_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with stop_requests() as request:
            os.kill(os.getpid(), signal.SIGINT)
            assert request.votes["SIGINT"] == 0
    finally:
        signal.signal(signal.SIGINT, before)
