"""Which intents (or domains, without) are taken for which: a heat map of the most confused, and examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

from understudy.report.page import caption
from understudy.report.section import Html, Omitted, Section, tag
from understudy.report.systems import Group, System
from understudy.report.tables import Table
from understudy.utterances.frame import Frame

Labelled = Sequence[tuple[str, str, Frame]]
"""The label that was due, the one that was given, and the utterance."""

MOST_INTENTS = 14
MOST_PAIRS = 12


def confusion(groups: list[Group]) -> Section | Omitted:
    """The section, of the model that goes on stage in each label set."""
    title = "Confused intents"
    if not groups:
        return Omitted(title, "no step of stage evaluate is there")
    parts: list[Table | Html] = []
    for group in groups:
        parts += of_system(group, group.understudy)
    if not parts:
        return Omitted(title, "no intent was wrong")
    lead = (
        "Rows are the labels that were due, columns those that were given; the stronger the colour, the "
        "larger the share of the row. The most confused intents only; all errors are for `understudy "
        "inspect` to browse."
    )
    return Section("confusion", title, lead, tuple(parts))


def of_system(group: Group, system: System) -> list[Table | Html]:
    """The heat map and the pairs most often confused, of the first seed."""
    which = next((head for head in ("intent", "domain") if head in system.heads), None)
    if which is None:
        return []
    labelled = [(getattr(due, which), getattr(given, which), due) for due, given in system.pairs()]
    wrong = Counter((due, given) for due, given, _ in labelled if due != given)
    if not wrong:
        return []
    told = f"{system.title}, labels: {group.labels}, {wrong.total():,} of {len(labelled):,} {which}s wrong"
    return [Html(heat_map(labelled, wrong, told)), _examples(labelled, wrong, told)]


def heat_map(labelled: Labelled, wrong: Counter[tuple[str, str]], title: str) -> str:
    """Counts of due against given, of the intents that take part in the commonest confusions."""
    names: list[str] = []
    for (due, given), _ in wrong.most_common():
        new = [name for name in (due, given) if name not in names]
        if len(names) + len(new) > MOST_INTENTS:
            break
        names += new
    names.sort()
    counts = Counter((due, given) for due, given, _ in labelled)
    totals = Counter(due for due, *_ in labelled)
    head = tag("td") + "".join(
        tag("th", tag("span", escape(name)), scope="col") for name in (*names, "others")
    )
    body = []
    for due in names:
        cells = [(given, counts[due, given]) for given in names]
        cells.append(("others", totals[due] - sum(count for _, count in cells)))
        row = "".join(_cell(count, totals[due], right=given == due) for given, count in cells)
        body.append(tag("tr", tag("th", escape(due), scope="row") + row))
    table = tag(
        "table",
        caption(f"Due and given: {title}") + tag("thead", tag("tr", head)) + tag("tbody", "".join(body)),
        class_="heat",
    )
    return tag("div", table, class_="scroll", tabindex=0, role="region", aria_label=f"Due and given, {title}")


def _cell(count: int, total: int, *, right: bool) -> str:
    if not count:
        return tag("td", "·", class_="soft")
    share = count / total
    kind = "right" if right else "wrong"
    return tag(
        "td", f"{count:,}", class_=kind, style=f"--share: {share:.2f}", title=f"{share:.0%} of the row"
    )


def _examples(labelled: Labelled, wrong: Counter[tuple[str, str]], title: str) -> Table:
    first: dict[tuple[str, str], str] = {}
    for due, given, frame in labelled:
        first.setdefault((due, given), f"{frame.text} ({frame.locale})")
    totals = Counter(due for due, *_ in labelled)
    return Table(
        f"Most often confused: {title}",
        ("due", "given", "for example", "times", "% of due"),
        tuple(
            (*pair, first[pair], f"{count:,}", f"{100 * count / totals[pair[0]]:.1f}")
            for pair, count in wrong.most_common(MOST_PAIRS)
        ),
        words=3,
    )
