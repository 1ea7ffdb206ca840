"""The exported graph says what torch says, in fp32 to 1e-5 and in int8 nearly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from numpy.typing import NDArray

from understudy.core.errors import UserError
from understudy.core.recipe.heads import PAPER_A, Heads
from understudy.export.onnx_graph import export_onnx
from understudy.export.quantize import quantize
from understudy.export.session import median_latency_ms, open_session, single
from understudy.model.config import EncoderConfig
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.nlu import NluModel
from understudy.utterances.decode import decode_frames
from understudy.utterances.frame import Frame
from understudy.utterances.tags import LabelSet

VOCABULARY, MAX_LENGTH = 300, 24
LABELS = LabelSet(
    intents=("a", "b", "c"),
    domains=("d", "e"),
    domain_of={"a": "d", "b": "d", "c": "e"},
    tags=("O", "B-x", "I-x", "B-y", "I-y"),
)


def model_of(heads: Heads, width: float = 6.0) -> NluModel:
    torch.manual_seed(0)
    config = EncoderConfig(
        vocabulary=VOCABULARY, layers=2, hidden=64, ffn=128, heads=4, max_length=MAX_LENGTH
    )
    model = NluModel(MaskedLanguageModel(config), LABELS, heads)
    with torch.no_grad():
        # At its start every output is near zero; wider weights make differences visible.
        for parameter in model.parameters():
            if parameter.dim() > 1:
                parameter.mul_(width)
        if model.crf is not None:
            for parameter in model.crf.parameters():
                parameter.normal_()
    return model


@pytest.fixture(scope="module")
def model() -> NluModel:
    return model_of(PAPER_A)


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


def torch_outputs(model: NluModel, batch: dict[str, NDArray[np.int64]]) -> dict[str, NDArray[np.float32]]:
    with torch.no_grad():
        outputs = model.eval()(*(torch.from_numpy(batch[name]) for name in ("input_ids", "attention_mask")))
    return {name: scores.numpy() for name, scores in outputs.items()}


def same(got: NDArray[np.float32], due: NDArray[np.float32]) -> None:
    """To 1e-5 of the largest score: these are sums of hundreds of products in float32."""
    np.testing.assert_allclose(got, due, rtol=0, atol=1e-5 * max(1.0, float(np.abs(due).max())))


@pytest.mark.parametrize(
    ("lengths", "width"), [([1], 1), ([3], 3), ([MAX_LENGTH], MAX_LENGTH), ([9, 2, 7], 9), ([4, 4], 12)]
)
def test_fp32_logits_equal_torch(
    model: NluModel, graphs: dict[str, Path], lengths: list[int], width: int
) -> None:
    batch = batch_of(lengths, width)
    due = torch_outputs(model, batch)
    got_intent, got_slots = open_session(graphs["fp32"]).run(["intent", "slots"], batch)
    same(got_intent, due["intent"])
    real = batch["attention_mask"].astype(bool)  # what stands at padding has no meaning
    same(got_slots[real], due["slots"][real])


@pytest.mark.parametrize(
    "heads",
    [["domain"], ["intent"], ["slots"], ["crf"], ["domain", "intent"], ["domain", "intent", "slots", "crf"]],
    ids="-".join,
)
def test_every_mix_of_heads_is_a_graph_and_reads_as_torch_does(heads: list[str], tmp_path: Path) -> None:
    """Scores, then frames with every confidence: int8 aside, the runtime is the model."""
    model = model_of(Heads.model_validate(heads), width=3.0)
    order = export_onnx(model, tmp_path / "m.onnx")
    assert set(order) == set(heads) - {"crf"} | ({"slots"} if "crf" in heads else set())
    batch = batch_of([9], 9)
    session = open_session(tmp_path / "m.onnx")
    assert [output.name for output in session.get_outputs()] == list(order)
    got, due = dict(zip(order, session.run(order, batch), strict=True)), torch_outputs(model, batch)
    assert list(due) == list(order)
    for name in order:
        same(got[name], due[name])
    text = "a bb c dd e ff g"
    offsets = [(0, 0), (0, 1), (2, 4), (5, 6), (7, 9), (10, 11), (12, 14), (15, 16), (0, 0)]
    one, other = (
        decode_frames(
            [Frame("1", "en-US", text)],
            [offsets],
            scores,
            LABELS,
            transitions=model.transitions,
            temperatures={"intent": 2.0, "slots": 1.5, "domain": 0.5},
            rejection_threshold=0.5,
        )[0].to_json()
        for scores in (got, due)
    )
    confidences = [
        row.pop(key, 0)
        for key in ("confidence", "intent_confidence", "domain_confidence")
        for row in (one, other)
    ]
    confidences += [
        slot.pop("confidence") for slots in zip(one["slots"], other["slots"], strict=True) for slot in slots
    ]
    assert one == other
    assert confidences[::2] == pytest.approx(confidences[1::2], abs=1e-5)


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
    (got,) = open_session(tmp_path / "m.onnx").run(["intent"], batch)
    same(got, torch_outputs(model, batch)["intent"])


def test_the_head_that_prediction_does_not_use_is_not_in_the_graph(
    model: NluModel, graphs: dict[str, Path]
) -> None:
    inside = sum(int(np.prod(tensor.dims)) for tensor in onnx.load(graphs["fp32"]).graph.initializer)
    used = sum(p.numel() for name, p in model.named_parameters() if not name.startswith("base.head_"))
    assert 0.95 * used < inside <= used  # equal biases are stored once


def test_int8_is_near_fp32_and_a_quarter_of_its_size(model: NluModel, graphs: dict[str, Path]) -> None:
    batch = batch_of([12] * 16, 12)
    answers = open_session(graphs["int8"]).run(None, batch)
    for got, due in zip(answers, torch_outputs(model, batch).values(), strict=True):
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
    for got, due in zip(answers, torch_outputs(model, batch).values(), strict=True):
        assert np.abs(got - due).mean() < 0.08 * due.std()
