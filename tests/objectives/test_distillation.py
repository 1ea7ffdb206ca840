"""The whole loss against slow references; the teacher stays out of training, and is asked once."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from understudy.core.errors import UserError
from understudy.core.recipe.optimization import Optimization, Parallel
from understudy.objectives import teaching
from understudy.objectives.distillation import Distillation, Students, Terms, check_pair
from understudy.objectives.losses import mean_losses, soft_cross_entropy
from understudy.objectives.masked_lm import MaskedLm
from understudy.objectives.output import soft_targets
from understudy.objectives.teaching import AlignedTeacher, LiveTeacher
from understudy.training.engines.choice import engine_for
from understudy.training.gradients import gradients
from understudy.training.loader import Turn
from understudy.training.world import World

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


def teacher_of(make) -> LiveTeacher:
    return LiveTeacher(make(seed=2, layers=4, hidden=24))


def distillation(make, *, teacher=None, seed: int = 1, **terms) -> Distillation:
    terms = {"temperature": 2.0} | terms
    pair = make(seed=seed), teacher or teacher_of(make)
    torch.manual_seed(seed)
    return Distillation(*pair, Terms(**terms)).double()


ALL = {"mlm": 0.5, "soft": 2.0, "hidden": 3.0, "relations": 4.0}


@pytest.mark.parametrize("everywhere", [False, True])
def test_the_total_is_the_weighted_sum_of_the_parts(make, masked: Masked, everywhere: bool) -> None:
    both = distillation(make, weights=ALL, everywhere=everywhere)
    losses = mean_losses(both, *masked)
    ids, mask, selected, labels = masked
    teacher = make(seed=2, layers=4, hidden=24)
    flat = torch.nonzero(mask.flatten()).flatten() if everywhere else selected[labels != -100]
    mine, theirs = (m(ids, mask).flatten(0, 1)[flat].detach() for m in (both.student, teacher))
    states: dict[str, list[Tensor]] = {"mine": [], "theirs": []}
    both.student.encoder(ids, mask, states["mine"])
    teacher.encoder(ids, mask, states["theirs"])

    def projected(model, before: Tensor, layer: int) -> tuple[Tensor, ...]:
        block = model.encoder.blocks[layer]
        return block.query_key_value(block.attention_norm(before)).chunk(3, -1)

    pairs = (
        projected(both.student, states["mine"][0], 1),
        projected(teacher, states["theirs"][2], 3),
    )
    due = {
        "mlm": mean_losses(MaskedLm(both.student), *masked).total.item(),
        "soft": slow_soft(mine, theirs, torch.ones(len(flat)), 2.0) / len(flat),
        # Each against its own slow reference elsewhere.
        "hidden": (both.match(*(dict(enumerate(s)) for s in states.values()), mask) / mask.sum()).item(),
        "relations": (both.relations(*pairs, mask) / mask.sum()).item(),
    }
    assert both.match.layers == {0: 1, 1: 3}
    assert {name: float(part) for name, part in losses.parts.items()} == pytest.approx(due, rel=1e-8)
    total = sum(weight * due[name] for name, weight in ALL.items())
    assert float(losses.total) == pytest.approx(total, rel=1e-8)


@pytest.mark.parametrize("part", ["mlm", "soft", "hidden", "relations"])
def test_a_part_without_weight_is_not_computed(make, masked: Masked, part: str) -> None:
    one = distillation(make, weights={"mlm": 0.0, part: 1.5})
    losses = mean_losses(one, *masked)
    assert set(losses.parts) == {part}
    assert float(losses.total) == pytest.approx(1.5 * float(losses.parts[part]))
    assert set(one.counts(*masked)) == {part}


@pytest.mark.parametrize("part", ["mlm", "soft", "hidden", "relations"])
def test_gradients_by_finite_differences(make, masked: Masked, part: str) -> None:
    one = distillation(make, weights={part: 1.0})
    weight = one.student.encoder.blocks[0].up.weight
    mean_losses(one, *masked).total.backward()
    with torch.no_grad():
        for row, column in ((0, 0), (3, 5), (23, 15)):
            value, step = weight[row, column].clone(), 1e-6
            sides = []
            for change in (step, -step):
                weight[row, column] = value + change
                sides.append(float(mean_losses(one, *masked).total))
            weight[row, column] = value
            slope = (sides[0] - sides[1]) / (2 * step)
            assert float(weight.grad[row, column]) == pytest.approx(slope, abs=1e-7, rel=1e-5)


def test_the_teacher_learns_nothing_and_is_no_part_of_the_module(make, masked: Masked) -> None:
    both = distillation(make, weights=ALL)
    teacher = both.teacher.model
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


def counted(teacher: LiveTeacher) -> list[int]:
    calls: list[int] = []
    teacher.model.encoder.register_forward_hook(lambda *_: calls.append(torch.is_inference_mode_enabled()))
    return calls


def test_students_of_one_teacher_are_what_each_is_alone_from_one_pass(make, masked: Masked) -> None:
    terms = ({"weights": ALL}, {"weights": {"soft": 1.0}, "temperature": 5.0}, {"weights": {"hidden": 1.0}})
    teacher = teacher_of(make)
    calls = counted(teacher)
    students = Students(
        {str(i): distillation(make, teacher=teacher, seed=i, **each) for i, each in enumerate(terms)}
    )
    with teacher.shared():
        together = students(*masked)
    assert calls == [True]
    assert together.keys() == students.weights.keys() == students.counts(*masked).keys()
    for i, each in enumerate(terms):
        alone = distillation(make, seed=i, **each)(*masked)
        assert {name: together[f"{i}.{name}"] for name in alone} == alone
    students(*masked)
    assert len(calls) == 4, "what was said is forgotten with its batch"


def test_where_all_positions_count_the_teacher_scores_them_once(
    make, masked: Masked, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def spy(teacher, hidden, selected, temperature):
        asked.append(len(selected))
        return soft_targets(teacher, hidden, selected, temperature)

    monkeypatch.setattr(teaching, "soft_targets", spy)
    teacher = teacher_of(make)
    everywhere = {"weights": {"soft": 1.0}, "everywhere": True}
    students = Students({str(i): distillation(make, teacher=teacher, seed=i, **everywhere) for i in (0, 1)})
    with teacher.shared():
        students(*masked)
    assert asked == [masked[0].numel()]


def test_a_student_that_is_not_finite_is_left_out_alone(make, masked: Masked) -> None:
    teacher, terms = teacher_of(make), {"weights": {"mlm": 1.0, "soft": 1.0}}
    world, settings = World(), Optimization(precision="fp32")

    def step(*seeds: int) -> dict[str, Tensor]:
        students = Students({str(i): distillation(make, teacher=teacher, seed=i, **terms) for i in seeds})
        students.float()
        if len(seeds) > 1:
            students.students["1"].student.head_bias.data[3] = math.inf
        engine = engine_for(students, settings, Parallel(), world)
        before = {name: tensor.clone() for name, tensor in students.state_dict().items()}
        gradients(students, engine, [Turn(masked, True)], world, {})
        assert math.isnan(engine.step(0.1)) == (len(seeds) > 1)
        for name, tensor in students.state_dict().items():
            if name.startswith("students.1."):
                assert torch.equal(tensor, before[name])
        return students.students["0"].state_dict()

    both, alone = step(0, 1), step(0)
    assert all(torch.equal(both[name], alone[name]) for name in alone)


def test_matrices_held_in_half_precision_say_the_same_under_autocast(make, masked: Masked) -> None:
    ids, mask, selected, _ = masked
    whole, half = (LiveTeacher(make(seed=2).float(), product) for product in (None, torch.bfloat16))
    assert half.model.head_dense.weight.dtype == torch.bfloat16
    assert half.model.encoder.words.weight.dtype == torch.float32
    with torch.autocast("cpu", dtype=torch.bfloat16):
        due, got = (teacher(ids, mask, selected).hidden for teacher in (whole, half))
    assert torch.equal(got, due)


def test_words_are_matched_where_pieces_differ(make, masked: Masked) -> None:
    """A teacher that cuts each word in two and says twice the same is as good as one of the same pieces."""
    ids, mask, _, _ = masked
    real = mask.bool()
    words = torch.where(real, torch.cumsum(real.flatten(), 0).view_as(ids) - 1, -1)
    same = distillation(
        make, teacher=AlignedTeacher(make(seed=2, layers=4, hidden=24)), weights={"hidden": 1}
    )
    plain = distillation(make, weights={"hidden": 1})
    same.match.load_state_dict(plain.match.state_dict())
    given = (ids, mask, words, words)
    assert same.counts(*masked, *given) == {"hidden": int(real.sum())}
    got = mean_losses(same, *masked, *given)
    assert float(got.total) == pytest.approx(float(mean_losses(plain, *masked).total), rel=1e-5)
    with pytest.raises(UserError, match="soft targets need one tokenizer"):
        distillation(make, teacher=same.teacher, weights={"soft": 1})(*masked, *given)


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ({"vocabulary": 61}, "teacher: the student has 60 pieces and the teacher 61; soft targets need"),
        ({"max_length": 11}, "reads 12 pieces and the teacher only 11"),
    ],
)
def test_a_pair_that_does_not_fit_is_the_users_error(make, sizes: dict[str, int], message: str) -> None:
    with pytest.raises(UserError, match=message):
        check_pair(make(), make(**sizes))
    check_pair(make(), make())


def test_nothing_to_learn_is_the_users_error(make) -> None:
    with pytest.raises(UserError, match="weights: every weight is 0"):
        distillation(make, weights={"mlm": 0.0})


@pytest.mark.parametrize("part", ["soft", "hidden"])
def test_a_teacher_that_emits_nonsense_is_named(make, masked: Masked, part: str) -> None:
    both = distillation(make, weights={part: 1.0})
    both.teacher.model.encoder.blocks[0].up.weight.data[0, 0] = math.nan
    with pytest.raises(UserError, match="the teacher emits values that are not finite"):
        both(*masked)
