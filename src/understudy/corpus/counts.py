"""What became of every row, by kind and language: the numbers of a prepared corpus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from understudy.corpus.groups import Group
from understudy.corpus.passes import Facts


@dataclass
class Side:
    """Kept rows of one side, before sampling."""

    rows: int = 0
    words: int = 0
    bytes: int = 0

    def add(self, rows: int, words: int, size: int) -> None:
        """Count some more, or fewer."""
        self.rows += rows
        self.words += words
        self.bytes += size


@dataclass
class Tally:
    """Rows of one group; ``read = train + held_out + everything dropped``."""

    read: int = 0
    accepted: int = 0
    """Rows that no filter dropped."""
    spoken: int = 0
    """Accepted rows that were put into spoken form here."""
    dropped: Counter[str] = field(default_factory=Counter)
    """By reason."""
    placeholders: Counter[str] = field(default_factory=Counter)
    """Personal data that was replaced, by kind."""
    train: Side = field(default_factory=Side)
    held_out: Side = field(default_factory=Side)

    @property
    def kept(self) -> int:
        """Rows before sampling."""
        return self.train.rows + self.held_out.rows


@dataclass(frozen=True)
class Counts:
    """Every group's tally, and the draws that are held out because they are a group's smallest."""

    tallies: dict[Group, Tally]
    smallest: frozenset[int]

    @classmethod
    def of(
        cls, groups: Sequence[Group], gathered: Sequence[tuple[int, Facts]], unique: Sequence[Facts]
    ) -> Counts:
        """Add up what the tasks of the first two passes counted."""
        tallies = {group: Tally(dropped=Counter(empty=0, short=0, duplicate=0)) for group in groups}
        for number, facts in gathered:
            tally = tallies[groups[number]]
            tally.read += facts["read"]
            tally.accepted += facts["read"] - sum(facts["dropped"].values())
            tally.spoken += facts["spoken"]
            tally.dropped.update(facts["dropped"])
            tally.placeholders.update(facts["placeholders"])
        for facts in unique:
            for number, (group, seen) in enumerate(zip(groups, facts["seen"], strict=True)):
                tally = tallies[group]
                for name in ("train", "held_out"):
                    getattr(tally, name).add(*(values[number] for values in facts[name]))
                tally.dropped.update({reason: of[number] for reason, of in facts["dropped"].items()})
                tally.dropped["duplicate"] += seen - facts["train"][0][number] - facts["held_out"][0][number]
        return cls(tallies, _hold_out_smallest(groups, tallies, [row for f in unique for row in f["lowest"]]))

    def rows(self, name: str) -> dict[Group, int]:
        """``read`` or ``train`` rows of each group."""
        return {
            group: tally.read if name == "read" else tally.train.rows for group, tally in self.tallies.items()
        }

    def expected(self, measure: str, targets: Mapping[Group, int], kind: str | None = None) -> int:
        """``words`` or ``bytes`` to expect once every group has its target; of one kind, or all."""
        return sum(
            getattr(self.tallies[group].train, measure) * target // self.tallies[group].train.rows
            for group, target in targets.items()
            if kind in (None, group.kind)
        )

    def held_out(self, measure: str, kind: str | None = None) -> int:
        """``words`` or ``bytes`` that are held out."""
        return sum(
            getattr(tally.held_out, measure)
            for group, tally in self.tallies.items()
            if kind in (None, group.kind)
        )

    def numbers(
        self, targets: Mapping[Group, int], written: Mapping[str, Mapping[Group, tuple[int, int]]]
    ) -> dict[str, Any]:
        """The manifest's numbers: ``rows`` by kind or corpus, and language; totals of the written sides.

        Args:
            targets: rows each group was sampled to.
            written: rows and words of ``train`` and ``validation``.
        """
        rows: dict[str, dict[str, Any]] = {}
        for group, tally in sorted(self.tallies.items()):
            sizes = {
                side: dict(zip(("rows", "words"), of[group], strict=True)) for side, of in written.items()
            }
            rows.setdefault(group.name, {})[group.language] = {
                "read": tally.read,
                "dropped": dict(tally.dropped),
                "placeholders": dict(sorted(tally.placeholders.items())),
                "kept": tally.kept,
                "held_out": tally.held_out.rows,
                "sampled": targets[group],
                "spoken_share": tally.spoken / tally.accepted if group.kind == "public" else None,
                **sizes,
            }
        totals = {
            side: dict(zip(("rows", "words"), map(sum, zip(*of.values(), strict=True)), strict=True))
            for side, of in written.items()
        }
        return {"rows": rows, **totals}


def _hold_out_smallest(
    groups: Sequence[Group], tallies: Mapping[Group, Tally], lowest: Sequence[Sequence[int]]
) -> frozenset[int]:
    """Of each group that holds out none, move the text with the smallest draw, and its like in other groups.

    Equal draws are in one partition, so whoever shares a group's smallest draw is among ``lowest``.
    """
    smallest: dict[int, int] = {}
    for draw, group, *_ in lowest:
        if not tallies[groups[group]].held_out.rows:
            smallest[group] = min(draw, smallest.get(group, draw))
    chosen = frozenset(smallest.values())
    for draw, group, *sizes in lowest:
        if draw in chosen:
            tally = tallies[groups[group]]
            tally.train.add(*(-size for size in sizes))
            tally.held_out.add(*sizes)
    return chosen
