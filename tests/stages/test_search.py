"""A search: what is drawn, kept, pruned and resumed, on a training that is a formula; and a real one."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from understudy.core.artifact import Artifact
from understudy.core.errors import UserError
from understudy.core.files import read_json
from understudy.core.recipe.finetune_steps import Finetune
from understudy.core.recipe.load import load_recipe
from understudy.core.recipe.search import with_values
from understudy.core.stage import Inputs
from understudy.stages.search import TABLE, search
from understudy.training.non_finite import NotFiniteError

SPACE = {"optimization.learning_rate": {"low": 1e-5, "high": 1e-2, "log": True}, "dropout": [0.0, 0.1, 0.2]}
BEST_RATE = 3e-4


def config_of(**wanted: Any) -> Finetune:
    raw = {
        "stage": "finetune",
        "encoder": {"layers": 1, "hidden": 16, "ffn": 32, "heads": 2},
        "tokenizer": "tokenizer",
        "labels": "all",
        "duration": {"epochs": 4},
        "trackers": [],
        "search": {"trials": 12, "space": SPACE} | wanted,
    }
    return Finetune.model_validate(raw)


class Formula:
    """Scores by how far the learning rate is from the best one, better at each of four validations."""

    def __init__(self, die_in: int | None = None) -> None:
        self.die_in = die_in
        self.seen: list[Finetune] = []
        self.validations: list[int] = []

    def __call__(
        self, config: Finetune, inputs: Inputs, out: Path, ends: Callable[[Any], bool]
    ) -> dict[str, Any]:
        assert config.search is None
        self.seen.append(config)
        rate = config.optimization.learning_rate
        if rate > 5e-3:
            raise NotFiniteError("the loss was not finite", file=out / "x.safetensors")
        history: list[dict[str, Any]] = []
        while len(history) < 4 and not ends(history):
            score = (1 - abs(math.log10(rate / BEST_RATE)) / 3 - config.dropout) * (len(history) + 1) / 4
            history.append({"step": 10 * len(history) + 10, "score": round(score, 6)})
            if len(self.seen) == self.die_in:
                (out / "checkpoint").write_text("half")
                raise KeyboardInterrupt
        (out / "model").mkdir()
        (out / "model" / "weights").write_text(str(rate))
        self.validations.append(len(history))
        return {"history": history, "rate": rate, "resumed": (out / "checkpoint").exists()}


def table(out: Path) -> list[dict[str, Any]]:
    return read_json(out / TABLE)["trials"]


def rates(formula: Formula) -> list[float]:
    return [config.optimization.learning_rate for config in formula.seen]


def test_the_best_trial_is_the_steps_and_all_are_in_the_table(tmp_path: Path) -> None:
    formula = Formula()
    numbers = search(formula, config_of(), Inputs(), tmp_path)
    rows = numbers["search"]["trials"]
    best = max((row for row in rows if row["state"] == "complete"), key=lambda row: row["score"])
    assert numbers["search"]["best"] == best["number"]
    assert numbers["rate"] == best["settings"]["optimization.learning_rate"]
    assert (tmp_path / "model" / "weights").read_text() == str(numbers["rate"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model", TABLE]
    assert [row["number"] for row in rows] == list(range(1, 13))
    assert len(formula.seen) == 12
    assert {config.dropout for config in formula.seen} <= {0.0, 0.1, 0.2}
    assert all(1e-5 <= rate <= 1e-2 for rate in rates(formula))
    assert {config.optimization.tokens_per_batch for config in formula.seen} == {1024}, (
        "the stage's own default"
    )
    json.dumps(numbers)


def test_what_was_found_guides_the_choice_and_the_seed_decides_the_rest(tmp_path: Path) -> None:
    formula, again, other = Formula(), Formula(), Formula()
    search(formula, config_of(trials=30), Inputs(), tmp_path / "a")
    search(again, config_of(trials=30), Inputs(), tmp_path / "b")
    search(other, config_of(trials=30).model_copy(update={"seed": 1}), Inputs(), tmp_path / "c")
    assert rates(formula) == rates(again) != rates(other)

    def log_range(bound: float) -> float:
        return abs(math.log10(bound / BEST_RATE))

    def off(found: list[float]) -> float:
        return sum(log_range(rate) for rate in found) / len(found)

    by_chance = (log_range(1e-5) ** 2 + log_range(1e-2) ** 2) / 2 / (log_range(1e-5) + log_range(1e-2))
    assert off(rates(formula)[5:]) < 0.8 * by_chance, "the mean of rates drawn evenly"


@pytest.mark.parametrize("pruner", [None, "median"])
def test_a_killed_search_goes_on_where_it_was_to_the_same_end(tmp_path: Path, pruner: str | None) -> None:
    config = config_of(pruner=pruner)
    whole = search(Formula(), config, Inputs(), tmp_path / "whole")
    killed = Formula(die_in=8)
    with pytest.raises(KeyboardInterrupt):
        search(killed, config, Inputs(), tmp_path / "killed")
    told = table(tmp_path / "killed")
    assert [each["number"] for each in told] == list(range(1, len(told) + 1))
    assert (tmp_path / "killed" / "trials" / f"trial-{len(told) + 1:03d}" / "checkpoint").exists()
    resumed = Formula()
    numbers = search(resumed, config, Inputs(), tmp_path / "killed")
    assert rates(resumed)[0] == rates(killed)[-1], "the trial it was in, from its checkpoint"
    assert len(killed.seen) + len(resumed.seen) == 13
    assert numbers["search"] == whole["search"]
    assert (tmp_path / "killed" / "model" / "weights").read_text() == str(whole["rate"])


def test_a_search_killed_while_it_tidied_up_is_finished(tmp_path: Path) -> None:
    whole = search(Formula(), config_of(), Inputs(), tmp_path)
    best = tmp_path / "trials" / f"trial-{whole['search']['best']:03d}"
    best.mkdir(parents=True)
    shutil.move(tmp_path / "model", best / "model")
    formula = Formula()
    assert search(formula, config_of(), Inputs(), tmp_path) == whole
    assert formula.seen == []
    assert (tmp_path / "model" / "weights").exists()
    assert not (tmp_path / "trials").exists()


def test_hopeless_trials_end_early_and_are_never_the_best(tmp_path: Path) -> None:
    formula = Formula()
    numbers = search(formula, config_of(pruner="median", startup=3), Inputs(), tmp_path)
    states = {row["number"]: row["state"] for row in numbers["search"]["trials"]}
    assert states[numbers["search"]["best"]] == "complete"
    pruned = [each for each in table(tmp_path) if each["state"] == "pruned"]
    assert pruned
    for each in pruned:
        assert each["number"] > 3
        at = len(each["history"])
        best = max(entry["score"] for entry in each["history"])
        others = [
            one["history"] for one in table(tmp_path)[: each["number"] - 1] if one["state"] == "complete"
        ]
        assert best < median(history[at - 1]["score"] for history in others)
    assert min(formula.validations) < 4 == max(formula.validations)


def test_trials_that_diverge_are_told_and_the_search_goes_on(tmp_path: Path) -> None:
    high = {"optimization.learning_rate": [1e-4, 9e-3]}
    numbers = search(Formula(), config_of(space=high, trials=6), Inputs(), tmp_path)
    failed = [row for row in numbers["search"]["trials"] if row["state"] == "failed"]
    assert failed
    assert failed[0]["problem"] == "the loss was not finite"
    assert numbers["rate"] == 1e-4
    with pytest.raises(UserError, match="all 2 trials failed; the last: the loss was not finite"):
        only = {"optimization.learning_rate": [8e-3, 9e-3]}
        search(Formula(), config_of(space=only, trials=2), Inputs(), tmp_path / "all")


def test_what_was_tried_is_not_tried_again(tmp_path: Path) -> None:
    formula = Formula()
    numbers = search(formula, config_of(space={"dropout": [0.0, 0.1]}, trials=8), Inputs(), tmp_path)
    assert sorted(config.dropout for config in formula.seen) == [0.0, 0.1]
    repeated = [row for row in numbers["search"]["trials"] if "same_as" in row]
    assert len(repeated) == 6


def test_values_may_be_whole_numbers_lists_and_tables(tmp_path: Path) -> None:
    space = {
        "max_length": {"low": 16, "high": 64},
        "heads": [["intent"], {"intent": {"width": 32}, "slots": {}}],
        "duration.epochs": [1, 2],
    }
    formula = Formula()
    search(formula, config_of(space=space, trials=8), Inputs(), tmp_path)
    assert {type(config.max_length) for config in formula.seen} == {int}
    assert {config.heads.names for config in formula.seen} == {("intent",), ("intent", "slots")}
    assert {config.duration.epochs for config in formula.seen} == {1, 2}
    assert {config.duration.steps for config in formula.seen} == {None}


def test_other_values_leave_everything_else_as_it_was() -> None:
    config = config_of()
    changed = with_values(config, {"optimization.learning_rate": 0.25, "head_learning_rate": 0.5})
    assert changed.optimization.learning_rate == 0.25
    assert changed.trackers == ()
    same = {"search": None, "optimization": config.optimization, "head_learning_rate": None}
    assert changed.model_copy(update=same) == config.model_copy(update=same)


RECIPE = """
name: found
labels: {all: {path: x, locales: [en-US], format: frames}}
corpora: {words: {path: x, locales: [en]}}
steps:
  text: {stage: prepare, corpora: [words]}
  tokenizer: {stage: tokenizer, text: [text]}
  nlu:
    stage: finetune
    encoder: {layers: 1, hidden: 16, ffn: 32, heads: 2}
    tokenizer: tokenizer
    labels: all
    duration: {epochs: 1}
    search: {SEARCH}
