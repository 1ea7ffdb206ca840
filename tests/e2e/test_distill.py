"""What a distillation step promises: teachers in sequence, students together, and no hours for a mistake."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from beside import Beside

from understudy.core.artifact import Artifact
from understudy.stages import distill, distill_phase
from understudy.tokenizer.subwords import Subwords
from understudy.training.aligned_task import Aligner
from understudy.training.shards import TokenShards
from understudy.training.world import World

RECIPE = Path(__file__).with_name("tiny.yaml")
SIZES = {"layers": 2, "hidden": 16, "ffn": 32, "heads": 2, "max_length": 48, "dropout": 0}
SMALL = {"tokens_per_batch": 256}
ALONE: dict[str, Any] = {
    "stage": "distill",
    "teacher": "teacher-2",
    "shards": "mixed-shards",
    "duration": {"steps": 4},
    "optimization": SMALL,
    "encoder": SIZES,
}


@pytest.fixture
def world(teachers: Path, tmp_path: Path) -> Beside:
    return Beside(RECIPE, teachers, tmp_path)


def without(*keys: str, **changes: Any) -> dict[str, Any]:
    return {key: value for key, value in ALONE.items() if key not in keys} | changes


def test_students_together_are_what_each_is_alone_to_the_bit(world: Beside) -> None:
    wide = SIZES | {"hidden": 24, "layers": 1}
    every = {"mlm": 1, "soft": 1, "hidden": 1, "relations": 1}
    world.add(
        both=without(
            "encoder",
            students={
                "thin": {"encoder": SIZES, "weights": "paper-b"},
                "wide": {"encoder": wide, "weights": every, "temperature": 2, "relations": {"heads": 4}},
            },
        ),
        thin=ALONE | {"weights": "paper-b"},
        wide=ALONE | {"encoder": wide, "weights": every, "temperature": 2, "relations": {"heads": 4}},
        nlu={
            "stage": "finetune",
            "model": "both/wide",
            "labels": "tenth",
            "duration": {"steps": 1},
            "optimization": SMALL,
        },
    )
    world.make("both", "thin", "wide")
    assert world.weights("both", "thin") == world.weights("thin")
    assert world.weights("both", "wide") == world.weights("wide")
    told, alone = world.numbers("both")["parts"]["wide"], world.numbers("wide")
    assert told["perplexity"] == alone["perplexity"] and told["parameters"] == alone["parameters"]
    assert told["sanity"] if "sanity" in told else world.numbers("both")["sanity"]["wide.start"]
    world.make("nlu")
    assert world.weights("nlu") != world.weights("wide")


IN_SEQUENCE = without(
    "teacher",
    "shards",
    "duration",
    teachers=[
        {"teacher": "teacher-1", "shards": "public-shards", "duration": {"steps": 3}},
        {
            "teacher": "teacher-2",
            "shards": "mixed-shards",
            "duration": {"steps": 6, "converged": {"patience": 1, "improvement": 0.9}},
            "optimization": SMALL | {"learning_rate": 1e-4},
        },
    ],
    validate_every=2,
    checkpoint_every=2,
)


def test_teachers_in_sequence_are_two_steps_in_one(world: Beside, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []
    load = distill.load_model
    monkeypatch.setattr(distill, "load_model", lambda folder: read.append(folder) or load(folder))
    second = IN_SEQUENCE["teachers"][1]
    world.add(
        chain=IN_SEQUENCE,
        first=without("shards", "teacher", **IN_SEQUENCE["teachers"][0], validate_every=2),
        second=without("encoder", **second, validate_every=2) | {"from": "first"},
    )
    world.make("chain", "first", "second")
    assert [folder.parent.name for folder in read] == ["1-teacher-1"], "read back for who comes next alone"
    assert world.weights("chain", "1-teacher-1") == world.weights("first")
    assert world.weights("chain") == world.weights("chain", "2-teacher-2") == world.weights("second")
    told = world.numbers("chain")
    assert [phase["steps"] for phase in told["phases"]] == [3, world.numbers("second")["steps"]]
    assert told["steps"] == 4, "converged: the second validation is no tenth of the first"
    assert told["perplexity"] == world.numbers("second")["perplexity"]
    assert not list(world.made.glob("chain/**/numbers.json")) + list(world.made.glob("chain/**/checkpoints"))


@pytest.mark.parametrize("saves", [0, 1, 2, 3])
def test_a_chain_that_stopped_anywhere_goes_on_to_the_same_bits(
    world: Beside, monkeypatch: pytest.MonkeyPatch, saves: int
) -> None:
    """Killed while the n-th checkpoint, or the model after a phase, is being written."""
    world.add(chain=IN_SEQUENCE, again=IN_SEQUENCE)
    world.make("chain")
    left = saves

    def dying(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            nonlocal left
            if left == 0:
                raise KeyboardInterrupt
            left -= 1
            return function(*arguments, **options)

        return call

    with monkeypatch.context() as patch:
        patch.setattr("understudy.training.checkpoint.write_json", dying(distill.write_json))
        patch.setattr(distill_phase, "save_model", dying(distill_phase.save_model))
        with pytest.raises(KeyboardInterrupt):
            world.make("again")
    assert not (world.made / "again").exists()
    world.make("again")
    assert world.weights("again") == world.weights("chain")
    assert world.weights("again", "1-teacher-1") == world.weights("chain", "1-teacher-1")


@pytest.mark.parametrize("removed", [0, 1, 2])
def test_what_was_stopped_while_cleaning_up_trains_no_more(
    world: Beside, monkeypatch: pytest.MonkeyPatch, trained: list[Path], removed: int
) -> None:
    """Stopped before the n-th of three markers is removed; the next attempt waits before each change."""
    world.add(chain=IN_SEQUENCE)
    unlink, read, events = Path.unlink, distill.read_json, list[str]()

    def dying(path: Path, missing_ok: bool = False) -> None:
        if path.name == distill.DONE:
            if events.count("remove") == removed:
                raise KeyboardInterrupt
            events.append("remove")
        unlink(path, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", dying)
        with pytest.raises(KeyboardInterrupt):
            world.make("chain")
    weights = (world.made / ".chain.partial" / "model" / "model.safetensors").read_bytes()
    assert len(trained) == 2
    with monkeypatch.context() as patch:

        def removing(path: Path, missing_ok: bool = False) -> None:
            events.append(f"remove {path.name}")
            unlink(path, missing_ok)

        def reading(path: Path) -> Any:
            events.append("read")
            return read(path)

        patch.setattr(Path, "unlink", removing)
        patch.setattr(distill, "read_json", reading)
        patch.setattr(World, "wait", lambda _: events.append("wait"))
        events.clear()
        world.make("chain")
    assert len(trained) == 2 and world.weights("chain") == weights
    assert [phase["steps"] for phase in world.numbers("chain")["phases"]] == [3, 4]
    first = next(number for number, event in enumerate(events) if event.startswith("remove"))
    assert events[:first] == ["wait", "read", "wait"], "no process finds gone what another has removed"
    assert not list(world.made.glob("chain/**/numbers.json"))


def test_a_copy_of_the_teachers_layers_begins_as_good_as_the_teacher(world: Beside) -> None:
    world.add(
        copied=ALONE
        | {"encoder": SIZES | {"hidden": 32, "ffn": 64}, "copy_layers": [0, 1], "duration": {"steps": 1}}
    )
    world.make("copied")
    told = world.numbers("copied")["sanity"]
    assert told["start"]["perplexity"] == pytest.approx(told["teacher_perplexity"], rel=1e-3)
    assert min(told["start"]["agreement"].values()) > 0.99
    assert told["expected_hours"] >= 0


def test_a_teacher_worse_than_the_students_start_is_said(world: Beside, understudy: Any) -> None:
    world.add(
        bad={
            "stage": "pretrain",
            "shards": "mixed-shards",
            "encoder": SIZES | {"initial_deviation": 1.0},
            "duration": {"steps": 1},
            "optimization": SMALL | {"learning_rate": 1e-9, "minimum_learning_rate": 1e-9},
        },
        learns=without("encoder", teacher="bad", duration={"steps": 1}) | {"from": "teacher-2"},
    )
    world.make("bad")
    answer = understudy("step", world.file, "learns", "--runs", world.runs)
    assert answer.code == 0
    assert "warning: en: the teacher (perplexity" in answer.err
    assert "is worse than the student's own start" in answer.err


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        (
            {"layers": {0: 5}, "weights": "paper-b"},
            ["steps.bad.layers: the teacher has no layer 5; it has 0 to 1"],
        ),
        ({"layers": {7: 0}, "weights": "paper-b"}, ["steps.bad.layers: the student has no layer 7"]),
        (
            {"weights": {"relations": 1}, "relations": {"teacher": 9}},
            ["relations.teacher: the teacher has no lay"],
        ),
        (
            {"copy_layers": "spaced"},
            ["steps.bad.copy_layers: the teacher's layers have hidden 32 and the studen"],
        ),
        (
            {"copy_layers": [0], "encoder": SIZES | {"hidden": 32, "ffn": 64}},
            ["1 layers are named, and the stud"],
        ),
        (
            {"encoder": SIZES | {"max_length": 64}},
            ["steps.bad.teacher: the student reads 64 pieces and the tea"],
        ),
    ],
)
def test_what_does_not_fit_is_one_line_before_the_hours(
    world: Beside, understudy: Any, changes: dict[str, Any], parts: list[str]
) -> None:
    world.add(bad=ALONE | changes)
    understudy("step", world.file, "bad", "--runs", world.runs).is_user_error("tiny.yaml: ", *parts)
    assert not (world.made / "bad").exists()


def test_a_student_that_does_not_fit_is_one_line(world: Beside, understudy: Any) -> None:
    copied = {"encoder": SIZES, "copy_layers": "spaced"}
    world.add(
        one=without("encoder", students={"a": {"encoder": SIZES}, "b": copied}),
        other=ALONE | {"encoder": SIZES | {"max_length": 16}},
    )
    answer = understudy("step", world.file, "one", "--runs", world.runs)
    answer.is_user_error("steps.one.students.b.copy_layers: the teacher's layers have hidden 32 and the ")
    answer = understudy("step", world.file, "other", "--runs", world.runs)
    answer.is_user_error("mixed-shards: rows of up to ", " pieces do not fit a model of 16; encode them")


def test_a_mistake_about_the_second_teacher_is_found_before_the_first_one_teaches(
    world: Beside, understudy: Any, trained: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = IN_SEQUENCE["teachers"]

    def refused(changes: dict[str, Any], *parts: str, **also: Any) -> None:
        world.add(bad=IN_SEQUENCE | {"teachers": [first, second | changes]} | also)
        understudy("step", world.file, "bad", "--runs", world.runs).is_user_error(*parts)

    refused(
        {"layers": {0: 8}, "weights": "paper-b"}, "steps.bad.teachers.1.layers: the teacher has no layer 8"
    )
    refused(
        {"weights": {"mlm": 1, "soft": 0}},
        "steps.bad.teachers.1.weights: the teacher would have no say; that",
    )
    world.add(**OTHER_PIECES | {"other_shards": OTHER_PIECES["other_shards"] | {"max_length": 48}})
    world.make("other-pieces", "other-shards")
    refused({"shards": "other-shards"}, "other-shards/tokenizer: has another tokenizer than ", "-shards/tok")
    world.add(
        english={"stage": "prepare", "corpora": ["english"], "pack_words": 0},
        lone_shards={"stage": "encode", "text": "english", "tokenizer": "tokenizer", "max_length": 48},
    )
    world.recipe["corpora"]["english"] = world.recipe["corpora"]["public"] | {"locales": ["en"]}
    world.add()
    world.make("english", "lone-shards")
    refused(
        {"shards": "lone-shards"},
        "steps.bad.teachers.1.languages: the transfer set 'lone-shards' has no text in ja; it has en",
        languages=["en", "ja"],
    )
    monkeypatch.setattr(World, "here", classmethod(lambda cls, _: World(size=2)))
    monkeypatch.setattr(World, "wait", lambda _: None)
    refused(
        {"optimization": {"tokens_per_batch": 257}},
        "steps.bad.teachers.1.optimization.tokens_per_batch: 2 processes do not divide 257",
    )
    refused({"optimization": {"optimizer": "lamb"}}, "DeepSpeed", parallel={"engine": "deepspeed"})
    assert not trained


def test_a_teacher_that_is_looked_at_leaves_nothing_behind(
    world: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    teachers: list[weakref.ref[Any]] = []
    load = distill_phase.load_model

    def alone(folder: Path) -> Any:
        assert not any(teacher() for teacher in teachers)
        model = load(folder)
        teachers.append(weakref.ref(model))
        return model

    def unhooked(task: Any, *arguments: Any, **options: Any) -> Any:
        assert sum(len(part._forward_hooks) for part in task.model.modules()) == 1, "of this teacher's alone"
        return fit(task, *arguments, **options)

    fit = distill_phase.fit
    monkeypatch.setattr(distill_phase, "load_model", alone)
    monkeypatch.setattr(distill_phase, "fit", unhooked)
    world.add(chain=IN_SEQUENCE | {"weights": {"relations": 1}})
    world.make("chain")
    assert len(teachers) == 3, "the second is looked at before the first one teaches"


def spoil(world: Beside, step: str, weight: str = "roberta_prelayernorm.LayerNorm.weight") -> None:
    """Put a NaN into a model that was linked, and is a copy now."""
    import torch
    from safetensors.torch import load_file, save_file

    folder = world.made / step
    if folder.is_symlink():
        source = folder.resolve()
        folder.unlink()
        shutil.copytree(source, folder)
    file = folder / "model" / "model.safetensors"
    tensors = load_file(file)
    tensors[weight][0] = torch.nan
    save_file(tensors, file, metadata={"format": "pt"})


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders in which training has begun."""
    folders: list[Path] = []
    fit = distill_phase.fit

    def noting(task: Any, config: Any, out: Path, **options: Any) -> Any:
        folders.append(out)
        return fit(task, config, out, **options)

    monkeypatch.setattr(distill_phase, "fit", noting)
    return folders


