"""Steps named within parts of a config, parts of a step, and both through matrices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from understudy.core.errors import UserError
from understudy.core.recipe.graph import dependencies, in_order, inputs_of
from understudy.core.recipe.load import load_recipe
from understudy.core.recipe.schema import Recipe

ENCODER = {"layers": 1, "hidden": 8, "ffn": 8, "heads": 1}
STEPS: dict[str, Any] = {
    "world": {"stage": "generate"},
    "text": {"stage": "prepare", "corpora": ["text"]},
    "pieces": {"stage": "tokenizer", "text": ["text"], "vocabulary": 70},
    "one": {"stage": "encode", "text": "text", "tokenizer": "pieces"},
    "two": {"stage": "encode", "text": "text", "tokenizer": "pieces"},
    "large": {"stage": "pretrain", "shards": "one", "encoder": ENCODER, "duration": {"steps": 1}},
    "larger": {"stage": "pretrain", "shards": "two", "from": "large", "duration": {"steps": 1}},
    "small": {
        "stage": "distill",
        "teachers": [
            {"teacher": "large", "shards": "one", "duration": {"steps": 1}},
            {"teacher": "larger", "shards": "two", "duration": {"steps": 1}, "weights": "paper-b"},
        ],
        "students": {"thin": {"encoder": ENCODER}, "wide": {"from": "large", "weights": {"soft": 3}}},
    },
    "nlu": {"stage": "finetune", "model": "small/thin", "labels": "few", "duration": {"steps": 1}},
}


def load(folder: Path, **changes: Any) -> Recipe:
    recipe = {
        "name": "r",
        "corpora": {"text": {"path": "x", "locales": ["en"], "source": "world"}},
        "labels": {"few": {"path": "y", "locales": ["en-US"], "source": "world"}},
        "steps": {name: step for name, step in (STEPS | changes).items() if step},
    }
    file = folder / "r.yaml"
    file.write_text(yaml.safe_dump(recipe))
    return load_recipe(file)


def test_what_stands_in_lists_and_tables_is_read_too(tmp_path: Path) -> None:
    recipe = load(tmp_path)
    assert dependencies(recipe, "small") == ["large", "one", "larger", "two"]
    assert inputs_of(recipe, "nlu") == ["small/thin", "world"]
    assert dependencies(recipe, "nlu") == ["small", "world"]
    order = in_order(recipe, tmp_path)
    assert order.index("larger") < order.index("small") < order.index("nlu")


def test_matrices_are_followed_into_lists_tables_and_parts(tmp_path: Path) -> None:
    recipe = load(tmp_path, large=STEPS["large"] | {"matrix": {"seed": [1, 2]}})
    small = recipe.steps["small-2"]
    assert [each.teacher for each in small.teachers] == ["large-2", "larger-2"]
    assert small.students["wide"].start == "large-2"
    assert recipe.steps["nlu-1"].model == "small-1/thin"


def test_a_matrix_may_choose_a_part_and_a_place_in_a_list(tmp_path: Path) -> None:
    nlu = {key: value for key, value in STEPS["nlu"].items() if key != "model"}
    recipe = load(tmp_path, nlu=nlu | {"matrix": {"model": ["small/thin", "small/wide", "large"]}})
    assert recipe.steps["nlu-small_wide"].model == "small/wide"
    assert dependencies(recipe, "nlu-large") == ["large", "world"]


@pytest.mark.parametrize(
    ("step", "changes", "message"),
    [
        ("nlu", {"model": "small"}, r"steps.nlu.model: name one part of step 'small'"),
        ("nlu", {"model": "small/thick"}, r"no part 'thick' in step 'small'; did you mean 'small/thin'"),
        ("nlu", {"model": "large/thin"}, r"steps.nlu.model: step 'large' has no parts"),
        ("nlu", {"model": "smal/thin"}, r"steps.nlu.model: no step 'smal'; did you mean 'small'"),
        (
            "small",
            {"teachers": [{"teacher": "one", "shards": "one", "duration": {"steps": 1}}]},
            r"steps.small.teachers.0.teacher: step 'one' is a encode step",
        ),
        (
            "small",
            {"students": {"thin": {"from": "lrge"}}},
            r"steps.small.students.thin.from: no step 'lrge'",
        ),
        ("larger", {"from": "small/thin"}, "the steps read each other in a circle"),
    ],
)
def test_a_wrong_name_is_one_line_with_its_place(
    tmp_path: Path, step: str, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(UserError, match=message):
        load(tmp_path, **{step: STEPS[step] | changes})


SINGLE = {
    "stage": "distill",
    "teacher": "large",
    "shards": "one",
    "duration": {"steps": 1},
    "encoder": ENCODER,
}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"weights": "paper-c"},
            "steps.small.weights: a weight of each loss, or a named setting, is due: pape",
        ),
        ({"weights": {"mlm": 0, "soft": 0}}, "steps.small.weights: every weight is 0"),
        ({"duration": None}, "give 'teachers', or also 'duration'"),
        ({"teachers": STEPS["small"]["teachers"]}, "'teacher' goes into each of 'teachers'"),
        ({"from": "large"}, "give exactly one of 'from' and 'encoder'"),
        ({"encoder": None, "from": "large", "copy_layers": [0]}, "'copy_layers' goes with 'encoder'"),
        ({"students": {"a": {"encoder": ENCODER}}}, "go into each of 'students'"),
        ({"encoder": None, "students": {"a/b": {"encoder": ENCODER}}}, "'a/b' cannot name a student"),
        ({"encoder": None, "students": {"a": {}}}, "steps.small.students.a: give exactly one of"),
    ],
)
def test_a_distillation_that_cannot_be_is_one_line(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(UserError, match=message):
        load(tmp_path, small=SINGLE | changes, nlu=None)


def test_the_papers_weights_by_name(tmp_path: Path) -> None:
    def weights(**changes: Any) -> dict[str, float]:
        return dict(load(tmp_path, small=SINGLE | changes, nlu=None).steps["small"].weights)

    assert weights() == weights(weights="paper-a") == {"mlm": 1, "soft": 1, "hidden": 0, "relations": 0}
    assert weights(weights="paper-b") == {"mlm": 1, "soft": 2, "hidden": 1, "relations": 0}


def test_each_phase_and_each_student_is_the_step_alone(tmp_path: Path) -> None:
    step = load(tmp_path).steps["small"]
    first, second = step.phases
    assert (first.teacher, first.shards, first.weights.hidden) == ("large", "one", 0)
    assert (second.teacher, second.shards, second.weights.hidden) == ("larger", "two", 1)
    assert first.teachers == () and first.parts == ("thin", "wide")
    thin, wide = first.each_student.values()
    assert (thin.encoder.hidden, thin.start, thin.weights.soft) == (8, None, 1)
    assert (wide.encoder, wide.start, wide.weights.soft) == (None, "large", 3)
    alone = load(tmp_path, small=SINGLE, nlu=None).steps["small"]
    (phase,) = alone.phases
    assert dict(phase) == dict(alone) and phase.each_student == {"": phase}
