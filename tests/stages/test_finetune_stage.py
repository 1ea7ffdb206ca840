"""Fine-tuning in every mode: heads, what is trained and how fast, losses, early ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from understudy.model.nlu import load_nlu

Run = Callable[..., dict[str, Any]]


@pytest.mark.parametrize(
    ("heads", "judged_by"),
    [
        ("paper-a", "exact_match"),
        ("paper-b-dc", "domain_accuracy"),
        ("paper-b-icner", "exact_match"),
        (["domain", "intent", "crf"], "exact_match"),
        (["intent"], "intent_accuracy"),
        (["slots"], "slot_f1"),
        ({"crf": {"constrained": True}}, "slot_f1"),
    ],
)
def test_any_mix_of_heads_is_trained_and_judged_by_what_it_can_tell(
    finetune: Run, tmp_path: Path, heads: Any, judged_by: str
) -> None:
    numbers = finetune(heads=heads, duration={"epochs": 2})
    model = load_nlu(tmp_path / "out")
    assert numbers["judged_by"] == judged_by
    assert numbers["best"]["score"] == numbers["best"][judged_by]
    assert numbers["heads"] == model.shapes.as_json()
    told = {
        "intent_accuracy": "intent" in model.heads,
        "slot_f1": "slots" in model.heads,
        "exact_match": {"intent", "slots"} <= set(model.heads),
        "domain_accuracy": bool({"intent", "domain"} & set(model.heads)),
    }
    assert {name: name in numbers["history"][0] for name in told} == told


@pytest.mark.parametrize("heads", ["paper-a", "paper-b-icner"])
def test_it_learns(finetune: Run, heads: str) -> None:
    assert finetune(heads=heads, duration={"epochs": 25})["best"]["exact_match"] > 0.9


def parts_that_changed(folder: Path, before: dict[str, torch.Tensor]) -> set[str]:
    after = load_nlu(folder).state_dict()
    changed = {name for name in before if not torch.allclose(before[name], after[name], 0, 1e-12)}
    return {part for part in PARTS if any(part in name for name in changed)}


PARTS = ("words", "positions", "blocks.0", "blocks.1", "final_norm", "heads.", "base.head_")


@pytest.fixture
def untrained(finetune: Run, tmp_path: Path) -> dict[str, torch.Tensor]:
    """The weights before the first step: a rate too small to move them."""
    finetune(duration={"steps": 1}, optimization={"learning_rate": 1e-30, "minimum_learning_rate": 0})
    return load_nlu(tmp_path / "out").state_dict()


@pytest.mark.parametrize(
    ("changes", "trained"),
    [
        ({}, {"words", "positions", "blocks.0", "blocks.1", "final_norm", "heads."}),
        ({"frozen": True}, {"heads."}),
        ({"unfreeze_every": 3}, {"heads."}),
        ({"unfreeze_every": 2}, {"blocks.1", "final_norm", "heads."}),
        ({"unfreeze_every": 1}, {"blocks.0", "blocks.1", "final_norm", "heads."}),
        ({"unfreeze_every": 0.5}, {"words", "positions", "blocks.0", "blocks.1", "final_norm", "heads."}),
    ],
)
def test_what_is_trained(
    finetune: Run, untrained: dict[str, torch.Tensor], tmp_path: Path, changes: Any, trained: set[str]
) -> None:
    """In three epochs, the last one's weights being kept since its score is made the best."""
    finetune(duration={"epochs": 3}, validate_every=1000, **changes)
    assert parts_that_changed(tmp_path / "out", untrained) == trained


def test_a_run_that_frees_layers_goes_on_where_it_was_killed(
    finetune: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the bit, across the step at which a layer joins."""
    options = {"unfreeze_every": 1, "checkpoint_every": 1, "dropout": 0.1, "layer_decay": 0.7}
    whole = finetune(**options)
    due = load_nlu(tmp_path / "out").state_dict()
    (tmp_path / "out").rename(tmp_path / "whole")
    from understudy.training.nlu_task import NluTask

    inputs, calls = NluTask.inputs, []

    def killed(self: NluTask, batch: Any, epoch: int) -> Any:
        calls.append(epoch)
        if len(calls) == whole["steps"] * 2 // 3 + 1:
            raise KeyboardInterrupt
        return inputs(self, batch, epoch)

    with monkeypatch.context() as patch:
        patch.setattr(NluTask, "inputs", killed)
        with pytest.raises(KeyboardInterrupt):
            finetune(**options)
    again = finetune(**options)
    assert again["history"] == whole["history"]
    got = load_nlu(tmp_path / "out").state_dict()
    assert all(torch.equal(due[name], got[name]) for name in due)


def test_rates_fall_from_head_to_embedding(finetune: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from understudy.training.engines import alone

    seen = []
    original = alone.optimizer_for
    monkeypatch.setattr(
        alone, "optimizer_for", lambda *given: seen.append((given[0], original(*given))) or seen[-1][1]
    )
    finetune(layer_decay=0.5, head_learning_rate=3e-2, duration={"steps": 1})
    ((module, optimizer),) = seen
    names = {id(parameter): name for name, parameter in module.named_parameters()}
    factors = {
        names[id(parameter)]: group["factor"]
        for group in optimizer.param_groups
        for parameter in group["params"]
    }
    due = {
        "heads.": 3.0,
        "final_norm": 1.0,
        "blocks.1": 1.0,
        "blocks.0": 0.5,
        "words": 0.25,
        "positions": 0.25,
    }
    for part, factor in due.items():
        values = [value for name, value in factors.items() if part in name]
        assert values and values == pytest.approx([factor] * len(values)), part
    assert not any("head_" in name for name in factors)
    # The step's rate is the schedule's, times the factor.
    rates = [group["lr"] / group["factor"] for group in optimizer.param_groups]
    assert rates == pytest.approx([1e-2] * len(rates))


@pytest.mark.parametrize(
    "changes",
    [
        {"label_smoothing": 0.1},
        {"r_drop": 1.0, "dropout": 0.1},
        {"class_weights": {"intent": "sqrt", "slots": "inverse"}},
    ],
)
def test_options_of_the_loss_train(finetune: Run, changes: dict[str, Any]) -> None:
    assert finetune(duration={"epochs": 25}, **changes)["best"]["exact_match"] > 0.8


def test_it_stops_early_when_development_data_get_no_better(finetune: Run) -> None:
    numbers = finetune(duration={"epochs": 60, "converged": {"patience": 2}})
    assert numbers["steps"] < 60 * 2
    scores = [entry["score"] for entry in numbers["history"]]
    assert max(scores[-2:]) <= max(scores[:-2])
