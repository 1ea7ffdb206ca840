"""One self-contained HTML page: nothing in it points outside, so it opens offline and stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib.resources import files
from string import Template

from understudy.report.section import Html, Omitted, Section, tag
from understudy.report.tables import Table


def page(title: str, summary: Html, sections: Sequence[Section | Omitted], told: str = "") -> str:
    """The page's text: a summary, the contents, the sections, and what was left out with the reason."""
    there = [each for each in sections if isinstance(each, Section)]
    omitted = [each for each in sections if isinstance(each, Omitted)]
    links = "".join(tag("li", tag("a", escape(each.title), href=f"#{each.key}")) for each in there)
    body = [_section(each) for each in there]
    if omitted:
        links += tag("li", tag("a", "Left out", href="#omitted"))
        body.append(_omitted(omitted))
    return filled(
        "page.html",
        title=escape(title),
        told=escape(told),
        style=read("style.css"),
        summary=summary.text,
        contents=tag("ul", links),
        body="\n".join(body),
    )


def filled(name: str, **values: str) -> str:
    """A template beside this file with its places filled."""
    return Template(read(name)).substitute(values)


def read(name: str) -> str:
    """A file beside this one."""
    return files("understudy.report").joinpath(name).read_text(encoding="utf-8")


def caption(text: str) -> str:
    """A table's caption, which stays in sight where the table scrolls."""
    return tag("caption", tag("span", escape(text)))


def as_html(table: Table) -> str:
    """A table with its caption, headings that say what they head, and notes; it scrolls where it is wide."""
    head = "".join(
        tag("th", escape(name), scope="col", class_=None if i < table.words else "figure")
        for i, name in enumerate(table.columns)
    )
    rows = "\n".join(tag("tr", _row(row, table.words)) for row in table.rows)
    shown = tag(
        "table",
        caption(table.title) + tag("thead", tag("tr", head)) + tag("tbody", rows),
    )
    notes = "".join(tag("p", escape(note), class_="note") for note in table.notes)
    return tag("div", shown, class_="scroll", tabindex=0, role="region", aria_label=table.title) + notes


def _row(row: Sequence[str], words: int) -> str:
    first = tag("th", escape(row[0]), scope="row")
    return first + "".join(
        tag("td", escape(cell), class_=None if i < words else "figure") for i, cell in enumerate(row[1:], 1)
    )


def _section(section: Section) -> str:
    parts = [as_html(part) if isinstance(part, Table) else part.text for part in section.parts]
    head = tag("h2", escape(section.title)) + tag("p", _code(section.lead), class_="soft")
    return tag("section", head + "\n".join(parts), id=section.key)


def _code(text: str) -> str:
    """Text with what stands between backquotes as code."""
    return "".join(tag("code", part) if i % 2 else part for i, part in enumerate(escape(text).split("`")))


def _omitted(omitted: Sequence[Omitted]) -> str:
    items = "".join(tag("li", f"{tag('b', escape(each.title))}: {escape(each.why)}.") for each in omitted)
    return tag("section", tag("h2", "Left out") + tag("ul", items), id="omitted")
