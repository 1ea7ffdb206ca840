"""What goes wrong with slots: kinds of error by model, the worst slots, and examples of each kind."""

from __future__ import annotations

from collections import Counter
from html import escape

from understudy.report.errors import KINDS, SLOT_KINDS, SPURIOUS, SlotError, slot_errors
from understudy.report.section import NONE, Html, Omitted, Section, details, tag
from understudy.report.systems import Group, Pairs, System
from understudy.report.tables import Table
from understudy.utterances.frame import Frame, Slot

MOST_EXAMPLES = 6
MOST_SLOTS = 15


def slots(groups: list[Group]) -> Section | Omitted:
    """The section."""
    title = "Slot errors"
    if not groups:
        return Omitted(title, "no step of stage evaluate is there")
    parts: list[Table | Html] = []
    for group in groups:
        parts += _of_group(group)
    if not parts:
        return Omitted(title, "no slot was due or given")
    told = "; ".join(f"{kind}: {KINDS[kind]}" for kind in SLOT_KINDS)
    return Section("slots", title, f"{told[0].upper()}{told[1:]}.", tuple(parts))


def _of_group(group: Group) -> list[Table | Html]:
    systems = [system for system in group.systems if "slots" in system.heads]
    if not any(system.slots_due or system.slot_errors for system in systems):
        return []
    rows = []
    for system in systems:
        kinds, due = system.slot_errors, system.slots_due
        right = due - sum(count for kind, count in kinds.items() if kind != SPURIOUS)
        rows.append((system.title, f"{due:,}", f"{right:,}", *(f"{kinds[kind]:,}" for kind in SLOT_KINDS)))
    table = Table(
        f"Slots by kind of error, labels: {group.labels}, first seed of each model",
        ("model", "due", "right", *SLOT_KINDS),
        tuple(rows),
    )
    shown = group.understudy
    if shown not in systems:
        return [table]
    pairs = shown.pairs()
    errors = [(due, given, error) for due, given in pairs for error in slot_errors(due, given)]
    return [table, _worst(group, shown, pairs), *_examples(shown, errors)]


def _worst(group: Group, system: System, pairs: Pairs) -> Table:
    """The slot names with the most errors."""
    due: Counter[str] = Counter()
    wrong: dict[str, Counter[str]] = {}
    for reference, hypothesis in pairs:
        due.update(slot.name for slot in reference.slots)
        for error in slot_errors(reference, hypothesis):
            slot = error.reference or error.hypothesis
            if slot is not None:
                wrong.setdefault(slot.name, Counter())[error.kind] += 1
    names = sorted(wrong, key=lambda name: (-wrong[name].total(), name))[:MOST_SLOTS]
    rows = tuple(
        (
            name,
            f"{due[name]:,}",
            *(f"{wrong[name][kind]:,}" for kind in SLOT_KINDS),
            _share(wrong[name], due[name]),
        )
        for name in names
    )
    never = any(row[-1] == NONE for row in rows)
    return Table(
        f"Slots with the most errors: {system.title}, labels: {group.labels}",
        ("slot", "due", *SLOT_KINDS, "% of due lost"),
        rows,
        notes=(f"{NONE}: the slot was never due.",) if never else (),
    )


def _share(kinds: Counter[str], due: int) -> str:
    lost = sum(count for kind, count in kinds.items() if kind != SPURIOUS)
    return NONE if not due else f"{100 * lost / due:.1f}"


def _examples(system: System, errors: list[tuple[Frame, Frame, SlotError]]) -> list[Html]:
    found = []
    for kind in SLOT_KINDS:
        of_kind = [each for each in errors if each[2].kind == kind]
        if not of_kind:
            continue
        # Spread over the test set, so that one locale does not take them all.
        every = max(1, len(of_kind) // MOST_EXAMPLES)
        items = "".join(_example(*each) for each in of_kind[::every][:MOST_EXAMPLES])
        count = f"{kind}: {len(of_kind):,} of {system.title}, {min(len(of_kind), MOST_EXAMPLES)} shown"
        found.append(details(count, tag("ul", items, class_="examples")))
    return found


def _example(reference: Frame, hypothesis: Frame, error: SlotError) -> str:
    del hypothesis
    lines = [
        tag(
            "p",
            tag("span", word, class_="soft") + " " + marked(reference.text, slot, kind),
            lang=reference.locale,
        )
        for word, slot, kind in (("due", error.reference, "due"), ("given", error.hypothesis, "given"))
        if slot is not None
    ]
    where = tag("span", escape(f"{reference.locale} {reference.id}"), class_="soft")
    return tag("li", where + "".join(lines))


def marked(text: str, slot: Slot, kind: str) -> str:
    """The text with one slot marked and named."""
    before, inside, after = (
        escape(part) for part in (text[: slot.start], text[slot.start : slot.end], text[slot.end :])
    )
    named = tag("mark", inside + tag("small", escape(slot.name)), class_=kind)
    return tag("bdi", before) + named + tag("bdi", after)
