"""Sentences in which nouns are known: from CoNLL-U, from tagged JSON lines, or found by Stanza."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from understudy.core.addresses import Address
from understudy.core.errors import UserError
from understudy.core.files import read_jsonl, read_lines
from understudy.metrics.mask_filling import Span

NOUN = "NOUN"
"""Of the Universal Dependencies; proper names have a tag of their own."""
Tagger = Callable[[str], list[Span]]
"""A text to the characters of its nouns."""


@dataclass(frozen=True)
class Sentence:
    """A sentence with at least one noun."""

    language: str
    id: str
    text: str
    nouns: tuple[Span, ...]
    """Characters ``text[start:end]``, in order."""


def read_nouns(
    language: str,
    files: Iterable[Address],
    *,
    field: str = "text",
    where: Mapping[str, str] | None = None,
    tagger: Tagger | None = None,
) -> list[Sentence]:
    """Sentences of one language; those without a noun are left out, since none can be masked.

    Files whose name holds ``.conllu`` are CoNLL-U. Others are JSON lines with ``text``, with ``upos``,
    ``start`` and ``end`` (lists, one entry a token) and perhaps ``id``; with a tagger only the text is read.

    Args:
        field: the key of the text.
        where: rows to keep, by their keys' values.
        tagger: finds the nouns, in place of what the file says.

    Raises:
        UserError: a row without tags, or tags that do not fit its text.
    """
    sentences: list[Sentence] = []
    for file in files:
        if ".conllu" in str(file):
            rows = _conllu(file, tagger)
        else:
            rows = _json_lines(file, field, where or {}, tagger)
        sentences += [Sentence(language, name, text, tuple(nouns)) for name, text, nouns in rows if nouns]
    return sentences


def _json_lines(
    file: Address, field: str, where: Mapping[str, str], tagger: Tagger | None
) -> Iterator[tuple[str, str, list[Span]]]:
    for line, row in read_jsonl(file):
        if any(row.get(name) != value for name, value in where.items()):
            continue
        text = row.get(field)
        if not isinstance(text, str):
            raise UserError(f"has no text under '{field}'", file=str(file), place=line)
        name = str(row.get("id", line))
        yield name, text, tagger(text) if tagger else _tagged(row, text, file, line)


def _tagged(row: Mapping[str, Any], text: str, file: Address, line: int) -> list[Span]:
    tags, starts, ends = (row.get(name) for name in ("upos", "start", "end"))
    if not (isinstance(tags, list) and isinstance(starts, list) and isinstance(ends, list)):
        raise UserError(
            "has no 'upos', 'start' and 'end', a list each; tag it, or set nouns.tagger",
            file=str(file),
            place=line,
        )
    spans = list(zip(starts, ends, strict=False))
    if not len(tags) == len(starts) == len(ends) or not all(
        isinstance(start, int) and isinstance(end, int) and 0 <= start <= end <= len(text)
        for start, end in spans
    ):
        raise UserError("'upos', 'start' and 'end' do not fit the text", file=str(file), place=line)
    return [span for tag, span in zip(tags, spans, strict=True) if tag == NOUN and span[0] < span[1]]


def _conllu(file: Address, tagger: Tagger | None) -> Iterator[tuple[str, str, list[Span]]]:
    sentence: list[tuple[int, str]] = []
    for number, line in read_lines(file):
        if line.strip():
            sentence.append((number, line))
        elif sentence:
            yield _conllu_sentence(file, sentence, tagger)
            sentence = []
    if sentence:
        yield _conllu_sentence(file, sentence, tagger)


def _conllu_sentence(
    file: Address, lines: list[tuple[int, str]], tagger: Tagger | None
) -> tuple[str, str, list[Span]]:
    """Id, text and nouns; a word's place is found in the text, left to right.

    Of a multiword token (``1-2  du``) the words inside have no text of their own: it is a noun if one of
    them is. Empty nodes (``1.1``) stand for nothing in the text.
    """
    first = lines[0][0]
    told = dict(_comment(line) for _, line in lines if line.startswith("#"))
    text = told.get("text")
    if text is None:
        raise UserError("a sentence without '# text ='", file=str(file), place=first)
    if tagger:
        return told.get("sent_id", str(first)), text, tagger(text)
    nouns: list[Span] = []
    at, inside, within = 0, 0, (0, 0)
    for number, line in lines:
        if line.startswith("#"):
            continue
        columns = line.split("\t")
        if len(columns) != 10:
            raise UserError(f"{len(columns)} columns; CoNLL-U has 10", file=str(file), place=number)
        name, form, tag = columns[0], columns[1], columns[3]
        if "." in name:
            continue
        if not name.replace("-", "", 1).isdigit():
            raise UserError(f"'{name}' is no token number", file=str(file), place=number)
        if "-" not in name and int(name) <= inside:
            if tag == NOUN and within not in nouns:
                nouns.append(within)
            continue
        start = text.find(form, at)
        if start < 0:
            problem = f"'{form}' is not in the text after the word before it"
            raise UserError(problem, file=str(file), place=number)
        at = start + len(form)
        if "-" in name:
            inside, within = int(name.split("-")[1]), (start, at)
        elif tag == NOUN:
            nouns.append((start, at))
    return told.get("sent_id", str(first)), text, nouns


def _comment(line: str) -> tuple[str, str]:
    name, _, value = line.lstrip("# ").partition("=")
    return name.strip(), value.strip()


def stanza_tagger(language: str) -> Tagger:
    """Nouns as Stanza finds them; its model of the language must have been downloaded.

    Raises:
        UserError: no package, or no model.
    """
    try:
        stanza: Any = importlib.import_module("stanza")
    except ImportError:
        raise UserError(
            "the stanza tagger needs a package that is not here; pip install stanza, or give tagged text",
            place="nouns.tagger",
        ) from None
    try:
        pipeline = stanza.Pipeline(language, processors="tokenize,pos", download_method=None, verbose=False)
    except Exception as error:
        raise UserError(
            f"Stanza has no model of '{language}' here ({error}); "
            f"python -c \"import stanza; stanza.download('{language}')\"",
            place="nouns.tagger",
        ) from None

    def nouns(text: str) -> list[Span]:
        return [
            (token.start_char, token.end_char)
            for sentence in pipeline(text).sentences
            for token in sentence.tokens
            if any(word.upos == NOUN for word in token.words)
        ]

    return nouns
