"""The last act of fine-tuning: temperatures and the rejection threshold, on development data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from understudy.core.progress import progress
from understudy.core.recipe import rejection as recipe
from understudy.core.stage import Inputs
from understudy.corpus.draw import draw, key
from understudy.export.calibration import Calibration, HeadCalibration, Rejection
from understudy.metrics.calibration import Temperature, expected_calibration_error, softmax_temperature
from understudy.metrics.chain_calibration import chain_temperature
from understudy.metrics.confidence import is_right, outcomes, rejection_threshold
from understudy.model.nlu import NluModel, load_nlu
from understudy.tokenizer.load import load_tokenizer
from understudy.tokenizer.protocol import Encoding, Tokenizer
from understudy.training.nlu_scores import HeadScores, scores_of
from understudy.utterances.decode import decode_frames
from understudy.utterances.frame import OUT_OF_SCOPE, Frame, Partition
from understudy.utterances.read import read_split
from understudy.utterances.scope import outside
from understudy.utterances.tags import tag_pieces, units

LARGEST = 10_000
"""Utterances that are looked at: a temperature is one number."""


class Calibrated(NamedTuple):
    """What was fitted, and on what."""

    calibration: Calibration
    references: Sequence[Frame]
    """Development utterances in scope."""
    answers: Sequence[Frame]
    """What the calibrated model says of them."""


def calibrate(
    folder: Path,
    dev: Sequence[Frame],
    wanted: recipe.Rejection | None,
    beyond: Sequence[Frame] = (),
    device: torch.device = torch.device("cpu"),  # noqa: B008 - a device is a value
) -> Calibrated:
    """Fit what a fine-tuned model's confidences need, and write ``calibration.json`` beside it.

    Of more than ``LARGEST`` utterances so many are drawn by a hash, the same at every run.

    Args:
        folder: holds the model as it will be served.
        dev: development utterances.
        wanted: how much may be accepted wrongly; none: nothing is rejected.
        beyond: development utterances that nobody should answer, if there are any.
        device: where the model runs.
    """
    model = load_nlu(folder).to(device)
    tokenizer = load_tokenizer(folder / "model")
    inside = _drawn([frame for frame in dev if frame.intent != OUT_OF_SCOPE])
    beyond = _drawn([*beyond, *(frame for frame in dev if frame.intent == OUT_OF_SCOPE)])
    with progress("calibrate", total=len(inside) + len(beyond), unit="utterances") as bar:
        said = _Said.of(model, tokenizer, inside)
        bar.advance(len(inside))
        said_beyond = _Said.of(model, tokenizer, beyond) if beyond else None
        bar.advance(len(beyond))
    fitted = {
        "intent": lambda: _classes(said, "intent", [model.labels.intent_id(f.intent) for f in inside]),
        "domain": lambda: _classes(said, "domain", [model.labels.domain_id(f.domain) for f in inside]),
        "slots": lambda: _tags(said, model),
    }
    temperatures = {head: fitted[head]() for head in model.heads}
    values = {head: temperature.value for head, temperature in temperatures.items()}
    before, after = said.frames(model, {}), said.frames(model, values)
    heads = tuple(model.heads)
    errors = _errors(inside, before, heads), _errors(inside, after, heads)
    calibration = Calibration(
        utterances=len(inside),
        heads={
            head: HeadCalibration(
                temperature=of_head.value,
                examples=of_head.examples,
                error_before=errors[0].get(head),
                error_after=errors[1].get(head),
                reason=of_head.reason,
            )
            for head, of_head in temperatures.items()
        },
        frame=HeadCalibration(
            examples=len(inside), error_before=errors[0].get("frame"), error_after=errors[1].get("frame")
        ),
        rejection=wanted
        and _rejection(
            wanted, inside, after, said_beyond.frames(model, values) if said_beyond else [], heads
        ),
    )
    calibration.save(folder)
    return Calibrated(calibration, inside, after)


def read_outside(
    wanted: recipe.Rejection | None, inputs: Inputs, split: Partition, locales: Sequence[str] | None
) -> list[Frame]:
    """Utterances out of scope that the recipe names, of some locales or of all (None)."""
    if wanted is None or wanted.out_of_scope is None:
        return []
    frames = read_split(inputs.labels[wanted.out_of_scope], split)
    return outside(frame for frame in frames if locales is None or frame.locale in locales)


class _Said(NamedTuple):
    """What the model says of frames, in their order."""

    sources: Sequence[Frame]
    encodings: Sequence[Encoding]
    scores: Sequence[HeadScores]
    """Of one frame each, without a row for the batch."""

    @classmethod
    def of(cls, model: NluModel, tokenizer: Tokenizer, frames: Sequence[Frame]) -> _Said:
        encodings: list[Encoding | None] = [None] * len(frames)
        scores: list[HeadScores] = [{}] * len(frames)
        texts = [frame.text for frame in frames]
        limit, device = model.base.config.max_length, next(model.parameters()).device
        for rows, of_rows, batch in scores_of(model, tokenizer, texts, limit, device=device):
            for index, (row, encoding) in enumerate(zip(rows, of_rows, strict=True)):
                encodings[row] = encoding
                scores[row] = {name: each[index] for name, each in batch.items()}
        return cls(frames, [each for each in encodings if each is not None], scores)

    def frames(self, model: NluModel, temperatures: dict[str, float]) -> list[Frame]:
        transitions = model.transitions
        return [
            frame
            for source, encoding, scores in zip(self.sources, self.encodings, self.scores, strict=True)
            for frame in decode_frames(
                [source],
                [encoding.offsets],
                {name: each[None] for name, each in scores.items()},
                model.labels,
                transitions=transitions,
                temperatures=temperatures,
            )
        ]


def _drawn(frames: Sequence[Frame]) -> list[Frame]:
    if len(frames) <= LARGEST:
        return list(frames)
    secret = key(0, "calibrate")
    order = sorted(frames, key=lambda frame: draw(f"{frame.locale}/{frame.id}", secret))
    return order[:LARGEST]


def _classes(said: _Said, head: str, ids: Sequence[int | None]) -> Temperature:
    known = [row for row, each in enumerate(ids) if each is not None]
    table = np.array([said.scores[row][head] for row in known])
    return softmax_temperature(table, np.array([ids[row] for row in known], dtype=np.int64))


def _tags(said: _Said, model: NluModel) -> Temperature:
    """Over the pieces that carry tags; with or without a CRF they are a chain."""
    tables, paths = [], []
    for source, encoding, scores in zip(*said, strict=True):
        pieces = units(source.text, encoding.offsets)
        tags = tag_pieces(source, encoding.offsets, model.labels)
        tables.append(scores["slots"][pieces])
        paths.append([tags[piece] for piece in pieces])
    return chain_temperature(tables, paths, model.transitions or model.labels.bio)


def _errors(references: Sequence[Frame], answers: Sequence[Frame], heads: Sequence[str]) -> dict[str, float]:
    found, _ = outcomes(list(zip(references, answers, strict=True)), heads)
    return {head: expected_calibration_error(*of_head) for head, of_head in found.items()}


def _rejection(
    wanted: recipe.Rejection,
    inside: Sequence[Frame],
    answers: Sequence[Frame],
    beyond: Sequence[Frame],
    heads: Sequence[str],
) -> Rejection:
    """The threshold for wrong frames or, where they were named, for utterances out of scope.

    A frame that says ``out_of_scope`` is rejected whatever its confidence.
    """
    of_scope = wanted.out_of_scope is not None
    unwanted = (
        list(beyond)
        if of_scope
        else [
            answer
            for frame, answer in zip(inside, answers, strict=True)
            if not is_right(frame, answer, heads)
        ]
    )
    row = Rejection(
        wanted=wanted.false_accept,
        unwanted="out-of-scope utterances" if of_scope else "wrong frames",
        number=len(unwanted),
    )
    if not unwanted:
        return row.model_copy(update={"reason": f"development data hold no {row.unwanted}"})
    threshold = rejection_threshold([_accepted_as(frame) for frame in unwanted], wanted.false_accept)
    return row.model_copy(
        update={
            "threshold": threshold,
            "false_accept_rate": _above(unwanted, threshold),
            "acceptance_rate": _above(answers, threshold),
        }
    )


def _accepted_as(frame: Frame) -> float:
    return 0.0 if frame.intent == OUT_OF_SCOPE else frame.confidence or 0.0


def _above(frames: Sequence[Frame], threshold: float) -> float:
    return float(np.mean([_accepted_as(frame) > threshold for frame in frames]))
