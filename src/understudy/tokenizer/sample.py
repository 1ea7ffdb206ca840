"""The text a subword model is trained on: a sample in a file, and the memory that training on it takes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from understudy.core.errors import UserError
from understudy.core.files import atomic_write
from understudy.corpus.draw import SPAN, draw, key
from understudy.tokenizer.normalize import normalized

GIGABYTE = 1e9

# Peak memory of the trainer over the bytes it reads, with SentencePiece 0.2.3: least squares over samples
# of Japanese, Tamil, German and twelve languages, 6 to 55 MB, gave 15.8 and 34 MB. These are nowhere less
# than what was measured, and up to 18 % more. Neither vocabulary (12,000 or 150,000) nor the length of rows
# mattered. To measure anew: `benchmarks/tokenizer.py --memory`.
_BYTES_PER_BYTE = 15.5
_BYTES_ALWAYS = 60_000_000

MEMORY_SHARE = 0.8
"""Of the machine's memory: the limit where none is given."""

# SentencePiece's mark for unknown pieces: it passes over a sentence that holds it.
_RESERVED = "\u2585"


@dataclass(frozen=True, slots=True)
class Sample:
    """A file of normalised sentences, one a line."""

    path: Path
    sentences: int
    num_bytes: int
    """As the trainer holds it: U+2581, three bytes, before every word."""

    @property
    def memory(self) -> float:
        """Estimate of the trainer's peak memory in bytes."""
        return _BYTES_ALWAYS + _BYTES_PER_BYTE * self.num_bytes


def write_sample(texts: Callable[[], Iterable[str]], total: int, limit: int, seed: int, path: Path) -> Sample:
    """Normalise a sample of the texts into a file, whole or not at all.

    A text is in the sample because of what it is (it has one of the ``limit`` smallest draws), wherever it
    stands. Equal texts are in it together, so it may be a few more. Memory holds eight bytes a text.

    Args:
        texts: gives all texts; called twice where they are more than ``limit``.
        total: how many there are.
        limit: how many to use.
        seed: of the draws.
        path: of the file.

    Raises:
        UserError: there is no text.
    """
    drawn_by = key(seed, "tokenizer")
    bound = SPAN
    if total > limit:
        draws = np.fromiter((draw(text, drawn_by) for text in texts()), dtype=np.uint64)
        draws.partition(limit - 1)
        bound = int(draws[limit - 1])
    with atomic_write(path) as handle:
        for text in texts():
            if bound < SPAN and draw(text, drawn_by) > bound:
                continue
            if normal := normalized(text).replace(_RESERVED, ""):
                handle.write(f"{normal}\n")
    return read_sample(path)


def read_sample(path: Path) -> Sample:
    """Count a file that :func:`write_sample` left, perhaps before a kill.

    Raises:
        UserError: it holds no text.
    """
    sentences = spaces = 0
    with path.open("rb") as handle:
        while block := handle.read(1 << 20):
            sentences += block.count(b"\n")
            spaces += block.count(b" ")
    if not sentences:
        raise UserError("there is no text to train a tokenizer on; the prepared corpus is empty")
    # A space of one byte becomes a mark of three, and every sentence begins with one.
    return Sample(path, sentences, path.stat().st_size + 2 * (sentences + spaces))


def check_memory(sample: Sample, limit: float | None) -> str:
    """What training will take, in a line for the user.

    Args:
        sample: the text.
        limit: gigabytes; none: :data:`MEMORY_SHARE` of the machine's.

    Raises:
        UserError: more than the limit; it says how many sentences would fit.
    """
    bytes_allowed = limit * GIGABYTE if limit is not None else MEMORY_SHARE * machine_memory()
    need, allowed = sample.memory / GIGABYTE, bytes_allowed / GIGABYTE
    if sample.memory > bytes_allowed:
        room = (bytes_allowed - _BYTES_ALWAYS) / (sample.memory - _BYTES_ALWAYS)
        fits = _two_digits(0.97 * room * sample.sentences)
        advice = f"'sentences: {fits}' would fit" if fits >= 100 else "raise 'memory_limit'"
        raise UserError(
            f"training on {sample.sentences:,} rows takes about {need:.2f} GB of memory, more than the limit "
            f"of {allowed:.2f} GB; {advice}",
            place="memory_limit" if limit is not None else "sentences",
        )
    return (
        f"{sample.sentences:,} rows, {sample.num_bytes / 1e6:,.1f} MB: training takes about {need:.2f} GB of "
        f"memory (limit {allowed:.2f} GB)"
    )


def _two_digits(value: float) -> int:
    """Rounded down to two significant digits."""
    whole = max(0, int(value))
    unit: int = 10 ** max(0, len(str(whole)) - 2)
    return whole // unit * unit


def machine_memory() -> float:
    """Bytes of memory this process may use: the machine's, or its control group's."""
    physical = float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    try:
        return min(physical, float(Path("/sys/fs/cgroup/memory.max").read_text()))
    except (OSError, ValueError):  # no control group, or "max"
        return physical
