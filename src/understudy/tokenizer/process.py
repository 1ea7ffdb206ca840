"""Running :mod:`understudy.tokenizer.trainer`, and its log as progress."""

from __future__ import annotations

import json
import math
import re
import selectors
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

_SIGKILL = -9


class TrainerError(Exception):
    """Why the trainer gave up, in SentencePiece's words."""


def run_trainer(options: dict[str, Any], report: Callable[[int, str], None]) -> tuple[bytes, int]:
    """The serialized model, and the process's peak memory in bytes.

    Args:
        options: SentencePiece's.
        report: told how many more percent are done and what goes on, at least once a second.

    Raises:
        TrainerError: SentencePiece refuses, or its process was killed, as the system does without memory.
    """
    command = [sys.executable, "-P", "-m", "understudy.tokenizer.trainer", json.dumps(options)]
    log = _Log(options["vocab_size"])
    answer: dict[str, Any] = {}
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child,
        ThreadPoolExecutor(1) as reader,
    ):
        assert child.stdout is not None and child.stderr is not None
        try:
            model = reader.submit(child.stdout.read)
            for line in _lines(child.stderr):
                if line.startswith("{"):
                    answer = json.loads(line)
                before = log.percent
                log.read(line)
                report(log.percent - before, log.note)
        except BaseException:
            child.kill()
            raise
    if child.returncode == _SIGKILL:
        raise TrainerError("its process was killed; if memory ran out, sample fewer 'sentences'")
    if child.returncode or "peak_memory" not in answer:
        raise TrainerError(answer.get("error") or log.last or f"exit code {child.returncode}")
    return model.result(), answer["peak_memory"]


def _lines(stream: IO[bytes]) -> Iterator[str]:
    """Lines as they come; an empty one every second while there are none."""
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        rest = b""
        while True:
            if not selector.select(timeout=1.0):
                yield ""
                continue
            block = stream.read1(1 << 16)  # type: ignore[attr-defined]
            if not block:
                break
            *whole, rest = (rest + block).split(b"\n")
            for line in whole:
                yield line.decode("utf-8", "replace")
        if rest:
            yield rest.decode("utf-8", "replace")


class _Log:
    """How far the trainer is, from the lines it writes.

    It reads the text, finds frequent strings, and drops a quarter of them after every two rounds, until a
    tenth more than the vocabulary is left: how far it is goes by the logarithm of their number.
    """

    _STEPS = (
        (re.compile(r"Loading corpus"), 1, "reading"),
        (re.compile(r"Loaded all"), 2, "counting characters"),
        (re.compile(r"Extracting seed"), 5, "finding frequent strings"),
        (re.compile(r"Initialized \d+ seed"), 20, "splitting words"),
    )
    _ROUND = re.compile(r"EM sub_iter=\d+ size=(\d+)")

    def __init__(self, vocabulary: int) -> None:
        self.percent, self.note, self.last = 0, "starting", ""
        self._goal = math.log(1.1 * vocabulary)
        self._first: float | None = None

    def read(self, line: str) -> None:
        self.last = line.strip() or self.last
        for pattern, percent, note in self._STEPS:
            if pattern.search(line):
                self.percent, self.note = percent, note
        if match := self._ROUND.search(line):
            size = math.log(int(match[1]))
            self._first = size if self._first is None else self._first
            part = (self._first - size) / max(self._first - self._goal, 1e-9)
            self.percent, self.note = 25 + int(75 * min(1.0, part)), f"{int(match[1]):,} strings left"
