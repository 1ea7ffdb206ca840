"""Hidden states and attention relations against slow references in double precision."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from understudy.core.errors import UserError
from understudy.objectives.matching import HiddenMatch, RelationMatch, layer_map
from understudy.objectives.projections import Projections
from understudy.objectives.words import means_of_words


def values(seed: int, *shape: int) -> Tensor:
    return 2 * torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


MASK = torch.tensor([[1, 1, 0], [1, 1, 1]])


def slow_match(
    match: HiddenMatch, student: dict[int, Tensor], teacher: dict[int, Tensor], mask: Tensor
) -> float:
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


@pytest.mark.parametrize("width", [6, 10])
def test_hidden_match_by_the_formula(width: int) -> None:
    torch.manual_seed(0)
    match = HiddenMatch(6, width, {0: 1, 1: 3}).double()
    student = {i: values(i, 2, 3, 6) for i in range(2)}
    teacher = {i: values(10 + i, 2, 3, width) for i in (1, 3)}
    assert float(match(student, teacher, MASK).detach()) == pytest.approx(
        slow_match(match, student, teacher, MASK), abs=1e-12
    )
    states = [state.requires_grad_(True) for state in student.values()]
    assert torch.autograd.gradcheck(lambda *s: match(dict(enumerate(s)), teacher, MASK), states)


def test_a_projection_stands_only_between_different_widths() -> None:
    assert sum(p.numel() for p in HiddenMatch(6, 6, {0: 1, 1: 3}).parameters()) == 0
    assert sum(p.numel() for p in HiddenMatch(6, 10, {0: 1, 1: 3}).parameters()) == 2 * (6 * 10 + 10)


def test_scale_and_padding_of_a_state_do_not_matter() -> None:
    match = HiddenMatch(6, 6, {0: 0})
    student, teacher = values(0, 2, 3, 6), values(1, 2, 3, 6)
    before = match({0: student}, {0: teacher}, MASK)
    torch.testing.assert_close(match({0: student}, {0: 50 * teacher + 3}, MASK), before, atol=1e-4, rtol=0)
    student[0, 2] = math.nan
    assert torch.equal(match({0: student}, {0: teacher}, MASK), before)
    assert match({0: teacher}, {0: teacher}, MASK) == 0


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


def slow_relations(
    student: tuple[Tensor, ...], teacher: tuple[Tensor, ...], mask: Tensor, heads: int
) -> float:
    def relation(x: Tensor, i: int, head: int, real: list[int]) -> list[float]:
        size = x.shape[-1] // heads
        cut = x[:, head * size : (head + 1) * size]
        scores = [float(cut[i] @ cut[j]) / math.sqrt(size) for j in real]
        total = sum(math.exp(s) for s in scores)
        return [math.exp(s) / total for s in scores]

    total = 0.0
    for ours, theirs in zip(student, teacher, strict=True):
        for row in range(mask.shape[0]):
            real = [j for j in range(mask.shape[1]) if mask[row, j]]
            for head in range(heads):
                for i in real:
                    p, q = relation(theirs[row], i, head, real), relation(ours[row], i, head, real)
                    total += sum(a * math.log(a / b) for a, b in zip(p, q, strict=True))
    return total / (3 * heads)


@pytest.mark.parametrize("heads", [1, 2, 4])
def test_relations_by_the_formula(heads: int) -> None:
    match = RelationMatch((2, 4), (4, 8), (1, 3), heads)
    student = tuple(values(i, 2, 3, 4) / 2 for i in range(3))
    teacher = tuple(values(10 + i, 2, 3, 8) / 2 for i in range(3))
    due = slow_relations(student, teacher, MASK, heads)
    assert due > 0.1
    assert float(match(student, teacher, MASK)) == pytest.approx(due, abs=1e-12)
    for each in student:
        each.requires_grad_(True)
    assert torch.autograd.gradcheck(lambda *s: match(s, teacher, MASK), student)


def test_relations_keep_their_precision_under_autocast() -> None:
    match = RelationMatch((1, 8), (1, 8), (0, 0), 2)
    student, teacher = (tuple(6 * values(a + i, 2, 3, 8).float() for i in range(3)) for a in (0, 7))
    due = match(student, teacher, MASK)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert torch.equal(match(student, teacher, MASK), due)


def test_relations_do_not_see_padding_and_are_least_for_equals() -> None:
    match = RelationMatch((1, 4), (1, 4), (0, 0), 2)
    student, teacher = (tuple(values(i, 2, 3, 4) for i in (a, a + 1, a + 2)) for a in (0, 7))
    before = match(student, teacher, MASK)
    for each in (*student, *teacher):
        each[0, 2] = 40.0
    assert torch.equal(match(student, teacher, MASK), before)
    assert float(match(teacher, teacher, MASK)) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("layers", "heads", "message"),
    [
        ((2, 3), 2, "relations.student: the student has no layer 2; it has 0 to 1"),
        ((1, 4), 2, "relations.teacher: the teacher has no layer 4"),
        ((1, 3), 3, "relations.heads: 3 relation heads do not divide the student's width 4"),
        ((1, 3), 4, "4 relation heads do not divide the teacher's width 6"),
    ],
)
def test_relations_that_cannot_be_are_the_users_error(
    layers: tuple[int, int], heads: int, message: str
) -> None:
    with pytest.raises(UserError, match=message):
        RelationMatch((2, 4), (4, 6), layers, heads)


def test_projections_are_those_that_attention_reads(make) -> None:
    model = make(layers=2)
    ids, mask = torch.randint(5, 60, (2, 7)), torch.ones(2, 7, dtype=torch.long)
    noted = Projections(model, 1)
    states: list[Tensor] = []
    model.encoder(ids, mask, states)
    block = model.encoder.blocks[1]
    due = block.query_key_value(block.attention_norm(states[0])).chunk(3, dim=-1)
    for got, each in zip(noted.take(), due, strict=True):
        assert torch.equal(got, each)


def test_a_word_is_the_mean_of_its_pieces() -> None:
    states = values(0, 2, 3, 4)
    means = means_of_words(states, torch.tensor([[-1, 0, 0], [2, -1, 2]]), 4)
    assert torch.allclose(means[0], (states[0, 1] + states[0, 2]) / 2)
    assert torch.allclose(means[2], (states[1, 0] + states[1, 2]) / 2)
    assert not means[1].any() and not means[3].any()
