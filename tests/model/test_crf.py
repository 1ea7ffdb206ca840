"""The CRF against every path written out, in torch and in numpy."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.errors import UserError
from understudy.model.crf import Crf
from understudy.utterances.chain import Lattice, Transitions, best_path

TAGS = ("O", "B-x", "I-x", "B-y", "I-y")
LENGTHS = [4, 1, 0, 3, 2]
MASK = torch.arange(4) < torch.tensor(LENGTHS)[:, None]


def possible(path: tuple[int, ...]) -> bool:
    """BIO by the letter: I-x behind B-x or I-x."""
    names = [TAGS[tag] for tag in path]
    return all(
        not name.startswith("I-") or (before is not None and before[1:] == name[1:])
        for before, name in zip([None, *names], names, strict=False)
    )


def made(constrained: bool = False, seed: int = 0, size: float = 1.0) -> tuple[Crf, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    crf = Crf(TAGS, constrained=constrained).double()
    with torch.no_grad():
        for parameter in crf.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator).double() * size)
    scores = torch.randn(len(LENGTHS), 4, len(TAGS), generator=generator).double() * size
    return crf, scores


def paths(
    crf: Crf, scores: torch.Tensor, length: int, constrained: bool
) -> dict[tuple[int, ...], torch.Tensor]:
    """The score of every path of one row, differentiable."""
    found = {}
    for path in itertools.product(range(len(TAGS)), repeat=length):
        if constrained and not possible(path):
            continue
        total = crf.start[path[0]] + crf.end[path[-1]]
        for place, tag in enumerate(path):
            total = total + scores[place, tag]
        for before, tag in itertools.pairwise(path):
            total = total + crf.between[before, tag]
        found[path] = total
    return found


def gold(constrained: bool) -> torch.Tensor:
    """Paths that BIO allows, nonsense behind the mask."""
    tags = torch.tensor([[1, 2, 0, 3], [3, -100, -100, -100], [-100] * 4, [0, 1, 2, -100], [3, 4, 7, 7]])
    if not constrained:
        tags[0, :2] = torch.tensor([2, 1])
    return tags


@pytest.mark.parametrize("constrained", [False, True])
def test_likelihood_and_gradients_are_those_of_all_paths(constrained: bool) -> None:
    crf, scores = made(constrained)
    scores.requires_grad_()
    leaves = [scores, *crf.parameters()]
    tags = gold(constrained)
    got = crf.negative_log_likelihood(scores, tags, MASK)
    due = []
    for row, length in enumerate(LENGTHS):
        if not length:
            due.append(torch.zeros((), dtype=torch.float64))
            continue
        all_paths = paths(crf, scores[row], length, constrained)
        total = torch.logsumexp(torch.stack(list(all_paths.values())), 0)
        due.append(total - all_paths[tuple(tags[row, :length].tolist())])
    torch.testing.assert_close(got, torch.stack(due), atol=1e-10, rtol=0)
    weights = torch.tensor([1.0, 0.5, 3.0, -2.0, 0.7], dtype=torch.float64)
    ours = torch.autograd.grad((got * weights).sum(), leaves)
    theirs = torch.autograd.grad((torch.stack(due) * weights).sum(), leaves)
    for one, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(one, other, atol=1e-10, rtol=0)


@pytest.mark.parametrize("seed", range(8))
def test_best_paths_are_the_best_that_bio_allows(seed: int) -> None:
    crf, scores = made(seed=seed, size=3.0)
    got = crf.best_paths(scores, MASK)
    for row, length in enumerate(LENGTHS):
        due: tuple[int, ...] = ()
        if length:
            all_paths = paths(crf, scores[row], length, constrained=True)
            due = max(all_paths, key=lambda path: float(all_paths[path].detach()))
        assert tuple(got[row].tolist()) == due + (0,) * (4 - length)
        assert best_path(scores[row, :length].numpy(), crf.transitions()) == list(due)


def test_marginals_are_sums_over_paths_in_torch_and_in_numpy() -> None:
    crf, scores = made(constrained=True)
    got = crf.marginals(scores, MASK)
    for row, length in enumerate(LENGTHS):
        assert not got[row, length:].any()
        if not length:
            continue
        all_paths = paths(crf, scores[row], length, constrained=True)
        weights = torch.softmax(torch.stack(list(all_paths.values())).detach(), 0)
        due = np.zeros((length, len(TAGS)))
        for path, weight in zip(all_paths, weights.tolist(), strict=True):
            due[range(length), path] += weight
        np.testing.assert_allclose(got[row, :length].numpy(), due, atol=1e-10)
        lattice = Lattice(scores[row, :length].numpy(), crf.transitions())
        # The transitions for serving are float32, as the file holds them.
        np.testing.assert_allclose(lattice.marginals(), due, atol=1e-6)


def test_the_probability_of_tags_in_a_row_is_that_of_the_paths_that_have_them() -> None:
    crf, scores = made(constrained=True, seed=3)
    all_paths = paths(crf, scores[0], 4, constrained=True)
    weights = torch.softmax(torch.stack(list(all_paths.values())).detach(), 0).tolist()
    lattice = Lattice(scores[0].numpy(), crf.transitions())
    for first, tags in [(0, (1, 2)), (1, (1, 2, 2)), (2, (0,)), (0, (0, 3, 4, 0)), (3, (3,))]:
        due = sum(
            weight
            for path, weight in zip(all_paths, weights, strict=True)
            if path[first : first + len(tags)] == tags
        )
        assert lattice.probability(first, tags) == pytest.approx(due, abs=1e-6)


@given(st.data())
def test_torch_and_numpy_find_the_same_path(data: st.DataObject) -> None:
    seed = data.draw(st.integers(0, 2**31))
    length = data.draw(st.integers(1, 9))
    crf, _ = made(seed=seed, size=2.0)
    crf = crf.float()
    scores = torch.randn(1, length, len(TAGS), generator=torch.Generator().manual_seed(seed))
    path = crf.best_paths(scores, torch.ones(1, length, dtype=torch.bool))[0].tolist()
    assert path == best_path(scores[0].numpy(), crf.transitions())
    assert possible(tuple(path))


def test_half_precision_scores_lose_no_more_than_their_own_rounding() -> None:
    crf, scores = made(seed=5, size=4.0)
    crf = crf.float()
    half = scores.to(torch.bfloat16)
    due = crf.negative_log_likelihood(half.double(), gold(False), MASK)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        got = crf.negative_log_likelihood(half, gold(False), MASK)
    assert got.dtype == torch.float32
    torch.testing.assert_close(got.double(), due, atol=1e-4, rtol=1e-5)


def test_extreme_scores_stay_finite_and_right() -> None:
    crf, scores = made(constrained=True, size=1.0)
    crf = crf.float()
    scores = (scores * 300).float().requires_grad_()
    loss = crf.negative_log_likelihood(scores, gold(True), MASK)
    loss.sum().backward()
    assert torch.isfinite(loss).all()
    assert scores.grad is not None and torch.isfinite(scores.grad).all()
    best = max(float(s.detach()) for s in paths(crf, scores.detach()[0], 4, constrained=True).values())
    assert float(crf.log_total(scores.detach(), MASK)[0].detach()) == pytest.approx(best, rel=1e-3)


def test_transitions_for_decoding_stay_when_training_goes_on() -> None:
    crf = made()[0].float()
    transitions = crf.transitions()
    before = transitions.end.copy()
    with torch.no_grad():
        for parameter in crf.parameters():
            parameter.add_(1.0)
    np.testing.assert_array_equal(transitions.end, before)


def test_transitions_survive_their_file(tmp_path: Path) -> None:
    transitions = made()[0].float().transitions()
    transitions.save(tmp_path / "t.npy")
    loaded = Transitions.load(tmp_path / "t.npy", len(TAGS))
    for name in ("start", "end", "between"):
        np.testing.assert_array_equal(getattr(loaded, name), getattr(transitions, name))


@pytest.mark.parametrize("damage", ["missing", "cut", "other tags"])
def test_damaged_transitions_are_named(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "transitions.npy"
    if damage != "missing":
        made()[0].transitions().save(file)
    if damage == "cut":
        file.write_bytes(file.read_bytes()[:50])
    with pytest.raises(UserError, match=r"transitions\.npy"):
        Transitions.load(file, 7 if damage == "other tags" else len(TAGS))


def test_a_temperature_leaves_what_is_forbidden_forbidden() -> None:
    transitions = made()[0].transitions().scaled(1e-3)
    assert transitions.between[0, 2] < -1000
    assert abs(transitions.between[1, 2]) < 1e-2