def test_a_teacher_that_emits_nonsense_is_one_line(
    world: Beside, understudy: Any, trained: list[Path]
) -> None:
    first, second = IN_SEQUENCE["teachers"]
    spoil(world, "teacher-2")
    world.add(bad=ALONE, chain=IN_SEQUENCE, first=IN_SEQUENCE | {"teachers": [second, first]})
    for step, place in {"bad": "", "chain": "teachers.1.", "first": "teachers.0."}.items():
        answer = understudy("step", world.file, step, "--runs", world.runs)
        answer.is_user_error(
            f"steps.{step}.{place}teacher: the teacher emits values that are not finite; train it again"
        )
    assert not trained


OTHER_PIECES: dict[str, Any] = {
    "other_pieces": {"stage": "tokenizer", "text": ["mixed-text"], "vocabulary": 600, "sentences": 500},
    "other_shards": {
        "stage": "encode",
        "text": "mixed-text",
        "tokenizer": "other-pieces",
        "max_length": 60,
    },
    "stranger": {
        "stage": "pretrain",
        "shards": "other-shards",
        "encoder": SIZES | {"hidden": 24, "max_length": 60},
        "duration": {"steps": 1},
        "optimization": SMALL,
    },
}


def test_a_teacher_with_another_tokenizer_teaches_words(
    world: Beside, understudy: Any, trained: list[Path]
) -> None:
    learns = ALONE | {"teacher": "stranger", "weights": {"mlm": 1, "soft": 0, "hidden": 1}}
    world.add(**OTHER_PIECES, learns=learns, bad=ALONE | {"teacher": "stranger"})
    world.make("other-pieces", "other-shards", "stranger")
    answer = understudy("step", world.file, "learns", "--runs", world.runs)
    assert answer.code == 0, answer.err
    assert "have different tokenizers: hidden layers are matched word by word" in answer.err
    told = world.numbers("learns")["sanity"]
    assert 0.5 < told["aligned"] <= 1 and told["expected_hours"] >= 0
    assert "\nexpected: " in answer.err
    answer = understudy("step", world.file, "bad", "--runs", world.runs)
    answer.is_user_error(
        "steps.bad.weights: teacher 'stranger' has another tokenizer than the transfer set, and soft need"
    )
    world.add(said=SAID, deaf=learns | {"targets": "said"})
    world.make("said")
    answer = understudy("step", world.file, "deaf", "--runs", world.runs)
    answer.is_user_error("steps.deaf.targets: teacher 'stranger' has another tokenizer than the transfer set")
    spoil(world, "stranger")
    world.add(mad=learns)
    answer = understudy("step", world.file, "mad", "--runs", world.runs)
    answer.is_user_error("steps.mad.teacher: the teacher emits values that are not finite; train it again")
    assert len(trained) == 1
    world.add(pointless=ALONE | {"weights": {"mlm": 1, "soft": 0}})
    answer = understudy("step", world.file, "pointless", "--runs", world.runs)
    answer.is_user_error("steps.pointless.weights: the teacher would have no say; that is a pretrain step")


