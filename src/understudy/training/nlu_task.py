"""Fine-tuning on labelled utterances, judged by development exact match."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from understudy.core.errors import UserError
from understudy.core.recipe.optimization import Optimization
from understudy.metrics.nlu import score
from understudy.model.cost import training_flops
from understudy.model.nlu import NluModel
from understudy.objectives.losses import IGNORE, Objective
from understudy.objectives.nlu import JointNlu
from understudy.tokenizer.protocol import Encoding, Tokenizer
from understudy.training.batches import Batch, epoch_batches
from understudy.training.convergence import SCORE
from understudy.training.engine import autocast
from understudy.utterances.frame import Frame
from understudy.utterances.tags import decode_frames, tag_pieces

PREDICTION_TOKENS = 4096
"""Positions in a batch of predictions."""


class NluTask:
    """Joint intent and slots over frames of several locales together."""

    def __init__(
        self,
        model: NluModel,
        subwords: Tokenizer,
        *,
        train: Sequence[Frame],
        dev: Sequence[Frame],
        settings: Optimization,
        max_length: int,
        slot_weight: float,
        seed: int,
        device: torch.device = torch.device("cpu"),  # noqa: B008 - a device is a value
    ) -> None:
        self.model = model
        self.objective: Objective = JointNlu(model, slot_weight)
        self.subwords = subwords
        self.dev = dev
        self.settings, self.device = settings, device
        self.max_length, self.seed = max_length, seed
        encodings = subwords.encode_batch([frame.text for frame in train], max_length)
        self.lengths = np.array([len(encoding.ids) for encoding in encodings])
        self._ids = [encoding.ids for encoding in encodings]
        self._tags = [
            tag_pieces(frame, encoding.offsets, model.labels)
            for frame, encoding in zip(train, encodings, strict=True)
        ]
        intents = [model.labels.intent_id(frame.intent) for frame in train]
        self._intents = np.array([IGNORE if intent is None else intent for intent in intents])

    def batches(self, epoch: int) -> list[Batch]:
        """All training utterances, in an order of their own each epoch."""
        return epoch_batches(
            self.lengths,
            tokens_per_batch=self.settings.tokens_per_batch,
            max_length=self.max_length,
            seed=self.seed,
            epoch=epoch,
        )

    def inputs(self, batch: Batch, epoch: int) -> tuple[Tensor, ...]:
        """Ids, mask, intents and tags of a batch; nothing in it hangs on the epoch."""
        del epoch
        pad = self.subwords.special.pad
        ids = _padded([self._ids[row] for row in batch.rows], batch.length, pad)
        tags = _padded([self._tags[row] for row in batch.rows], batch.length, IGNORE)
        return ids, ids != pad, torch.from_numpy(self._intents[batch.rows]), tags

    def tokens(self, batch: Batch) -> int:
        """Real pieces in the batch."""
        return int(self.lengths[batch.rows].sum())

    def operations(self, length: int) -> int:
        """A frozen encoder only runs forward; the heads are left out, being small."""
        frozen = not any(weight.requires_grad for weight in self.model.encoder.parameters())
        return training_flops(self.model.base.config, length, head=False, frozen=frozen).model

    @property
    def hidden(self) -> int:
        """Width of the encoder."""
        return self.model.base.config.hidden

    def validate(self) -> dict[str, float]:
        """Development measures; the score that picks the best weights is exact match, macro over locales."""
        predicted = predict_frames(
            self.model, self.subwords, self.dev, self.max_length, settings=self.settings, device=self.device
        )
        macro = score(self.dev, predicted)["macro"]
        measured = {name: value for name, value in macro.items() if isinstance(value, float)}
        return {SCORE: macro["exact_match"], **measured}


def _padded(rows: Sequence[Sequence[int]], length: int, fill: int) -> Tensor:
    batch = np.full((len(rows), length), fill, dtype=np.int64)
    for index, row in enumerate(rows):
        batch[index, : len(row)] = row
    return torch.from_numpy(batch)


@torch.inference_mode()
def predict_frames(
    model: NluModel,
    subwords: Tokenizer,
    sources: Sequence[Frame],
    max_length: int,
    *,
    settings: Optimization | None = None,
    device: torch.device = torch.device("cpu"),  # noqa: B008 - a device is a value
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
        done: called with the number of utterances after each batch, for progress.

    Raises:
        UserError: nothing to predict.
    """
    if not sources:
        raise UserError("there is no utterance to predict")
    encodings: list[Encoding] = subwords.encode_batch([frame.text for frame in sources], max_length)
    predicted: list[Frame | None] = [None] * len(sources)
    lengths = np.array([len(encoding.ids) for encoding in encodings])
    pad = subwords.special.pad
    for batch in epoch_batches(
        lengths, tokens_per_batch=PREDICTION_TOKENS, max_length=max_length, seed=0, epoch=0
    ):
        ids = _padded([encodings[row].ids for row in batch.rows], batch.length, pad)
        with autocast(settings or Optimization(precision="fp32"), device):
            intent_logits, slot_logits = model(ids.to(device), (ids != pad).to(device))
        frames = decode_frames(
            [sources[row] for row in batch.rows],
            [encodings[row].offsets for row in batch.rows],
            intent_logits.float().cpu().numpy(),
            list(slot_logits.float().cpu().numpy()),
            model.labels,
        )
        for row, frame in zip(batch.rows, frames, strict=True):
            predicted[row] = frame
        done(len(frames))
    return [frame for frame in predicted if frame is not None]
