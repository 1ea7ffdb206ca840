"""Cases on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from understudy.report.errors import KINDS
from understudy.report.inspection import Case, tally
from understudy.utterances.frame import Frame, Slot

RIGHT, WRONG, QUIET = "cyan", "bold magenta", "dim"
"""Told apart with any kind of colour blindness; what is wrong is bold as well."""


def show(console: Console, found: Sequence[Case], matching: Sequence[Case], page: int, size: int) -> None:
    """One page of the matching cases, with how many there are of what."""
    pages = max(1, -(-len(matching) // size))
    shown = matching[(page - 1) * size : page * size]
    for case in shown:
        _show(console, case)
    wrong = sum(bool(case.errors) for case in found)
    console.print(Text(f"{wrong:,} of {len(found):,} utterances are not right", style="bold"))
    for kind, count in tally(found).items():
        console.print(Text.assemble(f"  {count:>7,}  ", (kind, WRONG), (f"  {KINDS[kind]}", QUIET)))
    what = f"{len(matching):,} fit the filters" + (f", page {page} of {pages}" if matching else "")
    more = f"; --page {page + 1} shows more" if page < pages else ""
    console.print(Text(what + more, style="bold"))


def _show(console: Console, case: Case) -> None:
    due, given = case.reference, case.hypothesis
    head = Text.assemble((f"{due.locale} {due.id}", QUIET), "  ")
    head.append(", ".join(case.errors) or "right", WRONG if case.errors else RIGHT)
    if given.confidence is not None:
        head.append(f"  confidence {given.confidence:.2f}", QUIET)
    if given.rejected:
        head.append("  rejected", WRONG)
    console.print(head, soft_wrap=True)
    console.print(_line("due  ", due, given), soft_wrap=True)
    if case.errors:
        console.print(_line("given", given, due), soft_wrap=True)
    console.print()


def _line(name: str, frame: Frame, other: Frame) -> Text:
    """Intent and text of one side; what the other side does not have stands out."""
    line = Text.assemble((f"  {name} ", QUIET))
    intent = frame.intent or frame.domain or "-"
    same = (frame.intent, frame.domain) == (other.intent, other.domain) or frame.intent == other.intent != ""
    line.append(f"{intent}  ", RIGHT if same else WRONG)
    theirs = {(slot.name, slot.start, slot.end) for slot in other.slots}
    at = 0
    for slot in frame.slots:
        line.append(frame.text[at : slot.start])
        style = RIGHT if _span(slot) in theirs else WRONG
        line.append("[", style).append(slot.value, style).append(f"]{slot.name}", style)
        at = slot.end
    line.append(frame.text[at:])
    return line


def _span(slot: Slot) -> tuple[str, int, int]:
    return slot.name, slot.start, slot.end
