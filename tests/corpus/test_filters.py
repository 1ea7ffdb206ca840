"""Each filter's reason, by hand."""

from __future__ import annotations

import math

import pytest
from pydantic import ValidationError

from understudy.core.recipe.text_filters import Contamination, Filters, NearDuplicates
from understudy.corpus.filters import REASONS, reason

NAN = math.nan


@pytest.mark.parametrize(
    ("filters", "text", "confidence", "due"),
    [
        ({}, "?", NAN, ""),
        ({"minimum_characters": 3}, "ab", None, "few_characters"),
        ({"minimum_characters": 3}, "abc", None, ""),
        ({"maximum_characters": 3}, "abcd", None, "many_characters"),
        ({"maximum_characters": 3}, "abc", None, ""),
        ({"confidence": 0.5}, "ab", 0.49, "low_confidence"),
        ({"confidence": 0.5}, "ab", 0.5, ""),
        ({"confidence": 0.0}, "ab", 0.0, ""),
        ({"confidence": 0.5}, "ab", NAN, "no_confidence"),
        ({"confidence": 0.0}, "ab", NAN, "no_confidence"),
        ({"confidence": 0.5}, "ab", None, ""),  # its corpus names no key
        ({"script_share": 0.5}, "abжж", None, ""),
        ({"script_share": 0.6}, "abжж", None, "script"),
        ({"script_share": 0.0}, "жж", None, ""),
        ({"script_share": 0.1}, "12", None, "script"),
        ({"minimum_characters": 9, "script_share": 1, "confidence": 1}, "ж", 0.1, "few_characters"),
    ],
)
def test_by_hand(filters: dict[str, float], text: str, confidence: float | None, due: str) -> None:
    assert reason(Filters(**filters), text, "en", confidence) == due
    assert due in ("", *REASONS)


@pytest.mark.parametrize(
    ("config", "problem"),
    [
        ({"script_share": 1.1}, "less than or equal to 1"),
        ({"confidence": -0.1}, "greater than or equal to 0"),
        ({"minimum_characters": 5, "maximum_characters": 4}, "nothing would be kept"),
        ({"min_characters": 5}, "Extra inputs"),
    ],
)
def test_a_filter_that_makes_no_sense_is_refused(config: dict[str, float], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        Filters(**config)


def test_the_documented_odds_of_a_pair() -> None:
    config = NearDuplicates()
    odds = [1 - (1 - s**config.rows) ** config.bands for s in (0.6, 0.7, 0.8, 0.9)]
    assert odds == pytest.approx([0.09, 0.37, 0.84, 0.999], abs=0.005)
    assert config.threshold == pytest.approx(0.73, abs=0.005)
    assert Contamination().ngram == 13
