"""One training step of a recipe as the work that it is: operations, and bytes on each device."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace

from understudy.core.errors import UserError
from understudy.core.recipe.optimization import Optimization, Parallel
from understudy.model.config import EncoderConfig
from understudy.model.cost import Flops, Gpu, training_flops
from understudy.model.memory import (
    ActivationBytes,
    Sharding,
    StateBytes,
    activation_bytes,
    inference_bytes,
    parameter_units,
    state_bytes,
)

MOST_GPUS = 4096
"""A recipe that does not fit on so many is not helped by more."""


@dataclass(frozen=True)
class Memory:
    """Bytes on the fullest device."""

    state: StateBytes
    activations: ActivationBytes
    others: int
    """A frozen encoder or a teacher, whole on every device in FP32, with its forward pass."""

    def beside(self, other: Memory) -> Memory:
        """Of two students of one teacher: all is there twice but the teacher."""
        state = {name: size + getattr(other.state, name) for name, size in asdict(self.state).items()}
        mine, theirs = self.activations, other.activations
        return Memory(
            StateBytes(**state),
            ActivationBytes(
                mine.layer + theirs.layer, mine.kept + theirs.kept, max(mine.passing, theirs.passing)
            ),
            max(self.others, other.others),
        )

    @property
    def total(self) -> int:
        """At the peak."""
        return self.state.total + self.activations.total + self.others

    def as_dict(self) -> dict[str, int]:
        """For the manifest of a plan."""
        return {
            "weights": self.state.weights,
            "gradients": self.state.gradients,
            "moments": self.state.moments,
            "gathered": self.state.gathered,
            "activations": self.activations.total,
            "others": self.others,
            "total": self.total,
        }


@dataclass(frozen=True, kw_only=True)
class Work:
    """What a step trains, on what, and how."""

    name: str
    stage: str
    encoder: EncoderConfig
    length: int
    """Pieces a row, taken as full."""
    optimization: Optimization
    parallel: Parallel = field(default_factory=Parallel)
    head: bool = True
    """The MLM head is trained."""
    frozen: bool = False
    """The encoder is not trained."""
    teacher: EncoderConfig | None = None
    soft: bool = False
    matched: int = 0
    """Layers whose hidden states are matched."""
    others: tuple[Work, ...] = ()
    """Students that learn from the same pass of the teacher; they are in memory together."""
    heard: bool = False
    """The pass of the teacher counts as another student's work."""
    steps: int | None = None
    """None: the recipe alone does not tell."""
    at_most: bool = False
    """``steps`` is a bound: rows may be shorter than ``length``."""

    @property
    def rows(self) -> int:
        """In one optimizer step, over all devices."""
        return max(1, self.optimization.tokens_per_batch // self.length)

    @property
    def flops(self) -> Flops:
        """Operations a position."""
        flops = training_flops(
            self.encoder,
            self.length,
            head=self.head,
            frozen=self.frozen,
            checkpointing=self.parallel.activation_checkpointing,
            teacher=self.teacher,
            soft=self.soft,
            matched=self.matched,
        )
        return replace(flops, teacher=0) if self.heard else flops

    @property
    def operations(self) -> float | None:
        """What all devices do from the first step to the last; None where the steps are not known."""
        return None if self.steps is None else float(self.steps) * self.positions * self.flops.spent

    @property
    def positions(self) -> int:
        """In one optimizer step."""
        return self.rows * self.length

    def engine(self, gpus: int) -> Sharding:
        """What holds the state on so many devices."""
        return "alone" if gpus == 1 else self.parallel.engine

    def micro_batch(self, gpus: int) -> tuple[int, int]:
        """Rows that a device works on at once, and the turns of a step."""
        most = -(-self.rows // gpus)
        limit = self.optimization.tokens_per_device
        turns = 1 if limit is None else -(-most * self.length // max(limit, self.length))
        return -(-most // turns), turns

    def memory(self, gpus: int) -> Memory:
        """On each of so many devices.

        Raises:
            UserError: the replicas do not divide the devices, or the engine cannot do what is asked.
        """
        if gpus % self.parallel.replicas:
            raise UserError(
                f"{self.parallel.replicas} replicas do not divide {gpus} devices",
                place=f"steps.{self.name}.parallel.replicas",
            )
        if gpus > 1 and self.parallel.engine == "deepspeed":
            if self.parallel.replicas > 1:
                raise UserError("replicas need the engine fsdp", place=f"steps.{self.name}.parallel.replicas")
            if self.optimization.optimizer == "lamb":
                raise UserError(
                    "lamb needs the norm of each weight, and DeepSpeed flattens them; use the engine fsdp",
                    place=f"steps.{self.name}.parallel.engine",
                )
        found = self._memory(gpus)
        for other in self.others:
            found = found.beside(other._memory(gpus))
        return found

    def _memory(self, gpus: int) -> Memory:
        """Without the other students."""
        precision, engine = self.optimization.precision, self.engine(gpus)
        rows, turns = self.micro_batch(gpus)
        positions = rows * self.length
        others = 0
        units = parameter_units(self.encoder)
        if self.frozen:
            units, others = [[]], 4 * self.encoder.total_parameters
            others += inference_bytes(self.encoder, positions, precision=precision, states=False)
        elif self.teacher is not None:
            width = (self.teacher.hidden, self.encoder.hidden)
            matched = self.matched if width[0] != width[1] else 0
            units = [[*units[0], *([width, width[:1]] * matched)], *units[1:]]
            others = 4 * self.teacher.total_parameters
            others += inference_bytes(self.teacher, positions, precision=precision, states=bool(self.matched))
        return Memory(
            state_bytes(
                units,
                shards=gpus // self.parallel.replicas,
                zero=self.parallel.zero,
                precision=precision,
                engine=engine,
                accumulates=turns > 1,
            ),
            ActivationBytes(0, 0, 0)
            if self.frozen
            else activation_bytes(
                self.encoder,
                positions,
                self.length,
                precision=precision,
                checkpointing=self.parallel.activation_checkpointing,
                head=self.head,
                soft=self.soft,
            ),
            others,
        )

    def fits(self, gpu: Gpu, gpus: int) -> bool:
        """Whether the plan leaves the reserve free."""
        return self.memory(gpus).total <= gpu.usable

    def changed(
        self,
        *,
        zero: int | None = None,
        checkpointing: bool | None = None,
        tokens: int | None = None,
        engine: str | None = None,
    ) -> Work:
        """The same with another ZeRO stage, checkpointing, ``tokens_per_device`` or engine."""
        parallel = {"zero": zero, "activation_checkpointing": checkpointing, "engine": engine}
        others = (
            each.changed(zero=zero, checkpointing=checkpointing, tokens=tokens, engine=engine)
            for each in self.others
        )
        return replace(
            self,
            others=tuple(others),
            parallel=self.parallel.model_copy(
                update={key: value for key, value in parallel.items() if value is not None}
            ),
            optimization=self.optimization.model_copy(
                update={} if tokens is None else {"tokens_per_device": tokens}
            ),
        )

    def remedies(self, gpu: Gpu, gpus: int) -> list[str]:
        """What would make it fit: the least of each change by itself, or else all of them together."""
        changes: list[list[tuple[str, Work, int]]] = [
            [
                (f"optimization.tokens_per_device={tokens}", self.changed(tokens=tokens), gpus)
                for tokens in self._smaller(gpus)
            ],
            [("parallel.activation_checkpointing=true", self.changed(checkpointing=True), gpus)],
            [("parallel.zero=3", self.changed(zero=3), gpus)],
            [(f"--gpus {more}", self, more) for more in self._more(gpus)],
        ]
        found = [
            next((text for text, work, devices in each if work.fits(gpu, devices)), None) for each in changes
        ]
        if any(found):
            return [text for text in found if text]
        tokens = max(64, self.length)
        least = self.changed(zero=3, checkpointing=True, tokens=tokens)
        for devices in (gpus, *self._more(gpus)):
            if least.fits(gpu, devices):
                where = f" and --gpus {devices}" if devices > gpus else ""
                return [
                    "parallel.zero=3, parallel.activation_checkpointing=true, "
                    f"optimization.tokens_per_device={tokens}{where} together"
                ]
        return []

    def _smaller(self, gpus: int) -> Iterator[int]:
        """Of ``tokens_per_device``, from large to small."""
        rows, _ = self.micro_batch(gpus)
        while rows > 1:
            rows = 1 << ((rows - 1).bit_length() - 1)
            yield max(64, rows * self.length)

    def _more(self, gpus: int) -> Iterator[int]:
        more = gpus * 2
        while more <= MOST_GPUS:
            yield more
            more *= 2
