"""Training on texts or pairs with one label each, judged by development accuracy."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from understudy.core.recipe.optimization import Optimization
from understudy.metrics.accuracy import accuracy_by_locale, means
from understudy.model.classifier import Classifier
from understudy.objectives.classify import Classify
from understudy.objectives.losses import IGNORE, Objective
from understudy.tokenizer.pairs import Rows, encode_pairs
from understudy.tokenizer.protocol import Tokenizer
from understudy.training.batches import Batch, epoch_batches, padded
from understudy.training.convergence import SCORE
from understudy.training.engine import autocast
from understudy.training.labelled_task import LabelledTask
from understudy.utterances.pairs import Example

PREDICTION_TOKENS = 4096
"""Positions in a batch of predictions."""


class ClassifyTask(LabelledTask[Classifier]):
    """Labelled rows, of one language or of several together."""

    def __init__(
        self,
        model: Classifier,
        tokenizer: Tokenizer,
        *,
        train: Sequence[Example],
        dev: Sequence[Example],
        settings: Optimization,
        max_length: int,
        seed: int,
        device: torch.device = torch.device("cpu"),  # noqa: B008 - a device is a value
    ) -> None:
        self.model = model
        self.objective: Objective = Classify(model)
        self.tokenizer = tokenizer
        self.settings, self.device = settings, device
        self.max_length, self.seed, self.pad = max_length, seed, tokenizer.special.pad
        self.dev, self.dev_rows = dev, encode(tokenizer, dev, max_length)
        self.rows = encode(tokenizer, train, max_length)
        self.lengths = np.array([len(ids) for ids in self.rows.ids])
        known = {label: number for number, label in enumerate(model.labels)}
        self._labels = np.array([known.get(example.label, IGNORE) for example in train])

    def inputs(self, batch: Batch, epoch: int) -> tuple[Tensor, ...]:
        """Ids, mask and labels of a batch; nothing in it hangs on the epoch."""
        del epoch
        ids, mask = _padded(self.rows, batch, self.pad)
        return ids, mask, torch.from_numpy(self._labels[batch.rows])

    def validate(self) -> dict[str, float]:
        """Development accuracy; the score that picks the best weights is its mean over locales."""
        scores = predict_labels(
            self.model, self.dev_rows, self.pad, settings=self.settings, device=self.device
        )
        given = [self.model.labels[number] for number in scores.argmax(axis=-1)]
        accuracy = accuracy_by_locale(
            [row.locale for row in self.dev], [row.label for row in self.dev], given
        )
        mean = means(accuracy, accuracy)["mean"]
        assert mean is not None
        by_locale = {f"accuracy.{locale}": value for locale, value in accuracy.items()}
        return {SCORE: mean, "accuracy": mean, **by_locale}


def encode(tokenizer: Tokenizer, examples: Sequence[Example], max_length: int) -> Rows:
    """Rows of pieces for texts and pairs."""
    return encode_pairs(
        tokenizer, [each.text for each in examples], [each.pair for each in examples], max_length
    )


@torch.inference_mode()
def predict_labels(
    model: Classifier,
    rows: Rows,
    pad: int,
    *,
    settings: Optimization | None = None,
    device: torch.device = torch.device("cpu"),  # noqa: B008 - a device is a value
    done: Callable[[int], None] = lambda _: None,
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """The probability of each label, (N, labels), in the order of ``rows``.

    Args:
        model: in evaluation mode.
        rows: N rows of pieces.
        pad: the piece that fills rows up.
        settings: whose precision is used; none: float32.
        device: where the model is.
        done: called with the number of rows after each batch, for progress.
    """
    probabilities = np.zeros((len(rows.ids), len(model.labels)))
    lengths = np.array([len(ids) for ids in rows.ids])
    for batch in epoch_batches(
        lengths, tokens_per_batch=PREDICTION_TOKENS, max_length=int(lengths.max()), seed=0, epoch=0
    ):
        ids, mask = _padded(rows, batch, pad)
        with autocast(settings or Optimization(precision="fp32"), device):
            scores = model(ids.to(device), mask.to(device))
        probabilities[batch.rows] = scores.double().softmax(-1).cpu().numpy()
        done(len(batch.rows))
    return probabilities


def _padded(rows: Rows, batch: Batch, pad: int) -> tuple[Tensor, Tensor]:
    ids = [rows.ids[row] for row in batch.rows]
    mask = np.arange(batch.length) < np.array([len(row) for row in ids])[:, None]
    return torch.from_numpy(padded(ids, batch.length, pad)), torch.from_numpy(mask)
