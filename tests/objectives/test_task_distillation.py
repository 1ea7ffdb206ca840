"""A teacher's intents, domains and tags: by the formula, by their names, and no part of what is trained."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
import torch
from torch import Tensor

from understudy.core.errors import UserError
from understudy.core.recipe.heads import Heads
from understudy.model.nlu import NluModel
from understudy.objectives.losses import IGNORE, mean_losses
from understudy.objectives.nlu import JointNlu
from understudy.objectives.task_distillation import NOWHERE, TaskTeacher, TaughtNlu
from understudy.utterances.tags import LabelSet

LABELS = LabelSet(("a", "b"), ("d", "e"), {"a": "d", "b": "e"}, ("O", "B-x", "I-x"))
MORE = LabelSet(
    ("c", "b", "a"), ("e", "d"), {"a": "d", "b": "e", "c": "e"}, ("O", "B-w", "I-w", "B-x", "I-x")
)
ALL = ["domain", "intent", "slots"]
WEIGHTS = {"hard": 0.5, "intent": 2.0, "slots": 3.0, "domain": 4.0}
Inputs = tuple[Tensor, ...]


def nlu(make, seed: int, labels: LabelSet = LABELS, heads: object = ALL, **sizes: int) -> NluModel:
    model = NluModel(make(seed=seed, **sizes), labels, Heads.model_validate(heads)).double().eval()
    with torch.no_grad():
        for parameter in model.head_parameters():
            parameter.add_(0.5 * torch.randn_like(parameter))
    return model


def taught(make, *, temperature: float = 2.0, heads: object = ALL, teacher=None) -> TaughtNlu:
    teacher = teacher or nlu(make, 2, hidden=24, layers=3)
    student = nlu(make, 1, heads=heads)
    return TaughtNlu(JointNlu(student, 0.7), TaskTeacher(teacher, student), WEIGHTS, temperature).double()


@pytest.fixture
def inputs(masked: tuple[Tensor, ...]) -> Inputs:
    """The second and fourth row are not labelled; the teacher sees the student's pieces, but one unit."""
    ids, mask, *_ = masked
    places = torch.arange(1, ids.shape[1], 2).expand(len(ids), -1)
    real = mask.bool().gather(1, places)
    tags = torch.where(real, 1, IGNORE)
    tags[1], tags[3] = IGNORE, IGNORE
    intents = torch.tensor([0, IGNORE, 1, IGNORE, 0])
    theirs = torch.where(real, places, NOWHERE)
    theirs[1, 3] = NOWHERE
    return ids, mask, intents, intents, torch.where(real, places, 0), tags, ids, mask, theirs


def slow_soft(ours: Tensor, theirs: Tensor, temperature: float) -> float:
    p, q = (torch.softmax(x / temperature, -1).tolist() for x in (theirs, ours))
    return -(temperature**2) * sum(a * math.log(b) for a, b in zip(p, q, strict=True))


def test_each_part_by_the_formula(make, inputs: Inputs) -> None:
    both = taught(make)
    losses = mean_losses(both, *inputs)
    ids, mask, places, theirs = inputs[0], inputs[1], inputs[4], inputs[8]
    student, teacher = (m(ids, mask) for m in (both.joint.model, nlu(make, 2, hidden=24, layers=3)))
    due = {name: part.item() for name, part in mean_losses(both.joint, *inputs[:6]).parts.items()}
    for head in ("intent", "domain"):
        each = [slow_soft(o, t, 2.0) for o, t in zip(student[head], teacher[head], strict=True)]
        due[f"{head}_taught"] = sum(each) / len(each)
    each = [
        slow_soft(student["slots"][row, place], teacher["slots"][row, place], 2.0)
        for row in range(len(ids))
        for place, seen in zip(places[row], theirs[row], strict=True)
        if seen != NOWHERE
    ]
    due["slots_taught"] = sum(each) / len(each)
    assert both.counts(*inputs)["slots_taught"] == len(each) == int((theirs != NOWHERE).sum())
    assert {name: part.item() for name, part in losses.parts.items()} == pytest.approx(due, rel=1e-8)
    weights = {"intent": 0.5, "domain": 0.5, "slots": 0.35}
    weights |= {"intent_taught": 2.0, "domain_taught": 4.0, "slots_taught": 2.1}
    assert both.weights == pytest.approx(weights)
    assert losses.total.item() == pytest.approx(sum(weights[n] * value for n, value in due.items()))


def test_labels_go_by_their_names(make, inputs: Inputs) -> None:
    teacher, student = nlu(make, 2, labels=MORE), nlu(make, 1)
    ids, mask, places = inputs[6:]
    told = TaskTeacher(teacher, student)(ids, mask, places)
    scores = teacher(ids, mask, places.clamp(min=0))
    for head, columns in {"intent": [2, 1], "domain": [1, 0], "slots": [0, 3, 4]}.items():
        due = torch.log_softmax(scores[head][..., columns], -1)
        torch.testing.assert_close(told[head], due)


