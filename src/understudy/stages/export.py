"""A fine-tuned model into a bundle: one ONNX graph, in int8 where that costs no accuracy."""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from understudy.core.artifact import processor
from understudy.core.errors import UserError
from understudy.core.progress import Bar, progress
from understudy.core.recipe.nlu_steps import Export
from understudy.core.stage import Inputs
from understudy.export.bundle import MODEL_FP32, BundleInfo, write_bundle
from understudy.export.calibration import Calibration
from understudy.export.card import Measured, Served, write_card
from understudy.export.onnx_graph import export_onnx
from understudy.export.quantize import quantize
from understudy.export.session import median_latency_ms, single
from understudy.export.traced import export_foreign
from understudy.metrics.heads import judge
from understudy.metrics.nlu import score
from understudy.model.config import AdaptedConfig
from understudy.model.nlu import NluModel, load_nlu, served_parameters
from understudy.serving.runtime import Understudy
from understudy.stages.card import card_of, labels_row, of_evaluation
from understudy.tokenizer.load import load_tokenizer, tokenizer_files
from understudy.utterances.chain import TRANSITIONS
from understudy.utterances.frame import Frame
from understudy.utterances.select import read_selected

LATENCY_UTTERANCES = 200


def run(config: Export, inputs: Inputs, out: Path) -> dict[str, Any]:
    """Write ``bundle/``; the numbers say what int8 costs in accuracy and gains in bytes and time.

    Development utterances are read by both graphs through the runtime that serves them. Where int8 loses
    more than ``max_loss`` of that measure in any locale, float32 is served and the numbers say so.

    Returns:
        ``parameters``; ``served`` ("int8" or "fp32"). By precision: ``bytes``; ``p50_ms`` (one utterance, one
        thread, the graph alone) and ``predict_p50_ms`` (from text to frame); on dev, by locale, the measure
        named by ``judged_by`` (``exact_match`` of a model with intents and slots); ``confidence``, of all.
        ``int8_loss`` by locale.
    """
    source = inputs.artifacts[config.model]
    evaluation = _evaluation(config, inputs)
    labels = inputs.labels[config.labels]
    bundle, graphs = out / "bundle", out / "graphs"
    shutil.rmtree(graphs, ignore_errors=True)
    graphs.mkdir()

    model = load_nlu(source.path)
    trained = source.manifest.config
    paths = {"fp32": graphs / "fp32.onnx"}
    heads = _graph(model, paths["fp32"])
    if config.int8:
        paths["int8"] = graphs / "int8.onnx"
        quantize(paths["fp32"], paths["int8"])

    calibration = Calibration.load(source.path)
    info = BundleInfo(
        locales=tuple(trained["locales"] or labels.config.locales),
        max_length=model.encoder.config.max_length,
        parameters=served_parameters(model),
        int8=config.int8,
        heads=heads,
        crf=model.transitions is not None,
    )
    write = partial(
        write_bundle,
        bundle,
        fp32=paths["fp32"],
        labels=source.file("labels.json"),
        tokenizer=tokenizer_files(source.file("model")),
        calibration=calibration,
        transitions=None if model.transitions is None else source.file(TRANSITIONS),
    )
    write(info, served=paths["int8" if config.int8 else "fp32"])

    subwords = load_tokenizer(bundle)
    frames = read_selected(labels, "dev", domain=trained["domain"], locales=trained["locales"])
    lengths = [len(subwords.encode(frame.text).ids) for frame in frames]
    readable = [frame for frame, length in zip(frames, lengths, strict=True) if length <= info.max_length]
    with progress("export: int8 gate", total=len(readable) * len(paths), unit="utterances") as bar:
        judged = {"fp32": _Judged.of(Understudy.load(bundle, MODEL_FP32), readable, bar)}
        if config.int8:
            judged["int8"] = _Judged.of(Understudy.load(bundle), readable, bar)
    by_locale = {name: each.by_locale for name, each in judged.items()}

    loss = {loc: by_locale["fp32"][loc] - value for loc, value in by_locale.get("int8", {}).items()}
    served = "int8" if loss and max(loss.values()) <= config.max_loss else "fp32"
    if config.int8 and served == "fp32":
        write(info.model_copy(update={"int8": False}), served=paths["fp32"])

    every = max(1, len(readable) // LATENCY_UTTERANCES)
    batches = [single(subwords.encode(frame.text).ids) for frame in readable[::every]]
    numbers = {
        "parameters": info.parameters,
        "served": served,
        "bytes": {name: path.stat().st_size for name, path in paths.items()},
        "p50_ms": {name: median_latency_ms(path, batches) for name, path in paths.items()},
        "predict_p50_ms": {name: each.predict_p50_ms for name, each in judged.items()},
        "judged_by": judge(heads),
        "exact_match": {name: {} for name in judged},  # none where the model has no intents or no slots
        judge(heads): by_locale,
        "confidence": {name: each.confidence for name, each in judged.items()},
        "int8_loss": loss,
        "max_loss": config.max_loss,
        "dev_utterances": len(readable),
        "dev_utterances_too_long": len(frames) - len(readable),
    }
    shutil.rmtree(graphs)
    card = card_of(
        model,
        list(inputs.artifacts.values()),
        out,
        locales=info.locales,
        calibration=calibration,
        labelled=[labels_row(source.manifest.step, trained, source.numbers)],
        measured=evaluation,
        served=Served(numbers, processor()),
        licence=config.license,
    )
    write_card(card, bundle)
    return numbers


def _graph(model: NluModel, path: Path) -> tuple[str, ...]:
    sizes = model.base.config
    if isinstance(sizes, AdaptedConfig):
        return export_foreign(model, path, architecture=sizes.architecture, longest=sizes.max_length)
    return export_onnx(model, path)


def _evaluation(config: Export, inputs: Inputs) -> list[Measured]:
    """What is to stand in the card."""
    if config.evaluation is None:
        return []
    artifact = inputs.artifacts[config.evaluation]
    judged = artifact.manifest.config["model"]
    if judged != config.model:
        raise UserError(
            f"'{config.evaluation}' is of the model '{judged}'; an evaluation of '{config.model}' is due",
            place="evaluation",
        )
    return [of_evaluation(artifact)]


class _Judged(NamedTuple):
    """A graph on development data, through the runtime that serves it."""

    by_locale: dict[str, float]
    """The measure that stands for all heads; 1 where there is nothing to be right or wrong."""
    confidence: dict[str, Any]
    predict_p50_ms: float
    """One utterance from text to frame, one thread."""

    @classmethod
    def of(cls, understudy: Understudy, references: Sequence[Frame], bar: Bar) -> _Judged:
        hypotheses: list[Frame] = []
        times = []
        for reference in references:
            start = time.perf_counter()
            hypotheses += understudy.predict([reference.text], reference.locale, [reference.id])
            times.append(time.perf_counter() - start)
            bar.advance()
        heads = understudy.info.heads
        scores = score(references, hypotheses, heads)
        row, measure = scores["confidence"]["all"], judge(heads)
        return cls(
            {
                locale: 1.0 if measures[measure] is None else measures[measure]
                for locale, measures in scores["by_locale"].items()
            },
            {
                "calibration_error": row["calibration_error"].get("frame"),
                "acceptance_rate": row["acceptance_rate"],
                "false_accept_rate": row["false_accept_rate"],
            },
            statistics.median(times) * 1e3,
        )
