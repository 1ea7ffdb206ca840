"""Soft targets and hidden states against slow references; the teacher stays out of training."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from understudy.core.errors import UserError
from understudy.core.recipe.distill_steps import LossWeights
from understudy.objectives.distillation import Distillation, HiddenMatch, layer_map
from understudy.objectives.losses import mean_losses, soft_cross_entropy
from understudy.objectives.masked_lm import MaskedLm

Masked = tuple[Tensor, Tensor, Tensor, Tensor]


def slow_soft(student: Tensor, teacher: Tensor, valid: Tensor, temperature: float) -> float:
    total = 0.0
    for s, t, counts in zip(student.tolist(), teacher.tolist(), valid.tolist(), strict=True):
        if not counts:
            continue
        norm_s = sum(math.exp(x / temperature) for x in s)
        norm_t = sum(math.exp(x / temperature) for x in t)
        for x, y in zip(s, t, strict=True):
            total -= math.exp(y / temperature) / norm_t * math.log(math.exp(x / temperature) / norm_s)
    return temperature**2 * total


def scores(seed: int, *shape: int) -> Tensor:
    return 2 * torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


VALID = torch.tensor([True, True, False, True, False])


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0, 7.0])
def test_soft_cross_entropy_by_the_formula(temperature: float) -> None:
    student, teacher = scores(0, 5, 8), scores(1, 5, 8)
    got = soft_cross_entropy(student, teacher, VALID, temperature)
    assert float(got) == pytest.approx(slow_soft(student, teacher, VALID, temperature), abs=1e-12)
    student.requires_grad_(True)
    assert torch.autograd.gradcheck(lambda s: soft_cross_entropy(s, teacher, VALID, temperature), (student,))


def test_positions_that_do_not_count_do_not_matter() -> None:
    student, teacher = scores(0, 5, 8), scores(1, 5, 8)
    before = soft_cross_entropy(student, teacher, VALID, 2.0)
    student[~VALID] = 9.0
    assert torch.equal(soft_cross_entropy(student, teacher, VALID, 2.0), before)
    assert soft_cross_entropy(student, teacher, torch.zeros(5, dtype=torch.bool), 2.0) == 0


def test_a_student_like_its_teacher_has_the_least_loss_and_no_gradient() -> None:
    teacher = scores(1, 5, 8)
    student = teacher.clone().requires_grad_(True)
    soft_cross_entropy(student, teacher, VALID, 3.0).backward()
    assert student.grad.abs().max() < 1e-12


def slow_match(match: HiddenMatch, student: list[Tensor], teacher: list[Tensor], mask: Tensor) -> float:
    def normalised(x: Tensor) -> Tensor:
        return (x - x.mean()) / (x.var(unbiased=False) + 1e-5).sqrt()

    terms = []
    for (mine, theirs), projection in zip(match.layers.items(), match.projections, strict=True):
        distances = [
            ((projection(normalised(student[mine][b, i])) - normalised(teacher[theirs][b, i])) ** 2).mean()
            for b in range(mask.shape[0])
            for i in range(mask.shape[1])
            if mask[b, i]
        ]
        terms.append(sum(distances))
    return float((sum(terms) / len(terms)).detach())


MASK = torch.tensor([[1, 1, 0], [1, 1, 1]])


@pytest.mark.parametrize("width", [6, 10])
def test_hidden_match_by_the_formula(width: int) -> None:
    torch.manual_seed(0)
    match = HiddenMatch(6, width, {0: 1, 1: 3}).double()
    student = [scores(i, 2, 3, 6) for i in range(2)]
    teacher = [scores(10 + i, 2, 3, width) for i in range(4)]
    assert float(match(student, teacher, MASK).detach()) == pytest.approx(
        slow_match(match, student, teacher, MASK), abs=1e-12
    )
    for state in student:
        state.requires_grad_(True)
    assert torch.autograd.gradcheck(lambda *states: match(list(states), teacher, MASK), tuple(student))


def test_a_projection_stands_only_between_different_widths() -> None:
    assert sum(p.numel() for p in HiddenMatch(6, 6, {0: 1, 1: 3}).parameters()) == 0
    assert sum(p.numel() for p in HiddenMatch(6, 10, {0: 1, 1: 3}).parameters()) == 2 * (6 * 10 + 10)


def test_scale_and_padding_of_a_state_do_not_matter() -> None:
    match = HiddenMatch(6, 6, {0: 0})
    student, teacher = scores(0, 2, 3, 6), scores(1, 2, 3, 6)
    before = match([student], [teacher], MASK)
    torch.testing.assert_close(match([student], [50 * teacher + 3], MASK), before, atol=1e-4, rtol=0)
    student[0, 2] = 100.0
    assert torch.equal(match([student], [teacher], MASK), before)
    assert match([teacher], [teacher], MASK) == 0


@pytest.mark.parametrize(
    ("student", "teacher", "layers"),
    [
        (4, 16, [3, 7, 11, 15]),
        (4, 4, [0, 1, 2, 3]),
        (4, 6, [0, 2, 3, 5]),
        (1, 12, [11]),
        (16, 29, [0, 2, 4, 6, 8, 9, 11, 13, 15, 17, 18, 20, 22, 24, 26, 28]),
        (6, 4, [0, 0, 1, 1, 2, 3]),
    ],
)
def test_layers_are_evenly_spaced_last_to_last(student: int, teacher: int, layers: list[int]) -> None:
    assert layer_map(student, teacher) == dict(enumerate(layers))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({4: 3}, "layers: the student has no layer 4; it has 0 to 3"),
        ({-1: 3}, "the student has no layer -1"),
        ({0: 16}, "the teacher has no layer 16; it has 0 to 15"),
        ({0: -1}, "the teacher has no layer -1"),
        ({}, "names no layer"),
    ],
)
def test_a_layer_that_does_not_exist_is_the_users_error(given: dict[int, int], message: str) -> None:
    with pytest.raises(UserError, match=message):
        layer_map(4, 16, given)
    assert layer_map(4, 16, {0: 15, 3: 0}) == {0: 15, 3: 0}


def distillation(make, *, temperature: float = 2.0, **weights: float) -> Distillation:
    return Distillation(
        make(seed=1),
        make(seed=2, layers=4, hidden=24),
        weights=LossWeights(**weights),
        temperature=temperature,
        layers=None,
    ).double()


def test_the_total_is_the_weighted_sum_of_the_parts(make, masked: Masked) -> None:
    both = distillation(make, mlm=0.5, soft=2.0, hidden=3.0)
    losses = mean_losses(both, *masked)
    ids, mask, selected, labels = masked
    teacher = make(seed=2, layers=4, hidden=24)
    valid = labels != -100
    flat = selected[valid]
    mine, theirs = (m(ids, mask).flatten(0, 1)[flat].detach() for m in (both.student, teacher))
    states: dict[str, list[Tensor]] = {"mine": [], "theirs": []}
    both.student.encoder(ids, mask, states["mine"])
    teacher.encoder(ids, mask, states["theirs"])
    due = {
        "mlm": float(mean_losses(MaskedLm(both.student), *masked).total),
        "soft": slow_soft(mine, theirs, torch.ones(len(flat)), 2.0) / len(flat),
        "hidden": slow_match(both.match, states["mine"], states["theirs"], mask) / int(mask.sum()),
    }
    assert both.match.layers == {0: 1, 1: 3}
    assert {name: float(part) for name, part in losses.parts.items()} == pytest.approx(due, rel=1e-8)
    assert float(losses.total) == pytest.approx(
        0.5 * due["mlm"] + 2 * due["soft"] + 3 * due["hidden"], rel=1e-8
    )


@pytest.mark.parametrize("part", ["mlm", "soft", "hidden"])
def test_a_part_of_weight_zero_is_not_computed(make, masked: Masked, part: str) -> None:
    one = distillation(make, **{"mlm": 0.0, "soft": 0.0, "hidden": 0.0, part: 1.5})
    losses = mean_losses(one, *masked)
    assert set(losses.parts) == {part}
    assert float(losses.total) == pytest.approx(1.5 * float(losses.parts[part]))


def test_the_teacher_learns_nothing_and_is_no_part_of_the_module(make, masked: Masked) -> None:
    both = distillation(make, mlm=1.0, soft=1.0, hidden=1.0)
    (teacher,) = both._teacher
    names = {name for name, _ in both.named_parameters()}
    assert names == set(both.state_dict())
    assert {name.split(".")[0] for name in names} == {"student", "match"}
    both.train()
    mean_losses(both, *masked).total.backward()
    assert not teacher.training
    assert all(p.grad is None and not p.requires_grad for p in teacher.parameters())
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in both.match.parameters())
    missing = [name for name, p in both.student.named_parameters() if p.grad is None or not p.grad.any()]
    assert missing == []


@pytest.mark.parametrize(
    ("sizes", "weights", "message"),
    [
        ({"vocabulary": 61}, {}, "teacher: the student has 60 pieces and the teacher 61; soft targets need"),
        ({"max_length": 11}, {}, "reads 12 pieces and the teacher only 11"),
        ({}, {"mlm": 0, "soft": 0}, "weights: every weight is 0"),
    ],
)
def test_a_pair_that_does_not_fit_is_the_users_error(
    make, sizes: dict[str, int], weights: dict[str, float], message: str
) -> None:
    with pytest.raises(UserError, match=message):
        Distillation(make(), make(**sizes), weights=LossWeights(**weights), temperature=1.0, layers=None)


@pytest.mark.parametrize("weights", [{}, {"mlm": 1, "soft": 0, "hidden": 1}])
def test_a_teacher_that_emits_nonsense_is_named(make, masked: Masked, weights: dict[str, float]) -> None:
    both = distillation(make, **weights)
    both._teacher[0].encoder.blocks[0].up.weight.data[0, 0] = math.nan
    with pytest.raises(UserError, match="the teacher emits values that are not finite"):
        both(*masked)
