"""Cases as one self-contained page with the same filters as the terminal's, in plain JavaScript."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from typing import Any

from understudy.report.errors import KINDS
from understudy.report.inspection import Case
from understudy.report.page import filled, read
from understudy.utterances.frame import Frame


def inspect_page(title: str, shown: Sequence[Case], told: str) -> str:
    """The page's text.

    Args:
        title: of what model on which data.
        shown: the cases it holds.
        told: what it was made from, and what it leaves out.
    """
    return filled(
        "inspect.html",
        title=escape(title),
        told=escape(told),
        style=read("style.css") + read("inspect.css"),
        script=read("inspect.js"),
        data=_for_script({"kinds": KINDS, "cases": [_row(case) for case in shown]}),
    )


def _for_script(value: Any) -> str:
    """JSON that cannot end the element it stands in, whatever people have said to their assistant."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _row(case: Case) -> dict[str, Any]:
    return {
        "id": case.reference.id,
        "locale": case.reference.locale,
        "text": case.reference.text,
        "errors": case.errors,
        "due": _side(case.reference),
        "given": _side(case.hypothesis),
        "confidence": case.hypothesis.confidence,
        "rejected": case.hypothesis.rejected,
    }


def _side(frame: Frame) -> dict[str, Any]:
    """Intent, domain and slots; offsets count UTF-16 units, as JavaScript does."""
    units = [0]
    for character in frame.text:
        units.append(units[-1] + (2 if ord(character) > 0xFFFF else 1))
    slots = [[slot.name, units[slot.start], units[slot.end]] for slot in frame.slots]
    return {"intent": frame.intent, "domain": frame.domain, "slots": slots}
