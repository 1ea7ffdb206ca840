"""Preparing a corpus: memory, growth of time with size, and the rate beside datatrove's local executor.

The corpus is generated: JSON Lines of Zipf-distributed words in six languages and five scripts, in files of
at most 48 MB; a fifth of the sentences are repeats. Each contestant is a process of its own that reads it,
drops short texts and exact duplicates and writes Parquet, on all cores:

- ours: the whole stage `prepare`, which also holds out, samples languages, shuffles and packs. Spoken form is
  left out: it has a benchmark of its own.
- datatrove: JsonlReader, LambdaFilter on the length, ExactDedupSignature; ExactFindDedups; the reader and the
  filter again, ExactDedupFilter, ParquetWriter. A task a file and a worker a core, as its examples have it.

Memory is the sum of the resident sizes of a contestant and all its children: pages they share count twice. On
a machine that has other work, seconds of processor time tell more than seconds; both are of all processes.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

CORES = len(os.sched_getaffinity(0))
SHORTEST = 20
"""Characters; shorter texts are dropped."""

# Language, first and last letter of its alphabet here, space between words.
LANGUAGES = [
    ("en", "a", "z", " "),
    ("de", "a", "ü", " "),
    ("hi", "क", "ह", " "),
    ("ar", "ا", "ي", " "),
    ("ta", "க", "ஹ", " "),
    ("ja", "一", "丿", ""),
]


def sentences(language: int, size: int, seed: int) -> str:
    """About ``size`` bytes of one language as JSON Lines."""
    name, first, last, space = LANGUAGES[language]
    of_language, of_file = np.random.default_rng([language]), np.random.default_rng([language, seed])
    alphabet = [c for c in map(chr, range(ord(first), ord(last) + 1)) if c.isalpha()]
    lengths = of_language.integers(1 if not space else 2, 4 if not space else 11, 20_000)
    letters = iter(of_language.choice(alphabet, lengths.sum()).tolist())
    words = np.array(["".join(next(letters) for _ in range(length)) for length in lengths])

    def some(rng: np.random.Generator, count: int) -> list[str]:
        """Sentences of 2 to 30 words, the n-th most frequent word in proportion to 1 / n."""
        counts = rng.integers(2, 31, count)
        chosen = words[(len(words) ** rng.random(counts.sum())).astype(int) - 1].tolist()
        ends = np.cumsum(counts).tolist()
        return [
            space.join(chosen[end - number : end]) for end, number in zip(ends, counts.tolist(), strict=True)
        ]

    known = some(of_language, 5000)  # said again and again, in every file
    made: list[str] = []
    written = 0
    while written < size:
        new = some(of_file, 2000)
        again = [known[place] for place in (len(known) ** of_file.random(500)).astype(int) - 1]
        lines = [f'{{"text": "{text}", "language": "{name}"}}\n' for text in [*new, *again]]
        made.append("".join(lines))
        written += len(made[-1].encode())
    return "".join(made)


def write_file(job: tuple[Path, int, int, int]) -> int:
    path, language, size, seed = job
    return path.write_bytes(sentences(language, size, seed).encode())


def generate(folder: Path, gigabytes: float) -> int:
    """Write the corpus; its size in bytes."""
    folder.mkdir(parents=True)
    total = int(gigabytes * 1e9)
    files = max(len(LANGUAGES), -(-total // (48 << 20)))
    jobs = [
        (folder / f"{LANGUAGES[n % len(LANGUAGES)][0]}-{n:04d}.jsonl", n % len(LANGUAGES), total // files, n)
        for n in range(files)
    ]
    with ProcessPoolExecutor(CORES) as pool:
        return sum(pool.map(write_file, jobs))


def ours(corpus: Path, out: Path) -> int:
    """The stage; rows kept."""
    from understudy.core.recipe.entries import Corpus
    from understudy.core.recipe.spoken import Spoken
    from understudy.core.recipe.text_filters import Filters
    from understudy.core.recipe.text_steps import Prepare
    from understudy.core.stage import CorpusFiles, Inputs
    from understudy.stages.prepare import run

    files = {name: tuple(sorted(corpus.glob(f"{name}-*.jsonl"))) for name, *_ in LANGUAGES}
    entry = Corpus(path=str(corpus), locales=tuple(files))
    config = Prepare(
        stage="prepare",
        corpora=("all",),
        spoken=Spoken(share=0),
        filters=Filters(minimum_characters=SHORTEST),
    )
    numbers = run(config, Inputs(corpora={"all": CorpusFiles(entry, files)}), out)
    return sum(cell["kept"] for kind in numbers["rows"].values() for cell in kind.values())


def datatrove(corpus: Path, out: Path) -> int:
    """The same with datatrove's blocks; rows kept."""
    os.environ["DATATROVE_COLORIZE_LOGS"] = "0"
    from datatrove.data import Document
    from datatrove.executor.local import LocalPipelineExecutor
    from datatrove.pipeline.dedup.exact_dedup import (
        ExactDedupConfig,
        ExactDedupFilter,
        ExactDedupSignature,
        ExactFindDedups,
    )
    from datatrove.pipeline.filters import LambdaFilter
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import ParquetWriter
    from loguru import logger

    logger.remove()
    logging.disable(logging.WARNING)

    def content(document: Document) -> bytes:
        return document.text.encode()

    content.__annotations__["return"] = bytes  # datatrove reads the type, not its name
    config = ExactDedupConfig(content_getter=content)
    files = len(list(corpus.iterdir()))

    def source() -> list[object]:
        return [JsonlReader(str(corpus)), LambdaFilter(lambda document: len(document.text) >= SHORTEST)]

    stages = [
        ([*source(), ExactDedupSignature(str(out / "signatures"), config, CORES)], files),
        ([ExactFindDedups(str(out / "signatures"), str(out / "duplicates"), config)], CORES),
        (
            [
                *source(),
                ExactDedupFilter(str(out / "duplicates"), config),
                ParquetWriter(str(out / "kept"), compression="zstd"),
            ],
            files,
        ),
    ]
    for number, (pipeline, tasks) in enumerate(stages):
        logs = str(out / f"logs-{number}")
        LocalPipelineExecutor(pipeline, tasks=tasks, workers=CORES, logging_dir=logs).run()
    import pyarrow.parquet as pq

    return sum(pq.ParquetFile(file).metadata.num_rows for file in (out / "kept").glob("*.parquet"))


