"""The exported graph says what torch says, in fp32 to 1e-4 and in int8 nearly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray

from understudy.core.errors import UserError
from understudy.export.onnx_graph import export_onnx
from understudy.export.quantize import quantize
from understudy.export.session import median_latency_ms, open_session, single
from understudy.model.config import EncoderConfig
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.nlu import NluModel
from understudy.utterances.tags import LabelSet

VOCABULARY, MAX_LENGTH = 300, 24
LABELS = LabelSet(
    intents=("a", "b", "c"),
    domains=("d",),
    domain_of={"a": "d", "b": "d", "c": "d"},
    tags=("O", "B-x", "I-x", "B-y", "I-y"),
)


@pytest.fixture(scope="module")
def model() -> NluModel:
    torch.manual_seed(0)
    config = EncoderConfig(
        vocabulary=VOCABULARY, layers=2, hidden=64, ffn=128, heads=4, max_length=MAX_LENGTH
    )
    model = NluModel(MaskedLanguageModel(config), LABELS, 32)
    with torch.no_grad():
        # At its start every output is near zero; wider weights make differences visible.
        for parameter in model.parameters():
            if parameter.dim() > 1:
                parameter.mul_(6.0)
    return model


@pytest.fixture(scope="module")
def graphs(model: NluModel, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("graphs")
    paths = {"fp32": root / "fp32.onnx", "int8": root / "int8.onnx"}
    export_onnx(model, paths["fp32"])
    quantize(paths["fp32"], paths["int8"])
    return paths


def batch_of(lengths: list[int], width: int) -> dict[str, NDArray[np.int64]]:
    random = np.random.default_rng(0)
    mask = (np.arange(width) < np.array(lengths)[:, None]).astype(np.int64)
    ids = np.where(mask, random.integers(5, VOCABULARY, mask.shape), 1)
    return {"input_ids": ids, "attention_mask": mask}


def torch_outputs(model: NluModel, batch: dict[str, NDArray[np.int64]]) -> list[NDArray[np.float32]]:
    with torch.no_grad():
        outputs = model.eval()(*(torch.from_numpy(batch[name]) for name in ("input_ids", "attention_mask")))
    return [output.numpy() for output in outputs]


@pytest.mark.parametrize(
    ("lengths", "width"), [([1], 1), ([3], 3), ([MAX_LENGTH], MAX_LENGTH), ([9, 2, 7], 9), ([4, 4], 12)]
)
def test_fp32_logits_equal_torch(
    model: NluModel, graphs: dict[str, Path], lengths: list[int], width: int
) -> None:
    batch = batch_of(lengths, width)
    intent, slots = torch_outputs(model, batch)
    got_intent, got_slots = open_session(graphs["fp32"]).run(["intent_logits", "slot_logits"], batch)
    np.testing.assert_allclose(got_intent, intent, atol=1e-4)
    real = batch["attention_mask"].astype(bool)  # what stands at padding has no meaning
    np.testing.assert_allclose(got_slots[real], slots[real], atol=1e-4)


def test_padding_changes_nothing(graphs: dict[str, Path]) -> None:
    batch = batch_of([6], 6)
    padded = {
        "input_ids": np.pad(batch["input_ids"], ((0, 0), (0, 5)), constant_values=1),
        "attention_mask": np.pad(batch["attention_mask"], ((0, 0), (0, 5))),
    }
    session = open_session(graphs["fp32"])
    for alone, beside in zip(session.run(None, batch), session.run(None, padded), strict=True):
        np.testing.assert_allclose(alone, beside[:, :6] if beside.ndim == 3 else beside, atol=1e-5)


def test_export_leaves_the_mode_alone_and_drops_nothing_out(model: NluModel, tmp_path: Path) -> None:
    model.train()
    export_onnx(model, tmp_path / "m.onnx")
    assert model.training
    batch = batch_of([5], 5)
    got, _ = open_session(tmp_path / "m.onnx").run(None, batch)
    np.testing.assert_allclose(got, torch_outputs(model, batch)[0], atol=1e-4)


def test_the_head_that_prediction_does_not_use_is_not_in_the_graph(
    model: NluModel, graphs: dict[str, Path]
) -> None:
    inside = sum(int(np.prod(tensor.dims)) for tensor in onnx.load(graphs["fp32"]).graph.initializer)
    used = sum(p.numel() for name, p in model.named_parameters() if not name.startswith("base.head_"))
    assert 0.95 * used < inside <= used  # equal biases are stored once


def test_int8_is_near_fp32_and_a_quarter_of_its_size(model: NluModel, graphs: dict[str, Path]) -> None:
    batch = batch_of([12] * 16, 12)
    answers = open_session(graphs["int8"]).run(None, batch)
    for got, due in zip(answers, torch_outputs(model, batch), strict=True):
        assert np.abs(got - due).mean() < 0.08 * due.std()
    weights = onnx.load(graphs["int8"]).graph.initializer
    large = [tensor for tensor in weights if np.prod(tensor.dims) >= 32 * 32]
    assert large
    assert {tensor.data_type for tensor in large} == {onnx.TensorProto.INT8}


def test_latency_is_the_median_of_measured_runs(graphs: dict[str, Path]) -> None:
    assert 0 < median_latency_ms(graphs["fp32"], [single([0, 7, 2]), single([0, 8, 9, 2])]) < 1000


def test_a_missing_or_damaged_graph_is_the_users_error(graphs: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such ONNX graph"):
        open_session(tmp_path / "none.onnx")
    (tmp_path / "cut.onnx").write_bytes(graphs["fp32"].read_bytes()[:1000])
    with pytest.raises(UserError, match="cannot read"):
        open_session(tmp_path / "cut.onnx")


def test_an_outlier_in_the_embedding_coarsens_its_own_row_only(model: NluModel, tmp_path: Path) -> None:
    batch = batch_of([12] * 16, 12)
    with torch.no_grad():
        unused = 4  # <mask>: no batch holds it
        before = model.encoder.words.weight[unused].clone()
        model.encoder.words.weight[unused] = 1e4
        export_onnx(model, tmp_path / "fp32.onnx")
        model.encoder.words.weight[unused] = before
    quantize(tmp_path / "fp32.onnx", tmp_path / "int8.onnx")
    answers = open_session(tmp_path / "int8.onnx").run(None, batch)
    for got, due in zip(answers, torch_outputs(model, batch), strict=True):
        assert np.abs(got - due).mean() < 0.08 * due.std()
