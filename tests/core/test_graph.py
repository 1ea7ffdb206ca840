"""Matrices written out by hand, and the graph of the steps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from understudy.core.errors import UserError
from understudy.core.recipe.graph import named, write_out_matrices
from understudy.core.recipe.paths import set_path
from understudy.core.recipe.text_filters import Contamination, Filters

RECIPE = Path("r.yaml")


def expand(**steps: dict[str, Any]) -> dict[str, Any]:
    return write_out_matrices({name.replace("_", "-"): step for name, step in steps.items()}, RECIPE)


def test_steps_without_a_matrix_stay_as_they_are() -> None:
    steps = {"a": {"stage": "generate"}, "b": {"stage": "pretrain", "shards": "c"}}
    assert write_out_matrices(steps, RECIPE) == steps


def test_one_step_a_combination_with_its_values_in_the_name() -> None:
    written = expand(
        nlu={"stage": "finetune", "head": 8, "matrix": {"labels": ["all", "tenth"], "seed": [0, 1]}}
    )
    assert written == {
        f"nlu-{labels}-{seed}": {"stage": "finetune", "head": 8, "labels": labels, "seed": seed}
        for labels in ("all", "tenth")
        for seed in (0, 1)
    }


def test_a_nested_key_and_odd_values_in_names() -> None:
    written = expand(
        a={
            "stage": "pretrain",
            "optimization": {"bf16": True, "clip": 1},
            "matrix": {"optimization.learning_rate": [0.001, 2e-3], "from": [None, "Über Mut"]},
        }
    )
    assert list(written) == ["a-0.001-none", "a-0.001-ber_mut", "a-0.002-none", "a-0.002-ber_mut"]
    assert written["a-0.002-none"] == {
        "stage": "pretrain",
        "optimization": {"bf16": True, "clip": 1, "learning_rate": 0.002},
        "from": None,
    }


def test_a_step_that_reads_a_matrix_is_repeated_with_it() -> None:
    written = expand(
        test={"stage": "evaluate", "model": "nlu", "labels": "all"},
        nlu={"stage": "finetune", "model": "student", "matrix": {"labels": ["all", "tenth"]}},
    )
    assert written["test-all"] == {"stage": "evaluate", "model": "nlu-all", "labels": "all"}
    assert written["test-tenth"] == {"stage": "evaluate", "model": "nlu-tenth", "labels": "all"}
    assert list(written) == ["nlu-all", "nlu-tenth", "test-all", "test-tenth"]


def test_a_matrix_is_inherited_along_a_chain() -> None:
    written = expand(
        teacher={"stage": "pretrain", "matrix": {"seed": [1, 2]}},
        student={"stage": "distill", "teacher": "teacher"},
        nlu={"stage": "finetune", "model": "student"},
    )
    assert written["student-1"]["teacher"] == "teacher-1"
    assert written["nlu-2"]["model"] == "student-2"
    assert len(written) == 6


def test_two_matrices_with_a_key_in_common_are_joined_on_it() -> None:
    written = expand(
        teacher={"stage": "pretrain", "matrix": {"seed": [1, 2]}},
        base={"stage": "pretrain", "matrix": {"seed": [1, 2], "shards": ["a", "b"]}},
        student={"stage": "distill", "teacher": "teacher", "from": "base"},
    )
    students = {name: step for name, step in written.items() if step["stage"] == "distill"}
    assert {(step["teacher"], step["from"]) for step in students.values()} == {
        (f"teacher-{seed}", f"base-{seed}-{shards}") for seed in (1, 2) for shards in ("a", "b")
    }
    assert len(students) == 4


def test_own_matrix_and_inherited_one_agree_on_common_keys_and_cross_on_others() -> None:
    written = expand(
        nlu={"stage": "finetune", "model": "x", "matrix": {"labels": ["all", "tenth"]}},
        test={"stage": "evaluate", "model": "nlu", "matrix": {"split": ["dev", "test"], "labels": ["all"]}},
    )
    assert {name: step["model"] for name, step in written.items() if step["stage"] == "evaluate"} == {
        "test-dev-all": "nlu-all",
        "test-test-all": "nlu-all",
    }


def test_a_list_takes_every_combination_and_a_matrix_of_its_own_takes_those_that_agree() -> None:
    steps = {
        "test": {"stage": "evaluate", "labels": "l", "matrix": {"seed": [1, 2]}},
        "other": {"stage": "evaluate", "labels": "l"},
    }
    report = {"stage": "report", "evaluations": ["test", "other"]}
    assert expand(**steps, report=report)["report"]["evaluations"] == ["test-1", "test-2", "other"]
    written = expand(**steps, report=report | {"matrix": {"seed": [1, 2]}})
    assert written["report-2"]["evaluations"] == ["test-2", "other"]


@pytest.mark.parametrize(
    ("steps", "place", "problem"),
    [
        ({"a": {"stage": "generate", "matrix": {"seed": 3}}}, "steps.a.matrix", "list of values"),
        ({"a": {"stage": "generate", "matrix": {"seed": []}}}, "steps.a.matrix", "list of values"),
        ({"a": {"stage": "generate", "matrix": []}}, "steps.a.matrix", "list of values"),
        ({"a": {"stage": "generate", "matrix": {1: [2]}}}, "steps.a.matrix", "list of values"),
        ({"a": {"stage": "generate", "matrix": {"seed": [1, 1]}}}, "steps.a", "two steps get the name 'a-1'"),
        (
            {"a": {"stage": "generate", "matrix": {"seed": [1]}}, "a-1": {"stage": "generate"}},
            "steps.a",
            "two steps get the name 'a-1'",
        ),
        (
            {
                "n": {"stage": "finetune", "matrix": {"model": ["x", "y"]}},
                "t": {"stage": "evaluate", "matrix": {"model": ["n"]}},
            },
            "steps.t.matrix",
            "no combination",
        ),
        ({"../a": {"stage": "generate"}}, "steps", "cannot name a step"),
        ({".a": {"stage": "generate"}}, "steps", "cannot name a step"),
        ({7: {"stage": "generate"}}, "steps", "cannot name a step"),
        (
            {"a": {"stage": "pretrain", "from": "b"}, "b": {"stage": "pretrain", "from": "a"}},
            "steps",
            "in a circle: ",
        ),
        ({"a": {"stage": "pretrain", "matrix": {"from": ["a"]}}}, "steps", "in a circle: a -> a"),
    ],
)
def test_what_cannot_be_written_out(steps: dict[Any, Any], place: str, problem: str) -> None:
    with pytest.raises(UserError, match=problem) as caught:
        write_out_matrices(steps, RECIPE)
    assert (caught.value.file, caught.value.place) == ("r.yaml", place)


@pytest.mark.parametrize(
    "raw",
    [
        None,
        3,
        [],
        {},
        {"stage": ["x"]},
        {"stage": "prepare", "corpora": 5},
        {"stage": "report", "evaluations": [[1]]},
    ],
)
def test_what_the_schema_will_name_passes_through(raw: Any) -> None:
    assert write_out_matrices({"a": raw}, RECIPE) == {"a": raw}


def test_setting_a_path_copies() -> None:
    tree = {"a": {"b": 1, "c": 2}}
    assert set_path(tree, ["a", "b"], 3) == {"a": {"b": 3, "c": 2}}
    assert set_path(tree, ["x", "y"], 3) == {"a": {"b": 1, "c": 2}, "x": {"y": 3}}
    assert tree == {"a": {"b": 1, "c": 2}}


def test_names_are_found_in_the_parts_of_a_config() -> None:
    filters = Filters(contamination=Contamination(labels=("all", "tail"), corpora=("wiki",)))
    assert list(named(filters)) == [
        ("labels", "contamination.labels", ["all", "tail"]),
        ("corpora", "contamination.corpora", ["wiki"]),
    ]
    assert list(named(Filters())) == []
