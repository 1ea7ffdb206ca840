"""A task with a teacher: how its rows are padded."""

from __future__ import annotations

import pytest
import torch

from understudy.core.recipe.heads import Heads
from understudy.core.recipe.optimization import Optimization
from understudy.model.config import EncoderConfig
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.nlu import NluModel
from understudy.tokenizer.subwords import Subwords
from understudy.tokenizer.train import train
from understudy.training.batches import batch_lengths
from understudy.training.taught_task import Lessons, TaughtTask
from understudy.utterances.frame import Frame, Slot
from understudy.utterances.tags import LabelSet

HEADS = Heads.model_validate({"intent": {"width": 16}, "slots": {"width": 16}})
FRAMES = [
    Frame(f"train-{verb}", "en-US", f"{verb} it", "home", verb, (Slot("thing", "it", 5, 7),))
    for verb in ("play", "stop")
]
TEXTS = [" ".join(["play the music now"] * times) for times in (1, 2, 3) for _ in range(8)]


@pytest.fixture(scope="module")
def subwords(tmp_path_factory: pytest.TempPathFactory) -> Subwords:
    folder = tmp_path_factory.mktemp("tokenizer")
    train(["play the music now", "stop it"] * 9, 22, "", 0, folder)
    return Subwords.load(folder)


def test_unlabelled_rows_are_padded_to_lengths_of_their_own(subwords: Subwords) -> None:
    config = EncoderConfig(
        vocabulary=subwords.vocabulary_size, layers=1, hidden=16, ffn=16, heads=2, max_length=64
    )
    student, teacher = (NluModel(MaskedLanguageModel(config), LabelSet.of(FRAMES), HEADS) for _ in range(2))
    weights = {"hard": 1.0, "intent": 1.0, "slots": 1.0, "domain": 1.0}
    lessons = Lessons(
        teacher=teacher, tokenizer=subwords, texts=TEXTS, labelled=0.1, weights=weights, temperature=1.0
    )
    settings = Optimization(tokens_per_batch=64, precision="fp32")
    task = TaughtTask(
        student, subwords, lessons=lessons, train=FRAMES, dev=FRAMES, settings=settings, max_length=64, seed=0
    )
    own = {len(encoding.ids) for encoding in subwords.encode_batch(TEXTS)}
    assert len(own) == 3 and min(own) > max(len(each.ids) for each in subwords.encode_batch(["play it"]))
    batches = task.batches(0)
    assert sum(len(batch.rows) for batch in batches) == len(task.lengths)
    assert own <= {batch.length for batch in batches}
    assert task.padded is not None
    assert task.padded.tolist() == batch_lengths(task.lengths, 64).tolist()
    assert all(bool(torch.isfinite(part).all()) for part in task.inputs(batches[0], 0))
