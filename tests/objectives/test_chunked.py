"""Chunked cross-entropies are the dense ones, and hold no tensor larger than a chunk of scores."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from understudy.objectives import chunks
from understudy.objectives.chunked import chunked_cross_entropy_sum, chunked_logsumexp
from understudy.objectives.chunked_soft import SoftTargets, chunked_cross_entropy_sums
from understudy.objectives.losses import IGNORE, soft_cross_entropy, summed_cross_entropy

POSITIONS, VOCABULARY, HIDDEN = 11, 37, 6
CHUNKS = [1, 5, 36, 37, 100]


def tensors(dtype: torch.dtype = torch.float64, seed: int = 0) -> tuple[Tensor, Tensor, Tensor]:
    """Hidden states, output matrix and bias; scores of up to about 10."""
    generator = torch.Generator().manual_seed(seed)
    shapes = ((POSITIONS, HIDDEN), (VOCABULARY, HIDDEN), (VOCABULARY,))
    made = (1.5 * torch.randn(shape, generator=generator, dtype=torch.float64) for shape in shapes)
    hidden, weight, bias = (x.to(dtype).requires_grad_() for x in made)
    return hidden, weight, bias


LABELS = torch.tensor([0, 36, 4, 5, IGNORE, 5, 35, 12, IGNORE, 20, 0])
VALID = LABELS != IGNORE


def outcome(loss: Tensor, inputs: tuple[Tensor, ...]) -> list[Tensor]:
    return [loss.detach(), *torch.autograd.grad(3 * loss, inputs)]


@pytest.mark.parametrize("chunk", CHUNKS)
@pytest.mark.parametrize("biased", [True, False])
def test_cross_entropy_is_the_dense_one(chunk: int, biased: bool) -> None:
    hidden, weight, bias = tensors()
    inputs = (hidden, weight, bias) if biased else (hidden, weight)
    used = bias if biased else None
    due = outcome(summed_cross_entropy(F.linear(hidden, weight, used), LABELS), inputs)
    got = outcome(chunked_cross_entropy_sum(hidden, weight, used, LABELS, chunk), inputs)
    for one, other in zip(got, due, strict=True):
        torch.testing.assert_close(one, other, atol=1e-12, rtol=1e-12)


@pytest.mark.parametrize("chunk", CHUNKS)
@pytest.mark.parametrize("temperature", [1.0, 2.5])
@pytest.mark.parametrize("weights", [(1.0, 0.0), (0.0, 1.0), (0.7, 1.9)])
def test_both_cross_entropies_are_the_dense_ones(
    chunk: int, temperature: float, weights: tuple[float, float]
) -> None:
    student, teacher = tensors(), tensors(seed=1)
    scores = F.linear(*student)
    soft = soft_cross_entropy(scores, F.linear(*teacher).detach(), VALID, temperature)
    due = (summed_cross_entropy(scores, LABELS), soft)
    got = chunked_cross_entropy_sums(student, SoftTargets(teacher, temperature, chunk), LABELS)
    torch.testing.assert_close(got, due, atol=1e-11, rtol=1e-11)
    totals = [weights[0] * hard + weights[1] * soft for hard, soft in (got, due)]
    for one, other in zip(*(outcome(total, student) for total in totals), strict=True):
        torch.testing.assert_close(one, other, atol=1e-11, rtol=1e-11)


def test_the_teacher_gets_no_gradient_and_may_have_another_width() -> None:
    student, teacher = tensors(), tensors(seed=1)
    hidden, weight = (x.detach()[:, :4].requires_grad_() for x in teacher[:2])
    _, loss = chunked_cross_entropy_sums(student, SoftTargets((hidden, weight, None), 2.0, 8), LABELS)
    dense = soft_cross_entropy(F.linear(*student), F.linear(hidden, weight), VALID, 2.0)
    torch.testing.assert_close(loss, dense)
    loss.backward()
    assert hidden.grad is None and weight.grad is None and student[0].grad is not None


def test_gradcheck() -> None:
    student, teacher = tensors(), [x.detach() for x in tensors(seed=1)]

    def hard(*inputs: Tensor) -> Tensor:
        return chunked_cross_entropy_sum(*inputs, LABELS, 10)

    def both(*inputs: Tensor) -> tuple[Tensor, Tensor]:
        return chunked_cross_entropy_sums(inputs, SoftTargets(tuple(teacher), 1.7, 10), LABELS)

    for function in (hard, both):
        assert torch.autograd.gradcheck(function, student)


def test_only_the_gradients_that_are_wanted() -> None:
    hidden, weight, bias = tensors()
    weight.requires_grad_(False)
    (got,) = torch.autograd.grad(chunked_cross_entropy_sum(hidden, weight, bias, LABELS, 10), hidden)
    (due,) = torch.autograd.grad(summed_cross_entropy(F.linear(hidden, weight, bias), LABELS), hidden)
    torch.testing.assert_close(got, due)


def test_scores_far_apart_do_not_overflow() -> None:
    hidden, weight, bias = (x.detach() for x in tensors())
    hidden = (100 * hidden).requires_grad_()
    loss = chunked_cross_entropy_sum(hidden, weight, bias, LABELS, 7)
    torch.testing.assert_close(loss, summed_cross_entropy(F.linear(hidden, weight, bias), LABELS))
    assert torch.isfinite(torch.autograd.grad(loss, hidden)[0]).all()
    _, soft = chunked_cross_entropy_sums(
        (hidden, weight, bias), SoftTargets((hidden, -weight, bias), 1.0, 7), LABELS
    )
    dense = soft_cross_entropy(
        F.linear(hidden, weight, bias), F.linear(hidden, -weight, bias).detach(), VALID, 1.0
    )
    torch.testing.assert_close(soft, dense)
    torch.testing.assert_close(torch.autograd.grad(soft, hidden), torch.autograd.grad(dense, hidden))


def test_without_a_label_the_loss_is_0() -> None:
    hidden, weight, bias = tensors()
    loss = chunked_cross_entropy_sum(hidden, weight, bias, torch.full((POSITIONS,), IGNORE), 10)
    assert loss.item() == 0
    assert all((grad == 0).all() for grad in torch.autograd.grad(loss, (hidden, weight, bias)))


@pytest.mark.parametrize("how", ["inputs", "autocast"])
def test_in_bfloat16_sums_are_in_float32(how: str) -> None:
    inputs = tensors(torch.bfloat16 if how == "inputs" else torch.float32)
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=how == "autocast"):
        dense = summed_cross_entropy(F.linear(*inputs), LABELS)
        loss = chunked_cross_entropy_sum(*inputs, LABELS, 10)
        targets = SoftTargets(tensors(torch.float32, seed=1), 1.0, 10)
        both = chunked_cross_entropy_sums(inputs, targets, LABELS)
    assert [each.dtype for each in (loss, *both)] == [torch.float32] * 3
    # The same scores, rounded alike; only the order of the sums differs.
    torch.testing.assert_close(loss, dense, atol=1e-5, rtol=1e-6)
    for one, other in zip(outcome(loss, inputs), outcome(dense, inputs), strict=True):
        assert one.dtype == other.dtype
        torch.testing.assert_close(one, other, atol=0.02 * float(other.abs().max()), rtol=0.02)


@pytest.fixture
def products(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The pieces of every product made."""
    made: list[int] = []
    linear = F.linear

    def counted(*given: Tensor) -> Tensor:
        made.append(len(given[1]))
        return linear(*given)

    monkeypatch.setattr(F, "linear", counted)
    return made


