"""A small grammar engine: weighted templates with nested rules, and slots whose offsets are tracked.

A grammar is text. A rule begins at the margin; its alternatives follow, one a line or separated by ``|``::

    alarm_set:
      set an alarm for [time] (please|)
      wake me up at [time] {on_date}
    time: noon | {hour} o'clock | {hour} thirty
    hour!: one | two | three

``{rule}`` nests a rule, ``{rule^}`` with its words capitalised, ``{3..40}`` is a whole number, ``[slot]`` or
``[slot=rule]`` marks a slot, ``(a|b|)`` chooses on the spot, ``~`` is nothing. Spaces that an empty choice
leaves behind are folded.

Alternatives are ordered from frequent to rare: the k-th has the Zipf-Mandelbrot weight 1/(k+1). A rule with
``!`` is *closed* (numbers, weekdays, parts of grammar): its alternatives are equally likely and none is held
out. In an open rule every sixth alternative is held out for the test split and two of six are kept out of the
labelled training text (see :class:`Scope`). Within one text, a list of words avoids repeating itself. All
failures here are :class:`GrammarError`: a grammar is part of the program.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import accumulate
from random import Random


class GrammarError(ValueError):
    """A grammar does not parse, or names a rule that does not exist."""


_DRAWS = 4  # tries for a word that is not yet in the text; then a repeat is accepted


class Scope(IntEnum):
    """How much of the world a text may use: each scope contains the ones before it."""

    TRAIN = 0
    """What the few labelled training utterances show."""
    WIDE = 1
    """What unlabelled in-domain text shows as well."""
    ALL = 2
    """Everything: test utterances, and generic text."""


# Scope in which the k-th alternative of an open rule first appears. The first two, the most frequent, are
# always in training; by weight about 63 % of the choices are TRAIN, 26 % WIDE, 11 % ALL.
_FIRST_SEEN = (Scope.TRAIN, Scope.TRAIN, Scope.WIDE, Scope.TRAIN, Scope.ALL, Scope.WIDE)


@dataclass(frozen=True, slots=True)
class Expansion:
    """A text, its slots as (name, start, end) in characters, and the narrowest scope that can produce it."""

    text: str
    slots: tuple[tuple[str, int, int], ...]
    scope: Scope


@dataclass(slots=True)
class _Output:
    """Text under construction."""

    random: Random
    scope: Scope
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    ends_open: bool = True
    """At the start or after a space: another space would be too many."""
    slots: list[tuple[str, int, int]] = field(default_factory=list)
    used: set[tuple[int, int]] = field(default_factory=set)
    """Plain words taken so far: (rule, alternative)."""
    widest: Scope = Scope.TRAIN

    def add(self, text: str) -> None:
        if self.ends_open:
            text = text.lstrip(" ")
        if text:
            self.pieces.append(text)
            self.length += len(text)
            self.ends_open = text.endswith(" ")


@dataclass(frozen=True, slots=True)
class _Literal:
    text: str

    def emit(self, out: _Output) -> None:
        out.add(self.text)


@dataclass(frozen=True, slots=True)
class _Number:
    low: int
    high: int

    def emit(self, out: _Output) -> None:
        out.add(str(out.random.randint(self.low, self.high)))


@dataclass(slots=True)
class _Choice:
    """Alternatives, with the cumulative weights of those that each scope may use."""

    sequences: list[tuple[_Node, ...]] = field(default_factory=list)
    closed: bool = True
    plain: bool = False
    by_scope: list[tuple[list[int], list[float]]] = field(default_factory=list)

    def weigh(self) -> None:
        self.plain = len(self.sequences) > 5 and all(
            isinstance(node, _Literal) for sequence in self.sequences for node in sequence
        )
        firsts = [self.first_seen(k) for k in range(len(self.sequences))]
        for scope in Scope:
            allowed = [k for k, first in enumerate(firsts) if first <= scope]
            weights = [1.0 if self.closed else 1.0 / (k + 2) for k in allowed]
            self.by_scope.append((allowed, list(accumulate(weights))))

    def first_seen(self, k: int) -> Scope:
        return Scope.TRAIN if self.closed else _FIRST_SEEN[k % len(_FIRST_SEEN)]

    def emit(self, out: _Output) -> None:
        allowed, cumulative = self.by_scope[out.scope]
        for _ in range(_DRAWS):
            k = allowed[bisect(cumulative, out.random.random() * cumulative[-1], 0, len(allowed) - 1)]
            if not self.plain or (id(self), k) not in out.used:
                break
        self.emit_alternative(k, out)

    def emit_alternative(self, k: int, out: _Output) -> None:
        if self.plain:
            out.used.add((id(self), k))
        out.widest = max(out.widest, self.first_seen(k))
        for node in self.sequences[k]:
            node.emit(out)


@dataclass(frozen=True, slots=True)
class _Capital:
    body: _Choice

    def emit(self, out: _Output) -> None:
        first = len(out.pieces)
        self.body.emit(out)
        out.pieces[first:] = [_WORD_START.sub(lambda m: m[0].upper(), "".join(out.pieces[first:]))]


@dataclass(frozen=True, slots=True)
class _Slot:
    name: str
    body: _Choice

    def emit(self, out: _Output) -> None:
        start = out.length
        self.body.emit(out)
        out.slots.append((self.name, start, out.length))


_Node = _Literal | _Number | _Choice | _Capital | _Slot

_WORD_START = re.compile(r"(?:^|(?<=[ -]))\w")
_HEADER = re.compile(r"([a-z][a-z0-9_]*)(!?):(?:\s|$)")
_TOKEN = re.compile(
    r"\{(?P<low>\d+)\.\.(?P<high>\d+)\}|\{(?P<rule>[a-z0-9_]+)(?P<capital>\^?)\}|\[(?P<slot>[a-z0-9_]+)(?:=(?P<body>[a-z0-9_]+))?\]"
    r"|(?P<open>\()|(?P<close>\))|(?P<bar>\|)|(?P<text>[^{}\[\]()|]+)"
)


class Grammar:
    """Rules from one or more sources; a later source may use the rules of an earlier one.

    Args:
        sources: grammar texts in the notation of this module.
        lower: write everything in lower case (spoken text from lists in written form).

    Raises:
        GrammarError: a text does not parse, a rule is defined twice or not at all, a slot holds a slot.
    """

    def __init__(self, sources: Iterable[str], *, lower: bool = False) -> None:
        self._lower = lower
        self._rules: dict[str, _Choice] = {}
        self._defined: set[str] = set()
        self._choices: list[_Choice] = []
        for source in sources:
            self._read(unicodedata.normalize("NFC", source))
        if missing := self._rules.keys() - self._defined:
            raise GrammarError(f"rules used but not defined: {', '.join(sorted(missing))}")
        for choice in (*self._rules.values(), *self._choices):
            choice.weigh()
        for name, rule in self._rules.items():
            if _slot_in_slot(rule, inside=False):
                raise GrammarError(f"rule {name}: a slot holds another slot")

    @property
    def rules(self) -> tuple[str, ...]:
        """Names of all rules."""
        return tuple(self._rules)

    def alternatives(self, rule: str) -> int:
        """How many alternatives a rule has."""
        return len(self._rules[rule].sequences)

    def expand(self, rule: str, random: Random, scope: Scope, alternative: int | None = None) -> Expansion:
        """One random text of a rule; ``alternative`` fixes the first choice, whatever its scope."""
        out = _Output(random, scope)
        if alternative is None:
            self._rules[rule].emit(out)
        else:
            self._rules[rule].emit_alternative(alternative, out)
        text = "".join(out.pieces).rstrip(" ")
        slots = []
        for name, start, end in out.slots:
            value = text[start:end]  # an empty choice can leave a space at either end of a value
            start += len(value) - len(value.lstrip(" "))
            slots.append((name, start, start + len(value.strip(" "))))
        return Expansion(text.lower() if self._lower else text, tuple(slots), out.widest)

    def _read(self, source: str) -> None:
        current: _Choice | None = None
        for line in source.splitlines():
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            if header := _HEADER.match(line):
                name = header[1]
                if name in self._defined:
                    raise GrammarError(f"rule {name} is defined twice")
                self._defined.add(name)
                current = self._rules.setdefault(name, _Choice())
                current.closed = bool(header[2])
                line = line[header.end() :]
            elif current is None or not line.startswith(" "):
                raise GrammarError(f"neither a rule nor an indented alternative: {line!r}")
            if line.strip():
                current.sequences.extend(self._parse(line))

    def _parse(self, line: str) -> list[tuple[_Node, ...]]:
        """The alternatives of one line."""
        tokens = list(_TOKEN.finditer(line))
        if sum(len(token[0]) for token in tokens) != len(line):
            raise GrammarError(f"cannot read {line.strip()!r}")
        sequences, rest = self._sequences(tokens, 0)
        if rest != len(tokens):
            raise GrammarError(f"')' without '(' in {line.strip()!r}")
        return [_trim(sequence) for sequence in sequences]

    def _sequences(self, tokens: Sequence[re.Match[str]], i: int) -> tuple[list[list[_Node]], int]:
        """Alternatives from token ``i`` up to the end or an unmatched ``)``, and where that is."""
        sequences: list[list[_Node]] = [[]]
        while i < len(tokens) and tokens[i]["close"] is None:
            token = tokens[i]
            if token["bar"]:
                sequences.append([])
            elif token["open"]:
                inner, i = self._sequences(tokens, i + 1)
                if i == len(tokens):
                    raise GrammarError(f"'(' without ')' in {token.string.strip()!r}")
                group = _Choice([tuple(sequence) for sequence in inner])
                self._choices.append(group)
                sequences[-1].append(group)
            else:
                sequences[-1].append(self._node(token))
            i += 1
        return sequences, i

    def _node(self, token: re.Match[str]) -> _Node:
        if token["text"]:
            return _Literal(token["text"].replace("~", ""))
        if token["rule"]:
            rule = self._rules.setdefault(token["rule"], _Choice())
            return _Capital(rule) if token["capital"] else rule
        if token["slot"]:
            return _Slot(token["slot"], self._rules.setdefault(token["body"] or token["slot"], _Choice()))
        return _Number(int(token["low"]), int(token["high"]))


def _trim(sequence: list[_Node]) -> tuple[_Node, ...]:
    """Without the spaces around an alternative."""
    if sequence and isinstance(first := sequence[0], _Literal):
        sequence[0] = _Literal(first.text.lstrip())
    if sequence and isinstance(last := sequence[-1], _Literal):
        sequence[-1] = _Literal(last.text.rstrip())
    return tuple(sequence)


def _slot_in_slot(node: _Node, inside: bool) -> bool:
    if isinstance(node, _Capital):
        return _slot_in_slot(node.body, inside)
    if isinstance(node, _Slot):
        return inside or _slot_in_slot(node.body, inside=True)
    if isinstance(node, _Choice):
        return any(_slot_in_slot(child, inside) for sequence in node.sequences for child in sequence)
    return False