def test_what_the_teacher_does_not_know_it_holds_for_impossible(make, inputs: Inputs) -> None:
    both = taught(make, teacher=nlu(make, 2, labels=LABELS))
    student = nlu(make, 1, labels=MORE)
    told = TaskTeacher(both._teacher[0].model, student)(*inputs[6:])
    assert torch.isneginf(told["intent"][:, 0]).all() and not torch.isinf(told["intent"][:, 1:]).any()
    losses = mean_losses(
        TaughtNlu(JointNlu(student, 1.0), TaskTeacher(both._teacher[0].model, student), WEIGHTS, 2.0), *inputs
    )
    losses.total.backward()
    assert math.isfinite(losses.total.item())
    assert all(torch.isfinite(p.grad).all() for p in student.parameters() if p.grad is not None)


CRF = {"intent": {}, "crf": {}}


def test_the_tags_of_a_teacher_with_a_crf_are_its_marginals(make, inputs: Inputs) -> None:
    teacher, student = nlu(make, 2, heads=CRF), nlu(make, 1)
    ids, mask, places = inputs[6:]
    told = TaskTeacher(teacher, student)(ids, mask, places)["slots"]
    scores = teacher(ids, mask, places.clamp(min=0))["slots"]
    row, length = 0, int((places[0] != NOWHERE).sum())
    crf, tags = teacher.crf, len(LABELS.tags)
    total: dict[tuple[int, int], float] = {}
    for path in torch.cartesian_prod(*[torch.arange(tags)] * length).view(-1, length).tolist():
        score = crf.start[path[0]] + crf.end[path[-1]]
        score = score + sum(scores[row, i, tag] for i, tag in enumerate(path))
        score = score + sum(crf.between[a, b] for a, b in pairwise(path))
        for i, tag in enumerate(path):
            total[i, tag] = total.get((i, tag), 0.0) + math.exp(float(score.detach()))
    for i in range(length):
        whole = sum(total[i, tag] for tag in range(tags))
        for tag in range(tags):
            assert told[row, i, tag].exp().item() == pytest.approx(total[i, tag] / whole, rel=1e-4)


def test_a_students_crf_learns_the_teachers_best_path(make, inputs: Inputs) -> None:
    both = taught(make, heads=CRF)
    inputs[8][2, 0] = NOWHERE  # the chain is broken at once
    sums, counts = both(*inputs), both.counts(*inputs)
    told = both._teacher[0](*inputs[6:])["slots"]
    student = both.joint.model
    scores = student(inputs[0], inputs[1], inputs[4])["slots"]
    due, seen = 0.0, 0
    for row in range(len(scores)):
        length = int((inputs[8][row] != NOWHERE).long().cumprod(0).sum())
        if not length:
            continue
        seen += length
        mask = torch.ones(1, length, dtype=torch.bool)
        paths = torch.cartesian_prod(*[torch.arange(3)] * length).view(-1, length)
        legal = [
            p
            for p in paths.tolist()
            if all(b != 2 or a in (1, 2) for a, b in zip([0, *p[:-1]], p, strict=True))
        ]
        best = max(legal, key=lambda p: sum(told[row, i, tag].item() for i, tag in enumerate(p)))
        due += student.crf.negative_log_likelihood(
            scores[row : row + 1, :length], torch.tensor([best]), mask
        ).item()
    assert counts["slots_taught"] == seen
    assert sums["slots_taught"].item() == pytest.approx(due, rel=1e-8)


def test_the_teacher_learns_nothing_and_is_no_part_of_the_module(make, inputs: Inputs) -> None:
    both = taught(make)
    teacher = both._teacher[0].model
    with_crf = taught(make, heads=CRF)
    assert {name.split(".")[0] for name in with_crf.state_dict()} == {"joint"}
    assert {name.split(".")[0] for name in both.state_dict()} == {"joint"}
    both.train()
    mean_losses(both, *inputs).total.backward()
    assert not teacher.training and all(p.grad is None for p in teacher.parameters())
    assert all(p.grad.abs().sum() > 0 for p in both.joint.model.head_parameters())


def test_a_teacher_that_cannot_teach_is_named(make, inputs: Inputs) -> None:
    with pytest.raises(UserError, match="the teacher has the heads intent, and the student none of them"):
        taught(make, teacher=nlu(make, 2, heads=["intent"]), heads=["slots"])
    strange = LabelSet(("z",), ("y",), {"z": "y"}, ("O", "B-v", "I-v"))
    with pytest.raises(
        UserError, match=r"taught.model: the teacher's intent labels and the student's have no"
    ):
        taught(make, teacher=nlu(make, 2, labels=strange))
    both = taught(make)
    both._teacher[0].model.heads["intent"][0].weight.data[0, 0] = math.nan
    with pytest.raises(UserError, match=r"taught.model: the teacher emits values that are not finite"):
        both(*inputs)
