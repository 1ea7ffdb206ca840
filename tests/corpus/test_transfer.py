"""Transfer sets: the paper's counts by hand, and a slow and obvious reference."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.errors import UserError
from understudy.corpus.transfer import plan_transfer

SOURCES = ("wikipedia", "crawl", "task")


def test_seven_to_three_in_every_language() -> None:
    rows = {(source, language): 1000 for source in SOURCES for language in ("de", "es", "fr", "it")}
    planned = plan_transfer(rows, {"wikipedia": 35, "crawl": 35, "task": 30}, 400)
    assert planned == {
        (source, language): count
        for language in ("de", "es", "fr", "it")
        for source, count in (("wikipedia", 35), ("crawl", 35), ("task", 30))
    }


def test_a_missing_source_is_made_up_for_in_proportion() -> None:
    rows = {("wikipedia", "de"): 5, ("task", "de"): 5, ("crawl", "te"): 9, ("task", "te"): 0}
    planned = plan_transfer(rows, {"wikipedia": 35, "crawl": 35, "task": 30}, 130)
    # 65 a language: of Wikipedia and task 35 : 30; of the crawl alone all.
    assert planned == {("wikipedia", "de"): 35, ("task", "de"): 30, ("crawl", "te"): 65}


def test_one_source_alone_and_the_default_size() -> None:
    rows = {("wikipedia", "de"): 80, ("wikipedia", "te"): 20, ("task", "de"): 500, ("task", "te"): 1}
    assert plan_transfer(rows, {"wikipedia": 1, "task": 0}, None) == {
        ("wikipedia", "de"): 80,
        ("wikipedia", "te"): 80,
    }
    assert plan_transfer(rows, {"task": 1}, 10) == {("task", "de"): 5, ("task", "te"): 5}


@pytest.mark.parametrize(
    ("weights", "examples", "problem"),
    [
        ({}, None, "weight"),
        ({"wikipedia": 0.0}, None, "weight"),
        ({"wikipedia": 1.0, "task": -1.0}, None, "negative"),
        ({"crawl": 1.0}, None, "'de' has no text in crawl"),
        ({"wikipedia": 1.0}, 1, "2 languages"),
    ],
)
def test_what_cannot_be_planned(weights: dict[str, float], examples: int | None, problem: str) -> None:
    rows = {("wikipedia", "de"): 8, ("wikipedia", "te"): 2}
    with pytest.raises(UserError, match=problem):
        plan_transfer(rows, weights, examples)


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(SOURCES), st.sampled_from("abcd")), st.integers(1, 99), min_size=1
    ),
    st.fixed_dictionaries({source: st.integers(1, 9) for source in SOURCES}),
    st.integers(4, 10_000),
)
def test_counts_against_the_obvious_way(
    rows: dict[tuple[str, str], int], weights: dict[str, int], examples: int
) -> None:
    planned = plan_transfer(rows, weights, examples)
    assert sum(planned.values()) == examples
    languages = {language for _, language in rows}
    for language in languages:
        mine = {source: n for (source, its), n in planned.items() if its == language}
        assert abs(sum(mine.values()) - examples / len(languages)) < 1
        assert set(mine) == {source for source, its in rows if its == language}
        whole = sum(weights[source] for source in mine)
        for source, count in mine.items():
            assert math.isclose(count, sum(mine.values()) * weights[source] / whole, abs_tol=1)
