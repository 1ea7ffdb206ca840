"""A model from elsewhere, its output layer tied to its embedding, continues to the bit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from understudy.core.artifact import Artifact
from understudy.core.recipe.optimization import Optimization
from understudy.model.huggingface import load_model
from understudy.objectives.masked_lm import MaskedLm
from understudy.training.masked_task import MaskedTask
from understudy.training.shards import TokenShards


@pytest.mark.parametrize("kind", ["bert", "modernbert"])
def test_it_continues_to_the_bit(
    kind: str, elsewhere: Callable[[str], Path], shards: Artifact, run, recorded, tmp_path: Path
) -> None:
    def task() -> MaskedTask:
        torch.manual_seed(0)
        model = load_model(elsewhere(kind))
        return MaskedTask(
            MaskedLm(model),
            model,
            train=TokenShards(shards, "train"),
            validation=TokenShards(shards, "validation"),
            settings=Optimization(learning_rate=1e-2, precision="fp32", tokens_per_batch=512),
            seed=3,
        )

    options = {"steps": 6, "checkpoint_every": 2, "validate_every": 6}
    whole = recorded(task())
    run(whole, tmp_path / "whole", **options)
    stopped, continued = recorded(task(), stop_before=5), recorded(task())
    with pytest.raises(KeyboardInterrupt):
        run(stopped, tmp_path / "parts", **options)
    run(continued, tmp_path / "parts", **options)
    assert continued.seen == whole.seen[4:]
    due = whole.task.model.state_dict()
    assert all(torch.equal(each, due[name]) for name, each in continued.task.model.state_dict().items())
