"""What cannot be trained is one line before any training starts, exit code 2."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from beside import Beside

Command = Callable[..., Any]


@pytest.fixture
def refused(tiny: Any, tmp_path: Path, understudy: Command) -> Callable[..., None]:
    """``refused(step, *parts, **keys)``: the step with these keys, beside what the tiny run made."""

    def refused(step: str, *parts: str, made: dict[str, Any] | None = None, **keys: Any) -> None:
        world = Beside(tiny.recipe, tiny.folder, tmp_path, without=step)
        if made:
            world.add(**made)
            world.make(*made)
        world.change(step, **keys)
        understudy("step", world.file, step, "--runs", world.runs).is_user_error(*parts)
        assert not (world.made / step).exists()
        partial = world.made / f".{step}.partial"
        assert not list(partial.glob("log.jsonl")) + list(
            partial.glob("checkpoints/*")
        )  # nothing was trained

    return refused


def test_shards_of_another_tokenizer(refused: Callable[..., None]) -> None:
    made = {
        "other-pieces": {"stage": "tokenizer", "text": ["public-text"], "vocabulary": 720, "sentences": 1900},
        "other-shards": {
            "stage": "encode",
            "text": "public-text",
            "tokenizer": "other-pieces",
            "max_length": 48,
        },
    }
    refused("teacher-2", "has another tokenizer than", "use one tokenizer", made=made, shards="other-shards")


def test_a_model_of_another_architecture(refused: Callable[..., None], tiny: Any, tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    for file in (tiny.folder / "teacher-1" / "model").iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    config = (folder / "config.json").read_text()
    (folder / "config.json").write_text(config.replace("roberta-prelayernorm", "gpt2"))
    refused(
        "elsewhere", "model_type: 'gpt2' is no masked language model", stage="pretrained", path=str(folder)
    )


@pytest.mark.parametrize(
    ("encoder", "parts"),
    [
        (
            {"layers": 1, "hidden": 32, "ffn": 32, "heads": 5},
            ("encoder", "5 heads do not divide the hidden size 32"),
        ),
        ({"preset": "17m", "heads": 5}, ("encoder.heads: 5 heads do not divide the hidden size 768",)),
        ({"preset": "18m"}, ("encoder.preset: no preset '18m'; did you mean",)),
        (
            {"layers": 1, "hidden": 32, "ffn": 32, "heads": 2, "max_length": 16},
            ("do not fit a model of 16; encode them with a smaller max_length, or raise encoder.max_length",),
        ),
    ],
)
def test_an_encoder_that_cannot_be(
    refused: Callable[..., None], encoder: dict[str, Any], parts: tuple[str, ...]
) -> None:
    refused("teacher-1", *parts, encoder=encoder)


def test_batches_without_a_piece_to_learn_from(
    refused: Callable[..., None], tiny: Any, tmp_path: Path
) -> None:
    """Rows of ``<s> </s>`` alone; the files keep their sizes, so only the batches show it."""
    folder = tmp_path / "runs" / "tiny" / "public-shards"
    shutil.copytree(tiny.folder / "public-shards", folder)
    offsets = np.load(folder / "train" / "offsets.npy")
    np.save(folder / "train" / "offsets.npy", (2 * np.arange(len(offsets))).astype(offsets.dtype))
    refused("teacher-1", "holds no piece to learn from", "leave empty texts out")
