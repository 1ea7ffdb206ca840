"""Encoder with intent and slot heads (paper A 3.2)."""

from __future__ import annotations

from pathlib import Path

from safetensors.torch import save_file
from torch import Tensor, nn

from understudy.core.errors import UserError
from understudy.core.files import read_json, write_json
from understudy.model.encoder import Encoder, MaskedLanguageModel
from understudy.model.huggingface import load_model, load_weights, save_model
from understudy.model.start import initialise
from understudy.utterances.tags import LabelSet


class Head(nn.Sequential):
    """Two feed-forward layers of one width and an output layer."""

    def __init__(self, hidden: int, width: int, outputs: int, dropout: float) -> None:
        super().__init__(
            nn.Linear(hidden, width),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Linear(width, width),
            nn.GELU(),
            nn.Dropout(dropout),
            nn.Linear(width, outputs),
        )


class NluModel(nn.Module):
    """Intent from the mean over an utterance's pieces, a slot tag from each piece.

    The first piece's vector, which the paper reads the intent from, is hardly trained by a short MLM;
    the mean is trained everywhere.
    """

    def __init__(self, base: MaskedLanguageModel, labels: LabelSet, head: int) -> None:
        super().__init__()
        self.labels = labels
        self.head = head
        hidden, dropout = base.config.hidden, base.config.dropout
        self.base = base
        self.intent_head = Head(hidden, head, len(labels.intents), dropout)
        self.slot_head = Head(hidden, head, len(labels.tags), dropout)
        initialise(self.intent_head)
        initialise(self.slot_head)

    @property
    def encoder(self) -> Encoder:
        """The encoder without its MLM head, which fine-tuning leaves as it is."""
        return self.base.encoder

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Scores of intents and of slot tags.

        Args:
            input_ids: (B, L) int64.
            attention_mask: (B, L), nonzero at real pieces.

        Returns:
            (B, intents) and (B, L, tags).
        """
        hidden = self.encoder(input_ids, attention_mask)
        weight = attention_mask.to(hidden.dtype).unsqueeze(-1)
        pooled = (hidden * weight).sum(1) / weight.sum(1)
        return self.intent_head(pooled), self.slot_head(hidden)


def served_parameters(model: NluModel) -> int:
    """Parameters that prediction uses: embeddings, layers and heads, no MLM head."""
    parts = (model.encoder, model.intent_head, model.slot_head)
    return sum(parameter.numel() for part in parts for parameter in part.parameters())


def save_nlu(model: NluModel, folder: Path, tokenizer: Path) -> None:
    """Write ``model/`` (a Hugging Face folder), ``heads.safetensors``, ``labels.json`` and ``nlu.json``."""
    save_model(model.base, folder / "model", tokenizer)
    heads = {
        f"{name}.{key}": tensor.detach().contiguous()
        for name, part in (("intent_head", model.intent_head), ("slot_head", model.slot_head))
        for key, tensor in part.state_dict().items()
    }
    save_file(heads, folder / "heads.safetensors")
    model.labels.save(folder / "labels.json")
    write_json(folder / "nlu.json", {"head": model.head})


def load_nlu(folder: Path) -> NluModel:
    """A fine-tuned model, in float32, in evaluation mode.

    Raises:
        UserError: a file is missing, cut short, or does not fit the others.
    """
    labels = LabelSet.load(folder / "labels.json")
    sizes = read_json(folder / "nlu.json")
    if not isinstance(sizes, dict) or not isinstance(sizes.get("head"), int):
        raise UserError('{"head": width} is due', file=folder / "nlu.json")
    model = NluModel(load_model(folder / "model"), labels, sizes["head"])
    file = folder / "heads.safetensors"
    heads = load_weights(file)
    try:
        for name, part in (("intent_head", model.intent_head), ("slot_head", model.slot_head)):
            prefix = f"{name}."
            part.load_state_dict(
                {k.removeprefix(prefix): v for k, v in heads.items() if k.startswith(prefix)}
            )
    except RuntimeError as error:
        raise UserError(f"does not fit labels.json and nlu.json ({error})", file=file) from None
    return model.eval()
