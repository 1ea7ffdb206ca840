"""Several students beside each other: one pass of their teacher, and an engine each."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import nullcontext
from pathlib import Path
from typing import TypeVar

from torch import Tensor

from understudy.objectives.distillation import Students
from understudy.objectives.teaching import LiveTeacher
from understudy.training.engine import Engine
from understudy.training.world import World

T = TypeVar("T")


class Several:
    """See :class:`understudy.training.engine.Engine`: each student has its own, clipping and optimizer too.

    A student's gradients are what they would be if it were trained alone. The loss that the loop asks to
    differentiate is the sum of them all; what it says about each student's sums is handed to the student's
    engine, so any engine can do.
    """

    def __init__(self, students: Students, engines: Mapping[str, Engine], world: World) -> None:
        self.students, self.engines, self.world = students, dict(engines), world
        self._sums: dict[str, dict[str, tuple[Tensor, Tensor]]] = {}

    def forward(self, inputs: Iterable[Tensor]) -> dict[str, Tensor]:
        """The teacher speaks to the first, and the others hear the same."""
        here = [each.to(self.world.device, non_blocking=True) for each in inputs]
        teacher = self.students.teacher
        with teacher.shared() if isinstance(teacher, LiveTeacher) else nullcontext():
            sums = {name: engine.forward(here) for name, engine in self.engines.items()}
        self._sums = {
            name: {part: (total, total.detach().requires_grad_()) for part, total in each.items()}
            for name, each in sums.items()
        }
        return {
            f"{name}.{part}": leaf for name, each in self._sums.items() for part, (_, leaf) in each.items()
        }

    def backward(self, loss: Tensor, *, last: bool) -> None:
        """Student by student."""
        loss.backward()  # type: ignore[no-untyped-call]
        sums, self._sums = self._sums, {}
        for name, engine in self.engines.items():
            share = [leaf.grad * total for total, leaf in sums[name].values() if leaf.grad is not None]
            engine.backward(_added(share), last=last)

    def discard(self) -> None:
        """Of all."""
        for engine in self.engines.values():
            engine.discard()

    @property
    def awaiting_moments(self) -> Sequence[Tensor]:
        """Of all."""
        return [each for engine in self.engines.values() for each in engine.awaiting_moments]

    @property
    def loss_scale(self) -> float:
        """The smallest."""
        return min(engine.loss_scale for engine in self.engines.values())

    def step(self, rate: float) -> float:
        """Each student is clipped, and left out if need be, by itself; returns the largest norm."""
        norms = [engine.step(rate) for engine in self.engines.values()]
        return max(norms) if all(map(math.isfinite, norms)) else math.nan

    def evaluate(self, function: Callable[[], T]) -> T:
        """With all of them prepared."""
        for engine in self.engines.values():
            function = _prepared(engine, function)
        return function()

    def save(self, folder: Path) -> Future[None]:
        """A folder each."""
        if self.world.main:
            for name in self.engines:
                (folder / name).mkdir()
        self.world.wait()
        return _All([engine.save(folder / name) for name, engine in self.engines.items()])

    def load(self, folder: Path) -> None:
        """Each from its folder."""
        for name, engine in self.engines.items():
            engine.load(folder / name)

    def weights(self) -> dict[str, Tensor]:
        """Of all, under the names of the whole module."""
        return {
            f"students.{name}.{key}": tensor
            for name, engine in self.engines.items()
            for key, tensor in engine.weights().items()
        }

    def finish(self, weights: dict[str, Tensor] | None) -> None:
        """Each is whole again."""
        for name, engine in self.engines.items():
            prefix = f"students.{name}."
            engine.finish(
                None
                if weights is None
                else {k.removeprefix(prefix): w for k, w in weights.items() if k.startswith(prefix)}
            )


def _prepared(engine: Engine, function: Callable[[], T]) -> Callable[[], T]:
    return lambda: engine.evaluate(function)


def _added(terms: Sequence[Tensor]) -> Tensor:
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


class _All(Future[None]):
    """Done when all parts are."""

    def __init__(self, parts: Sequence[Future[None]]) -> None:
        super().__init__()
        self._parts = parts

    def done(self) -> bool:
        """Whether every one is."""
        return all(part.done() for part in self._parts)

    def result(self, timeout: float | None = None) -> None:
        """Wait for every one."""
        for part in self._parts:
            part.result(timeout)
