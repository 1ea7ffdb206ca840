"""SIGTERM and Control-C while training: the step is finished and saved before the process leaves."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any, NoReturn

SIGNALS = (signal.SIGTERM, signal.SIGINT)


class StopRequest:
    """Which of the two signals has come to this process."""

    def __init__(self) -> None:
        self._come: set[int] = set()

    def note(self, number: int) -> None:
        """A signal has come."""
        self._come.add(number)

    @property
    def votes(self) -> dict[str, float]:
        """A signal's name to 1 where it has come, to be summed over all processes."""
        return {number.name: float(number in self._come) for number in SIGNALS}

    @staticmethod
    def heard(votes: Mapping[str, float]) -> bool:
        """Whether any process was asked to stop."""
        return any(votes[number.name] for number in SIGNALS)

    @staticmethod
    def leave(votes: Mapping[str, float]) -> NoReturn:
        """Leave as the signal would have it.

        Raises:
            SystemExit: 143 after SIGTERM.
            KeyboardInterrupt: after Control-C.
        """
        if votes[signal.SIGTERM.name]:
            raise SystemExit(128 + signal.SIGTERM)
        raise KeyboardInterrupt


@contextmanager
def stop_requests() -> Iterator[StopRequest]:
    """Note the first of each signal rather than die of it; a second one acts at once.

    A signal that is ignored (a program in the background) stays so, and a thread has no say in signals.
    """
    request = StopRequest()
    before: dict[signal.Signals, Any] = {}

    def note(number: int, frame: FrameType | None) -> None:
        del frame
        request.note(number)
        signal.signal(number, before[signal.Signals(number)])

    if threading.current_thread() is threading.main_thread():
        for number in SIGNALS:
            handler = signal.getsignal(number)
            if handler is not None and handler != signal.SIG_IGN:
                before[number] = handler
                signal.signal(number, note)
    try:
        yield request
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
