"""Where the C library has nothing to set, nothing is set."""

from __future__ import annotations

import ctypes
import sys
from types import SimpleNamespace

import pytest

from understudy.training.host_memory import keep_freed_memory


@pytest.mark.parametrize("answers", [(1, 1), (1, 0), (0, 1)])
def test_it_is_told_what_glibc_answers(monkeypatch: pytest.MonkeyPatch, answers: tuple[int, int]) -> None:
    asked: list[tuple[int, int]] = []

    def mallopt(what: int, value: int) -> int:
        asked.append((what, value))
        return answers[len(asked) - 1]

    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace(mallopt=mallopt))
    assert keep_freed_memory() == all(answers)
    assert asked[0] == (-4, 0)  # no block is mapped apart
    assert asked[1:] in ([(-1, 2**31 - 1)], [])  # and the heap never shrinks


def test_another_library_or_system_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: SimpleNamespace())
    monkeypatch.setattr(sys, "platform", "linux")
    assert not keep_freed_memory()
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not keep_freed_memory()
