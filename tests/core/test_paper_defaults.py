"""A step that trains a preset takes from the papers' tables what the recipe does not say."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from understudy.core.duration import Duration
from understudy.core.errors import UserError
from understudy.core.recipe.distill_steps import Distill
from understudy.core.recipe.load import load_recipe
from understudy.core.recipe.model_steps import Pretrain
from understudy.core.recipe.optimization import Optimization
from understudy.core.recipe.paper_settings import PAPER_SETTINGS, paper_settings
from understudy.core.recipe.presets import PRESETS

Load = Callable[..., dict[str, Any]]
TEXT = {
    "text": {"stage": "prepare", "corpora": ["public"]},
    "tokenizer": {"stage": "tokenizer", "text": ["text"], "vocabulary": 500},
    "shards": {"stage": "encode", "text": "text", "tokenizer": "tokenizer"},
}
BY_HAND = {"layers": 2, "hidden": 16, "ffn": 32, "heads": 2}


def pretrain(**keys: Any) -> dict[str, Any]:
    return {"stage": "pretrain", "shards": "shards", **keys}


def distill(**keys: Any) -> dict[str, Any]:
    return {"stage": "distill", "shards": "shards", "teacher": "teacher", **keys}


TEACHER = pretrain(encoder={"preset": "2.3b"})


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def load(*overrides: str, **steps: dict[str, Any]) -> dict[str, Any]:
        file = tmp_path / "presets.yaml"
        corpora = {"public": {"path": "x.txt", "format": "text", "locales": ["en"]}}
        file.write_text(yaml.safe_dump({"name": "presets", "corpora": corpora, "steps": TEXT | steps}))
        return dict(load_recipe(file, list(overrides)).steps)

    return load


def as_printed(step: Pretrain | Distill, column: str) -> None:
    paper = PAPER_SETTINGS[column]
    assert step.optimization == Optimization(**paper.optimization)
    assert step.duration == Duration(steps=paper.steps)


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_a_preset_by_itself_is_trained_as_the_table_says(load: Load, preset: str) -> None:
    step = load(model=pretrain(encoder={"preset": preset}))["model"]
    as_printed(step, {"170m": "170m-stage-1"}.get(preset, preset))
    assert paper_settings("700m").steps == 501_000  # warm-up and decay, no end being printed


def test_the_170m_runs_are_told_apart_by_how_they_begin(load: Load) -> None:
    steps = load(
        teacher=TEACHER,
        first=distill(encoder={"preset": "170m"}),
        second=distill(**{"from": "first"}),
        third=pretrain(**{"from": "second"}),
        scratch=pretrain(encoder={"preset": "170m"}),
        student=distill(teacher="third", encoder={"preset": "17m"}),
    )
    columns = {"first": "stage-1", "second": "stage-2", "third": "mlm", "scratch": "stage-1"}
    for name, column in columns.items():
        as_printed(steps[name], f"170m-{column}")
    as_printed(steps["student"], "17m")


def test_teachers_in_sequence_are_the_first_and_the_second_distillation(load: Load) -> None:
    phases = [
        {"teacher": "teacher", "shards": "shards"},
        {"teacher": "teacher", "shards": "shards", "optimization": {"clip": 0.5}, "duration": {"epochs": 1}},
    ]
    step = {
        "stage": "distill",
        "encoder": {"preset": "170m"},
        "optimization": {"clip": 3.0},
        "teachers": phases,
    }
    first, second = load(teacher=TEACHER, assistant=step)["assistant"].phases
    paper = (PAPER_SETTINGS[f"170m-stage-{number}"].optimization for number in (1, 2))
    assert [first.optimization, second.optimization] == [
        Optimization(**next(paper), clip=3.0),
        Optimization(**next(paper), clip=0.5),
    ]
    assert first.duration.steps == 1_500_000 and second.duration == Duration(epochs=1)


def test_students_share_the_defaults_of_a_preset_that_all_have(load: Load) -> None:
    students = {"a": {"encoder": {"preset": "17m"}}, "b": {"encoder": {"preset": "17m", "dropout": 0.2}}}
    steps = load(
        teacher=TEACHER,
        same=distill(students=students),
        mixed=distill(students=students | {"c": {"encoder": {"preset": "5m"}}}, duration={"steps": 9}),
        later=pretrain(**{"from": "same/b"}),
        last=pretrain(**{"from": "mixed/c"}),
    )
    as_printed(steps["same"], "17m")
    as_printed(steps["later"], "17m")
    as_printed(steps["last"], "5m")
    assert steps["mixed"].optimization == Optimization()


def test_what_the_recipe_says_stays(load: Load) -> None:
    step = load(
        "steps.model.optimization.tokens_per_batch=4096",
        model=pretrain(
            encoder={"preset": "17m", "heads": 16},
            duration={"epochs": 3},
            optimization={"learning_rate": 5e-4, "decay_steps": None, "precision": "fp32"},
        ),
    )["model"]
    due = PAPER_SETTINGS["17m"].optimization | {
        "learning_rate": 5e-4,
        "decay_steps": None,
        "precision": "fp32",
        "tokens_per_batch": 4096,
    }
    assert step.optimization == Optimization(**due)
    assert step.duration == Duration(epochs=3)


def test_a_share_of_warm_up_stands_in_for_the_steps(load: Load) -> None:
    given = {"warmup": 0.1}
    step = load(model=pretrain(encoder={"preset": "17m"}, optimization=given, duration={"steps": 100}))[
        "model"
    ]
    assert (step.optimization.warmup, step.optimization.warmup_steps) == (0.1, None)


def test_sizes_by_hand_keep_the_recipes_own_defaults(load: Load) -> None:
    steps = load(
        model=pretrain(encoder=BY_HAND, duration={"steps": 5}),
        again=pretrain(**{"from": "model"}, duration={"steps": 5}),
    )
    assert steps["model"].optimization == steps["again"].optimization == Optimization()
    with pytest.raises(UserError, match=r"steps.model.duration: is missing"):
        load(model=pretrain(encoder=BY_HAND))


def test_a_matrix_of_presets_has_a_column_each(load: Load) -> None:
    steps = load(model=pretrain(encoder={"preset": "5m"}, matrix={"encoder.preset": ["5m", "17m"]}))
    as_printed(steps["model-5m"], "5m")
    as_printed(steps["model-17m"], "17m")


@pytest.mark.parametrize(
    ("optimization", "duration", "message"),
    [
        (
            {"optimizer": "adamw"},
            None,
            "steps.model.optimization.optimizer: adamw needs a learning_rate of its own: the 0.001 of preset "
            "17m goes with lamb",
        ),
        ({"schedule": "noam"}, None, "optimization.schedule: noam needs a learning_rate of its own"),
        (
            {"learning_rate": 1e-6},
            None,
            "optimization.learning_rate: 1e-06 is below the minimum_learning_rate 1e-05 of preset 17m",
        ),
        (
            {"minimum_learning_rate": 0},
            None,
            "optimization.minimum_learning_rate: the warm-up of preset 17m is exponential",
        ),
        (
            {},
            {"steps": 500},
            "optimization.warmup_steps: the 500 of preset 17m leave none of 500 steps to train at the peak",
        ),
        ({"tokens_per_batch": 100}, {"tokens": 50_000}, "leave none of 500 steps"),
    ],
)
def test_defaults_that_contradict_what_is_given_are_one_clear_line(
    load: Load, optimization: dict[str, Any], duration: dict[str, Any] | None, message: str
) -> None:
    step = pretrain(encoder={"preset": "17m"}, optimization=optimization)
    with pytest.raises(UserError) as caught:
        load(model=step if duration is None else step | {"duration": duration})
    assert message in str(caught.value) and "presets.yaml" in str(caught.value)
    # With the other half given, the same stands.
    enough = {"learning_rate": 1e-3, "minimum_learning_rate": 1e-7, "warmup_steps": 3} | optimization
    enough |= {"warmup_shape": "linear"}
    load(model=step | {"optimization": enough, "duration": duration or {"steps": 10}})


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (
            pretrain(encoder={"preset": "17mb"}),
            "model.encoder.preset: no preset '17mb'; did you mean '17m-b'",
        ),
        (pretrain(encoder={"preset": "17m", "heads": 5}), "encoder.heads: 5 heads do not divide the hidden"),
        (
            distill(teacher="none", students={"a": {"encoder": {"preset": "18m"}}}),
            "model.students.a.encoder.preset: no preset '18m'",
        ),
        (pretrain(encoder={"preset": "17m"}, optimization=7), "optimization: "),
        (pretrain(encoder={"preset": "17m"}, optimization={"learning_rate": "fast"}), "learning_rate: "),
        (pretrain(encoder={"preset": "17m"}, duration=7), "duration: "),
        (pretrain(**{"from": "model"}), "circle"),
        (pretrain(**{"from": "none"}, duration={"steps": 1}), "no step 'none'"),
        (pretrain(**{"from": 3}, duration={"steps": 1}), "from: "),
    ],
)
def test_mistakes_are_named_before_anything_runs(load: Load, step: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError) as caught:
        load(model=step)
    assert message in str(caught.value)
