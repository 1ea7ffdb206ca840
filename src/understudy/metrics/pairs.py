"""Pairing the frames of two sides by ``(id, locale)``: parallel corpora use one id in every language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from understudy.core.errors import UserError
from understudy.utterances.frame import Frame

Key = tuple[str, str]
"""Locale and id."""


def paired(references: Sequence[Frame], hypotheses: Sequence[Frame]) -> list[tuple[Frame, Frame]]:
    """Reference and hypothesis of every utterance, in the order of references.

    Raises:
        UserError: there are no references; an ``(id, locale)`` appears twice on one side or on one side only.
    """
    due = _by_key(references, "references")
    given = _by_key(hypotheses, "hypotheses")
    if not due:
        raise UserError("there are no reference frames; at least one is due")
    _refuse_missing(due, given, "the hypotheses lack", "of the references' frames")
    _refuse_missing(given, due, "the hypotheses hold", "frames that the references lack")
    return [(due[key], given[key]) for key in due]


def _by_key(frames: Sequence[Frame], side: str) -> dict[Key, Frame]:
    table: dict[Key, Frame] = {}
    for frame in frames:
        key = (frame.locale, frame.id)
        if key in table:
            labels = "the same labels" if _labels(table[key]) == _labels(frame) else "contradictory labels"
            raise UserError(
                f"the {side} hold {_name(key)} twice, with {labels}; ids must be unique within a locale"
            )
        table[key] = frame
    return table


def _labels(frame: Frame) -> tuple[object, ...]:
    return frame.domain, frame.intent, frame.slots


def _refuse_missing(due: dict[Key, Frame], there: dict[Key, Frame], what: str, of: str) -> None:
    missing = due.keys() - there.keys()
    if not missing:
        return
    locales = Counter(locale for locale, _ in missing)
    whole = sorted(locales.keys() - {locale for locale, _ in there})
    places = f", all of locale {' and '.join(whole)}" if whole else ""
    raise UserError(
        f"{what} {len(missing)} {of}{places}, first {_name(min(missing))}; "
        "both sides need the same (id, locale) pairs"
    )


def _name(key: Key) -> str:
    return f"id '{key[1]}' ({key[0]})"