"""


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        ("{space: {optimization.learning_rat: [1, 2]}}", "steps.nlu: search.space.optimization.learning_rat: "
         "unknown key 'learning_rat'; did you mean 'learning_rate'?"),
        ("{space: {droput: [0.1]}}", "search.space.droput: unknown key 'droput'; did you mean 'dropout'?"),
        ("{space: {dropout: [0.1, 1.5]}}", "search.space.dropout: input should be less than 1, not 1.5"),
        ("{space: {dropout: {low: -1, high: 0.5}}}", "search.space.dropout: input should be greater than or"),
        ("{space: {dropout: {low: 0.5, high: 0.1}}}", "'low' must be below 'high'"),
        ("{space: {dropout: {low: 0, high: 0.1, log: true}}}", "a logarithmic scale begins above 0"),
        ("{space: {dropout: []}}", "space.dropout: at least one value is due"),
        ("{space: {labels: [all]}}", "search.space.labels: 'labels' is the same in all trials"),
        ("{space: {search.trials: [1]}}", "search.space.search.trials: 'search' is the same in all trials"),
        ("{space: {}}", "steps.nlu.search.space: "),
        ("{trial: 3, space: {dropout: [0.1]}}", "steps.nlu.search.trial: unknown key 'trial'; did you"),
        ("{trials: 0, space: {dropout: [0.1]}}", "steps.nlu.search.trials: "),
        ("{space: {dropout: [0.1]}, pruner: best}", "steps.nlu.search.pruner: "),
    ],
)  # fmt: skip
def test_a_space_is_checked_when_the_recipe_is_read(tmp_path: Path, wanted: str, problem: str) -> None:
    file = tmp_path / "recipe.yaml"
    file.write_text(RECIPE.replace("{SEARCH}", wanted))
    with pytest.raises(UserError) as error:
        load_recipe(file)
    assert problem in str(error.value)


REAL = """
name: found
labels: {all: {source: world, path: "labelled/{locale}.jsonl", locales: [en-US], format: frames}}
corpora: {public: {source: world, path: "generic/{language}.jsonl", locales: [en]}}
steps:
  world: {stage: generate, locales: [en-US], train: 40, dev: 10, test: 10, unlabelled: 60, generic: 60}
  text: {stage: prepare, corpora: [public], pack_words: 0, validation_share: 0.05}
  tokenizer: {stage: tokenizer, text: [text], vocabulary: 200, sentences: 500}
  nlu:
    stage: finetune
    encoder: {layers: 1, hidden: 16, ffn: 32, heads: 2, max_length: 48}
    tokenizer: tokenizer
    labels: all
    duration: {steps: 6}
    optimization: {tokens_per_batch: 128, precision: fp32}
    validate_every: 2
    trackers: []
    search: {trials: 3, pruner: median, startup: 1, space: {dropout: {low: 0, high: 0.3}}}
  dev: {stage: evaluate, model: nlu, labels: all, split: dev}
