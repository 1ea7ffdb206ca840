"""What tasks on labelled rows share: an encoder with heads on it, batches by length, and their cost."""

from __future__ import annotations

from typing import Generic, TypeVar

from understudy.core.recipe.optimization import Optimization
from understudy.model.classifier import Classifier
from understudy.model.cost import training_flops
from understudy.model.nlu import NluModel
from understudy.training.batches import Batch, IntArray, epoch_batches

Model = TypeVar("Model", NluModel, Classifier)


class LabelledTask(Generic[Model]):
    """Rows of ``lengths`` pieces for a model on an encoder; a subclass says what is learned from them."""

    model: Model
    settings: Optimization
    lengths: IntArray
    max_length: int
    seed: int
    padded: IntArray | None = None
    """Lengths that batches are padded to; none: those of any rows."""

    def batches(self, epoch: int) -> list[Batch]:
        """All rows, in an order of their own each epoch."""
        return epoch_batches(
            self.lengths,
            tokens_per_batch=self.settings.tokens_per_batch,
            max_length=self.max_length,
            seed=self.seed,
            epoch=epoch,
            padded=self.padded,
        )

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
