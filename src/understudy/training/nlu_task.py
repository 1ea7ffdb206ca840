"""Fine-tuning on labelled utterances, judged by development exact match."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from understudy.core.recipe.optimization import Optimization
from understudy.metrics.heads import answered, judge
from understudy.metrics.nlu import score
from understudy.model.nlu import NluModel
from understudy.model.trained import Trained
from understudy.objectives.class_weights import Weighting, class_weights
from understudy.objectives.losses import IGNORE
from understudy.objectives.nlu import JointNlu
from understudy.tokenizer.protocol import Tokenizer
from understudy.training.batches import Batch, batch_lengths, padded
from understudy.training.convergence import SCORE
from understudy.training.labelled_task import LabelledTask
from understudy.training.nlu_scores import scores_of
from understudy.utterances.decode import decode_frames
from understudy.utterances.frame import Frame
from understudy.utterances.tags import tag_pieces

_UNITS = 4
"""Labelled pieces a row are padded to a multiple of this, so that there are few shapes."""


class NluTask(LabelledTask[NluModel]):
    """Domain, intent and slots over frames of several locales together."""

    def __init__(
        self,
        model: NluModel,
        subwords: Tokenizer,
        *,
        train: Sequence[Frame],
        dev: Sequence[Frame],
        settings: Optimization,
        max_length: int,
        seed: int,
        slot_weight: float = 1.0,
        weighting: Iterable[tuple[str, Weighting]] = (),
        label_smoothing: float = 0.0,
        r_drop: float = 0.0,
        trained: Trained | None = None,
        device: torch.device = torch.device("cpu"),  # noqa: B008 - a device is a value
    ) -> None:
        self.model, self.subwords, self.dev = model, subwords, dev
        self.settings, self.device = settings, device
        self.max_length, self.seed = max_length, seed
        labels = model.labels
        encodings = subwords.encode_batch([frame.text for frame in train], max_length)
        self.lengths = np.array([len(encoding.ids) for encoding in encodings])
        self.padded = batch_lengths(self.lengths, settings.tokens_per_batch)
        full = [frame.text for frame, length in zip(train, self.lengths, strict=True) if length == max_length]
        self.cut = sum(len(encoding.ids) > max_length for encoding in subwords.encode_batch(full))
        """Training utterances of more than ``max_length`` pieces, whose ends are not seen."""
        self._ids = [encoding.ids for encoding in encodings]
        self.offsets = [encoding.offsets for encoding in encodings]
        tags = [tag_pieces(f, encoding.offsets, labels) for f, encoding in zip(train, encodings, strict=True)]
        self._places = [[place for place, tag in enumerate(row) if tag != IGNORE] for row in tags]
        self._tags = [[tag for tag in row if tag != IGNORE] for row in tags]
        self._intents = _known(labels.intent_id(frame.intent) for frame in train)
        self._domains = _known(labels.domain_id(frame.domain) for frame in train)
        classes = {
            "intent": (self._intents, len(labels.intents)),
            "domain": (self._domains, len(labels.domains)),
            "slots": (np.fromiter(chain.from_iterable(self._tags), np.int64), len(labels.tags)),
        }
        self.trained = trained or Trained()
        self.objective = JointNlu(
            model,
            slot_weight,
            class_weights={name: class_weights(*classes[name], kind) for name, kind in weighting},
            label_smoothing=label_smoothing,
            r_drop=r_drop,
            trained=self.trained,
        )

    def batches(self, epoch: int) -> list[Batch]:
        """All training utterances, in an order of their own each epoch; frees the layers due by then."""
        self.trained.begin(self.model, epoch)
        return super().batches(epoch)

    def inputs(self, batch: Batch, epoch: int) -> tuple[Tensor, ...]:
        """What :class:`.JointNlu` is called with; nothing in it hangs on the epoch."""
        del epoch
        pad = self.subwords.special.pad
        ids = _padded([self._ids[row] for row in batch.rows], batch.length, pad)
        places = [self._places[row] for row in batch.rows]
        most = -(-max(1, *map(len, places)) // _UNITS) * _UNITS
        return (
            ids,
            ids != pad,
            torch.from_numpy(self._domains[batch.rows]),
            torch.from_numpy(self._intents[batch.rows]),
            _padded(places, most, 0),
            _padded([self._tags[row] for row in batch.rows], most, IGNORE),
        )

    def validate(self) -> dict[str, float]:
        """Development measures, macro over locales; :attr:`judged_by` picks the best weights."""
        predicted = predict_frames(
            self.model,
            self.subwords,
            self.dev,
            self.max_length,
            settings=self.settings,
            device=self.device,
            confidences=False,
        )
        macro = answered(score(self.dev, predicted)["macro"], tuple(self.model.heads))
        measured = {name: value for name, value in macro.items() if isinstance(value, float)}
        # Where nothing can be measured, no slot on either side, nothing is wrong either.
        return {SCORE: measured.get(self.judged_by, 1.0), **measured}

    @property
    def judged_by(self) -> str:
        """The measure of development data that picks the best weights: of all heads together."""
        return judge(tuple(self.model.heads))


def _known(ids: Iterable[int | None]) -> NDArray[np.int64]:
    return np.array([IGNORE if each is None else each for each in ids], dtype=np.int64)


def _padded(rows: Sequence[Sequence[int]], length: int, fill: int) -> Tensor:
    return torch.from_numpy(padded(rows, length, fill))


def predict_frames(
    model: NluModel,
    subwords: Tokenizer,
    sources: Sequence[Frame],
    max_length: int,
    *,
    settings: Optimization | None = None,
    device: torch.device = torch.device("cpu"),  # noqa: B008 - a device is a value
    confidences: bool = True,
    temperatures: Mapping[str, float] | None = None,
    rejection_threshold: float | None = None,
    done: Callable[[int], None] = lambda _: None,
) -> list[Frame]:
    """Predicted frames, in the order of ``sources``, of which only id, locale and text are read.

    Texts of more than ``max_length`` pieces are cut there: no slot is found behind the cut.

    Args:
        model: in evaluation mode.
        subwords: the tokenizer it was trained with.
        sources: N frames.
        max_length: pieces, special ones included.
        settings: whose precision is used; none: float32.
        device: where the model is.
        confidences, temperatures, rejection_threshold: see :func:`.decode_frames`.
        done: called with the number of utterances after each batch, for progress.

    Raises:
        UserError: nothing to predict.
    """
    predicted: list[Frame | None] = [None] * len(sources)
    transitions = model.transitions
    texts = [frame.text for frame in sources]
    for rows, encodings, scores in scores_of(
        model, subwords, texts, max_length, settings=settings, device=device
    ):
        frames = decode_frames(
            [sources[row] for row in rows],
            [encoding.offsets for encoding in encodings],
            scores,
            model.labels,
            transitions=transitions,
            confidences=confidences,
            temperatures=temperatures,
            rejection_threshold=rejection_threshold,
        )
        for row, frame in zip(rows, frames, strict=True):
            predicted[row] = frame
        done(len(frames))
    return [frame for frame in predicted if frame is not None]