"""


def test_real_trainings_killed_and_run_again_are_a_model_like_any(
    tmp_path: Path, understudy: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from understudy.stages import finetune

    file = tmp_path / "recipe.yaml"
    file.write_text(REAL)
    save, saved = finetune.save_nlu, []

    def killed(model: Any, out: Path, *rest: Any) -> None:
        saved.append(out.name)
        if len(saved) == 2:
            raise KeyboardInterrupt
        save(model, out, *rest)

    monkeypatch.setattr(finetune, "save_nlu", killed)
    understudy("run", file, "--runs", tmp_path / "runs")
    partial = tmp_path / "runs" / "found" / ".nlu.partial"
    assert [each["number"] for each in table(partial)] == [1]
    answer = understudy("run", file, "--runs", tmp_path / "runs")
    assert answer.code == 0, answer.err
    assert saved[:3] == ["trial-001", "trial-002", "trial-002"]
    made = Artifact.load(tmp_path / "runs" / "found" / "nlu")
    rows = made.numbers["search"]["trials"]
    best = rows[made.numbers["search"]["best"] - 1]
    assert best["score"] == made.numbers["best"]["score"] == max(row["score"] for row in rows)
    judged = Artifact.load(tmp_path / "runs" / "found" / "dev")
    assert judged.numbers["macro"]["exact_match"] == pytest.approx(best["score"])


def test_without_optuna_one_line_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(UserError, match=r"pip install 'understudy\[search\]'"):
        search(Formula(), config_of(), Inputs(), tmp_path)


def test_trials_of_another_format_are_refused(tmp_path: Path) -> None:
    (tmp_path / TABLE).write_text('{"format_version": 99, "trials": []}')
    with pytest.raises(UserError, match="another format version"):
        search(Formula(), config_of(), Inputs(), tmp_path)
