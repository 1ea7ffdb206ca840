"""Masked rows of shards: what a batch holds, held-out perplexity, and that a model learns."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch

from understudy.core.artifact import Artifact, Manifest
from understudy.core.errors import UserError
from understudy.core.files import write_json
from understudy.objectives.distillation import Distillation, Terms
from understudy.objectives.losses import IGNORE
from understudy.objectives.masked_lm import MaskedLm
from understudy.objectives.packed import PackedMaskedLm, masked_lm_for
from understudy.objectives.teaching import LiveTeacher
from understudy.tokenizer.shards import ShardWriter
from understudy.training import masked_task as module
from understudy.training.shards import TokenShards


def test_a_batch_is_the_rows_padded(shards: Artifact) -> None:
    train = TokenShards(shards, "train")
    rows = np.array([5, 0, 117])
    padded = train.padded(rows, 32)
    for row, ids in zip(rows, padded, strict=True):
        length = train.lengths[row]
        assert (ids[0], ids[length - 1], set(ids[length:])) == (0, 2, {1})
        (piece,) = set(ids[1 : length - 1])
        assert piece in (range(13, 21) if train.language_ids[row] else range(5, 13))
    assert (len(train), train.vocabulary, train.languages) == (120, 64, ["aa", "bb"])


@pytest.mark.parametrize("name", ["ids.npy", "offsets.npy", "languages.npy"])
@pytest.mark.parametrize("size", [0, 40, -3])
def test_shards_cut_short_are_named(shards: Artifact, tmp_path: Path, name: str, size: int) -> None:
    for file in ("ids.npy", "offsets.npy", "languages.npy"):
        whole = (shards.path / "train" / file).read_bytes()
        (tmp_path / "train").mkdir(exist_ok=True)
        (tmp_path / "train" / file).write_bytes(whole[:size] if file == name else whole)
    write_json(tmp_path / "shards.json", {"vocabulary": 64, "languages": ["aa", "bb"]})
    (tmp_path / "tokenizer").mkdir()
    with pytest.raises(UserError, match=r"train: the shards cannot be read"):
        TokenShards(Artifact(tmp_path, Manifest.model_construct()), "train")


def test_losses_count_real_pieces_and_positions(masked_task) -> None:
    task = masked_task()
    for batch in task.batches(0):
        ids, mask, *_ = task.inputs(batch, 0)
        assert task.tokens(batch) == sum(task.train.lengths[row] for row in batch.rows) == int(mask.sum())
        assert ids.shape == (len(batch.rows), batch.length)


def test_masks_are_fresh_each_epoch_and_fixed_in_validation(masked_task) -> None:
    task = masked_task(dropout=0.0)
    batch = task.batches(0)[0]
    first, again, later = (task.inputs(batch, epoch) for epoch in (0, 0, 1))
    assert all(torch.equal(one, other) for one, other in zip(first, again, strict=True))
    assert not torch.equal(first[2], later[2])
    task.objective.eval()
    assert task.validate() == task.validate()


def test_perplexity_by_language_whatever_the_batch_size(masked_task) -> None:
    task = masked_task()
    task.objective.eval()
    numbers = task.validate()
    assert numbers.keys() == {"perplexity", "perplexity.aa", "perplexity.bb"}
    assert numbers["perplexity"] == pytest.approx((numbers["perplexity.aa"] + numbers["perplexity.bb"]) / 2)
    task.tokens_at_once = 32
    assert task.validate() == pytest.approx(numbers, rel=1e-5)


def test_perplexity_by_hand(masked_task) -> None:
    task = masked_task()
    task.objective.eval()
    total = {"aa": [], "bb": []}
    for row in range(len(task.validation)):
        ids, mask, selected, labels = task.masked(
            task.validation, module.Batch(np.array([row]), 32), 0, module.VALIDATION_EPOCH
        )
        with torch.no_grad():
            scores = task.model(ids, mask).flatten(0, 1).log_softmax(-1)
        language = task.validation.languages[task.validation.language_ids[row]]
        kept = labels != IGNORE
        total[language] += (-scores[selected[kept], labels[kept]]).tolist()
    due = {f"perplexity.{name}": math.exp(sum(terms) / len(terms)) for name, terms in total.items()}
    numbers = task.validate()
    assert {name: numbers[name] for name in due} == pytest.approx(due, rel=1e-5)


def unknown_to_the_tokenizer(folder: Path, languages: tuple[int, ...]) -> TokenShards:
    """Held-out rows of <unk> in these languages, of ordinary pieces in the other."""
    with ShardWriter(folder / "validation", 64) as writer:
        for language in (0, 1):
            writer.write([[0, *[3 if language in languages else 7] * 4, 2]], [language])
    write_json(folder / "shards.json", {"vocabulary": 64, "languages": ["aa", "bb"]})
    (folder / "tokenizer").mkdir()
    return TokenShards(Artifact(folder, Manifest.model_construct()), "validation")


def test_a_language_without_a_piece_to_mask_has_no_perplexity(masked_task, tmp_path: Path) -> None:
    task = masked_task()
    task.validation = unknown_to_the_tokenizer(tmp_path / "one", (1,))
    numbers = task.validate()
    assert numbers.keys() == {"perplexity", "perplexity.aa"}
    assert numbers["perplexity"] == numbers["perplexity.aa"]
    task.validation = unknown_to_the_tokenizer(tmp_path / "both", (0, 1))
    with pytest.raises(UserError, match="both: no held-out row has a piece that can be masked"):
        task.validate()


@pytest.mark.parametrize("bf16", [False, True])
def test_a_model_learns_the_toy_corpus(run, recorded, masked_task, tmp_path: Path, bf16: bool) -> None:
    task = recorded(masked_task(dropout=0.0, bf16=bf16))
    numbers = run(task, tmp_path, steps=60, bf16=bf16, validate_every=30)
    assert task.seen[0] == pytest.approx(math.log(64), abs=0.2)
    # A language has 8 pieces: below ln 8 = 2.08 the model reads the rest of the row.
    assert sum(task.seen[-5:]) / 5 < 1.5
    first, last = numbers["history"]
    assert last["perplexity"] < first["perplexity"]


def test_a_student_learns_from_a_teacher(run, recorded, masked_task, tmp_path: Path) -> None:
    teacher = masked_task(dropout=0.0)
    run(teacher, tmp_path / "teacher", steps=60)
    before = {name: t.clone() for name, t in teacher.model.state_dict().items()}
    task = masked_task(dropout=0.0)
    terms = Terms(weights={"soft": 1.0, "hidden": 1.0}, layers={1: 1})
    task.objective = Distillation(task.model, LiveTeacher(teacher.model), terms)
    task.model.eval()
    start = task.validate()["perplexity"]
    numbers = run(task, tmp_path / "student", steps=60)
    assert numbers["history"][-1]["perplexity"] < 0.2 * start
    assert all(torch.equal(t, before[name]) for name, t in teacher.model.state_dict().items())


def test_end_to_end_trains_as_padded_rows_do(run, recorded, masked_task, tmp_path: Path) -> None:
    seen, history = [], []
    for name, objective in (("padded", MaskedLm), ("packed", PackedMaskedLm)):
        task = masked_task(dropout=0.0)
        task.objective = objective(task.model)
        task = recorded(task)
        history.append(run(task, tmp_path / name, steps=12)["history"])
        seen.append(task.seen)
    assert len(seen[0]) == 12
    assert seen[1] == pytest.approx(seen[0], rel=1e-5)
    for one, other in zip(*history, strict=True):
        assert other == pytest.approx(one, rel=1e-5)
    # No position is padding: as many as there are pieces.
    task = masked_task(dropout=0.0)
    task.objective = PackedMaskedLm(task.model)
    batch = task.batches(0)[0]
    ids, _, borders, *_ = task.inputs(batch, 0)
    assert len(ids) == task.tokens(batch) == borders[-1]


@pytest.mark.parametrize(
    ("device", "dropout", "packs"), [("cuda", 0, True), ("cuda", 0.1, False), ("cpu", 0, False)]
)
def test_a_gpu_packs_where_no_attention_is_dropped(
    masked_task, device: str, dropout: float, packs: bool
) -> None:
    model = masked_task(dropout=dropout).model
    assert isinstance(masked_lm_for(model, torch.device(device)), PackedMaskedLm) == packs

    class Foreign(type(model)):
        pass

    model.__class__ = Foreign
    assert isinstance(masked_lm_for(model, torch.device(device)), MaskedLm)


def test_bits_per_character_by_hand(masked_task) -> None:
    task = masked_task()
    task.objective.eval()
    assert not any("bits" in name for name in task.validate())
    # Pieces of language aa have two characters, those of bb three.
    task._characters = np.where(np.arange(64) < 13, 2, 3)
    numbers = task.validate()
    bits = {name: math.log2(numbers[f"perplexity.{name}"]) for name in ("aa", "bb")}
    assert numbers["bits_per_character.aa"] == pytest.approx(bits["aa"] / 2)
    assert numbers["bits_per_character.bb"] == pytest.approx(bits["bb"] / 3)
    assert numbers["bits_per_character"] == pytest.approx((bits["aa"] / 2 + bits["bb"] / 3) / 2)


def test_operations_are_the_models(masked_task) -> None:
    task = masked_task()
    # Two layers of 32 and 64: 4H^2 + 2HF = 8192 weights, 6 operations each; attention 12 LH; a head at 15 %.
    head = 0.15 * 6 * (32 * 32 + 32 * 64)
    assert task.operations(16) == pytest.approx(2 * (6 * 8192 + 12 * 16 * 32) + head, abs=1)
    assert task.hidden == 32
