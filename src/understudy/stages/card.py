"""What manifests say about a model, for its card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from understudy.core.artifact import MANIFEST, Artifact
from understudy.core.recipe.finetune_steps import Finetune
from understudy.core.recipe.reading import step_of
from understudy.core.stage import Inputs
from understudy.export.calibration import Calibration
from understudy.export.card import Card, Measured, Served
from understudy.metrics.heads import answered
from understudy.metrics.nlu import score
from understudy.model.nlu import NluModel, served_parameters
from understudy.stages.calibrate import Calibrated

UNKNOWN = "not recorded"

Row = tuple[str, ...]

_TRAINED = ("pretrain", "distill", "finetune")


def step_name(out: Path) -> str:
    """The step that works in a folder."""
    return out.name.strip(".").removesuffix(".partial")


def ancestors(artifacts: Iterable[Artifact]) -> dict[str, Artifact]:
    """The artifacts and all that they were made from, as far as it is still there; the oldest first."""
    found: dict[str, Artifact] = {}

    def walk(artifact: Artifact) -> None:
        if artifact.manifest.step in found:
            return
        # What `select` hands on lies one folder deeper than the steps it was made from.
        runs = (artifact.path.parent, artifact.path.parent.parent)
        for name, fingerprint in artifact.manifest.inputs.items():
            folder = next(
                (each for run in runs if ((each := run / step_of(name)) / MANIFEST).is_file()), None
            )
            source = None if folder is None else Artifact.load(folder)
            if source is not None and source.manifest.fingerprint == fingerprint:
                walk(source)
        found[artifact.manifest.step] = artifact

    for artifact in artifacts:
        walk(artifact)
    return found


def data_rows(steps: Mapping[str, Artifact]) -> list[Row]:
    """Step, corpora, languages, texts and licences, for every kind of text that a preparation read."""
    rows: list[Row] = []
    for step, artifact in steps.items():
        if artifact.manifest.stage != "prepare":
            continue
        licenses = artifact.numbers.get("licenses", {})
        names = artifact.manifest.config["corpora"]
        told = "; ".join(f"{name}: {licenses.get(name) or UNKNOWN}" for name in names)
        for kind, languages in artifact.numbers["rows"].items():
            texts = sum(numbers["train"]["rows"] for numbers in languages.values())
            what = f"{kind.replace('_', '-')} text of {', '.join(names)}"
            rows.append((step, what, ", ".join(languages), f"{texts:,} texts", told))
    return rows


def labels_row(step: str, config: Mapping[str, Any], numbers: Mapping[str, Any]) -> Row:
    """The same of the labelled utterances of a fine-tuning."""
    part = f", domain {config['domain']}" if config["domain"] else ""
    share = f", {numbers['fraction']:.0%} of its training utterances" if numbers["fraction"] < 1 else ""
    return (
        step,
        f"labels {config['labels']}{part}{share}",
        ", ".join(numbers["locales"]),
        f"{numbers['train_utterances']:,} utterances",
        numbers["license"] or UNKNOWN,
    )


def training_rows(steps: Mapping[str, Artifact]) -> list[Row]:
    """Step, stage, what it read and how much it was trained, of every model on the way."""
    rows = []
    for step, artifact in steps.items():
        manifest = artifact.manifest
        if manifest.stage in _TRAINED:
            rows.append(training_row(step, manifest.stage, tuple(manifest.inputs), artifact.numbers))
        elif manifest.stage == "pretrained":
            commit = artifact.numbers.get("commit")
            origin = manifest.config["path"] + (f" at {commit}" if commit else "")
            rows.append((step, manifest.stage, origin, ""))
    return rows


def training_row(step: str, stage: str, read: Sequence[str], numbers: Mapping[str, Any]) -> Row:
    """One of them, of a model that was trained here."""
    amount = [f"{numbers[key]:,} {key}" for key in ("steps", "tokens") if isinstance(numbers.get(key), int)]
    return step, stage, ", ".join(read) or "random weights", ", ".join(amount)


def of_evaluation(evaluation: Artifact) -> Measured:
    """What an evaluation measured."""
    numbers = evaluation.numbers
    return Measured(
        split=numbers["split"],
        labels=evaluation.manifest.config["labels"],
        by_locale=numbers["by_locale"],
        macro=numbers["macro"],
        intervals=numbers.get("intervals", {}),
    )


def card_of(
    model: NluModel,
    artifacts: Sequence[Artifact],
    out: Path,
    *,
    locales: Sequence[str],
    calibration: Calibration,
    labelled: Sequence[Sequence[str]],
    trained: Sequence[Sequence[str]] = (),
    measured: Sequence[Measured] = (),
    served: Served | None = None,
    licence: str | None = None,
) -> Card:
    """The card of a model.

    Args:
        model: as it is served.
        artifacts: what the step read, at least one.
        out: the step's folder.
        locales: that it reads.
        calibration: its.
        labelled: :func:`labels_row` of the utterances it was fine-tuned on.
        trained: :func:`training_row` of what is not among the artifacts' ancestors: the step itself.
        measured: on test or dev.
        served: what export measured.
        licence: of the model, if it was said.
    """
    steps = ancestors(artifacts)
    shape = model.base.config
    return Card(
        name=step_name(out),
        recipe=artifacts[0].manifest.recipe,
        locales=locales,
        heads=tuple(model.heads),
        crf=model.transitions is not None,
        labels={
            "intents": len(model.labels.intents),
            "slots": len(model.labels.tags) // 2,
            "domains": len(model.labels.domains),
        },
        sizes={
            "parameters": served_parameters(model),
            "layers": shape.layers,
            "hidden size": shape.hidden,
            "pieces in the vocabulary": shape.vocabulary,
            "longest input, in pieces": shape.max_length,
        },
        max_length=shape.max_length,
        data=[*data_rows(steps), *labelled],
        training=[*training_rows(steps), *trained],
        calibration=calibration,
        measured=measured,
        served=served,
        license=licence,
    )


def of_finetuning(
    model: NluModel,
    config: Finetune,
    inputs: Inputs,
    out: Path,
    numbers: Mapping[str, Any],
    calibrated: Calibrated,
) -> Card:
    """The card of a model that was just fine-tuned, measured on the development data that chose it."""
    step, told = step_name(out), config.model_dump(mode="json")
    heads = tuple(model.heads)
    scores = answered(score(calibrated.references, calibrated.answers, heads), heads)
    return card_of(
        model,
        list(inputs.artifacts.values()),
        out,
        locales=numbers["locales"],
        calibration=calibrated.calibration,
        labelled=[labels_row(step, told, numbers)],
        trained=[training_row(step, config.stage, tuple(inputs.artifacts), numbers)],
        measured=[Measured("dev", config.labels, scores["by_locale"], scores["macro"])],
    )
