"""The answers of a model to labelled utterances, for a look at its errors; it opens no test split."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from understudy.core.artifact import MANIFEST, Artifact
from understudy.core.errors import UserError
from understudy.core.files import check_file
from understudy.core.progress import progress
from understudy.export.bundle import INFO
from understudy.metrics.systems import PREDICTIONS, REFERENCES
from understudy.report.inspection import Case, cases
from understudy.utterances.formats import format_of
from understudy.utterances.frame import Frame
from understudy.utterances.given import Given
from understudy.utterances.read import read_frames

Split = Literal["train", "dev"]
"""What may be looked at; the test split is opened by ``evaluate`` alone, whose answers may be looked at."""


@dataclass(frozen=True)
class Data:
    """Labelled utterances to ask a model about."""

    path: Path
    """A file, or a folder of files."""
    format: str = "frames"
    split: Split = "dev"
    """Of utterances that name their split; those that name none are all taken."""
    locale: str | None = None
    """Of utterances that name none."""


def inspect(model: Path, data: Data | None) -> list[Case]:
    """Every utterance with what was due and what the model says.

    Args:
        model: a folder that ``evaluate`` wrote, which has its own utterances; a bundle, or the folder of an
            ``export`` step; a fine-tuned model.
        data: what to ask; none with a folder of ``evaluate``.

    Raises:
        UserError: no such model; ``data`` missing or too much; bad labels; nothing is left to ask.
    """
    if not model.is_dir():
        raise UserError(f"no such folder; {_DUE}", file=model)
    if (model / PREDICTIONS).is_file() and (model / REFERENCES).is_file():
        if data is not None:
            raise UserError("the folder has its own utterances, those it was evaluated on", place="--data")
        return _evaluated(model)
    bundle = next((place for place in (model, model / "bundle") if (place / INFO).is_file()), None)
    if bundle is None and not (model / "nlu.json").is_file():
        raise UserError(f"is no model to ask; {_DUE}", file=model)
    if data is None:
        raise UserError("a model needs labelled utterances to be asked about: --data FILE", place="--data")
    references = read(data)
    if bundle is not None:
        return _of_bundle(bundle, references)
    return _of_tuned(model, references)


_DUE = "a folder of an evaluate, export or finetune step, or a bundle, is due"


def read(data: Data) -> list[Frame]:
    """The utterances of the split, of all files.

    Raises:
        UserError: no file; a bad line; nothing of the split.
    """
    form = format_of(data.format)
    files = [data.path]
    if data.path.is_dir() and form.suffixes:
        files = sorted(file for file in data.path.iterdir() if file.name.endswith(form.suffixes))
        if not files:
            raise UserError(f"holds no file that ends in {' or '.join(form.suffixes)}", file=data.path)
    elif form.suffixes:
        check_file(data.path)
    given = Given(locale=data.locale, partition=data.split)
    splits: Counter[str] = Counter()
    frames = []
    for file in files:
        for utterance in form.read(file, given):
            splits[utterance.partition] += 1
            if utterance.partition == data.split:
                frames.append(utterance.frame)
    if not frames:
        there = ", ".join(f"{count:,} of {name}" for name, count in splits.items()) or "nothing"
        closed = (
            "; test is opened by `evaluate` alone, whose folder can be inspected" if splits["test"] else ""
        )
        raise UserError(f"holds no utterance of {data.split}, but {there}{closed}", file=data.path)
    return frames


def _evaluated(folder: Path) -> list[Case]:
    heads = None
    if (folder / MANIFEST).is_file():
        heads = Artifact.load(folder).numbers.get("heads")
    return cases(read_frames(folder / REFERENCES), read_frames(folder / PREDICTIONS), heads)


def _of_bundle(folder: Path, references: Sequence[Frame]) -> list[Case]:
    """Torch-free, through the runtime that serves."""
    from understudy.serving.runtime import Understudy

    understudy = Understudy.load(folder)
    known = [frame for frame in references if frame.locale in understudy.info.locales]
    left_out = Counter(frame.locale for frame in references if frame.locale not in understudy.info.locales)
    asked, answers = [], []
    too_long = 0
    with progress("inspect", total=len(known), unit="utterances") as bar:
        for frame in known:
            try:
                answers += understudy.predict([frame.text], frame.locale, [frame.id])
                asked.append(frame)
            except UserError:  # more pieces than the model reads
                too_long += 1
            bar.advance()
    told = [f"{count:,} of locale {name}, which the model does not know" for name, count in left_out.items()]
    told += [f"{too_long:,} that the model cannot read whole"] if too_long else []
    if told:
        print(f"left out: {'; '.join(told)}", file=sys.stderr)
    if not asked:
        raise UserError(f"no utterance is left to ask about: {'; '.join(told)}", place="--data")
    return cases(asked, answers, understudy.info.heads)


def _of_tuned(folder: Path, references: Sequence[Frame]) -> list[Case]:
    from understudy.export.calibration import Calibration
    from understudy.model.nlu import load_nlu
    from understudy.tokenizer.load import load_tokenizer
    from understudy.training.nlu_task import predict_frames

    model, calibration = load_nlu(folder), Calibration.load(folder)
    with progress("inspect", total=len(references), unit="utterances") as bar:
        answers = predict_frames(
            model,
            load_tokenizer(folder / "model"),
            references,
            model.base.config.max_length,
            temperatures=calibration.temperatures,
            rejection_threshold=calibration.threshold,
            done=bar.advance,
        )
    return cases(references, answers, tuple(model.heads))
