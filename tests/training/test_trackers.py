"""Numbers of a run in TensorBoard's files, in an MLflow store, in a stand-in for Weights & Biases."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from understudy.core.errors import UserError
from understudy.training.trackers import trackers_for

CONFIG = {"seed": 3, "optimization": {"learning_rate": 0.5}}


def follow(name: str, folder: Path, steps: list[int], at: int = 0) -> None:
    (tracker,) = trackers_for([name], folder, "student", CONFIG, at)
    for step in steps:
        tracker.log(step, {"mlm": 1.0 / step, "perplexity.de": float(step)})
    tracker.close()


def test_tensorboard_without_what_a_killed_run_wrote_beyond_its_checkpoint(tmp_path: Path) -> None:
    accumulator = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator")
    follow("tensorboard", tmp_path, [10, 20, 30])  # a run that left no checkpoint is forgotten
    follow("tensorboard", tmp_path, [20, 40, 60])
    follow("tensorboard", tmp_path, [60, 80], at=40)
    names = sorted(path.name for path in (tmp_path / "tensorboard").iterdir())
    assert names == ["events.out.tfevents.000", "events.out.tfevents.001"]
    events = accumulator.EventAccumulator(str(tmp_path / "tensorboard")).Reload()
    assert sorted(events.Tags()["scalars"]) == ["mlm", "perplexity.de"]
    assert [(event.step, event.value) for event in events.Scalars("perplexity.de")] == [
        (20, 20.0), (40, 40.0), (60, 60.0), (80, 80.0)
    ]  # fmt: skip


def test_mlflow_goes_on_with_the_same_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tracking = pytest.importorskip("mlflow.tracking", reason="mlflow is not installed")
    store = f"file:{tmp_path / 'store'}"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", store)
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    follow("mlflow", tmp_path, [20, 40])
    follow("mlflow", tmp_path, [60], at=40)
    client = tracking.MlflowClient(store)
    experiment = client.get_experiment_by_name("understudy")
    (run,) = client.search_runs([experiment.experiment_id])
    assert run.info.run_name == "student" and run.info.status == "FINISHED"
    assert run.data.params == {"seed": "3", "optimization.learning_rate": "0.5"}
    history = client.get_metric_history(run.info.run_id, "perplexity.de")
    assert [(metric.step, metric.value) for metric in history] == [(20, 20.0), (40, 40.0), (60, 60.0)]


def test_weights_and_biases_goes_on_with_the_same_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []

    def init(**given: Any) -> SimpleNamespace:
        told.append(given)
        log = lambda numbers, step: told.append((step, numbers))  # noqa: E731
        return SimpleNamespace(id="a1", log=log, finish=lambda: told.append("finish"))

    monkeypatch.setitem(sys.modules, "wandb", SimpleNamespace(init=init))
    follow("wandb", tmp_path, [20])
    follow("wandb", tmp_path, [40], at=20)
    first = {"project": "understudy", "name": "student", "config": CONFIG, "id": None, "resume": "allow"}
    assert told[:3] == [first, (20, {"mlm": 0.05, "perplexity.de": 20.0}), "finish"]
    assert told[3] == first | {"id": "a1"}


@pytest.mark.parametrize("name", ["tensorboard", "mlflow", "wandb"])
def test_a_package_that_is_missing_is_named(tmp_path: Path, monkeypatch, name: str) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(
        UserError, match=rf"trackers: the {name} tracker needs a package .* pip install {name}"
    ):
        follow(name, tmp_path, [])
