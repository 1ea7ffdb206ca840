"""Encoder with one head that gives a text, or a pair of texts, one of several labels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from safetensors.torch import save_file
from torch import Tensor, nn

from understudy.core.errors import UserError
from understudy.core.files import read_json, write_json
from understudy.model.encoder import Encoder, MaskedLanguageModel
from understudy.model.huggingface import load_model, load_weights, save_model
from understudy.model.nlu import Head
from understudy.model.start import initialise

FORMAT_VERSION = 1
CLASSES, WEIGHTS = "classes.json", "head.safetensors"


class Classifier(nn.Module):
    """One label from the mean over a row's pieces, as :class:`.NluModel` has its intent (paper A 3.2)."""

    def __init__(self, base: MaskedLanguageModel, labels: tuple[str, ...], width: int) -> None:
        super().__init__()
        self.labels = labels
        self.width = width
        self.base = base
        self.head = Head(base.config.hidden, width, len(labels), base.config.dropout)
        initialise(self.head, deviation=None)

    @property
    def encoder(self) -> Encoder:
        """The encoder without its MLM head."""
        return self.base.encoder

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Scores of the labels.

        Args:
            input_ids: (B, L) int64.
            attention_mask: (B, L), nonzero at real pieces.

        Returns:
            (B, labels).
        """
        hidden = self.encoder(input_ids, attention_mask)
        weight = attention_mask.to(hidden.dtype).unsqueeze(-1)
        scores: Tensor = self.head((hidden * weight).sum(1) / weight.sum(1))
        return scores

    @property
    def served_parameters(self) -> int:
        """Parameters that prediction uses: embeddings, layers and head, no MLM head."""
        return sum(weight.numel() for part in (self.encoder, self.head) for weight in part.parameters())


def save_classifier(model: Classifier, folder: Path, tokenizer: Path, max_length: int) -> None:
    """Write ``model/`` (a Hugging Face folder), ``head.safetensors`` and ``classes.json``."""
    save_model(model.base, folder / "model", tokenizer)
    state = {key: tensor.detach().contiguous() for key, tensor in model.head.state_dict().items()}
    save_file(state, folder / WEIGHTS)
    about = {"labels": model.labels, "head": model.width, "max_length": max_length}
    write_json(folder / CLASSES, {"format_version": FORMAT_VERSION, **about})


def load_classifier(folder: Path) -> tuple[Classifier, int]:
    """A trained classifier, in float32, in evaluation mode, and the pieces of its longest row.

    Raises:
        UserError: a file is missing, cut short, of a newer format, or does not fit the others.
    """
    file = folder / CLASSES
    about: Any = read_json(file)
    version = about.get("format_version") if isinstance(about, dict) else None
    if version != FORMAT_VERSION:
        raise UserError(
            f"classes of format version {version}; this understudy reads version {FORMAT_VERSION}", file=file
        )
    try:
        labels, width, max_length = tuple(about["labels"]), int(about["head"]), int(about["max_length"])
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"not a whole file of classes ({error}); make the step again", file=file) from None
    model = Classifier(load_model(folder / "model"), labels, width)
    try:
        model.head.load_state_dict(load_weights(folder / WEIGHTS))
    except RuntimeError as error:
        raise UserError(f"does not fit {CLASSES} ({error})", file=folder / WEIGHTS) from None
    return model.eval(), max_length
