"""Which parts of a fine-tuned model are trained, from when on, and how fast."""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from understudy.core.errors import UserError
from understudy.model.encoder import Encoder
from understudy.model.nlu import NluModel


@dataclass(frozen=True, kw_only=True)
class Trained:
    """Heads always are; the MLM head never is."""

    frozen: bool = False
    """The encoder stays as it is."""
    unfreeze_every: float | None = None
    """Epochs after which one more layer is trained, from the top, embeddings last. None: all at once."""
    head_factor: float = 1.0
    """Of the learning rate, for heads."""
    layer_decay: float = 1.0
    """Of the learning rate, from a layer of the encoder to the one below it."""

    def begin(self, model: NluModel, epoch: int) -> None:
        """Say of each parameter whether this epoch trains it.

        Raises:
            UserError: the layers of a foreign encoder could not be told.
        """
        model.requires_grad_(False)
        layers = [] if self.frozen else _from_top(model.encoder, whole=self.unfreeze_every is None)
        if self.unfreeze_every is not None:
            layers = layers[: int(epoch / self.unfreeze_every)]
        for parameters in [*layers, model.head_parameters()]:
            for parameter in parameters:
                parameter.requires_grad_(True)

    def factors(self, model: NluModel) -> dict[nn.Parameter, float]:
        """All parameters that are trained at some time, as they are now, and the factors of their rates."""
        layers = [] if self.frozen else _from_top(model.encoder, whole=self.layer_decay == 1)
        factors = {
            parameter: self.layer_decay**depth for depth, each in enumerate(layers) for parameter in each
        }
        return factors | dict.fromkeys(model.head_parameters(), self.head_factor)


def _from_top(encoder: Encoder, *, whole: bool) -> list[list[nn.Parameter]]:
    """The encoder's parameters: those of the last layer, of the one before it, ..., of the embeddings.

    The norm behind our last layer belongs to that layer; what else a foreign encoder has outside of its
    layers counts as embeddings.
    """
    if whole:
        return [list(encoder.parameters())]
    layers = [list(block.parameters()) for block in reversed(encoder.blocks)]
    if not layers:
        raise UserError(
            "the layers of this encoder cannot be told apart; train it with one rate and all at once",
            place="unfreeze_every or layer_decay",
        )
    if isinstance(norm := getattr(encoder, "final_norm", None), nn.Module):
        layers[0] += norm.parameters()
    above = {id(parameter) for layer in layers for parameter in layer}
    return [*layers, [parameter for parameter in encoder.parameters() if id(parameter) not in above]]
