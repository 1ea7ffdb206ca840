"""For each locale the best of several fine-tuned models, judged on development data alone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from understudy.core.artifact import Artifact
from understudy.core.errors import UserError
from understudy.core.files import write_json
from understudy.core.progress import progress
from understudy.core.recipe.select_steps import Select
from understudy.core.stage import Inputs
from understudy.metrics.heads import answered
from understudy.metrics.nlu import score
from understudy.model.nlu import load_nlu
from understudy.tokenizer.load import load_tokenizer
from understudy.training.nlu_task import predict_frames
from understudy.utterances.frame import Frame
from understudy.utterances.read import read_split

LOWER_IS_BETTER = ("semer",)


def run(config: Select, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Write ``choice.json``, and under each locale's name the artifact of the model that was picked.

    Raises:
        UserError: a measure that a model has no heads for.
    """
    references = read_split(inputs.labels[config.labels], "dev")
    table: dict[str, dict[str, float]] = {}
    with progress("select", total=len(config.models) * len(references), unit="utterances") as bar:
        for name in config.models:
            for locale, value in _judged(inputs.artifacts[name], references, config.by, bar.advance).items():
                table.setdefault(locale, {})[name] = value
    choice = picked(table, config.by)
    for locale, name in choice.items():
        shutil.rmtree(out / locale, ignore_errors=True)
        shutil.copytree(inputs.artifacts[name].path, out / locale, copy_function=_linked)
    write_json(out / "choice.json", choice)
    return {"by": config.by, "choice": choice, "development": table}


def picked(table: Mapping[str, Mapping[str, float]], by: str) -> dict[str, str]:
    """The best model of each locale, the first of equals.

    Args:
        table: locale -> model -> its measure.
    """
    best = min if by in LOWER_IS_BETTER else max
    return {locale: best(values, key=values.__getitem__) for locale, values in sorted(table.items())}


def _judged(artifact: Artifact, references: list[Frame], by: str, done: Any) -> dict[str, float]:
    """The measure by locale."""
    model = load_nlu(artifact.path)
    predicted = predict_frames(
        model,
        load_tokenizer(artifact.file("model")),
        references,
        model.base.config.max_length,
        confidences=False,
        done=done,
    )
    scores = answered(score(references, predicted)["by_locale"], tuple(model.heads))
    values = {locale: row[by] for locale, row in scores.items()}
    for locale, value in values.items():
        if value is None:
            raise UserError(
                f"{artifact.manifest.step} has no {by} on {locale}; judge by another measure", place="by"
            )
    return {locale: float(value) for locale, value in values.items()}


def _linked(source: str, target: str) -> None:
    """A second name for the same file, where the file system allows."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
