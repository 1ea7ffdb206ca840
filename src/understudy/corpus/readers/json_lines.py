"""JSON Lines, an object a line: C4 and mC4 (``.json.gz`` with ``text``), and most others."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import orjson

from understudy.corpus.readers.encoded import blocks, not_utf8
from understudy.corpus.readers.rows import Document, Rows, Source
from understudy.text.normalize import fold


def read_json_lines(source: Source) -> Iterator[Document]:
    """The documents of every object; blank lines are passed over."""
    rows = Rows(source)
    corpus = source.corpus
    # The usual row is read without a call a row more than it takes: this loop is what a corpus waits for.
    plain = corpus.unit != "line" and corpus.confidence is None
    field, where, loads = corpus.field, corpus.where, orjson.loads
    found = False
    for number, block in blocks(rows):
        if isinstance(block, Document):
            found = True
            yield block
            continue
        for here, line in enumerate(block, number):
            try:
                row = loads(line)
            except orjson.JSONDecodeError:
                if line.strip():
                    for document in _odd(rows, line, here):
                        found = True
                        yield document
                continue
            if plain and type(row) is dict and type(text := row.get(field)) is str:
                if where and not rows.chosen(row):
                    continue
                found = True
                yield Document(fold(text))
                continue
            for document in _documents(rows, row, here):
                found = True
                yield document
    rows.check_found(found)


def _documents(rows: Rows, row: Any, number: int) -> Iterator[Document]:
    if isinstance(row, dict):
        yield from rows.documents(row, number)
    else:
        problem = f"a JSON object is due, this is a {type(row).__name__}"
        yield rows.damaged("malformed", problem, number, str(row))


def _odd(rows: Rows, line: bytes, number: int) -> Iterator[Document]:
    """A line that the fast parser refuses: json takes lone surrogates and NaN, and says more of the rest."""
    try:
        row = json.loads(line.decode())
    except UnicodeDecodeError as error:
        yield not_utf8(rows, error, number)
    except json.JSONDecodeError as error:
        problem = f"not a whole JSON object ({error.msg} at column {error.colno}); the line may be cut short"
        yield rows.damaged("malformed", problem, number, line)
    except (ValueError, RecursionError) as error:  # a number or a nesting beyond Python's limits
        yield rows.damaged("malformed", f"cannot be read ({error})", number, line)
    else:
        yield from _documents(rows, row, number)
