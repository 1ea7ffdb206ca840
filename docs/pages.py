"""Tables in the pages of the documentation that a script makes anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

Row = Iterable[object]


def markdown(head: Row, rows: Iterable[Row]) -> str:
    """A table, first column left, the others right."""
    head = list(head)
    rule = ["---"] + ["---:"] * (len(head) - 1)
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in (head, rule, *rows))


def with_tables(text: str, tables: Mapping[str, Callable[[], str]]) -> str:
    """A page with what stands between each ``<!-- name -->`` and ``<!-- end of name -->`` made anew."""
    for name, make in tables.items():
        begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        before, found, rest = text.partition(begin + "\n")
        _, ended, after = rest.partition(end)
        if not found or not ended:
            raise SystemExit(f"the page has no '{begin}' followed by its end")
        text = f"{before}{begin}\n\n{make()}\n\n{end}{after}"
    return text
