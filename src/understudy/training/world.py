"""The processes that train together, and the device of this one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
import torch.distributed as dist
from torch.distributed.distributed_c10d import Store

from understudy.core.errors import UserError

if TYPE_CHECKING:
    from understudy.core.recipe.optimization import Parallel


@dataclass(frozen=True)
class World:
    """``size`` processes, of which this is number ``rank``, working on ``device``."""

    rank: int = 0
    size: int = 1
    device: torch.device = torch.device("cpu")  # noqa: RUF009 - a device is a value

    @classmethod
    def here(cls, parallel: Parallel) -> World:
        """The world as the command line started it.

        Raises:
            UserError: CUDA is asked for and there is none.
        """
        if parallel.device == "cuda" and not torch.cuda.is_available():
            raise UserError("there is no CUDA device here; use auto or cpu", place="parallel.device")
        cuda = parallel.device != "cpu" and torch.cuda.is_available()
        return cls.on(torch.device("cuda", torch.cuda.current_device()) if cuda else cls.device)

    @classmethod
    def on(cls, device: torch.device) -> World:
        """The processes that have met, or this one alone, working on ``device``."""
        if not dist.is_initialized():
            return cls(device=device)
        return cls(dist.get_rank(), dist.get_world_size(), device)

    @classmethod
    def join(
        cls,
        parallel: Parallel,
        store: Store | None = None,
        rank: int = -1,
        size: int = -1,
        local_rank: int = 0,
    ) -> World:
        """Meet the other processes that ``torchrun``, or a scheduler, has started: gloo on CPU, NCCL on CUDA.

        Args:
            parallel: names the device.
            store, rank, size: of the meeting, and this process in it; none: as the environment says.
            local_rank: number of this process on its machine; it works on that CUDA device.

        Raises:
            UserError: CUDA is asked for and there is none, or there are more processes than devices.
        """
        cuda = cls.here(parallel).device.type == "cuda"
        if cuda:
            if local_rank >= torch.cuda.device_count():
                raise UserError(
                    f"process {local_rank} of this machine finds {torch.cuda.device_count()} CUDA devices; "
                    "start a process a device",
                    place="parallel.device",
                )
            torch.cuda.set_device(local_rank)
        # Checkpoints are written in the background from the host's memory, over gloo.
        backend = "cpu:gloo,cuda:nccl" if cuda else "gloo"
        dist.init_process_group(backend, store=store, rank=rank, world_size=size)
        return cls.here(parallel)

    @staticmethod
    def leave() -> None:
        """Part from the others."""
        if dist.is_initialized():
            dist.destroy_process_group()

    @property
    def main(self) -> bool:
        """Whether this process writes what only one may write."""
        return self.rank == 0

    def sums(self, values: Mapping[str, float]) -> dict[str, float]:
        """Each value summed over all processes; every one must call it, with the same names."""
        if self.size == 1:
            return dict(values)
        together = torch.tensor(list(values.values()), dtype=torch.float64, device=self.device)
        dist.all_reduce(together)
        return dict(zip(values, together.tolist(), strict=True))

    def wait(self) -> None:
        """Until all processes are here."""
        if self.size > 1:
            dist.barrier()
