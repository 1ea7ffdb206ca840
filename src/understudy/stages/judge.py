"""Accuracy of a classifier on a split, by locale. With ``evaluate``, who may open the test split."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from understudy.core.files import write_jsonl
from understudy.core.progress import progress
from understudy.core.recipe.classify_steps import Judge
from understudy.core.stage import Inputs
from understudy.metrics.accuracy import accuracy_by_locale, means
from understudy.model.classifier import load_classifier
from understudy.stages.classify import in_form, without_rules
from understudy.tokenizer.load import load_tokenizer
from understudy.training.classify_task import encode, predict_labels
from understudy.utterances.pairs import read_examples


def run(config: Judge, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Predict; the payload is ``predictions.jsonl``. The numbers are fractions.

    ``accuracy.<locale>`` of each locale; ``trained``, ``zero_shot`` and ``mean``, each a mean over locales,
    None where there is no such locale.
    """
    artifact = inputs.artifacts[config.model]
    model, max_length = load_classifier(artifact.path)
    tokenizer = load_tokenizer(artifact.file("model"))
    read = read_examples(inputs.labels[config.labels], config.split)
    examples = [in_form(example, config.spoken) for example in read.rows]
    rows = encode(tokenizer, examples, max_length)
    with progress("judge", total=len(examples), unit="examples") as bar:
        probabilities = predict_labels(model, rows, tokenizer.special.pad, done=bar.advance)
    given = [model.labels[number] for number in probabilities.argmax(axis=-1)]
    write_jsonl(
        out / "predictions.jsonl",
        (
            {
                "id": example.id,
                "locale": example.locale,
                "label": example.label,
                "predicted": label,
                "confidence": round(float(confidence), 6),
            }
            for example, label, confidence in zip(examples, given, probabilities.max(axis=-1), strict=True)
        ),
    )
    locales = [example.locale for example in examples]
    references = [example.label for example in examples]
    accuracy = accuracy_by_locale(locales, references, given)
    trained = artifact.numbers["locales"]
    return {
        "split": config.split,
        "model": config.model,
        "base": artifact.manifest.config["model"],
        "labels": artifact.manifest.config["labels"],
        "spoken": config.spoken,
        "parameters": model.served_parameters,
        "examples": {locale: locales.count(locale) for locale in accuracy},
        "trained_locales": trained,
        **{f"accuracy.{locale}": value for locale, value in accuracy.items()},
        **means(accuracy, trained),
        "cut": rows.cut,
        "dropped": dict(read.dropped),
        "unseen_in_training": sorted(set(references) - set(model.labels)),
        **({"spoken_without_rules": without_rules(list(accuracy))} if config.spoken else {}),
    }
