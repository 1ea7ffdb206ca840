"""FSDP2 in several processes trains as one process does, holds what it should, and moves between sizes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from understudy.model.config import EncoderConfig
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.huggingface import load_model, save_model
from understudy.model.memory import parameter_units, state_bytes
from understudy.tokenizer.subwords import TOKENIZER_FILES

pytestmark = pytest.mark.slow

CONFIG = EncoderConfig(vocabulary=64, layers=2, hidden=32, ffn=64, heads=2, max_length=32, dropout=0.0)
"""Of the toy task."""


def losses(case: dict[str, Any]) -> list[float]:
    return [step["mlm"] for step in case["losses"]]


@pytest.fixture(scope="module")
def alone(train):
    """One process: FP32; every layer computed again; BF16; LAMB; and stopped at step 12 of 20."""
    cases = {
        "fp32": {},
        "bf16": {"settings": {"bf16": True}},
        "lamb": {"settings": {"optimizer": "lamb"}},
        "stopped": {"stop_after": 12},
    }
    return train(1, cases)


@pytest.fixture(scope="module")
def two(train):
    cases = {f"zero-{zero}": {"parallel": {"zero": zero}} for zero in (1, 2, 3)}
    cases |= {
        "checkpointing": {"parallel": {"zero": 3, "activation_checkpointing": True}},
        "bf16": {"parallel": {"zero": 2}, "settings": {"bf16": True}},
        "lamb": {"settings": {"optimizer": "lamb"}},
        "stopped": {"stop_after": 12},
        "resumed": {"start": "stopped"},
    }
    return train(2, cases)


def same_logits(case: dict[str, Any], other: dict[str, Any], folder: Path) -> None:
    """Consolidated weights, saved for Hugging Face and loaded again, score alike; the embedding is tied."""
    ids = torch.tensor([[0, 5, 6, 7, 2]])
    scores = []
    for name, each in (("one", case), ("other", other)):
        model = MaskedLanguageModel(CONFIG)
        weights = load_file(each["folder"] / "final.safetensors")
        model.load_state_dict({key.removeprefix("model."): tensor for key, tensor in weights.items()})
        tokenizer = folder / "tokenizer"
        tokenizer.mkdir(exist_ok=True)
        for file in TOKENIZER_FILES:
            (tokenizer / file).touch()
        save_model(model, folder / name, tokenizer)
        again = load_model(folder / name)
        assert again.output_matrix is again.encoder.words.weight
        assert not any("decoder" in key for key in load_file(folder / name / "model.safetensors"))
        scores.append(again(ids, torch.ones_like(ids)))
    assert torch.allclose(*scores, rtol=0, atol=1e-4)
    assert scores[0].std() > 0.5


@pytest.mark.parametrize("case", ["zero-1", "zero-2", "zero-3", "checkpointing"])
def test_two_processes_train_as_one(alone, two, tmp_path: Path, case: str) -> None:
    assert len(losses(alone["fp32"])) == 20
    assert losses(two[case]) == pytest.approx(losses(alone["fp32"]), rel=1e-5)
    history = zip(two[case]["numbers"]["history"], alone["fp32"]["numbers"]["history"], strict=True)
    for entry, due in history:
        assert entry == pytest.approx(due, rel=1e-5)
    same_logits(two[case], alone["fp32"], tmp_path)


def test_lamb_has_the_norms_of_whole_weights(alone, two) -> None:
    assert losses(two["lamb"]) == pytest.approx(losses(alone["lamb"]), rel=1e-5)


def test_bf16_rounds_the_weights_too_and_stays_near(alone, two) -> None:
    assert losses(two["bf16"]) == pytest.approx(losses(alone["bf16"]), rel=2e-2)
    assert losses(two["bf16"]) != losses(two["zero-2"])


@pytest.mark.parametrize("zero", [1, 2, 3])
def test_what_is_held_is_what_the_formula_says(two, zero: int) -> None:
    due = state_bytes(
        parameter_units(CONFIG), shards=2, zero=zero, precision="fp32", engine="fsdp", accumulates=False
    )
    fullest = max(two[f"zero-{zero}"]["bytes"], key=lambda held: held["weights"])
    assert fullest == {"weights": due.weights, "gradients": due.gradients, "moments": due.moments}


def test_a_stopped_run_continues_as_it_was(two) -> None:
    straight = losses(two["zero-2"])
    assert losses(two["stopped"]) == straight[:12]
    assert losses(two["resumed"]) == straight[7:]


def test_replicas_of_shards_train_as_one_process(alone, train, tmp_path: Path) -> None:
    cases = {f"zero-{zero}": {"parallel": {"zero": zero, "replicas": 2}} for zero in (1, 3)}
    for case in train(4, cases).values():
        assert losses(case) == pytest.approx(losses(alone["fp32"]), rel=1e-5)
        same_logits(case, alone["fp32"], tmp_path)
        weights = [held["weights"] for held in case["bytes"]]
        assert weights == [weights[0], weights[1]] * 2
        assert sum(weights) == 2 * 4 * CONFIG.total_parameters


@pytest.mark.parametrize(("before", "after"), [(2, 1), (1, 2)])
def test_another_number_of_processes_continues(alone, two, train, before: int, after: int) -> None:
    stopped = {1: alone, 2: two}[before]["stopped"]
    case = {"start": str(stopped["folder"])}
    resumed = train(after, {"resumed": case})["resumed"]
    assert losses(resumed) == pytest.approx(losses(alone["fp32"])[7:], rel=1e-5)
