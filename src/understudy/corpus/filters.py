"""Why a text is dropped, looking at nothing but itself; the reason is what the counts name.

What takes other texts to tell is next door: ``near_duplicates`` and ``contamination``.
"""

from __future__ import annotations

import math

from understudy.core.recipe.text_filters import Filters
from understudy.text.scripts import script_share

REASONS = ("few_characters", "many_characters", "low_confidence", "no_confidence", "script")
"""Every reason of :func:`reason`."""


def reason(filters: Filters, text: str, language: str, confidence: float | None) -> str:
    """The first filter that drops a text, cheapest first; empty where all keep it.

    Args:
        filters: which are on, and where they draw the line.
        text: white space folded; not empty.
        language: a bare language, ``en``.
        confidence: the recogniser's; None where the corpus names no key for it, NaN where the row lacks it.
    """
    return (
        by_length(text, filters.minimum_characters, filters.maximum_characters)
        or by_confidence(confidence, filters.confidence)
        or by_script(text, language, filters.script_share)
    )


def by_length(text: str, minimum: int, maximum: int | None) -> str:
    """``few_characters`` or ``many_characters``."""
    if len(text) < minimum:
        return "few_characters"
    return "many_characters" if maximum is not None and len(text) > maximum else ""


def by_confidence(confidence: float | None, threshold: float | None) -> str:
    """``low_confidence``, or ``no_confidence`` where a row lacks the value its corpus promises (paper B 3.1).

    A missing value is a counted drop and no error: one such line in a log of millions should not stop a run,
    and an utterance nobody vouches for should not pass. Text of a corpus without confidences passes.
    """
    if threshold is None or confidence is None:
        return ""
    if math.isnan(confidence):
        return "no_confidence"
    return "low_confidence" if confidence < threshold else ""


def by_script(text: str, language: str, share: float | None) -> str:
    """``script``: too few of its letters are of its language's scripts; see :func:`script_share`."""
    return "script" if share is not None and script_share(text, language) < share else ""
