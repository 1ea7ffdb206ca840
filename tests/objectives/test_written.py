"""Soft targets of the likeliest pieces: the whole loss where all are there, a coarser choice where not."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from understudy.core.errors import UserError
from understudy.objectives.losses import soft_cross_entropy
from understudy.objectives.written import WrittenTeacher, top_cross_entropy


def scores(seed: int, *shape: int) -> Tensor:
    return 2 * torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


VALID = torch.tensor([True, True, False, True, False])


def likeliest(teacher: Tensor, k: int, temperature: float) -> tuple[Tensor, Tensor]:
    logs, top = (teacher / temperature).log_softmax(-1).topk(k)
    return top, logs


def loss_of(student: Tensor, top: Tensor, logs: Tensor, valid: Tensor, temperature: float) -> Tensor:
    ours = (student / temperature).log_softmax(-1).gather(1, top)
    return top_cross_entropy(ours, logs, valid, temperature)


@pytest.mark.parametrize("temperature", [1.0, 3.0])
def test_with_all_pieces_it_is_the_whole_loss(temperature: float) -> None:
    student, teacher = scores(0, 5, 8), scores(1, 5, 8)
    got = loss_of(student, *likeliest(teacher, 8, temperature), VALID, temperature)
    assert float(got) == pytest.approx(
        float(soft_cross_entropy(student, teacher, VALID, temperature)), rel=1e-9
    )


@pytest.mark.parametrize("k", [1, 3, 7])
def test_what_is_left_out_counts_as_one_class(k: int) -> None:
    student, teacher, temperature = scores(0, 5, 8), scores(1, 5, 8), 2.0
    due = 0.0
    for row in range(5):
        if not VALID[row]:
            continue
        p, q = (torch.softmax(x[row] / temperature, -1).tolist() for x in (teacher, student))
        kept = sorted(range(8), key=lambda v: -p[v])[:k]
        due -= sum(p[v] * math.log(q[v]) for v in kept)
        due -= (1 - sum(p[v] for v in kept)) * math.log(1 - sum(q[v] for v in kept))
    top, logs = likeliest(teacher, k, temperature)
    got = loss_of(student, top, logs, VALID, temperature)
    assert float(got) == pytest.approx(temperature**2 * due, rel=1e-9)
    student.requires_grad_(True)
    assert torch.autograd.gradcheck(lambda s: loss_of(s, top, logs, VALID, temperature), (student,))


def test_a_student_like_its_teacher_has_no_gradient() -> None:
    teacher = scores(1, 5, 8)
    student = teacher.clone().requires_grad_(True)
    loss_of(student, *likeliest(teacher, 3, 1.0), VALID, 1.0).backward()
    assert student.grad.abs().max() < 1e-12


def test_a_certain_student_of_a_certain_teacher_is_finite() -> None:
    certain = torch.tensor([[60.0, 0.0, 0.0]], requires_grad=True)
    top, logs = likeliest(certain.detach(), 1, 1.0)
    loss = loss_of(certain, top, logs.half(), torch.tensor([True]), 1.0)
    loss.backward()
    assert math.isfinite(loss.item()) and torch.isfinite(certain.grad).all()


def test_what_was_not_written_down_is_refused() -> None:
    teacher = WrittenTeacher(4, 16, [1, 3])
    teacher.want({1, 3}, set())
    with pytest.raises(
        UserError, match="targets: hold the states of layers 1, 3, and the map wants 0, 2; name"
    ):
        teacher.want({0, 1, 2}, set())
    with pytest.raises(UserError, match="attention relations are not written down"):
        teacher.want(set(), {3})
