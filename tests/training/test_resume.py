"""k steps, a stop, and N - k steps are N steps, to the bit; damaged and foreign checkpoints."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from understudy.core.artifact import Artifact
from understudy.core.errors import UserError
from understudy.training import loop
from understudy.training.checkpoint import FORMAT_VERSION, KEPT
from understudy.training.log import CLOCKED


def weights_equal(one: torch.nn.Module, other: torch.nn.Module) -> bool:
    pairs = zip(one.state_dict().items(), other.state_dict().items(), strict=True)
    return all(a == b and torch.equal(x, y) for (a, x), (b, y) in pairs)


def without_clock(numbers: dict[str, object]) -> dict[str, object]:
    return {k: v for k, v in numbers.items() if k not in ("seconds", "tokens_per_second")}


def stopped(run, recorded, masked_task, folder: Path, before: int, **options) -> list[float]:
    """A run that stops before a step of its own; the losses it saw."""
    task = recorded(masked_task(), stop_before=before)
    with pytest.raises(KeyboardInterrupt):
        run(task, folder, **options)
    return task.seen


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, tuple]:
    """Filled by the first test that asks: bf16 -> (losses, numbers, module, log) of 30 steps in one go."""
    return {}


@pytest.fixture
def in_one_go(straight, run, recorded, masked_task, tmp_path: Path):
    def get(bf16: bool = False) -> tuple:
        if bf16 not in straight:
            task = recorded(masked_task(bf16=bf16))
            numbers = run(task, tmp_path / f"straight-{bf16}", bf16=bf16)
            log = (tmp_path / f"straight-{bf16}" / "log.jsonl").read_text().splitlines()
            straight[bf16] = (task.seen, numbers, task.module, [json.loads(line) for line in log])
        return straight[bf16]

    return get


@pytest.mark.parametrize("bf16", [False, True])
def test_stopped_twice_and_continued_is_the_same_to_the_bit(
    run, recorded, masked_task, in_one_go, tmp_path: Path, bf16: bool
) -> None:
    losses, numbers, module, _ = in_one_go(bf16)
    assert (len(losses), numbers["steps"], len(numbers["history"])) == (30, 30, 4)
    folder = tmp_path / "run"
    # Checkpoints at 7, 14, 21, 28; before step 9 and, from 7, ten steps on, before 17.
    first = recorded(masked_task(bf16=bf16), stop_before=9)
    second = recorded(masked_task(bf16=bf16), stop_before=10)
    for task in (first, second):
        with pytest.raises(KeyboardInterrupt):
            run(task, folder, bf16=bf16)
    last = recorded(masked_task(bf16=bf16))
    resumed = run(last, folder, bf16=bf16)
    assert first.seen == losses[:9]
    assert second.seen == losses[7:17]
    assert last.seen == losses[14:]
    assert weights_equal(last.module, module)
    assert without_clock(resumed) == without_clock(numbers)


def test_dropout_is_what_resume_could_get_wrong(masked_task) -> None:
    """The bit-for-bit tests mean little unless the generator's state matters."""
    task = masked_task()
    batch = task.batches(0)[0]
    task.objective.train()
    inputs = task.inputs(batch, 0)
    assert task.objective(*inputs)["mlm"] != task.objective(*inputs)["mlm"]


def test_the_log_of_a_resumed_run_has_every_step_once(
    run, recorded, masked_task, in_one_go, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loop, "LOG_EVERY", 2)
    stopped(run, recorded, masked_task, tmp_path, 13)
    log = tmp_path / "log.jsonl"
    assert [json.loads(line)["step"] for line in log.read_text().splitlines()] == [2, 4, 6, 8, 10, 12]
    log.write_text(log.read_text()[:-9])  # killed while writing
    run(recorded(masked_task()), tmp_path)
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["step"] for line in lines] == list(range(2, 31, 2))
    due = {line["step"]: line for line in in_one_go()[3]}
    for line in lines:
        if line["step"] in due:
            clock = dict.fromkeys(CLOCKED)
            assert line | clock == due[line["step"]] | clock


