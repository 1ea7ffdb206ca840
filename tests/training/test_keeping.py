"""Weights put aside while training goes on are those of their step, after a stop too."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from understudy.core.errors import UserError
from understudy.core.recipe.load import load_recipe
from understudy.core.recipe.watching import Every, Keep
from understudy.training.checkpoint import Progress
from understudy.training.keeping import name_due, score_of


@pytest.mark.parametrize(
    ("every", "read", "names"),
    [
        ({"steps": 3}, [4] * 7, [None, None, "steps-3", None, None, "steps-6", None]),
        ({"examples": 10}, [4] * 6, [None, None, "examples-10", None, "examples-20", None]),
        # A step that passes two multiples leaves the later one.
        ({"examples": 10}, [25, 4, 1], ["examples-20", None, "examples-30"]),
    ],
)
def test_the_first_step_at_or_beyond_a_multiple_is_kept(
    every: dict[str, int], read: list[int], names: list[str | None]
) -> None:
    at, got = Progress(), []
    for rows in read:
        before = at.examples
        at.step, at.examples = at.step + 1, before + rows
        got.append(name_due(at, before, Every(**every)))
        assert name_due(at, before, None) is None
    assert got == names


def test_the_lowest_perplexity_is_the_best_where_asked_for() -> None:
    assert score_of({"perplexity": 8.0}, best=True) == -8.0
    assert score_of({"perplexity": 8.0}, best=False) is None
    assert score_of({"perplexity": 8.0, "score": 0.5}, best=False) == 0.5
    assert score_of({"other": 1.0}, best=True) is None


def test_what_is_kept_are_the_weights_of_its_step(run, recorded, masked_task, tmp_path: Path) -> None:
    keep = Keep(every={"examples": 100})
    numbers = run(masked_task(), tmp_path / "all", keep=keep, steps=20)
    assert [kept["name"] for kept in numbers["kept"]] == ["examples-100", "examples-200"]
    for kept in numbers["kept"]:
        assert int(kept["name"][9:]) <= kept["examples"] < int(kept["name"][9:]) + 30
        stopped = masked_task()
        with pytest.raises(KeyboardInterrupt):
            run(recorded(stopped, stop_before=kept["step"]), tmp_path / kept["name"], steps=20)
        there = stopped.objective.state_dict()
        here = load_file(tmp_path / "all" / f"{kept['name']}.safetensors")
        assert all(torch.equal(here[name], there[name]) for name in there)


def test_a_stop_right_after_a_kept_step_keeps_it(run, recorded, masked_task, tmp_path: Path) -> None:
    keep = Keep(every={"steps": 7})
    whole = run(masked_task(), tmp_path / "whole", keep=keep, steps=16)
    with pytest.raises(KeyboardInterrupt):
        run(recorded(masked_task(), stop_before=9), tmp_path / "part", keep=keep, steps=16)
    numbers = run(masked_task(), tmp_path / "part", keep=keep, steps=16)
    assert (
        numbers["kept"]
        == whole["kept"]
        == [
            {"name": f"steps-{step}", "step": step, "examples": kept["examples"]}
            for step, kept in zip((7, 14), whole["kept"], strict=True)
        ]
    )
    for name in ("steps-7", "steps-14"):
        one, other = (load_file(tmp_path / run / f"{name}.safetensors") for run in ("whole", "part"))
        assert all(torch.equal(one[key], other[key]) for key in one)


def test_the_best_by_perplexity_is_handed_on_where_asked_for(run, masked_task, tmp_path: Path) -> None:
    last, best = masked_task(), masked_task()
    history = run(last, tmp_path / "last", steps=18)["history"]
    assert not (tmp_path / "last" / "best.safetensors").exists()
    # Perplexities are made to rise after the first.
    values = iter((5.0, 7.0))
    best.validate = lambda: {"perplexity": next(values)}
    numbers = run(best, tmp_path / "best", steps=18, keep=Keep(best=True))
    assert [entry["step"] for entry in history] == [9, 18] == [entry["step"] for entry in numbers["history"]]
    short = run(masked_task(), tmp_path / "short", steps=18, keep=Keep(every={"steps": 9}))
    due = load_file(tmp_path / "short" / f"{short['kept'][0]['name']}.safetensors")
    assert all(torch.equal(best.objective.state_dict()[name], due[name]) for name in due)
    assert not all(torch.equal(last.objective.state_dict()[name], due[name]) for name in due)


STEPS = """
name: kept
corpora: {public: {path: "x.txt", format: text, locales: [en]}}
steps:
  text: {stage: prepare, corpora: [public]}
  tokenizer: {stage: tokenizer, text: [text], vocabulary: 500}
  shards: {stage: encode, text: text, tokenizer: tokenizer}
  teacher: {stage: pretrain, shards: shards, encoder: &e {layers: 1, hidden: 8, ffn: 8, heads: 1},
            duration: {steps: 9}, keep: {every: {steps: 3}}}
  one: &one {stage: distill, shards: shards, teacher: teacher, encoder: *e, duration: {steps: 9},
             keep: {every: {examples: 50}, last: 5}}
  several: {stage: distill, shards: shards, teacher: teacher, duration: {steps: 9},
            keep: {every: {examples: 50}}, students: {a: {encoder: *e}}}
  sequence: {stage: distill, encoder: *e, keep: {every: {examples: 50}},
             teachers: [{teacher: teacher, shards: shards, duration: {steps: 9}}]}
  next: {stage: pretrain, shards: shards, from: NAME, duration: {steps: 1}}
"""


@pytest.mark.parametrize(
    "name",
    ["teacher/steps-6", "one/examples-100", "several/examples-50/a", "sequence/1-teacher/examples-50"],
)
def test_what_is_kept_can_be_named_by_other_steps(tmp_path: Path, name: str) -> None:
    file = tmp_path / "kept.yaml"
    file.write_text(STEPS.replace("NAME", name))
    recipe = load_recipe(file)
    assert recipe.steps["next"].start == name
    assert "last" not in recipe.steps["one"].model_dump()["keep"]


@pytest.mark.parametrize(
    "name",
    [
        *("teacher/steps-5", "teacher/examples-6", "teacher/steps-06", "one/examples-100/a", "text/steps-3"),
        *("several/examples-50", "several/examples-50/b", "sequence/examples-50", "sequence/1-teacher"),
    ],
)
def test_what_is_not_kept_cannot(tmp_path: Path, name: str) -> None:
    file = tmp_path / "kept.yaml"
    file.write_text(STEPS.replace("NAME", name))
    with pytest.raises(UserError, match=r"steps\.next\.from"):
        load_recipe(file)


@pytest.mark.parametrize("every", ["{}", "{steps: 3, examples: 4}", "{steps: 0}"])
def test_every_has_one_unit(tmp_path: Path, every: str) -> None:
    file = tmp_path / "kept.yaml"
    file.write_text(STEPS.replace("NAME", "teacher").replace("{every: {steps: 3}}", f"{{every: {every}}}"))
    with pytest.raises(UserError, match=r"steps\.teacher\.keep\.every"):
        load_recipe(file)
