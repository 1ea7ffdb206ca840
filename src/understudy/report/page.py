"""One self-contained HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib.resources import files
from string import Template

from understudy.report.tables import Table


def page(title: str, tables: Sequence[Table], notes: Sequence[str], figures: Sequence[str] = ()) -> str:
    """The page's text: tables first, then figures (as HTML), then one paragraph a note."""
    template = Template(files("understudy.report").joinpath("page.html").read_text(encoding="utf-8"))
    return template.substitute(
        title=escape(title),
        tables="\n".join(_table(table) for table in tables),
        figures="\n".join(figures),
        notes="\n".join(f"<p>{escape(note)}</p>" for note in notes),
    )


def _table(table: Table) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in table.columns)
    body = "\n".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in table.rows
    )
    return (
        f"<section><h2>{escape(table.title)}</h2><div class=scroll><table><thead><tr>{head}</tr></thead>"
        f"<tbody>\n{body}\n</tbody></table></div></section>"
    )
