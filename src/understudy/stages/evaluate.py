"""Every measure on a split. This is the only stage that may open the test split."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from understudy.core.files import write_json
from understudy.core.progress import progress
from understudy.core.recipe.nlu_steps import Evaluate
from understudy.core.recipe.optimization import Parallel
from understudy.core.stage import Inputs
from understudy.export.calibration import Calibration
from understudy.metrics.confidence import confidence_measures
from understudy.metrics.heads import answered
from understudy.metrics.intervals import intervals
from understudy.metrics.nlu import score
from understudy.metrics.pairs import paired
from understudy.model.nlu import load_nlu, served_parameters
from understudy.tokenizer.load import load_tokenizer
from understudy.training.nlu_task import predict_frames
from understudy.training.world import World
from understudy.utterances.frame import Frame
from understudy.utterances.read import write_frames
from understudy.utterances.scope import outside
from understudy.utterances.select import read_selected


def run(config: Evaluate, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Predict; the payload is ``predictions.jsonl``, ``references.jsonl`` and ``scores.json``.

    With utterances out of scope also ``out_of_scope.jsonl``, what the model says of them.
    """
    artifact = inputs.artifacts[config.model]
    trained = artifact.manifest.config
    device = World.here(Parallel(device=config.device)).device
    model = load_nlu(artifact.path).to(device)
    calibration = Calibration.load(artifact.path)
    references = read_selected(
        inputs.labels[config.labels], config.split, domain=trained["domain"], locales=trained["locales"]
    )
    beyond: list[Frame] = []
    if config.out_of_scope is not None:
        files = inputs.labels[config.out_of_scope]
        beyond = outside(read_selected(files, config.split, locales=trained["locales"]))
    with progress("evaluate", total=len(references) + len(beyond), unit="utterances") as bar:
        predictions, said_beyond = (
            predict_frames(
                model,
                load_tokenizer(artifact.file("model")),
                frames,
                model.base.config.max_length,
                device=device,
                temperatures=calibration.temperatures,
                rejection_threshold=calibration.threshold,
                done=bar.advance,
            )
            if frames
            else []
            for frames in (references, beyond)
        )
    heads = tuple(model.heads)
    scores = answered(score(references, predictions, heads), heads)
    write_frames(out / "references.jsonl", references)
    write_frames(out / "predictions.jsonl", predictions)
    write_json(out / "scores.json", scores)
    numbers = {
        "split": config.split,
        "model": config.model,
        "base": trained["model"],
        "labels": trained["labels"],
        "heads": list(heads),
        "domain": trained["domain"],
        "train_utterances": artifact.numbers["train_utterances"],
        "parameters": served_parameters(model),
        "unseen_in_training": _unseen(references, model.labels.intents, model.labels.tags),
        "calibration": calibration.model_dump(),
        **scores,
    }
    if config.resamplings:
        numbers["intervals"] = intervals(
            references, predictions, heads, resamplings=config.resamplings, seed=config.seed
        )
    if beyond:
        write_frames(out / "out_of_scope.jsonl", said_beyond)
        numbers["out_of_scope"] = _scope(references, predictions, beyond, said_beyond)
    return numbers


def _unseen(references: Sequence[Frame], intents: Sequence[str], tags: Sequence[str]) -> dict[str, list[str]]:
    """Labels that no answer of the model can have."""
    slots = {tag[2:] for tag in tags if tag != "O"}
    return {
        "intents": sorted({frame.intent for frame in references} - set(intents)),
        "slots": sorted({slot.name for frame in references for slot in frame.slots} - slots),
    }


def _scope(
    references: Sequence[Frame],
    predictions: Sequence[Frame],
    beyond: Sequence[Frame],
    said_beyond: Sequence[Frame],
) -> dict[str, Any]:
    """How confidence tells the split from what is out of scope, by locale too."""
    pairs = paired([*references, *beyond], [*predictions, *said_beyond])
    locales = sorted({frame.locale for frame in beyond})
    return {
        "count": len(beyond),
        "all": _of_scope(confidence_measures(pairs)),
        "by_locale": {
            locale: _of_scope(confidence_measures([pair for pair in pairs if pair[0].locale == locale]))
            for locale in locales
        },
    }


def _of_scope(row: dict[str, Any]) -> dict[str, Any]:
    names = ("acceptance_rate", "out_of_scope_accepted", "out_of_scope_auroc")
    reasons = {name: row["undefined"][name] for name in names if row[name] is None}
    return {name: row[name] for name in names} | ({"undefined": reasons} if reasons else {})
