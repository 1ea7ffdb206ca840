"""Reading and filtering on one core: rows a second of every format, and of every filter.

    python benchmarks/readers.py [--rows 400000]

Rows are short generated utterances, and longer generated sentences for what compares texts; nothing is cached
but by the operating system. Figures are of processor time.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from understudy.core.recipe.entries import Corpus
from understudy.core.recipe.text_filters import Contamination, Filters, NearDuplicates
from understudy.corpus.contamination import TestTexts
from understudy.corpus.filters import reason
from understudy.corpus.near_duplicates import band_keys, repeated
from understudy.corpus.readers import Source, documents


def write(folder: Path, texts: list[str]) -> Iterable[tuple[str, Path]]:
    rows = [{"text": text, "lang": "en", "asr_confidence": 0.9} for text in texts]
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    plain = "".join(text + "\n" for text in texts).encode()
    for format, name, raw in (
        ("text", "a.txt", plain),
        ("text", "a.txt.gz", gzip.compress(plain)),
        ("text", "a.txt.zst", pa.compress(plain, "zstd", asbytes=True)),
        ("jsonl", "a.jsonl", lines),
        ("jsonl", "a.jsonl.gz", gzip.compress(lines)),
        ("tsv", "a.tsv", b"text\n" + plain),
    ):
        (folder / name).write_bytes(raw)
        yield format, folder / name
    with (folder / "a.csv").open("w", newline="") as handle:
        table = csv.DictWriter(handle, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    yield "csv", folder / "a.csv"
    pq.write_table(pa.Table.from_pylist(rows), folder / "a.parquet")
    yield "parquet", folder / "a.parquet"


def measure(name: str, rows: int, work: Callable[[], object]) -> None:
    started = time.process_time()
    work()
    print(f"{name:24}{rows / (time.process_time() - started):12,.0f} rows/s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=400_000)
    count = parser.parse_args().rows
    utterances = [f"set an alarm for {i} in the morning please" for i in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        for format, path in write(Path(folder), utterances):
            source = Source(path, "en", Corpus(path=str(path), locales=("en",), format=format))
            measure(f"read {path.name[2:]}", count, lambda s=source: deque(documents(s), maxlen=0))

    rng = random.Random(0)
    words = [f"w{i:x}" for i in range(50_000)]
    sentences = [" ".join(rng.choices(words, k=14)) for _ in range(count)]
    rows = Filters(script_share=0.5, minimum_characters=10, confidence=0.5)
    measure("script, length", count, lambda: [reason(rows, text, "en", 0.9) for text in sentences])
    tests = TestTexts.of((("en", text) for text in sentences[:10_000]), Contamination())
    measure("contamination", count, lambda: tests.found(sentences, "en"))
    config = NearDuplicates()
    draws = np.arange(count, dtype=np.uint64)
    measure(
        "near duplicates",
        count,
        lambda: repeated([(band_keys(sentences, "en", config), draws)], config.bands),
    )


if __name__ == "__main__":
    main()
