"""Several processes on one machine, and the toy task that all of them train."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

WORKER = Path(__file__).with_name("worker.py")


@dataclass(frozen=True)
class Group:
    """Processes that train together, as torchrun would start them."""

    processes: list[subprocess.Popen[str]]

    def wait(self, seconds: float = 100) -> list[tuple[int, str]]:
        """Exit code and standard error of each."""
        try:
            errors = [process.communicate(timeout=seconds)[1] for process in self.processes]
        finally:
            for process in self.processes:
                process.kill()
        return [(process.returncode, error) for process, error in zip(self.processes, errors, strict=True)]


def start_group(size: int, command: Sequence[object]) -> Group:
    """Start ``command`` in ``size`` processes."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    common = {"MASTER_ADDR": "localhost", "MASTER_PORT": str(port), "WORLD_SIZE": str(size)}
    common |= {"OMP_NUM_THREADS": "1", "DS_ACCELERATOR": "cpu"}
    return Group(
        [
            subprocess.Popen(
                [sys.executable, *map(str, command)],
                env=os.environ | common | {"RANK": str(rank), "LOCAL_RANK": str(rank)},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
            for rank in range(size)
        ]
    )


Train = Callable[..., dict[str, dict[str, Any]]]


@pytest.fixture(scope="session")
def train(tmp_path_factory: pytest.TempPathFactory) -> Train:
    """``train(processes, cases)``: each case's results, all made in one group of processes.

    A case is a dictionary of :func:`worker.run_case`'s arguments.
    """

    def call(size: int, cases: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        folder = tmp_path_factory.mktemp("distributed")
        (folder / "cases.json").write_text(json.dumps(cases))
        for code, error in start_group(size, [WORKER, folder]).wait():
            assert code == 0, error[-4000:]
        return {name: {"folder": folder / name} | _results(folder / name) for name in cases}

    return call


def _results(folder: Path) -> dict[str, Any]:
    ranks = [json.loads(file.read_text()) for file in sorted(folder.glob("rank-*.json"))]
    return ranks[0] | {"bytes": [rank["bytes"] for rank in ranks]}


@pytest.fixture
def start() -> Callable[[int, Sequence[object]], Group]:
    """See :func:`start_group`."""
    return start_group