def test_layers_of_a_teacher_that_reads_other_pieces_are_not_copied(world: Beside, understudy: Any) -> None:
    """As many pieces as the student's, so that no size tells."""
    pieces = OTHER_PIECES["other_pieces"] | {"vocabulary": 700}
    copies = {"copy_layers": "spaced", "encoder": SIZES | {"hidden": 24}}
    words = {"teacher": "stranger", "weights": {"mlm": 1, "soft": 0, "hidden": 1}}
    world.add(**OTHER_PIECES | {"other_pieces": pieces}, bad=ALONE | words | copies)
    world.make("other-pieces", "other-shards", "stranger")
    answer = understudy("step", world.file, "bad", "--runs", world.runs)
    answer.is_user_error("stranger/model: has another tokenizer than ", "mixed-shards/tokenizer; use one")


def test_units_hold_the_same_characters_in_both_tokenizers(world: Beside) -> None:
    world.add(**OTHER_PIECES)
    world.make("other-pieces", "other-shards")
    shards = TokenShards(Artifact.load(world.made / "mixed-shards"), "train")
    mine = Subwords.load(world.made / "tokenizer")
    theirs = Subwords.load(world.made / "other-pieces")
    aligner = Aligner(mine, theirs, 60)
    several = seen = 0
    for row in range(120):
        ids = shards.padded(np.array([row]), int(shards.lengths[row]))[0]
        aligned = aligner.align(ids)

        def spelled(tokenizer: Subwords, pieces: Any, units: list[int], unit: int) -> str:
            return "".join(tokenizer.pieces[p] for p, u in zip(pieces, units, strict=True) if u == unit)

        for unit in range(aligned.count):
            ours = spelled(mine, ids.tolist(), aligned.units, unit)
            other = spelled(theirs, aligned.teacher_ids, aligned.teacher_units, unit)
            assert ours.strip("\u2581") == other.strip("\u2581") or "<unk>" in other
            assert "\u2581" not in ours.strip("\u2581"), "no wider than a word"
            several += aligned.units.count(unit) > 1
            seen += 1
    assert several > 20 and seen - several > 20
    cut = Aligner(mine, theirs, 6).align(ids)
    assert 0 < cut.count < aligned.count and cut.units[: cut.count] == aligned.units[: cut.count]


