"""Comparison of systems: 3 of 33,000 utterances, 2,000 resamplings, from the files to the result.

Utterances are those of the demonstration world, half of them with an error. Ids differ in all locales, which
is the dearest case: as many units are drawn as there are utterances.

    python benchmarks/compare.py                         the figure that RECORDS quotes
    python benchmarks/compare.py --utterances 3000 --resamplings 200
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from understudy.demo import world
from understudy.metrics.compare import compare
from understudy.metrics.systems import PREDICTIONS, REFERENCES
from understudy.utterances.frame import Frame
from understudy.utterances.read import write_frames


def wrong(frame: Frame, intents: list[str], draw: random.Random) -> Frame:
    """A frame with another intent, or without its last slot, or as it is."""
    kind = draw.random()
    if kind < 0.2:
        return replace(frame, intent=draw.choice(intents))
    return replace(frame, slots=frame.slots[:-1]) if kind < 0.5 else frame


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--utterances", type=int, default=33_000)
    parser.add_argument("--resamplings", type=int, default=2000)
    arguments = parser.parse_args()
    each = arguments.utterances // len(world.LOCALES)
    references = [
        replace(frame, id=f"{locale}-{number}")
        for locale in world.LOCALES
        for number, frame in enumerate(world.labelled(locale, "train", each, 0))
    ]
    intents = sorted({frame.intent for frame in references})
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in ("baseline", "one", "other")]
        for seed, path in enumerate(paths):
            draw = random.Random(seed)
            write_frames(path / REFERENCES, references)
            write_frames(path / PREDICTIONS, [wrong(frame, intents, draw) for frame in references])
        start, busy = time.perf_counter(), time.process_time()
        result = compare([str(path) for path in paths], resamplings=arguments.resamplings)
        seconds, busy = time.perf_counter() - start, time.process_time() - busy
    print(
        f"{seconds:.2f} s ({busy:.2f} s of processor time): {len(paths)} systems, "
        f"{result['utterances']:,} utterances, {result['resamplings']:,} resamplings"
    )


if __name__ == "__main__":
    main()
