"""Rasa's training data (YAML, 2.0 and later): examples of intents, entities in brackets.

``- book a [table for two](party)`` or, with more to say, ``[two]{"entity": "size", "value": "2"}``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from understudy.core.errors import UserError
from understudy.core.files import atomic_write, read_lines
from understudy.utterances.frame import Frame, Slot, Utterance
from understudy.utterances.given import Given

_ENTITY = re.compile(r"\[([^\[\]]+)\](?:\(([^()]+)\)|\{([^{}]*)\})")
_UNWRITABLE = re.compile(f"[\n\r\x85\u2028\u2029]|{yaml.reader.Reader.NON_PRINTABLE.pattern}")
"""Line breaks as YAML 1.1 knows them, and characters it does not allow."""
_OPEN = re.compile(r"\[[^\[\]]*\[[^\]]*\]|\[[^\]]*$")


def read_rasa(path: Path, given: Given) -> Iterator[Utterance]:
    """The examples of all intents, in file order; ids are ``intent-number``.

    Synonyms, regular expressions, lookup tables and the roles and values of entities have no place in a
    frame and are counted in ``given.lost``.

    Raises:
        UserError: with file and line: no YAML, another structure, nested or unfinished brackets, an example
            without a text; no locale or partition is known.
    """
    text = "\n".join(line for _, line in read_lines(path))
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = f"not YAML: {getattr(error, 'problem', None) or error}"
        raise UserError(problem, file=path, place=mark.line + 1 if mark else None) from None
    except RecursionError:
        raise UserError("is nested too deeply to be training data", file=path) from None
    sections = _key(root, "nlu")
    if not isinstance(sections, yaml.SequenceNode):
        raise UserError("has no list 'nlu' of intents with examples", file=path)
    counts: dict[str, int] = {}
    for section in sections.value:
        name = _key(section, "intent")
        if not isinstance(name, yaml.ScalarNode):
            kind = (
                section.value[0][0].value if isinstance(section, yaml.MappingNode) and section.value else "?"
            )
            given.lost[f"sections of '{kind}'"] += 1
            continue
        for line, example in _examples(_key(section, "examples"), path, name.start_mark.line + 1):
            number = counts[name.value] = counts.get(name.value, 0) + 1
            try:
                plain, slots = _parse(example, given)
                frame = Frame(
                    f"{name.value}-{number - 1}", given.locale_of(None), plain, "", name.value, slots
                )
                yield Utterance(frame, given.partition_of(plain))
            except UserError as error:
                raise UserError(error.problem, file=path, place=line) from None


def write_rasa(path: Path, utterances: Iterable[Utterance], given: Given) -> int:
    """Write one training data file; returns the number of utterances.

    Ids, domains, partitions and locales have no place in it, nor has a text that would be read as markup:
    all are counted in ``given.lost``.
    """
    intents: dict[str, list[str]] = {}
    written = 0
    for utterance in utterances:
        frame = utterance.frame
        example = _annotated(frame)
        if example is None:
            given.lost["utterances that hold brackets, line breaks, controls or outer spaces"] += 1
            continue
        intents.setdefault(frame.intent, []).append(example)
        given.lost.update({"ids": 1, "partitions": 1, "locales": 1, "domains": bool(frame.domain)})
        written += 1
    with atomic_write(path) as handle:
        handle.write(f'version: "3.1"\nnlu:{"" if intents else " []"}\n')
        for intent, examples in intents.items():
            handle.write(f"- intent: {json.dumps(intent, ensure_ascii=False)}\n  examples: |\n")
            handle.writelines(f"    - {example}\n" for example in examples)
    return written


def _key(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def _examples(node: yaml.Node | None, path: Path, line: int) -> Iterator[tuple[int, str]]:
    """Lines and texts of a block of ``- example`` lines, or of a list of texts or of objects with 'text'."""
    if isinstance(node, yaml.ScalarNode):
        # A block's first line stands below the mark that opens it.
        first = node.start_mark.line + (2 if node.style in ("|", ">") else 1)
        for i, row in enumerate(node.value.split("\n")):
            if row.strip():
                if not row.lstrip().startswith("- "):
                    raise UserError(
                        f"'{row.strip()}' must begin with '- ', as examples do", file=path, place=first + i
                    )
                yield first + i, row.strip()[2:].strip()
    elif isinstance(node, yaml.SequenceNode):
        for each in node.value:
            text = _key(each, "text") or each
            if not isinstance(text, yaml.ScalarNode):
                raise UserError(
                    "an example is a text, or has the key 'text'", file=path, place=each.start_mark.line + 1
                )
            yield each.start_mark.line + 1, text.value.strip().removeprefix("- ")
    else:
        raise UserError("an intent needs 'examples'", file=path, place=line)


def _parse(example: str, given: Given) -> tuple[str, tuple[Slot, ...]]:
    if not example:
        raise UserError("the example is empty")
    rest = _ENTITY.sub(" ", example)
    if _OPEN.search(rest) or _ENTITY.search(rest):
        raise UserError(f"a bracket is nested or never closed in '{example}'; write [value](slot)")
    text, slots, at = "", [], 0
    for match in _ENTITY.finditer(example):
        text += example[at : match.start()]
        start, at = len(text), match.end()
        text += match[1]
        slots.append(Slot(_name(match, given), match[1], start, len(text)))
    return text + example[at:], tuple(slots)


def _name(match: re.Match[str], given: Given) -> str:
    if match[2] is not None:
        name, colon, _ = match[2].partition(":")
        given.lost["values of entities"] += bool(colon)
    else:
        try:
            more: dict[str, Any] = json.loads("{" + match[3] + "}")
        except json.JSONDecodeError:
            raise UserError(f"'{{{match[3]}}}' is no JSON object") from None
        name = more.get("entity") or ""
        given.lost["roles, groups and values of entities"] += bool(more.keys() - {"entity"})
    if not isinstance(name, str) or not name.strip():
        raise UserError(f"the entity of '{match[1]}' has no name")
    return name.strip()


def _annotated(frame: Frame) -> str | None:
    """The example, or None where it would not be read back as it was."""
    parts, at = [], 0
    for slot in frame.slots:
        parts += [frame.text[at : slot.start], f"[{slot.value}]({slot.name})"]
        at = slot.end
    example = "".join([*parts, frame.text[at:]])
    try:
        same = _parse(example, Given()) == (frame.text, frame.slots)
    except UserError:
        same = False
    return example if same and not _UNWRITABLE.search(example) and example == example.strip() else None
