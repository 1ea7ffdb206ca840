"""Prepare a corpus in many small partitions, for tests that kill it or run it on a cluster.

    python prepare_in_parts.py FOLDER OUT LOG [--kill-after N] [--processes] [--ray ADDRESS]

FOLDER holds ``{kind}.{language}.jsonl``. LOG gets a line a task that this process does. Prints the numbers.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import threading
from pathlib import Path

from understudy.core.recipe.entries import Corpus as Entry
from understudy.core.recipe.text_filters import Filters, NearDuplicates
from understudy.core.recipe.text_steps import Engine, Prepare
from understudy.core.stage import CorpusFiles, Inputs
from understudy.corpus import packing, partitions, passes, pipeline
from understudy.stages.prepare import run


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("log", type=Path)
    parser.add_argument("--kill-after", type=int)
    parser.add_argument("--processes", action="store_true")
    parser.add_argument("--ray")
    parser.add_argument("--part", type=int, default=3000)
    parser.add_argument("--partition", type=int, default=8000)
    given = parser.parse_args()

    do, done, one_at_a_time = passes._do, 0, threading.Lock()

    def logged(task: passes.Pass, folder: Path, number: int) -> None:
        nonlocal done
        with one_at_a_time:  # so that the kill falls between tasks
            do(task, folder, number)
            with given.log.open("a") as log:
                log.write(f"{task.name} {number}\n")
            done += 1
            if done == given.kill_after:
                os.kill(os.getpid(), signal.SIGKILL)

    passes._do = logged
    pipeline.PART_BYTES, partitions.BYTES, packing.ROWS_A_BUCKET = given.part, given.partition, 8
    pipeline.SMALL = -1 if given.processes else 1 << 60
    files: dict[str, dict[str, tuple[Path, ...]]] = {}
    for path in sorted(given.folder.glob("*.jsonl")):
        kind, language, _ = path.name.split(".")
        files.setdefault(kind, {})[language] = (path,)
    corpora = {
        kind: CorpusFiles(Entry(path="x", locales=tuple(found), kind=kind), found)
        for kind, found in files.items()
    }
    config = Prepare(
        stage="prepare",
        corpora=tuple(corpora),
        seed=5,
        validation_share=0.05,
        minimum_words=2,
        pack_words=40,
        shards=3,
        filters=Filters(minimum_characters=4, near_duplicates=NearDuplicates()),
        dropped="keep",
        engine=Engine(ray=given.ray),
    )
    given.out.mkdir(exist_ok=True)
    print(json.dumps(run(config, Inputs(corpora=corpora), given.out)))


if __name__ == "__main__":
    main()