def test_scores_that_are_kept_are_those_that_are_made_again(
    monkeypatch: pytest.MonkeyPatch, products: list[int]
) -> None:
    inputs = tensors(torch.float32)

    def once() -> list[Tensor]:
        products.clear()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = chunked_cross_entropy_sum(*inputs, LABELS, 10)
        return outcome(loss, inputs)

    kept = once()
    assert products == [10, 10, 10, 7]
    monkeypatch.setattr(chunks, "KEPT", 2 * POSITIONS * VOCABULARY - 1)
    again = once()
    assert sum(products) == 2 * VOCABULARY
    assert all(torch.equal(one, other) for one, other in zip(kept, again, strict=True))


@pytest.mark.parametrize("temperature", [1.0, 2.0])
def test_a_teacher_whose_scores_are_kept_is_asked_once_by_all_students(
    monkeypatch: pytest.MonkeyPatch, products: list[int], temperature: float
) -> None:
    students, teacher = [tensors(torch.float32, seed=n) for n in (0, 2, 3)], tensors(torch.float32, seed=1)

    def once() -> list[list[Tensor]]:
        products.clear()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            targets = SoftTargets(teacher, temperature, 10)
            losses = [sum(chunked_cross_entropy_sums(each, targets, LABELS)) for each in students]
        return [outcome(loss, each) for loss, each in zip(losses, students, strict=True)]

    kept = once()
    assert sum(products) == (1 + len(students)) * VOCABULARY
    monkeypatch.setattr(chunks, "KEPT", 0)
    again = once()
    assert sum(products) == 2 * 2 * len(students) * VOCABULARY
    for ours, others in zip(kept, again, strict=True):
        for one, other in zip(ours, others, strict=True):
            # A kept probability has eight bits.
            torch.testing.assert_close(one, other, rtol=0.02, atol=0.005 * float(other.abs().max()))


