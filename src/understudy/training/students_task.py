"""Several students on the same masked rows, each validated by itself."""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from understudy.core.errors import UserError
from understudy.objectives.distillation import Students
from understudy.training.batches import Batch
from understudy.training.masked_task import MaskedTask


class StudentsTask:
    """Tasks that differ in their model alone, as one task.

    Args:
        objective: of all of them.
        tasks: by student.

    Raises:
        UserError: students that do not read texts of the same length, which would not get the same batches.
    """

    def __init__(self, objective: Students, tasks: Mapping[str, MaskedTask]) -> None:
        self.objective, self.tasks = objective, dict(tasks)
        self._first = next(iter(tasks.values()))
        lengths = {name: task.max_length for name, task in tasks.items()}
        if len(set(lengths.values())) > 1:
            told = ", ".join(f"{name} {length}" for name, length in lengths.items())
            raise UserError(
                f"students that learn together need one max_length, not several ({told})", place="students"
            )

    def batches(self, epoch: int) -> list[Batch]:
        """The same for all."""
        return self._first.batches(epoch)

    def inputs(self, batch: Batch, epoch: int) -> tuple[Tensor, ...]:
        """The same for all."""
        return self._first.inputs(batch, epoch)

    def tokens(self, batch: Batch) -> int:
        """Counted once."""
        return self._first.tokens(batch)

    def operations(self, length: int) -> int:
        """Of all; the teacher's are the first one's."""
        return sum(task.operations(length) for task in self.tasks.values())

    @property
    def hidden(self) -> int:
        """Of the widest, which Noam's schedule is for."""
        return max(task.hidden for task in self.tasks.values())

    def validate(self) -> dict[str, float]:
        """Of each, its name before the number's; and the mean of their perplexities."""
        each = {name: task.validate() for name, task in self.tasks.items()}
        mean = sum(numbers["perplexity"] for numbers in each.values()) / len(each)
        told = {f"{name}.{key}": value for name, numbers in each.items() for key, value in numbers.items()}
        return {"perplexity": mean, **told}
