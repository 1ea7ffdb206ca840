"""Snips JSON: intents with utterances cut into chunks, a slot a chunk. Both the NLU engine's dataset file
(``{"language", "intents": {name: {"utterances": [...]}}}``) and the benchmark's (``{name: [...]}``) are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from understudy.core.errors import UserError
from understudy.core.files import read_json, write_json
from understudy.text.locale import Locale
from understudy.utterances.frame import Frame, Slot, Utterance, text_of
from understudy.utterances.given import Given


def read_snips(path: Path, given: Given) -> Iterator[Utterance]:
    """The utterances of a Snips file; ids are ``intent-number``.

    Raises:
        UserError: with file and key path: a missing key or a wrong type; no locale or partition is known.
    """
    whole = read_json(path)
    if not isinstance(whole, dict):
        raise UserError("a Snips file is one JSON object", file=path)
    engine = "intents" in whole
    intents = whole["intents"] if engine else whole
    if not isinstance(intents, dict):
        raise UserError("must be an object of intents by name", file=path, place="intents")
    if engine and whole.get("entities"):
        given.lost["entity definitions"] += len(whole["entities"])
    named = whole.get("language") if engine else None
    for intent, content in intents.items():
        place = f"intents.{intent}.utterances" if engine else intent
        rows = content.get("utterances") if engine and isinstance(content, dict) else content
        if not isinstance(rows, list):
            raise UserError("must be a list of utterances", file=path, place=place)
        for i, row in enumerate(rows):
            try:
                yield _utterance(intent, i, row, named, given)
            except UserError as error:
                raise UserError(error.problem, file=path, place=f"{place}[{i}]") from None


def write_snips(path: Path, utterances: Iterable[Utterance], given: Given) -> int:
    """Write one dataset file for the NLU engine; returns the number of utterances.

    The format has no ids, domains, partitions or regions: they are counted in ``given.lost``.

    Raises:
        UserError: utterances of two languages.
    """
    intents: dict[str, dict[str, list[Any]]] = {}
    entities: dict[str, dict[str, Any]] = {}
    language = None
    written = 0
    for utterance in utterances:
        frame = utterance.frame
        mine = Locale.parse(frame.locale).language
        if language not in (None, mine):
            raise UserError(f"a Snips file has one language; these utterances are {language} and {mine}")
        language = mine
        intents.setdefault(frame.intent, {"utterances": []})["utterances"].append({"data": _chunks(frame)})
        for slot in frame.slots:
            entities.setdefault(slot.name, {})
        written += 1
        given.lost.update({"ids": 1, "partitions": 1, "domains": bool(frame.domain)})
        given.lost["regions of locales"] += frame.locale != language
    write_json(path, {"language": language, "intents": intents, "entities": entities})
    return written


def _utterance(intent: str, i: int, row: Any, language: Any, given: Given) -> Utterance:
    chunks = row.get("data") if isinstance(row, dict) else None
    if not isinstance(chunks, list) or not all(isinstance(chunk, dict) for chunk in chunks):
        raise UserError("an utterance is an object with 'data', a list of chunks with 'text'")
    text, slots = "", []
    for chunk in chunks:
        start = len(text)
        text += text_of(chunk, "text")
        name = chunk.get("slot_name") or chunk.get("entity")
        if name is not None and not isinstance(name, str):
            raise UserError(f"'slot_name' must be a text in quotes, this is {name!r}")
        if name and len(text) > start:
            slots.append(Slot(name, text[start:], start, len(text)))
    if not text.strip():
        raise UserError("the utterance is empty")
    # The file names a language; a given locale of that language says more.
    named = None
    if isinstance(language, str) and (given.locale or "").split("-")[0] != language:
        named = str(Locale.parse(language))
    frame = Frame(f"{intent}-{i}", given.locale_of(named), text, "", intent, tuple(slots))
    return Utterance(frame, given.partition_of(text))


def _chunks(frame: Frame) -> list[dict[str, str]]:
    chunks, at = [], 0
    for slot in frame.slots:
        if slot.start > at:
            chunks.append({"text": frame.text[at : slot.start]})
        chunks.append({"text": slot.value, "entity": slot.name, "slot_name": slot.name})
        at = slot.end
    if at < len(frame.text):
        chunks.append({"text": frame.text[at:]})
    return chunks
