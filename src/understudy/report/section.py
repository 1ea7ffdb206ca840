"""What a page is made of: sections of tables and figures, and lines that say what is left out and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from understudy.report.tables import Table

NONE = "none"
"""What stands in a cell that has no value; the table's notes give the reason."""


@dataclass(frozen=True)
class Html:
    """Markup that is ready to stand in the page: whatever came from data is escaped already."""

    text: str


@dataclass(frozen=True)
class Section:
    """A heading with what stands under it."""

    key: str
    """Its anchor."""
    title: str
    lead: str
    """What one sees here, a sentence or two."""
    parts: tuple[Table | Html, ...]


@dataclass(frozen=True)
class Omitted:
    """A section that the run has nothing for."""

    title: str
    why: str


def tag(name: str, inside: str = "", **attributes: object) -> str:
    """An element; ``inside`` is markup, values of attributes are text.

    A dash in an attribute's name is written as an underscore, ``class`` as ``class_``; None is absent.
    """
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{told}>{inside}</{name}>"


def details(summary: str, inside: str) -> Html:
    """What is opened on demand; ``summary`` is text, ``inside`` markup."""
    return Html(tag("details", tag("summary", escape(summary)) + inside))


def grid(figures: Sequence[str]) -> Html:
    """Figures side by side where there is room, one below the other on a phone."""
    return Html(tag("div", "".join(figures), class_="grid"))


def percent(value: float | None, digits: int = 2, sign: str = "") -> str:
    """A fraction in percent, or :data:`NONE`."""
    return NONE if value is None else f"{100 * value:{sign}.{digits}f}"


def duration(seconds: float) -> str:
    """Seconds as one reads them: 0.4 s, 12 s, 3.2 min, 1.5 h."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.1f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def amount(number: float) -> str:
    """A large number in few digits: 1,200; 3.6M."""
    for size, unit in ((1e9, "B"), (1e6, "M")):
        if number >= size:
            return f"{number / size:.2f}{unit}"
    return f"{number:,.0f}"
