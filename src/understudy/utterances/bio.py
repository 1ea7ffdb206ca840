"""CoNLL files: a token and its BIO tag a line, a blank line between utterances, what is known in comments.

    # id = 7
    # locale = en-US
    # intent = alarm_set
    # text = wake me at 7am
    wake	O
    me	O
    at	O
    7am	B-time

With ``# text`` the tokens are found in it, so nothing about spaces is lost and scripts without spaces work;
without it the text is the tokens with one space between them (none in languages without spaces).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from understudy.core.errors import UserError
from understudy.core.files import atomic_write, read_lines
from understudy.text.locale import Locale
from understudy.text.words import UNSPACED_LANGUAGES, starts_unit
from understudy.utterances.frame import Frame, Slot, Utterance, partition_of
from understudy.utterances.given import Given

_KEYS = ("id", "locale", "partition", "domain", "intent", "text")
_PREFIXES = {"B": "B", "I": "I", "E": "I", "L": "I", "S": "B", "U": "B"}
"""BIOES and BILOU are read too: their extra letters say nothing that B and I do not."""


def read_bio(path: Path, given: Given) -> Iterator[Utterance]:
    """The utterances of a CoNLL file; the first column is the token, the last its tag.

    A tag ``I-x`` that continues no slot ``x`` begins one (IOB1). Ids are the utterance's number in the file
    where none is given.

    Raises:
        UserError: with file and line: a tag that is none, a token that the text does not hold, an unknown
            partition; no locale or partition is known.
    """
    for count, block in enumerate(_blocks(path), start=1):
        known: dict[str, str] = {}
        tokens: list[tuple[str, str]] = []
        at = block[0][0]
        try:
            for at, line in block:  # noqa: B007 - an error names the line it was at
                key, equals, value = line[2:].partition(" = ")
                if line.startswith("# ") and not tokens:
                    known |= {key: value} if equals and key in _KEYS else {}
                else:
                    columns = line.split("\t") if "\t" in line else line.split()
                    tokens.append(_checked(columns[0], columns[-1].strip() if columns[1:] else "", line))
            utterance = _utterance(known, tokens, given, count)
        except UserError as error:
            raise UserError(error.problem, file=path, place=at) from None
        yield utterance


def _blocks(path: Path) -> Iterator[list[tuple[int, str]]]:
    """Numbered lines between blank ones; a document's mark is none of them."""
    block: list[tuple[int, str]] = []
    for number, line in read_lines(path):
        if line.strip() and (block or not line.startswith("-DOCSTART-")):
            block.append((number, line))
        elif block:
            yield block
            block = []
    if block:
        yield block


def write_bio(path: Path, utterances: Iterable[Utterance], given: Given) -> int:
    """Write utterances with all that is known of them; returns their number.

    What cannot stand on a line (breaks in a text, white space in a slot's name) is left out and counted in
    ``given.lost``, as are the outer spaces of slot values.
    """
    written = 0
    with atomic_write(path) as handle:
        for utterance in utterances:
            frame = utterance.frame
            values = (frame.id, frame.locale, utterance.partition, frame.domain, frame.intent, frame.text)
            if any("\n" in value or "\r" in value for value in values):
                given.lost["utterances with a line break"] += 1
                continue
            if any(slot.name.split() != [slot.name] for slot in frame.slots):
                given.lost["utterances with a slot whose name holds white space"] += 1
                continue
            for key, value in zip(_KEYS, values, strict=True):
                if value:
                    handle.write(f"# {key} = {value}\n")
            for token, tag in _tagged(frame, given):
                handle.write(f"{token}\t{tag}\n")
            handle.write("\n")
            written += 1
    return written


def frame_of_tokens(
    identifier: str, locale: str, tokens: Sequence[str], tags: Sequence[str], domain: str, intent: str
) -> Frame:
    """A frame of tokens and their tags; the text is the tokens joined as the language writes them.

    Raises:
        UserError: lists of different lengths, an empty token, a tag that is none, no token.
    """
    if len(tokens) != len(tags):
        raise UserError(f"{len(tokens)} tokens and {len(tags)} tags; each token has one")
    rows = [_checked(token, tag, f"{token} {tag}") for token, tag in zip(tokens, tags, strict=True)]
    text = _joined(tokens, locale)
    if not text.strip():
        raise UserError("an utterance without a token")
    return Frame(identifier, locale, text, domain, intent, _slots(text, rows))


def _joined(tokens: Iterable[str], locale: str) -> str:
    unspaced = Locale.parse(locale).language in UNSPACED_LANGUAGES
    return ("" if unspaced else " ").join(tokens)


def _checked(token: str, tag: str, written: str) -> tuple[str, str]:
    prefix, dash, name = tag.partition("-")
    if not token.strip() or (tag != "O" and not (prefix in _PREFIXES and dash and name)):
        raise UserError(
            f"'{written[:60]}' is no token and tag; write the token, a tab, and O, B-slot or I-slot"
        )
    return token, tag if tag == "O" else f"{_PREFIXES[prefix]}-{name}"


def _utterance(known: dict[str, str], tokens: list[tuple[str, str]], given: Given, count: int) -> Utterance:
    locale = given.locale_of(known.get("locale"))
    text = known.get("text") or _joined((token for token, _ in tokens), locale)
    if not text.strip():
        raise UserError("an utterance without a token; give it one or delete it")
    partition = given.partition_of(text, partition_of(known) if "partition" in known else None)
    named = known.get("id") or str(count)
    slots = _slots(text, tokens)
    return Utterance(
        Frame(named, locale, text, known.get("domain", ""), known.get("intent", ""), slots), partition
    )


def _slots(text: str, tokens: Iterable[tuple[str, str]]) -> tuple[Slot, ...]:
    spans: list[tuple[str, int, int]] = []
    at, running = 0, ""
    for token, tag in tokens:
        while at < len(text) and text[at].isspace():
            at += 1
        if not text.startswith(token, at):
            raise UserError(f"token '{token}' is not what the text goes on with: '{text[at : at + 20]}'")
        start, at = at, at + len(token)
        if tag == "O":
            running = ""
        elif tag[0] == "I" and tag[2:] == running:
            spans[-1] = (running, spans[-1][1], at)
        else:
            running = tag[2:]
            spans.append((running, start, at))
    return tuple(Slot(name, text[start:end], start, end) for name, start, end in spans)


def _tagged(frame: Frame, given: Given) -> Iterator[tuple[str, str]]:
    """Labelling units, cut where a slot begins or ends inside one, and their tags."""
    text = frame.text
    cuts = {i for i in range(len(text)) if starts_unit(text, i)}
    cuts |= {edge for slot in frame.slots for edge in (slot.start, slot.end)} | {0, len(text)}
    begun: Slot | None = None
    for start, end in pairwise(sorted(cuts)):
        for token in text[start:end].split():
            slot = next((slot for slot in frame.slots if slot.start <= start < slot.end), None)
            yield token, "O" if slot is None else f"{'I' if slot is begun else 'B'}-{slot.name}"
            begun = slot
    given.lost["outer spaces of slot values"] += sum(slot.value != slot.value.strip() for slot in frame.slots)