SAID = {
    "stage": "targets",
    "teacher": "teacher-1",
    "shards": "public-shards",
    "top": 8,
    "hidden": [1],
    "epochs": 2,
}
PICK = {"stage": "select", "models": ["early", "late"], "labels": "tenth"}
NLU = {"stage": "finetune", "model": "teacher-1", "labels": "tenth", "duration": {"steps": 2}}


@pytest.mark.slow
@pytest.mark.parametrize("step", ["chain", "said", "pick"])
def test_killed_anywhere_it_leaves_no_artifact_and_is_made_alike_afterwards(
    world: Beside, tmp_path: Path, step: str
) -> None:
    world.add(
        chain=IN_SEQUENCE,
        said=SAID,
        early=NLU | {"optimization": SMALL},
        late=NLU | {"optimization": SMALL, "seed": 1},
        pick=PICK,
    )
    world.make(*(["early", "late"] if step == "pick" else []), step)
    script = Path(__file__).with_name("kill_everywhere.py")
    done = subprocess.run(
        [sys.executable, script, world.file, world.runs, step, tmp_path / "scratch"],
        capture_output=True,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert len(told["kills"]) >= 4
    for kill in told["kills"]:
        assert kill["killed"] and kill["left"] is None and kill["again"] == 0, kill
        assert kill["made"] == told["due"], kill
        assert kill["hidden"] == []
