"""Graphs of other architectures say what the model says, at every length; what does not is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import onnxruntime as ort
import pytest
import torch
from torch import Tensor, nn

from understudy.core.errors import UserError
from understudy.core.recipe.heads import PAPER_A
from understudy.export.traced import export_foreign
from understudy.model.huggingface import load_model
from understudy.model.nlu import NluModel
from understudy.utterances.tags import LabelSet

LABELS = LabelSet(intents=("a", "b"), domains=("d",), domain_of={"a": "d", "b": "d"}, tags=("O", "B-x"))


@pytest.mark.parametrize("kind", ["bert", "distilbert", "xlm-roberta", "modernbert"])
def test_any_length_of_any_architecture(kind: str, elsewhere: Callable[[str], Path], tmp_path: Path) -> None:
    model = NluModel(load_model(elsewhere(kind)), LABELS, PAPER_A).eval()
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for weight in model.parameters():
            weight.add_(0.15 * torch.randn(weight.shape, generator=generator))
    longest = model.base.config.max_length
    heads = export_foreign(model, tmp_path / "x.onnx", architecture=kind, longest=longest)
    session = ort.InferenceSession(tmp_path / "x.onnx")
    for length in (1, 2, 17, longest):  # none of those that it checks itself, but the last
        ids = torch.randint(5, 60, (1, length), generator=generator)
        with torch.inference_mode():
            due = model(ids, torch.ones_like(ids))
        given = {"input_ids": ids.numpy(), "attention_mask": torch.ones_like(ids).numpy()}
        for head, scores in zip(heads, session.run(list(heads), given), strict=True):
            torch.testing.assert_close(torch.from_numpy(scores), due[head], atol=1e-4, rtol=1e-4)


class Counts(nn.Module):
    """Knows the length only in Python, where a trace takes it for a constant."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(8, 4)

    def forward(self, ids: Tensor, mask: Tensor) -> dict[str, Tensor]:
        return {"slots": self.words(ids) * float(ids.shape[1]) * mask[:, :, None]}


class Unheard(Counts):
    """Uses what no opset has."""

    def forward(self, ids: Tensor, mask: Tensor) -> dict[str, Tensor]:
        return {"slots": torch.special.bessel_j0(self.words(ids)) * mask[:, :, None]}


def test_what_a_trace_gets_wrong_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        UserError, match="graph of 'odd' does not compute what the model does: scores of slots"
    ):
        export_foreign(Counts().eval(), tmp_path / "x.onnx", architecture="odd", longest=40)
    with pytest.raises(UserError, match=r"model: no ONNX graph can be made of 'odd' \(Unsupported"):
        export_foreign(Unheard().eval(), tmp_path / "x.onnx", architecture="odd", longest=40)