def tree(root: int) -> list[int]:
    """A process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):  # it has ended
                continue
            children.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [root]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


def look_at(pids: list[int], processor: dict[int, float]) -> int:
    """Bytes of memory; the seconds of processor time each process has taken so far go into ``processor``."""
    total = 0
    for pid in pids:
        try:
            pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (OSError, IndexError):  # it has ended
            continue
        total += pages * os.sysconf("SC_PAGE_SIZE")
        processor[pid] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def on_disk(folder: Path) -> int:
    total = 0
    for file in folder.rglob("*"):
        try:
            total += file.stat().st_size
        except OSError:  # deleted meanwhile
            continue
    return total


def measure(name: str, corpus: Path, scratch: Path, size: int) -> dict[str, float]:
    """Run a contestant in a process of its own."""
    out = scratch / name
    out.mkdir()
    command = [sys.executable, __file__, "--contestant", name, str(corpus), str(out)]
    start, peak, disk = time.monotonic(), 0, 0
    processor: dict[int, float] = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        errors: list[str] = []
        drain = threading.Thread(target=lambda: errors.extend(process.stderr))  # type: ignore[arg-type]
        drain.start()
        while process.poll() is None:
            peak = max(peak, look_at(tree(process.pid), processor))
            disk = max(disk, on_disk(out))
            time.sleep(0.1)
        drain.join()
        if process.returncode:
            sys.exit(f"{name} failed:\n{''.join(errors[-40:])}")
        kept = int(process.stdout.read().split()[-1])  # type: ignore[union-attr]
    seconds, worked = time.monotonic() - start, sum(processor.values())
    shutil.rmtree(out)
    print(
        f"{size / 1e9:6.3f} GB  {name:9}  {seconds:7.1f} s  {size / 1e6 / seconds:6.1f} MB/s"
        f"  {worked:7.1f} s of processor"
        f"  peak {peak / 1e9:5.2f} GB of memory, {disk / 1e9:5.2f} GB of disk  {kept:,} rows",
        flush=True,
    )
    return {"seconds": seconds, "processor": worked, "peak": peak, "kept": kept, "bytes": size}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gigabytes", type=float, nargs="+", default=[0.02, 0.06])
    parser.add_argument("--scratch", type=Path, help="an empty folder is made in it; default: the system's")
    parser.add_argument("--alone", action="store_true", help="leave datatrove out")
    parser.add_argument("--contestant", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.contestant:
        name, corpus, out = arguments.contestant
        print({"ours": ours, "datatrove": datatrove}[name](Path(corpus), Path(out)))
        return
    results: dict[str, list[dict[str, float]]] = {"ours": [], "datatrove": []}
    with tempfile.TemporaryDirectory(dir=arguments.scratch) as folder:
        for number, gigabytes in enumerate(sorted(arguments.gigabytes)):
            corpus = Path(folder) / "corpus"
            size = generate(corpus, gigabytes)
            # datatrove at the smallest size only
            for name in ("ours", "datatrove")[: 1 if number or arguments.alone else 2]:
                results[name].append(measure(name, corpus, Path(folder), size))
            shutil.rmtree(corpus)
    first, last = results["ours"][0], results["ours"][-1]
    for unit in ("seconds", "processor"):
        growth = (last[unit] / last["bytes"]) / (first[unit] / first["bytes"])
        print(f"{unit} a byte at the largest size: {growth:.2f} of those at the smallest")
        for other in results["datatrove"]:
            print(f"ours, by {unit}: {other[unit] / first[unit]:.2f} times the rate of datatrove")
            if first["kept"] != other["kept"]:
                print(f"they keep different rows: {first['kept']:,} and {other['kept']:,}")
    print(json.dumps(results))


if __name__ == "__main__":
    main()
