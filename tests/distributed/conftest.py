"""Several processes on one machine, and the toy task that all of them train."""

from __future__ import annotations

import contextlib
import json
import os
import random
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from understudy.model.config import EncoderConfig
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.huggingface import load_model, save_model
from understudy.tokenizer.subwords import TOKENIZER_FILES

CONFIG = EncoderConfig(vocabulary=64, layers=2, hidden=32, ffn=64, heads=2, max_length=32, dropout=0.0)
"""Of the toy task."""
WORKER = Path(__file__).with_name("worker.py")


@dataclass(frozen=True)
class Group:
    """Processes that train together, as torchrun would start them."""

    processes: list[subprocess.Popen[str]]

    def wait(self, seconds: float = 400) -> list[tuple[int, str]]:
        """Exit code and standard error of each."""
        try:
            errors = [process.communicate(timeout=seconds)[1] for process in self.processes]
        finally:
            for process in self.processes:
                process.kill()
        return [(process.returncode, error) for process, error in zip(self.processes, errors, strict=True)]


def free_port() -> int:
    """A port below those that the system deals out by itself, so that nobody gets it before it is used."""
    for port in random.SystemRandom().sample(range(15_000, 30_000), 100):
        with socket.socket() as tried, contextlib.suppress(OSError):
            tried.bind(("localhost", port))
            return port
    raise AssertionError("no port is free")


def start_group(size: int, command: Sequence[object], **environment: object) -> Group:
    """Start ``command`` in ``size`` processes."""
    common = {"MASTER_ADDR": "localhost", "MASTER_PORT": str(free_port()), "WORLD_SIZE": str(size)}
    common |= {"OMP_NUM_THREADS": "1", "DS_ACCELERATOR": "cpu"}
    common |= {name: str(value) for name, value in environment.items()}
    return Group(
        [
            subprocess.Popen(
                [sys.executable, *map(str, command)],
                env=os.environ | common | {"RANK": str(rank), "LOCAL_RANK": str(rank)},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
            for rank in range(size)
        ]
    )


Train = Callable[..., dict[str, dict[str, Any]]]


@pytest.fixture(scope="session")
def train(tmp_path_factory: pytest.TempPathFactory) -> Train:
    """``train(processes, cases)``: each case's results, all made in one group of processes.

    A case is a dictionary of :func:`worker.run_case`'s arguments.
    """

    def call(size: int, cases: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        folder = tmp_path_factory.mktemp("distributed")
        (folder / "cases.json").write_text(json.dumps(cases))
        extensions = folder / "extensions"
        for code, error in start_group(size, [WORKER, folder], TORCH_EXTENSIONS_DIR=extensions).wait():
            assert code == 0, error[-4000:]
        assert not extensions.exists()  # nothing is compiled, so no lock can be left behind
        return {name: {"folder": folder / name} | _results(folder / name) for name in cases}

    return call


def _results(folder: Path) -> dict[str, Any]:
    ranks = [json.loads(file.read_text()) for file in sorted(folder.glob("rank-*.json"))]
    losses = [step["mlm"] for step in ranks[0]["losses"]]
    return ranks[0] | {"losses": losses, "bytes": [rank["bytes"] for rank in ranks]}


@pytest.fixture(scope="session")
def alone(train: Train) -> dict[str, dict[str, Any]]:
    """One process: each precision; and stopped after step 12 of 20, the last checkpoint being of step 7."""
    cases: dict[str, dict[str, Any]] = {
        "fp32": {},
        "bf16": {"settings": {"bf16": True}},
        "fp16": {"settings": {"precision": "fp16"}},
        "lamb": {"settings": {"optimizer": "lamb"}},
        "stopped": {"stop_after": 12},
    }
    return train(1, cases)


def _same_logits(case: dict[str, Any], other: dict[str, Any], folder: Path) -> None:
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


@pytest.fixture
def same_logits(tmp_path: Path) -> Callable[[dict[str, Any], dict[str, Any]], None]:
    """Consolidated weights, saved for Hugging Face and loaded again, score alike; the embedding is tied."""
    return lambda case, other: _same_logits(case, other, tmp_path)


@pytest.fixture
def config() -> EncoderConfig:
    """Of the toy task."""
    return CONFIG


@pytest.fixture
def start() -> Callable[[int, Sequence[object]], Group]:
    """See :func:`start_group`."""
    return start_group