def test_without_gradients_nothing_is_kept() -> None:
    inputs = tensors(torch.bfloat16)
    assert SoftTargets(inputs, 1.0, 10).kept
    with torch.no_grad():
        assert not SoftTargets(inputs, 1.0, 10).kept


@pytest.mark.parametrize("chunk", CHUNKS)
def test_the_logarithm_of_the_sum_and_the_scores_picked(chunk: int) -> None:
    inputs = tensors()
    picks = torch.stack([LABELS, LABELS.flip(0), torch.arange(POSITIONS)], dim=1)
    there = picks >= 0

    def dense(*given: Tensor) -> tuple[Tensor, Tensor]:
        scores = F.linear(*given)
        return scores.logsumexp(-1), torch.where(there, scores.gather(1, picks.clamp(min=0)), 0.0)

    def mine(*given: Tensor) -> tuple[Tensor, Tensor]:
        return chunked_logsumexp(given, picks, chunk)

    weights = torch.randn(POSITIONS, 3, dtype=torch.float64)
    totals = [
        (weights[:, 0] * normaliser).sum() + (weights * picked.tanh()).sum()
        for normaliser, picked in (mine(*inputs), dense(*inputs))
    ]
    for got, due in zip(*(outcome(total, inputs) for total in totals), strict=True):
        torch.testing.assert_close(got, due, atol=1e-11, rtol=1e-11)


class Largest(TorchDispatchMode):
    """The elements of the largest tensor that any operation makes."""

    elements = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        if isinstance(out, Tensor):
            self.elements = max(self.elements, out.numel())
        return out


@pytest.mark.parametrize("soft", [False, True])
def test_no_tensor_is_larger_than_a_chunk_of_scores_or_a_gradient(soft: bool) -> None:
    positions, vocabulary, hidden, chunk = 200, 1000, 4, 50
    student, weight = torch.randn(positions, hidden), torch.randn(vocabulary, hidden)
    labels = torch.arange(positions)

    def largest(run: Callable[[Tensor, Tensor], Tensor]) -> int:
        with Largest() as mode:
            run(student.requires_grad_(), weight.requires_grad_()).backward()
        return mode.elements

    def chunked(h: Tensor, w: Tensor) -> Tensor:
        if soft:
            teacher = (student.detach(), weight.detach(), None)
            return sum(chunked_cross_entropy_sums((h, w, None), SoftTargets(teacher, 1.0, chunk), labels))
        return chunked_cross_entropy_sum(h, w, None, labels, chunk)

    assert largest(chunked) == positions * chunk
    assert largest(lambda h, w: summed_cross_entropy(h @ w.T, labels)) == positions * vocabulary
