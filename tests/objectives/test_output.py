"""Objectives whose scores come in chunks lose and learn what those with all scores at once do."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor, nn

from understudy.core.errors import UserError
from understudy.model import memory
from understudy.objectives import output
from understudy.objectives.chunked_soft import SoftTargets
from understudy.objectives.distillation import Distillation, Terms
from understudy.objectives.losses import IGNORE, losses
from understudy.objectives.masked_lm import MaskedLm
from understudy.objectives.output import masked_logits
from understudy.objectives.teaching import LiveTeacher
from understudy.objectives.written import WrittenTeacher

Masked = tuple[Tensor, Tensor, Tensor, Tensor]
CHUNK = 16
"""Of the toy vocabulary's 60 pieces."""


@pytest.fixture
def in_chunks(monkeypatch: pytest.MonkeyPatch):
    """A call makes every output layer come in chunks; the list gets each chunk asked for."""
    asked: list[int] = []

    def begin() -> list[int]:
        monkeypatch.setattr(memory, "SCORES_AT_ONCE", {"cpu": 64 * CHUNK})
        monkeypatch.setattr(memory, "_CHUNKS", {"cpu": 1})
        owners = {"chunked_cross_entropy_sum": output, "chunked_logsumexp": output, "__init__": SoftTargets}
        for name, owner in owners.items():
            real = getattr(owner, name)

            def spy(*arguments, real=real):
                asked.append(arguments[-1])
                return real(*arguments)

            monkeypatch.setattr(owner, name, spy)
        return asked

    return begin


def outcome(objective: nn.Module, masked: Masked) -> dict[str, Tensor]:
    objective.zero_grad()
    loss = losses(objective(*masked), objective.counts(*masked), objective.weights)
    loss.total.backward()
    gradients = {name: parameter.grad.clone() for name, parameter in objective.named_parameters()}
    return {"total": loss.total.detach(), **loss.parts, **gradients}


def test_masked_lm(make, masked: Masked, in_chunks) -> None:
    assert len(masked[3]) == 64 and (masked[3] == IGNORE).any()
    objective = MaskedLm(make())
    due = outcome(objective, masked)
    asked = in_chunks()
    got = outcome(objective, masked)
    assert asked == [CHUNK]
    torch.testing.assert_close(got, due, atol=1e-10, rtol=1e-10)


@pytest.mark.parametrize("weights", [(1, 1, 0), (1, 2, 1), (0, 1, 0), (1, 0, 1)])
@pytest.mark.parametrize("temperature", [1.0, 2.0])
def test_distillation(
    make, masked: Masked, in_chunks, weights: tuple[int, int, int], temperature: float
) -> None:
    named = dict(zip(("mlm", "soft", "hidden"), weights, strict=True))
    terms = Terms(weights=named, temperature=temperature)
    teacher = make(seed=2, layers=4, hidden=24)
    objective = Distillation(make(seed=1), LiveTeacher(teacher), terms).double()
    due = outcome(objective, masked)
    asked = in_chunks()
    got = outcome(objective, masked)
    assert asked == [CHUNK]
    torch.testing.assert_close(got, due, atol=1e-10, rtol=1e-10)
    teacher.head_dense.weight.data[0, 0] = math.nan
    if weights[1]:
        with pytest.raises(UserError, match="the teacher emits values that are not finite"):
            objective(*masked)


@pytest.mark.parametrize("temperature", [1.0, 2.0])
def test_written_targets(make, masked: Masked, in_chunks, temperature: float) -> None:
    ids, mask, selected, _ = masked
    said = LiveTeacher(make(seed=2))(ids, mask, selected)
    logs, top = (masked_logits(said.teacher, said.hidden, selected) / temperature).log_softmax(-1).topk(5)
    terms = Terms(weights={"mlm": 1.0, "soft": 1.0}, temperature=temperature)
    objective = Distillation(make(seed=1), WrittenTeacher(4, 24, []), terms).double()
    due = outcome(objective, (*masked, top, logs))
    asked = in_chunks()
    got = outcome(objective, (*masked, top, logs))
    assert set(asked) == {CHUNK}
    torch.testing.assert_close(got, due, atol=1e-10, rtol=1e-10)


def test_a_model_whose_output_cannot_be_had_alone_scores_all_pieces_at_once(
    make, masked: Masked, in_chunks
) -> None:
    whole = make()
    due = outcome(MaskedLm(whole), masked)

    class Closed(type(whole)):
        @property
        def output_matrix(self) -> Tensor:
            raise UserError("cannot be had alone")

        def logits(self, hidden: Tensor) -> Tensor:
            return nn.functional.linear(self.head(hidden), self.encoder.words.weight, self.head_bias)

    whole.__class__ = Closed
    terms = Terms(weights={"mlm": 1.0, "soft": 1.0})
    distilled = Distillation(whole, LiveTeacher(make(seed=2)), terms).double()
    taught = outcome(distilled, masked)
    asked = in_chunks()
    assert torch.equal(outcome(MaskedLm(whole), masked)["total"], due["total"])
    assert asked == []
    # Its teacher's may come in chunks all the same.
    torch.testing.assert_close(outcome(distilled, masked), taught, atol=1e-10, rtol=1e-10)
    assert asked == [CHUNK]


@pytest.mark.parametrize(
    ("positions", "vocabulary", "device", "pieces"),
    [
        (64, 16_000, "cpu", 16_000),  # 1.0M scores
        (320, 16_000, "cpu", 4096),
        (640, 150_000, "cpu", 2048),
        (1216, 150_000, "cpu", 1024),
        (10**7, 150_000, "cpu", 1024),
        (10**7, 10, "cpu", 10),
        (1229, 16_000, "cuda", 16_000),
        (1229, 150_000, "cuda", 16_384),
        (300, 150_000, "cuda", 65_536),
        (0, 150_000, "cpu", 150_000),
    ],
)
def test_pieces_at_once(positions: int, vocabulary: int, device: str, pieces: int) -> None:
    assert memory.pieces_at_once(positions, vocabulary, device) == pieces
