"""Every measure on a split. This is the only stage that may open the test split."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from understudy.core.files import write_json
from understudy.core.progress import progress
from understudy.core.recipe.nlu_steps import Evaluate
from understudy.core.stage import Inputs
from understudy.metrics.nlu import score
from understudy.model.nlu import load_nlu, served_parameters
from understudy.tokenizer.load import load_tokenizer
from understudy.training.nlu_task import predict_frames
from understudy.utterances.read import read_split, write_frames


def run(config: Evaluate, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Predict; the payload is ``predictions.jsonl``, ``references.jsonl`` and ``scores.json``."""
    artifact = inputs.artifacts[config.model]
    model = load_nlu(artifact.path)
    references = read_split(inputs.labels[config.labels], config.split)
    subwords = load_tokenizer(artifact.file("model"))
    limit = model.base.config.max_length
    with progress("evaluate", total=len(references), unit="utterances") as bar:
        predictions = predict_frames(model, subwords, references, limit, done=bar.advance)
    scores = score(references, predictions)
    write_frames(out / "references.jsonl", references)
    write_frames(out / "predictions.jsonl", predictions)
    write_json(out / "scores.json", scores)
    known = set(model.labels.intents)
    unseen = sorted({frame.intent for frame in references} - known)
    slots = {tag[2:] for tag in model.labels.tags if tag != "O"}
    unseen_slots = sorted({slot.name for frame in references for slot in frame.slots} - slots)
    return {
        "split": config.split,
        "model": config.model,
        "base": artifact.manifest.config["model"],
        "labels": artifact.manifest.config["labels"],
        "train_utterances": artifact.numbers["train_utterances"],
        "parameters": served_parameters(model),
        "unseen_in_training": {"intents": unseen, "slots": unseen_slots},
        **scores,
    }
