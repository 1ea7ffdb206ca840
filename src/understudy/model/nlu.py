"""Encoder with the heads of either paper (A 3.2, B 4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from understudy.core.errors import UserError
from understudy.core.files import read_json, write_json
from understudy.model.crf import Crf
from understudy.model.encoder import Encoder, MaskedLanguageModel
from understudy.model.huggingface import load_model, load_weights, save_model
from understudy.model.start import initialise
from understudy.utterances.chain import TRANSITIONS, Transitions
from understudy.utterances.tags import LabelSet

if TYPE_CHECKING:
    from understudy.core.recipe.heads import Heads

FORMAT_VERSION = 2
SETTINGS = "nlu.json"

_ACTIVATIONS = {"gelu": nn.GELU, "relu": nn.ReLU, "tanh": nn.Tanh}


class Head(nn.Sequential):
    """Feed-forward layers of one width and an output layer; two of them are paper A's."""

    def __init__(
        self,
        hidden: int,
        width: int,
        outputs: int,
        dropout: float,
        *,
        layers: int = 2,
        activation: str = "gelu",
    ) -> None:
        parts: list[nn.Module] = []
        for layer in range(layers):
            parts += [nn.Linear(width if layer else hidden, width), _ACTIVATIONS[activation]()]
            parts.append(nn.Dropout(dropout))
        super().__init__(*parts, nn.Linear(width, outputs))


class NluModel(nn.Module):
    """Intent and domain from the mean over an utterance's pieces, a slot tag from each piece.

    The first piece's vector, which the paper reads the intent from, is hardly trained by a short MLM;
    the mean is trained everywhere.
    """

    def __init__(self, base: MaskedLanguageModel, labels: LabelSet, heads: Heads) -> None:
        super().__init__()
        self.labels = labels
        self.shapes = heads
        self.base = base
        outputs = {"intent": len(labels.intents), "slots": len(labels.tags), "domain": len(labels.domains)}
        self.heads = nn.ModuleDict()
        for name in heads.names:
            shape = getattr(heads, name)
            self.heads[name] = Head(
                base.config.hidden,
                shape.width,
                outputs[name],
                base.config.dropout if shape.dropout is None else shape.dropout,
                layers=shape.layers,
                activation=shape.activation,
            )
            initialise(self.heads[name], deviation=None)
        self.crf = Crf(labels.tags, constrained=heads.crf.constrained) if heads.crf else None

    @property
    def encoder(self) -> Encoder:
        """The encoder without its MLM head, which fine-tuning leaves as it is."""
        return self.base.encoder

    @property
    def transitions(self) -> Transitions | None:
        """What decoding needs of the CRF; none where there is none."""
        return None if self.crf is None else self.crf.transitions()

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, places: Tensor | None = None
    ) -> dict[str, Tensor]:
        """Scores of each head that there is, in the order intent, slots, domain.

        Args:
            input_ids: (B, L) int64.
            attention_mask: (B, L), nonzero at real pieces.
            places: (B, U) the pieces whose tags are wanted; none: all.

        Returns:
            ``intent`` (B, intents), ``slots`` (B, L or U, tags), ``domain`` (B, domains).
        """
        hidden = self.encoder(input_ids, attention_mask)
        weight = attention_mask.to(hidden.dtype).unsqueeze(-1)
        pooled = (hidden * weight).sum(1) / weight.sum(1)
        scores: dict[str, Tensor] = {}
        for name, head in self.heads.items():
            if name != "slots":
                scores[name] = head(pooled)
            elif places is None:
                scores[name] = head(hidden)
            else:
                rows = torch.arange(len(places), device=places.device)[:, None]
                scores[name] = head(hidden[rows, places])
        return scores

    def head_parameters(self) -> list[nn.Parameter]:
        """All that stands on the encoder."""
        parts = [self.heads] if self.crf is None else [self.heads, self.crf]
        return [parameter for part in parts for parameter in part.parameters()]


def served_parameters(model: NluModel) -> int:
    """Parameters that prediction uses: embeddings, layers and heads, no MLM head."""
    parameters = [*model.encoder.parameters(), *model.head_parameters()]
    return sum(parameter.numel() for parameter in parameters)


def save_nlu(model: NluModel, folder: Path, tokenizer: Path) -> None:
    """Write ``model/`` (a Hugging Face folder), ``heads.safetensors``, ``labels.json`` and ``nlu.json``.

    With a CRF also ``transitions.npy``.
    """
    save_model(model.base, folder / "model", tokenizer)
    state = {name: tensor for name, tensor in model.state_dict().items() if not name.startswith("base.")}
    save_file({name: x.detach().contiguous() for name, x in state.items()}, folder / "heads.safetensors")
    model.labels.save(folder / "labels.json")
    if model.transitions is not None:
        model.transitions.save(folder / TRANSITIONS)
    write_json(folder / SETTINGS, {"format_version": FORMAT_VERSION, "heads": model.shapes.as_json()})


def load_nlu(folder: Path) -> NluModel:
    """A fine-tuned model, in float32, in evaluation mode.

    Raises:
        UserError: a file is missing, cut short, of another version, or does not fit the others.
    """
    labels = LabelSet.load(folder / "labels.json")
    model = NluModel(load_model(folder / "model"), labels, load_heads(folder))
    file = folder / "heads.safetensors"
    heads = load_weights(file)
    try:
        ours = {name for name in model.state_dict() if not name.startswith("base.")}
        _check_names(ours, heads)
        model.load_state_dict(heads, strict=False)
    except RuntimeError as error:
        raise UserError(f"does not fit labels.json and {SETTINGS} ({error})", file=file) from None
    return model.eval()


def load_heads(folder: Path) -> Heads:
    """The heads of a fine-tuned model.

    Raises:
        UserError: the file is missing, damaged, or of another version.
    """
    from pydantic import ValidationError

    from understudy.core.recipe.heads import Heads

    file = folder / SETTINGS
    value = read_json(file)
    version = value.get("format_version") if isinstance(value, dict) else None
    if version != FORMAT_VERSION:
        raise UserError(
            f"heads of format version {version}; this understudy reads version {FORMAT_VERSION}; "
            "fine-tune the model again",
            file=file,
        )
    try:
        return Heads.model_validate(value.get("heads"))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UserError(f"not a model's: {first['msg']}", file=file, place=place or None) from None


def _check_names(ours: set[str], theirs: Mapping[str, Tensor]) -> None:
    if different := sorted(ours ^ theirs.keys()):
        raise RuntimeError(f"{different[0]} is on one side only")
