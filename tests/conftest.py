"""Fixtures for every room's tests."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings

from understudy.cli import main

# One thread, in tests and in the programs they start: a sum over two threads rounds differently, and a run is
# compared to the bit with another. It must be set before torch is imported.
os.environ["OMP_NUM_THREADS"] = "1"

REPOSITORY = Path(__file__).parents[1]

# A busy machine is no bug: examples have no time limit of their own, tests have.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data, which is not part of the repository; tests that need it skip where it is absent."""
    root = Path(os.environ.get("UNDERSTUDY_DATA", REPOSITORY.parent / "shared" / "data"))
    if not (root / "massive").is_dir():
        pytest.skip(f"no real data at {root}; set UNDERSTUDY_DATA")
    return root


@dataclass(frozen=True)
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str

    def is_user_error(self, *parts: str) -> None:
        """Exit code 2, nothing on standard output, and one line of error that holds all parts."""
        assert self.code == 2, self
        assert self.out == ""
        errors = [line for line in self.err.splitlines() if line.startswith("understudy: ")]
        assert len(errors) == 1, self.err
        assert self.err.splitlines()[-1] == errors[0], self.err
        assert "Traceback" not in self.err
        for part in parts:
            assert part in errors[0], f"{part!r} is not in {errors[0]!r}"


@pytest.fixture
def understudy(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answer]:
    """The command line within this process: ``understudy("score", ..., stdin=b"...")``."""

    def call(*arguments: object, stdin: bytes = b"") -> Answer:
        monkeypatch.setattr(sys, "argv", ["understudy", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        code: object = 0
        with redirect_stdout(out), redirect_stderr(err):
            try:
                main()
            except SystemExit as stop:
                code = stop.code or 0
        assert isinstance(code, int)
        texts = []
        for stream in (out, err):
            stream.flush()
            texts.append(stream.buffer.getvalue().decode("utf-8"))  # type: ignore[attr-defined]
        return Answer(code, *texts)

    return call
