"""What became of every row, by kind and language: the numbers of a prepared corpus."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from understudy.corpus.engine import daft
from understudy.corpus.sampling import Group


@dataclass(frozen=True)
class Counts:
    """Rows by (kind, language); ``read = train + held_out + everything dropped``."""

    read: dict[Group, int]
    train: dict[Group, int]
    held_out: dict[Group, int]
    dropped: dict[Group, dict[str, int]]
    """By reason: ``empty``, ``short``, ``duplicate``."""
    spoken: dict[Group, int]
    """Kept rows that were put into spoken form here."""
    words: dict[Group, int]
    """Words of the training rows."""

    @classmethod
    def of(cls, unique: daft.DataFrame) -> Counts:
        """Count unique rows (``kind, language, dropped, held_out, seen, copies, spoken, words``)."""
        col = daft.col
        table = unique.groupby("kind", "language", "dropped", "held_out").agg(
            col("seen").sum(),
            col("copies").sum(),
            (col("copies") * col("spoken")).sum().alias("spoken"),
            (col("copies") * col("words")).sum().alias("words"),
        )
        read: dict[Group, int] = defaultdict(int)
        sides: dict[bool, dict[Group, int]] = {False: defaultdict(int), True: defaultdict(int)}
        dropped: dict[Group, dict[str, int]] = defaultdict(lambda: {"empty": 0, "short": 0, "duplicate": 0})
        spoken: dict[Group, int] = defaultdict(int)
        words: dict[Group, int] = defaultdict(int)
        for row in table.to_pylist():
            group = (row["kind"], row["language"])
            read[group] += row["seen"]
            dropped[group][row["dropped"] or "duplicate"] += row["seen"] - row["copies"]
            if not row["dropped"]:
                sides[row["held_out"]][group] += row["copies"]
                spoken[group] += row["spoken"]
                words[group] += 0 if row["held_out"] else row["words"]
        return cls(
            dict(read), dict(sides[False]), dict(sides[True]), dict(dropped), dict(spoken), dict(words)
        )

    def words_sampled(self, targets: Mapping[Group, int]) -> int:
        """Public words to expect once every group has its target."""
        return sum(
            self.words[group] * target // self.train[group]
            for group, target in targets.items()
            if group[0] == "public"
        )

    def numbers(
        self, targets: Mapping[Group, int], train: daft.DataFrame, validation: daft.DataFrame
    ) -> dict[str, Any]:
        """The manifest's numbers: ``rows`` by kind and language, then totals of the written tables."""
        written = {"train": _sizes(train), "validation": _sizes(validation)}
        rows: dict[str, dict[str, Any]] = {}
        for group in sorted(self.read):
            kind, language = group
            kept = self.train[group] + self.held_out[group]
            rows.setdefault(kind, {})[language] = {
                "read": self.read[group],
                "dropped": self.dropped[group],
                "kept": kept,
                "held_out": self.held_out[group],
                "sampled": targets[group],
                "spoken_share": self.spoken[group] / kept if kind == "public" else None,
                "train": written["train"].get(group, {"rows": 0, "words": 0}),
                "validation": written["validation"].get(group, {"rows": 0, "words": 0}),
            }
        totals = {
            name: {unit: sum(size[unit] for size in sizes.values()) for unit in ("rows", "words")}
            for name, sizes in written.items()
        }
        return {"rows": rows, **totals}


def _sizes(table: daft.DataFrame) -> dict[Group, dict[str, int]]:
    col = daft.col
    sizes = table.groupby("kind", "language").agg(
        col("text").count().alias("rows"), col("words").sum().alias("words")
    )
    return {
        (row["kind"], row["language"]): {"rows": row["rows"], "words": row["words"]}
        for row in sizes.to_pylist()
    }
