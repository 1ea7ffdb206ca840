"""Corpus files in every format and compression, for tests."""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from understudy.core.recipe.entries import Corpus
from understudy.corpus.readers import Document, Source, documents

ROWS = [{"text": f'sentence {i}, of ünï "code"', "part": "ab"[i % 2], "sure": str(i / 10)} for i in range(10)]


def zstd(data: bytes) -> bytes:
    return pa.compress(data, codec="zstd", asbytes=True)


COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".xz": lzma.compress,
    ".bz2": bz2.compress,
    ".zst": zstd,
}


def as_text(rows: list[dict[str, str]]) -> bytes:
    return "".join(row["text"] + "\n" for row in rows).encode()


def as_jsonl(rows: list[dict[str, str]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def as_csv(rows: list[dict[str, str]]) -> bytes:
    sink = io.StringIO()
    table = csv.DictWriter(sink, list(rows[0]), lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return sink.getvalue().encode()


def as_tsv(rows: list[dict[str, str]]) -> bytes:
    return "".join("\t".join(cells) + "\n" for cells in (rows[0], *(row.values() for row in rows))).encode()


def as_parquet(rows: list[dict[str, str]]) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), sink, row_group_size=4)
    return sink.getvalue()


WRITE: dict[str, Callable[[list[dict[str, str]]], bytes]] = {
    "csv": as_csv,
    "jsonl": as_jsonl,
    "parquet": as_parquet,
    "text": as_text,
    "tsv": as_tsv,
}


def source(path: Path, content: bytes, **config: object) -> Source:
    """A file with this content, compressed as its name says."""
    path.write_bytes(COMPRESS[path.suffix if path.suffix in COMPRESS else ""](content))
    return Source(path, "en-US", Corpus(path=str(path), locales=("en-US",), **config))


def read(source: Source) -> list[Document]:
    return list(documents(source))


def texts(source: Source) -> list[str]:
    return [document.text for document in documents(source)]


@pytest.fixture(scope="session")
def files() -> SimpleNamespace:
    """What makes files, and what reads them; a fixture, because tests cannot import from each other."""
    return SimpleNamespace(rows=ROWS, write=WRITE, compress=COMPRESS, source=source, read=read, texts=texts)