def test_a_run_that_begins_anew_begins_its_log_anew(run, recorded, masked_task, tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text('{"step": 20}\n')
    run(recorded(masked_task()), tmp_path, steps=2)
    assert [json.loads(line)["step"] for line in (tmp_path / "log.jsonl").read_text().splitlines()] == [2]


def test_only_the_newest_checkpoints_are_kept(run, recorded, masked_task, tmp_path: Path) -> None:
    stopped(run, recorded, masked_task, tmp_path, 29)
    assert KEPT == 2
    names = sorted(path.name for path in (tmp_path / "checkpoints").iterdir())
    assert names == ["step-000000021", "step-000000028"]


@pytest.mark.parametrize("name", ["model.safetensors", "optimizer.safetensors", "state.json"])
@pytest.mark.parametrize("size", [0, -10])
def test_a_checkpoint_cut_short_gives_way_to_the_one_before(
    run, recorded, masked_task, in_one_go, tmp_path: Path, capsys, name: str, size: int
) -> None:
    losses, _, module, _ = in_one_go()
    stopped(run, recorded, masked_task, tmp_path, 15)
    file = tmp_path / "checkpoints" / "step-000000014" / name
    file.write_bytes(file.read_bytes()[:size])
    capsys.readouterr()
    task = recorded(masked_task())
    run(task, tmp_path)
    assert task.seen == losses[7:]
    assert weights_equal(task.module, module)
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(str(file))
    assert line.endswith("; trying the checkpoint before it")


def test_without_one_whole_checkpoint_the_run_begins_anew(
    run, recorded, masked_task, in_one_go, tmp_path: Path, capsys
) -> None:
    stopped(run, recorded, masked_task, tmp_path, 15)
    for path in (tmp_path / "checkpoints").iterdir():
        (path / "model.safetensors").unlink()
    task = recorded(masked_task())
    run(task, tmp_path)
    assert task.seen == in_one_go()[0]
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_a_checkpoint_of_another_format_is_refused_and_kept(
    run, recorded, masked_task, tmp_path: Path
) -> None:
    stopped(run, recorded, masked_task, tmp_path, 15)
    newest = tmp_path / "checkpoints" / "step-000000014"
    state = json.loads((newest / "state.json").read_text()) | {"format_version": FORMAT_VERSION + 1, "new": 1}
    (newest / "state.json").write_text(json.dumps(state))
    (newest / "model.safetensors").rename(newest / "another name")
    with pytest.raises(UserError, match=rf"state\.json: format version {FORMAT_VERSION + 1}; this "):
        run(recorded(masked_task()), tmp_path)
    assert newest.is_dir()


def test_a_checkpoint_of_another_model_is_refused(run, toy, recorded, masked_task, tmp_path: Path) -> None:
    stopped(run, recorded, masked_task, tmp_path, 8)
    with pytest.raises(UserError, match="step-000000007: is of another model"):
        run(toy(lambda step: 1.0), tmp_path)


KILLED_IN_MID_SAVE = """
import importlib.util, os, signal, sys
from pathlib import Path
from understudy.core.artifact import Artifact, Manifest
from understudy.training import checkpoint

spec = importlib.util.spec_from_file_location("toy", sys.argv[1])
toy = importlib.util.module_from_spec(spec)
spec.loader.exec_module(toy)

write, saved = checkpoint.write_json, []

def write_or_die(path, value):
    saved.append(path)
    if len(saved) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    write(path, value)

checkpoint.write_json = write_or_die
toy.run(toy.masked_task(Artifact(Path(sys.argv[2]), Manifest.model_construct())), Path(sys.argv[3]))
"""


def test_killed_while_it_saves_and_continued_is_the_same_to_the_bit(
    run, recorded, masked_task, shards: Artifact, in_one_go, tmp_path: Path
) -> None:
    losses, numbers, module, _ = in_one_go()
    here = Path(__file__).with_name("conftest.py")
    command = [sys.executable, "-c", KILLED_IN_MID_SAVE, str(here), str(shards.path), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr
    half = tmp_path / "checkpoints" / ".step-000000021.partial"
    assert (half / "model.safetensors").is_file()
    task = recorded(masked_task())
    resumed = run(task, tmp_path)
    assert task.seen == losses[14:]
    assert weights_equal(task.module, module)
    assert without_clock(resumed) == without_clock(numbers)
    assert not half.exists()
    shutil.rmtree(tmp_path)
