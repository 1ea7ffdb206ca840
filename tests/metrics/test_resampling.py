"""Intervals and tests against what theory and slow code say."""

from __future__ import annotations

import random
from math import comb, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.metrics.measures import MEASURES
from understudy.metrics.nlu import score
from understudy.metrics.pairs import paired
from understudy.metrics.resampling import MACRO, MICRO, interval, mcnemar, observed, resampled, sign_p
from understudy.metrics.table import Table, tabulate
from understudy.utterances.frame import Frame, Slot

LOCALES = ("de-DE", "en-US")


def corpus(
    number: int, right: float, seed: int = 0, locales: tuple[str, ...] = LOCALES, same_ids: bool = False
):
    """References and answers of which a share is right; answers in several locales fail together by id."""
    draw = random.Random(seed)
    references, hypotheses = [], []
    for i in range(number):
        hits = draw.random() < right
        for locale in locales:
            hits = hits if same_ids else draw.random() < right
            name = str(i) if same_ids else f"{locale}-{i}"
            slots = (Slot("s", "one", 0, 3),) if i % 2 else ()
            domain = "pq"[i % 2]
            references.append(Frame(name, locale, "one two", domain, "a", slots))
            hypotheses.append(
                Frame(
                    name,
                    locale,
                    "one two",
                    domain if hits else "r",
                    "a" if hits else "b",
                    slots if hits else (),
                )
            )
    return references, hypotheses


def table(references: list[Frame], hypotheses: list[Frame]) -> Table:
    return tabulate(paired(references, hypotheses))


def test_what_is_observed_is_what_score_says() -> None:
    references, hypotheses = corpus(40, 0.6)
    ours, due = observed(table(references, hypotheses)), score(references, hypotheses)
    for name in MEASURES:
        assert ours[MICRO][name] == pytest.approx(due[name])
        assert ours[MACRO][name] == pytest.approx(due["macro"][name])
        assert ours["locale", "de-DE"][name] == pytest.approx(due["by_locale"]["de-DE"][name])


def test_resamplings_are_those_of_slow_code() -> None:
    references, hypotheses = (
        [frame for frame in side if (frame.id, frame.locale) != ("3", "de-DE")]
        for side in corpus(15, 0.5, same_ids=True)
    )
    drawn = resampled([table(references, hypotheses)], 20, seed=7)[0]
    ids = sorted({frame.id for frame in references})
    generator = np.random.default_rng(7)
    pairs = paired(references, hypotheses)
    for i, picks in enumerate(generator.integers(0, len(ids), (20, len(ids)))):
        chosen = [
            (one, other, copy)
            for copy, pick in enumerate(picks)
            for one, other in pairs
            if one.id == ids[pick]
        ]
        again = [
            [
                Frame(f"{copy}", frame.locale, frame.text, frame.domain, frame.intent, frame.slots)
                for frame, copy in side
            ]
            for side in (
                [(one, copy) for one, _, copy in chosen],
                [(other, copy) for _, other, copy in chosen],
            )
        ]
        due = score(*again)
        for name in MEASURES:
            assert drawn[MICRO][name][i] == pytest.approx(due[name])
            assert drawn[MACRO][name][i] == pytest.approx(due["macro"][name])
            assert drawn["locale", "en-US"][name][i] == pytest.approx(due["by_locale"]["en-US"][name])


def test_many_chunks_are_one_bootstrap(monkeypatch: pytest.MonkeyPatch) -> None:
    one = resampled([table(*corpus(30, 0.5))], 50, seed=1)[0]
    monkeypatch.setattr("understudy.metrics.resampling._CELLS", 300)
    other = resampled([table(*corpus(30, 0.5))], 50, seed=1)[0]
    for name in MEASURES:
        np.testing.assert_array_equal(one[MICRO][name], other[MICRO][name])


def test_the_spread_is_what_theory_says() -> None:
    references, hypotheses = corpus(400, 0.7, locales=("en-US",))
    accuracy = score(references, hypotheses)["intent_accuracy"]
    draws = resampled([table(references, hypotheses)], 4000, seed=0)[0][MICRO]["intent_accuracy"]
    deviation = sqrt(accuracy * (1 - accuracy) / 400)
    assert draws.std() == pytest.approx(deviation, rel=0.05)
    low, high = interval(draws, 0.95) or (0, 0)
    assert (low, high) == pytest.approx((accuracy - 1.96 * deviation, accuracy + 1.96 * deviation), abs=0.006)


def test_one_utterance_in_many_languages_is_no_more_than_one() -> None:
    many = tuple(f"{language}-XX" for language in ("de", "en", "fr", "ja"))
    apart = resampled([table(*corpus(200, 0.5, locales=many))], 1000, 0)[0][MICRO]["intent_accuracy"].std()
    together = resampled([table(*corpus(200, 0.5, locales=many, same_ids=True))], 1000, 0)[0]
    assert together[MICRO]["intent_accuracy"].std() == pytest.approx(2 * apart, rel=0.15)


def test_the_order_of_files_is_no_input() -> None:
    references, hypotheses = corpus(30, 0.5)
    one = resampled([table(references, hypotheses)], 30, 0)[0]
    other = resampled([table(references[::-1], hypotheses)], 30, 0)[0]
    np.testing.assert_array_equal(one[MICRO]["semer"], other[MICRO]["semer"])


def test_sign_p_by_hand() -> None:
    assert sign_p(np.zeros(99)) == 1
    assert sign_p(np.ones(99)) == pytest.approx(2 / 100)
    assert sign_p(np.array([-1.0] * 9 + [1.0] * 90)) == pytest.approx(20 / 100)
    assert sign_p(np.array([np.nan])) is None
    assert interval(np.array([np.nan]), 0.95) is None


@given(st.integers(0, 60), st.integers(0, 60))
def test_mcnemar_is_the_binomial_test(lost: int, won: int) -> None:
    one = np.array([True] * lost + [False] * won + [True, False])
    other = np.array([False] * lost + [True] * won + [True, False])
    tail = sum(comb(lost + won, k) for k in range(min(lost, won) + 1))
    due = min(1, 2 * tail / 2 ** (lost + won))
    assert mcnemar(one, other) == {"only_baseline": lost, "only_candidate": won, "p": pytest.approx(due)}


def test_mcnemar_of_a_hundred_thousand_is_a_number() -> None:
    right = np.ones(100_000, dtype=bool)
    assert mcnemar(right, ~right)["p"] == 0
    assert mcnemar(right[:0], right[:0])["p"] == 1


def test_chance_is_found_significant_as_often_as_said() -> None:
    """Of 200 pairs of systems that differ by chance alone about one in twenty has p < 0.05."""
    found = 0
    for seed in range(200):
        one = table(*corpus(60, 0.7, seed=seed, locales=("en-US",)))
        other = table(*corpus(60, 0.7, seed=seed + 1000, locales=("en-US",)))
        before, after = resampled([one, other], 200, seed)
        p = sign_p(after[MICRO]["intent_accuracy"] - before[MICRO]["intent_accuracy"])
        assert p is not None
        found += p < 0.05
    assert 2 <= found <= 22
