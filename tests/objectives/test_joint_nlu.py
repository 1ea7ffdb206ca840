"""Joint loss of domains, intents and slot tags."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from understudy.core.recipe.heads import PAPER_A, Heads
from understudy.model.nlu import NluModel
from understudy.objectives.class_weights import class_weights
from understudy.objectives.losses import IGNORE, mean_losses
from understudy.objectives.nlu import JointNlu
from understudy.utterances.tags import LabelSet

LABELS = LabelSet(("a", "b"), ("d", "e"), {"a": "d", "b": "e"}, ("O", "B-x", "I-x"))
DOMAINS = torch.tensor([0, 1, IGNORE, 1, 0])
INTENTS = torch.tensor([0, 1, 1, IGNORE, 0])
Inputs = tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]
ALL = Heads.model_validate(["domain", "intent", "slots"])


@pytest.fixture
def model(make) -> NluModel:
    return NluModel(make(), LABELS, ALL).double().eval()


@pytest.fixture
def inputs(masked: tuple[Tensor, ...]) -> Inputs:
    """Tags at every second real piece."""
    ids, mask, *_ = masked
    generator = torch.Generator().manual_seed(0)
    places = torch.arange(1, ids.shape[1], 2).expand(len(ids), -1)
    tags = torch.randint(0, 3, places.shape, generator=generator)
    real = mask.gather(1, places)
    return ids, mask, DOMAINS, INTENTS, torch.where(real, places, 0), torch.where(real, tags, IGNORE)


def slow(model: NluModel, inputs: Inputs, weights: dict[str, Tensor] | None = None) -> dict[str, float]:
    """Mean losses, one label at a time."""
    ids, mask, domains, intents, places, tags = inputs
    scores = {name: torch.log_softmax(x, -1) for name, x in model(ids, mask).items()}
    found: dict[str, list[float]] = {"domain": [], "intent": [], "slots": []}
    for b in range(len(ids)):
        for name, labels in (("domain", domains), ("intent", intents)):
            if labels[b] != IGNORE:
                found[name].append(-float(scores[name][b, labels[b]]))
        for place, tag in zip(places[b].tolist(), tags[b].tolist(), strict=True):
            if tag != IGNORE:
                weight = float(weights["slots"][tag]) if weights else 1.0
                found["slots"].append(-float(scores["slots"][b, place, tag]) * weight)
    return {name: sum(values) / len(values) for name, values in found.items()}


@pytest.mark.parametrize("slot_weight", [0.0, 1.0, 2.5])
def test_means_over_labelled_utterances_and_pieces(
    model: NluModel, inputs: Inputs, slot_weight: float
) -> None:
    losses = mean_losses(JointNlu(model, slot_weight), *inputs)
    due = slow(model, inputs)
    assert {name: float(part) for name, part in losses.parts.items()} == pytest.approx(due, rel=1e-8)
    total = due["intent"] + due["domain"] + slot_weight * due["slots"]
    assert float(losses.total) == pytest.approx(total, rel=1e-8)


@pytest.mark.parametrize("heads", [["domain"], ["intent"], ["slots"], ["crf"], ["domain", "crf"]])
def test_there_is_a_part_for_each_head_and_no_other(make, inputs: Inputs, heads: list[str]) -> None:
    model = NluModel(make(), LABELS, Heads.model_validate(heads)).double().eval()
    objective = JointNlu(model)
    losses = mean_losses(objective, *inputs)
    due = {"slots" if name == "crf" else name for name in heads}
    assert set(losses.parts) == set(objective.weights) == set(objective.counts(*inputs)) == due


def test_a_crf_counts_the_path_and_divides_by_its_pieces(make, inputs: Inputs) -> None:
    model = NluModel(make(), LABELS, Heads.model_validate(["crf"])).double().eval()
    assert model.crf is not None
    with torch.no_grad():
        model.crf.between.copy_(torch.arange(9.0).view(3, 3) / 7)
    ids, mask, *_, places, tags = inputs
    scores = model(ids, mask)["slots"]
    total, pieces = 0.0, 0
    for b in range(len(ids)):
        own = tags[b][tags[b] != IGNORE]
        if len(own):
            at = scores[b, places[b][: len(own)]][None]
            all_there = torch.ones(1, len(own), dtype=torch.bool)
            total += float(model.crf.negative_log_likelihood(at, own[None], all_there).detach())
            pieces += len(own)
    assert float(mean_losses(JointNlu(model), *inputs).parts["slots"]) == pytest.approx(total / pieces)


def test_a_batch_without_one_labelled_piece_still_teaches_its_intents(make, inputs: Inputs) -> None:
    for heads in (PAPER_A, Heads.model_validate(["intent", "crf"])):
        model = NluModel(make(), LABELS, heads).double()
        losses = mean_losses(JointNlu(model), *inputs[:5], torch.full_like(inputs[5], IGNORE))
        assert losses.parts["slots"] == 0
        losses.total.backward()
        assert all(torch.isfinite(p.grad).all() for p in model.parameters() if p.grad is not None)


def test_class_weights_of_a_table_worked_out_by_hand() -> None:
    labels = np.array([0, 0, 0, 0, 1, IGNORE])
    # 1/4 and 1/1, times 5 / (4 * 1/4 + 1 * 1)
    assert class_weights(labels, 3, "inverse").tolist() == pytest.approx([0.625, 2.5, 0.0])
    # 1/2 and 1/1, times 5 / (4 * 1/2 + 1)
    assert class_weights(labels, 3, "sqrt").tolist() == pytest.approx([5 / 6, 5 / 3, 0.0])


def test_class_weights_weigh(model: NluModel, inputs: Inputs) -> None:
    weights = {"slots": torch.tensor([0.2, 3.0, 1.5], dtype=torch.float64)}
    got = mean_losses(JointNlu(model, class_weights=weights), *inputs).parts
    due = slow(model, inputs, weights)
    assert {name: float(part) for name, part in got.items()} == pytest.approx(due, rel=1e-8)


def test_label_smoothing_mixes_in_all_classes(model: NluModel, inputs: Inputs) -> None:
    got = float(mean_losses(JointNlu(model, label_smoothing=0.2), *inputs).parts["domain"])
    scores = torch.log_softmax(model(inputs[0], inputs[1])["domain"], -1)[DOMAINS != IGNORE]
    spread = -float(scores.mean())
    assert got == pytest.approx(0.8 * slow(model, inputs)["domain"] + 0.2 * spread, rel=1e-8)


def test_r_drop_adds_the_divergence_of_two_passes(model: NluModel, inputs: Inputs) -> None:
    objective = JointNlu(model, slot_weight=3.0, r_drop=2.0)
    assert objective.weights == {
        "intent": 1.0,
        "slots": 3.0,
        "domain": 1.0,
        "intent_consistency": 2.0,
        "slots_consistency": 6.0,
        "domain_consistency": 2.0,
    }
    # Without dropout both passes agree, and the rest of the loss is what it was.
    for module in objective.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    for block in model.encoder.blocks:
        block.dropout = block.attention_dropout = 0.0
    model.encoder.config = type(model.encoder.config)(**{**vars(model.encoder.config), "dropout": 0.0})
    objective.train()
    parts = {name: float(part) for name, part in mean_losses(objective, *inputs).parts.items()}
    due = slow(model, inputs)
    assert {name: parts[name] for name in due} == pytest.approx(due, rel=1e-8)
    assert [parts[f"{name}_consistency"] for name in due] == pytest.approx([0, 0, 0], abs=1e-9)


def test_the_divergence_is_the_symmetric_one(make, inputs: Inputs) -> None:
    """Two passes with given outcomes: log-probabilities (0.5, 0.5) and (0.9, 0.1)."""
    from understudy.objectives.nlu import _divergence

    scores = torch.tensor([[0.5, 0.5], [0.3, 0.7], [0.9, 0.1], [0.2, 0.8]]).log()
    labels = torch.tensor([1, IGNORE, 1, IGNORE])
    forth = 0.5 * np.log(0.5 / 0.9) + 0.5 * np.log(0.5 / 0.1)
    back = 0.9 * np.log(0.9 / 0.5) + 0.1 * np.log(0.1 / 0.5)
    assert float(_divergence(scores, labels)) == pytest.approx((forth + back) / 4, rel=1e-5)


def test_r_drop_leaves_a_crf_alone(make) -> None:
    model = NluModel(make(), LABELS, Heads.model_validate(["intent", "crf"]))
    assert "slots_consistency" not in JointNlu(model, r_drop=1.0).weights
