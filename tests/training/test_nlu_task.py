"""Fine-tuning on frames: what a batch holds, what picks the best weights, prediction."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from understudy.core.errors import UserError
from understudy.core.recipe.heads import Heads
from understudy.core.recipe.optimization import Optimization
from understudy.metrics.nlu import score
from understudy.model.config import EncoderConfig
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.nlu import NluModel
from understudy.objectives.losses import IGNORE
from understudy.tokenizer.subwords import Subwords
from understudy.tokenizer.train import train
from understudy.training import nlu_scores
from understudy.training.nlu_task import NluTask, predict_frames
from understudy.utterances.frame import Frame, Slot
from understudy.utterances.tags import LabelSet, tag_pieces

HEADS = Heads.model_validate({"intent": {"width": 16}, "slots": {"width": 16}})
THINGS = ["music", "window", "kitchen", "weather", "coffee", "taxi", "lights", "alarm"]


def frames(split: str) -> list[Frame]:
    """Play one of eight things, or stop it; the thing is the slot."""
    made = []
    for number, thing in enumerate(THINGS):
        for verb in ("play", "stop"):
            text = f"{verb} the {thing}" + (" now" if number % 2 else "")
            slot = Slot("thing", thing, 9, 9 + len(thing))
            locale = "en-US" if number % 3 else "de-DE"
            made.append(Frame(f"{split}-{verb}-{thing}", locale, text, "home", verb, (slot,)))
    return made


@pytest.fixture(scope="module")
def subwords(tmp_path_factory: pytest.TempPathFactory) -> Subwords:
    folder = tmp_path_factory.mktemp("tokenizer")
    train([frame.text for frame in frames("train")] * 3, 34, "", 0, folder)
    return Subwords.load(folder)


@pytest.fixture
def task(subwords: Subwords) -> NluTask:
    torch.manual_seed(0)
    config = EncoderConfig(
        vocabulary=subwords.vocabulary_size, layers=1, hidden=32, ffn=64, heads=2, max_length=32, dropout=0.0
    )
    model = NluModel(MaskedLanguageModel(config), LabelSet.of(frames("train")), HEADS)
    return NluTask(
        model,
        subwords,
        train=frames("train"),
        dev=frames("dev"),
        settings=Optimization(tokens_per_batch=128, precision="fp32"),
        max_length=32,
        slot_weight=1.0,
        seed=0,
    )


def test_a_batch_holds_pieces_tags_and_intents_of_its_rows(task: NluTask, subwords: Subwords) -> None:
    source, labels, rows = frames("train"), task.model.labels, []
    for batch in task.batches(0):
        ids, mask, domains, intents, places, tags = task.inputs(batch, 0)
        assert places.shape == tags.shape and places.shape[1] % 4 == 0
        rows += batch.rows.tolist()
        assert task.tokens(batch) == int(mask.sum())
        assert ids.shape == (len(batch.rows), batch.length)
        for place, row in enumerate(batch.rows):
            encoding = subwords.encode(source[row].text)
            length = len(encoding.ids)
            assert ids[place].tolist() == encoding.ids + [1] * (batch.length - length)
            assert mask[place].tolist() == [True] * length + [False] * (batch.length - length)
            due = tag_pieces(source[row], encoding.offsets, labels)
            kept = [(at, tag) for at, tag in enumerate(due) if tag != IGNORE]
            empty = [(0, IGNORE)] * (tags.shape[1] - len(kept))
            assert list(zip(places[place].tolist(), tags[place].tolist(), strict=True)) == kept + empty
            assert labels.domains[domains[place]] == "home"
            assert labels.intents[intents[place]] == source[row].intent
    assert sorted(rows) == list(range(16))


def test_it_learns_and_keeps_the_best_of_dev(run, task: NluTask, tmp_path: Path) -> None:
    before = {name: t.clone() for name, t in task.objective.state_dict().items()}
    start = task.validate()
    numbers = run(task, tmp_path, steps=80, validate_every=None, checkpoint_every=1000)
    best = max(entry["score"] for entry in numbers["history"])
    assert start["score"] < 0.3
    assert best > 0.9
    assert task.validate()["score"] == pytest.approx(best, abs=1e-5)
    after = task.objective.state_dict()
    frozen = {name for name in before if torch.equal(before[name], after[name])}
    assert frozen == {name for name in before if name.startswith("model.base.head_")}


def test_the_score_is_macro_exact_match(task: NluTask) -> None:
    task.objective.eval()
    predicted = predict_frames(task.model, task.subwords, task.dev, 32)
    measures = score(task.dev, predicted)
    by_locale = [numbers["exact_match"] for numbers in measures["by_locale"].values()]
    assert len(by_locale) == 2
    assert task.validate()["score"] == pytest.approx(sum(by_locale) / 2)


def test_predictions_are_in_order_and_the_same_in_any_batch(
    run, task: NluTask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(task, tmp_path, steps=30)
    sources = [Frame(f.id, f.locale, f.text, "?", "?", ()) for f in frames("dev")]
    together = predict_frames(task.model, task.subwords, sources, 32)
    assert [(f.id, f.locale, f.text) for f in together] == [(f.id, f.locale, f.text) for f in sources]
    assert len({f.intent for f in together}) == 2
    monkeypatch.setattr(nlu_scores, "PREDICTION_TOKENS", 1)
    for one, other in zip(together, predict_frames(task.model, task.subwords, sources, 32), strict=True):
        assert (one.intent, one.slots) == (other.intent, other.slots)
        assert one.confidence == pytest.approx(other.confidence, abs=1e-5)


def test_utterances_that_are_cut_are_counted(task: NluTask, subwords: Subwords) -> None:
    lengths = sorted(
        len(encoding.ids) for encoding in subwords.encode_batch([f.text for f in frames("train")])
    )
    assert task.cut == 0 and lengths[0] < lengths[-1]
    for limit in (lengths[0], lengths[-1]):  # one of just so many pieces is whole
        settings = {"settings": task.settings, "max_length": limit, "seed": 0}
        cut = NluTask(task.model, subwords, train=frames("train"), dev=[], **settings).cut
        assert cut == sum(length > limit for length in lengths)


def test_a_text_longer_than_the_model_is_cut(task: NluTask) -> None:
    long = Frame("1", "en-US", "play the music " * 40, "?", "?", ())
    empty = Frame("2", "en-US", "", "?", "?", ())
    task.objective.eval()
    cut, nothing = predict_frames(task.model, task.subwords, [long, empty], 32)
    assert cut.text == long.text
    assert all(slot.end < 200 for slot in cut.slots)
    assert nothing.slots == ()


def test_nothing_to_predict_is_the_users_error(task: NluTask) -> None:
    with pytest.raises(UserError, match="there is no utterance to predict"):
        predict_frames(task.model, task.subwords, [], 32)


def test_an_intent_that_training_never_saw_has_no_label(subwords: Subwords, task: NluTask) -> None:
    strange = Frame("1", "en-US", "stop", "home", "strange", ())
    other = NluTask(
        task.model,
        subwords,
        train=[*frames("train"), strange],
        dev=frames("dev"),
        settings=Optimization(tokens_per_batch=4096, precision="fp32"),
        max_length=32,
        slot_weight=0.0,
        seed=0,
    )
    assert np.flatnonzero(other._intents == IGNORE).tolist() == [16]
    task.settings = other.settings
    for each in (task, other):
        each.objective.eval()
    sums = [
        sum(float(each.objective(*each.inputs(b, 0))["intent"]) for b in each.batches(0))
        for each in (task, other)
    ]
    assert sums[0] == pytest.approx(sums[1], rel=1e-4)
