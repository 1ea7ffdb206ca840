"""Soft targets on disk: as good as asking, and never those of another teacher."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from beside import Beside

from understudy.core.errors import UserError
from understudy.stages import targets
from understudy.training.targets import GIB, About, on_disk

RECIPE = Path(__file__).with_name("tiny.yaml")
ENCODER = {"layers": 2, "hidden": 16, "ffn": 32, "heads": 2, "max_length": 48, "dropout": 0}
EXACT = {"tokens_per_batch": 256, "precision": "fp32"}
TARGETS = {
    "stage": "targets",
    "teacher": "teacher-1",
    "shards": "public-shards",
    "top": 64,
    "hidden": [0, 1],
    "tokens_per_batch": 256,
    "precision": "fp32",
}
ASKS = {
    "stage": "distill",
    "teacher": "teacher-1",
    "shards": "public-shards",
    "encoder": ENCODER,
    "weights": "paper-b",
    "duration": {"steps": 10},
    "optimization": EXACT,
}


@pytest.fixture(scope="module")
def taught(teachers: Path, tmp_path_factory: pytest.TempPathFactory) -> Beside:
    world = Beside(RECIPE, teachers, tmp_path_factory.mktemp("targets"))
    world.add(asks=ASKS)
    world.make("asks")
    return world


@pytest.fixture
def world(taught: Beside, tmp_path: Path) -> Beside:
    return Beside(taught.file, taught.made, tmp_path)


def test_a_student_that_reads_is_as_good_as_one_that_asks(
    world: Beside, monkeypatch: pytest.MonkeyPatch, understudy: Any
) -> None:
    whole = TARGETS | {"top": 700}
    world.add(said=whole, reads=ASKS | {"targets": "said"}, again=whole)
    answer = understudy("step", world.file, "said", "--runs", world.runs)
    told = world.numbers("said")
    assert f"targets: {told['bytes'] / 2**30:.3g} GiB for {told['rows']:,} rows" in answer.err
    made = world.made / "said"
    size = sum(file.stat().st_size for file in made.glob("epoch-0/*.npy"))
    assert told["bytes"] <= size <= told["bytes"] + 5 * 256, (
        "the estimate is what is written, but for headers"
    )
    assert told["covered"] == pytest.approx(1, abs=1e-3) and "warning" not in answer.err
    world.make("reads")
    assert world.numbers("reads")["perplexity"] == pytest.approx(
        world.numbers("asks")["perplexity"], rel=2e-4
    )

    monkeypatch.setattr(targets, "_SAVE_EVERY", 2)
    left = 3

    def dying(*arguments: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise KeyboardInterrupt
        write_json(*arguments)

    write_json: Callable[..., None] = targets.write_json
    with monkeypatch.context() as patch:
        patch.setattr(targets, "write_json", dying)
        with pytest.raises(KeyboardInterrupt):
            world.make("again")
    world.make("again")
    for file in made.glob("epoch-0/*.npy"):
        assert (made.parent / "again" / "epoch-0" / file.name).read_bytes() == file.read_bytes()


def killed(*arguments: Any) -> None:
    raise KeyboardInterrupt


def test_a_killed_step_goes_on_where_the_disk_has_room_for_the_rest(
    world: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.add(said=TARGETS | {"top": 700})
    partial = world.made / ".said.partial"
    with monkeypatch.context() as patch:
        patch.setattr(targets, "_covered", killed)
        with pytest.raises(KeyboardInterrupt):
            world.make("said")
    need = About.load(partial).bytes
    # As if it had been killed before it came to the last array.
    (partial / targets.FILE).unlink()
    (partial / "epoch-0" / "state-1.npy").unlink()
    rest = need - on_disk(partial)
    assert 0 < rest < need

    def free(count: int) -> None:
        usage = type("Usage", (), {"free": count})()
        monkeypatch.setattr(targets.shutil, "disk_usage", lambda folder: usage)

    free(rest - 1)
    with pytest.raises(UserError, match=f"{rest / GIB:.3g} GiB are still to be written, and the disk has"):
        world.make("said")
    free(rest)
    world.make("said")
    assert world.numbers("said")["bytes"] == need
    assert np.load(world.made / "said" / "epoch-0" / "state-1.npy").any()


def test_a_step_killed_when_all_is_written_asks_the_teacher_nothing_again(
    world: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.add(said=TARGETS)
    with monkeypatch.context() as patch:
        patch.setattr(targets, "_covered", killed)
        with pytest.raises(KeyboardInterrupt):
            world.make("said")
    with monkeypatch.context() as patch:
        patch.setattr(targets._Writer, "_ask", lambda *arguments: pytest.fail("the teacher is asked"))
        world.make("said")
    assert not list((world.made / "said").glob(".*")), "its notes do not become part of the artifact"


def test_masks_come_round_after_the_epochs_that_are_there(
    world: Beside, capsys: pytest.CaptureFixture[str]
) -> None:
    world.add(
        said=TARGETS | {"epochs": 2, "top": 8},
        reads=ASKS | {"targets": "said", "duration": {"epochs": 3}},
    )
    world.make("said", "reads")
    logs = np.load(world.made / "said" / "epoch-1" / "logs.npy").astype(float)
    assert world.numbers("said")["covered"] == pytest.approx(np.exp(logs).sum(1).mean(), rel=0.05)
    assert world.numbers("said")["covered"] < 0.9
    assert "warning: the 8 likeliest pieces hold" in capsys.readouterr().err
    first, second = (world.made / "said" / f"epoch-{n}" / "top.npy" for n in (0, 1))
    assert first.read_bytes() != second.read_bytes()
    assert About.load(world.made / "said").epochs == 2
    assert world.numbers("reads")["steps"] > 2


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({"limit": 1e-6}, "steps.said.limit: "),
        ({"hidden": [2]}, "steps.said.hidden: the teacher has no layer 2; it has 0 to 1"),
        ({"top": 701}, "steps.said.top: the teacher knows 700 pieces, fewer than 701"),
    ],
)
def test_targets_that_cannot_be_are_one_line(
    world: Beside, understudy: Any, changes: dict[str, Any], parts: str
) -> None:
    world.add(said=TARGETS | changes)
    understudy("step", world.file, "said", "--runs", world.runs).is_user_error(parts)


def test_targets_that_do_not_fit_are_one_line(world: Beside, understudy: Any) -> None:
    other = {"stage": "pretrain", "from": "teacher-1", "shards": "public-shards", "duration": {"steps": 1}}
    world.add(said=TARGETS | {"hidden": [1], "top": 8}, other=other | {"optimization": EXACT})
    world.make("said", "other")
    reads = ASKS | {"targets": "said"}
    for changes, parts in (
        (
            {"teacher": "other"},
            "steps.bad.targets: 'said' was made with teacher 'teacher-1', which is not what",
        ),
        ({}, "steps.bad.targets: hold the states of layers 1, and the map wants 0"),
        ({"layers": {1: 1}, "temperature": 2}, "steps.bad.temperature: is 2, and the targets' is 1"),
        ({"layers": {1: 1}, "positions": "all"}, "steps.bad.positions: targets are written down at masked"),
        (
            {"languages": ["en", "xx"]},
            "steps.bad.languages: the transfer set 'public-shards' has no text in xx;",
        ),
    ):
        world.add(bad=reads | changes)
        understudy("step", world.file, "bad", "--runs", world.runs).is_user_error(parts)
