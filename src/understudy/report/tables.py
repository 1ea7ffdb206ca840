"""A table of text: what stands in the page, and what a terminal prints."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A heading, column names and rows of text."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    """What marks mean, and why a cell has no value."""
    words: int = 1
    """So many columns, the first ones, hold words and not figures."""

    def text(self) -> str:
        """Aligned columns, the first to the left."""
        lines = [self.columns, *self.rows]
        widths = [max(len(line[i]) for line in lines) for i in range(len(self.columns))]
        body = [
            "  ".join(
                cell.ljust(width) if i < self.words else cell.rjust(width)
                for i, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in lines
        ]
        return "\n".join(
            [self.title, body[0], "-" * sum(widths, 2 * len(widths) - 2), *body[1:], *self.notes]
        )
