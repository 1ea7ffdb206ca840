"""Runs on one test set: the fingerprint of the references, and the refusal to compare what differs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

from understudy.core.errors import UserError
from understudy.core.files import fingerprint_of
from understudy.metrics.pairs import paired
from understudy.metrics.systems import Run, System
from understudy.metrics.table import Table, tabulate
from understudy.utterances.frame import Frame
from understudy.utterances.read import read_frames


def fingerprint_of_test_set(references: Sequence[Frame]) -> str:
    """SHA-256 of what is asked and what is right, whatever the order of lines and whatever else they hold."""
    rows = sorted(json.dumps(_asked(frame)) for frame in references)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def _asked(frame: Frame) -> list[object]:
    slots = [[slot.name, slot.start, slot.end] for slot in frame.slots]
    return [frame.locale, frame.id, frame.text, frame.domain, frame.intent, slots]


@dataclass(frozen=True)
class Measured:
    """All runs on the one test set they share."""

    fingerprint: str
    tables: dict[str, list[Table]]
    """System -> a table a run; rows are the same utterances in all."""
    references: list[Frame]


def read_systems(named: Sequence[System]) -> Measured:
    """Read and count every run.

    Raises:
        UserError: a bad file; runs on different test sets; hypotheses that do not pair with the references.
    """
    first = named[0].runs[0]
    shared = _references(first)
    print_of_file = fingerprint_of(first.references)
    fingerprint = fingerprint_of_test_set(shared)
    tables: dict[str, list[Table]] = {}
    for system in named:
        for run in system.runs:
            if fingerprint_of(run.references) != print_of_file:
                references = _references(run)
                if fingerprint_of_test_set(references) != fingerprint:
                    raise UserError(_difference(shared, references, first), file=run.references)
            try:
                pairs = paired(shared, read_frames(run.predictions))
            except UserError as error:
                raise UserError(
                    error.problem, file=error.file or run.predictions, place=error.place
                ) from None
            tables.setdefault(system.name, []).append(tabulate(pairs))
    return Measured(fingerprint, tables, shared)


def _references(run: Run) -> list[Frame]:
    references = read_frames(run.references)
    if not references:
        raise UserError("holds no frame; at least one is due", file=run.references)
    try:
        paired(references, references)  # an id that stands there twice is theirs, not the hypotheses'
    except UserError as error:
        raise UserError(error.problem, file=run.references) from None
    return references


def _difference(first: Sequence[Frame], other: Sequence[Frame], run: Run) -> str:
    """What makes two test sets different, in a line."""
    one, two = ({(frame.locale, frame.id): frame for frame in frames} for frames in (first, other))
    lacking, more = one.keys() - two.keys(), two.keys() - one.keys()
    changed = [key for key in one.keys() & two.keys() if _asked(one[key]) != _asked(two[key])]
    parts = [
        f"{len(keys)} {what} (first: id '{min(keys)[1]}', {min(keys)[0]})"
        for keys, what in ((lacking, "lacking"), (more, "more"), (changed, "with another text or labels"))
        if keys
    ]
    whole = sorted({locale for locale, _ in one} ^ {locale for locale, _ in two})
    locales = f"; not in both: locale {', '.join(whole)}" if whole else ""
    return (
        f"not the test set of {run.references}: {', '.join(parts)}{locales}. "
        "Only runs on the same references can be compared"
    )
