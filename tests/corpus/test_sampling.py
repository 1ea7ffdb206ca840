"""Language sampling, the mix and exact counts: hand-computed tables and slow references."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.errors import UserError
from understudy.corpus.sampling import apportion, language_shares, plan, repeats

counts = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 10**9), min_size=1)


def test_square_root_of_nine_to_one_is_three_to_one() -> None:
    assert language_shares({"en": 900, "te": 100}, 0.5) == pytest.approx({"en": 0.75, "te": 0.25})


@pytest.mark.parametrize(
    ("alpha", "en", "de", "te"),
    [(1.0, 16 / 21, 4 / 21, 1 / 21), (0.5, 4 / 7, 2 / 7, 1 / 7), (0.0, *[1 / 3] * 3)],
)
def test_shares_of_16_4_1(alpha: float, en: float, de: float, te: float) -> None:
    assert language_shares({"en": 1600, "de": 400, "te": 100}, alpha) == pytest.approx(
        {"en": en, "de": de, "te": te}
    )


@given(counts, st.floats(0, 1))
def test_shares_sum_to_one_and_never_favour_the_larger_language(rows: dict[str, int], alpha: float) -> None:
    shares = language_shares(rows, alpha)
    assert sum(shares.values()) == pytest.approx(1)
    whole = sum(rows.values())
    ratio = sorted((n, shares[name] / (n / whole)) for name, n in rows.items())
    assert all(small >= large * (1 - 1e-9) for (_, small), (_, large) in itertools.pairwise(ratio))


def test_largest_remainder_by_hand() -> None:
    # Exact shares 5.0, 3.33, 1.67: the two floors 3 and 1 leave one, which goes to .67.
    assert apportion(10, {"a": 3, "b": 2, "c": 1}) == {"a": 5, "b": 3, "c": 2}
    assert apportion(1, {"b": 1.0, "a": 1.0}) == {"a": 1, "b": 0}


@given(st.integers(0, 10**9), counts)
def test_apportioned_counts_sum_to_the_total_and_stay_within_one(total: int, shares: dict[str, int]) -> None:
    got = apportion(total, shares)
    assert sum(got.values()) == total
    whole = sum(shares.values())
    assert all(abs(got[name] - total * share / whole) < 1 + 1e-6 for name, share in shares.items())


ROWS = {
    ("public", "en"): 9000,
    ("public", "te"): 1000,
    ("in_domain", "en"): 400,
    ("in_domain", "te"): 100,
}


def test_two_kinds_keep_the_in_domain_total_and_sample_public_to_one_half_of_it() -> None:
    # in-domain 500 -> 2/3 and 1/3; public 250 -> 3/4 and 1/4.
    assert plan(ROWS, 0.5, (1, 2), None) == {
        ("in_domain", "en"): 333,
        ("in_domain", "te"): 167,
        ("public", "en"): 188,
        ("public", "te"): 62,
    }


def test_a_total_is_split_by_the_mix_and_evenly_with_alpha_0() -> None:
    # The transfer set 7 : 3 with every language alike (paper B).
    assert plan(ROWS, 0.0, (7, 3), 1000) == {
        ("in_domain", "en"): 150,
        ("in_domain", "te"): 150,
        ("public", "en"): 350,
        ("public", "te"): 350,
    }


def test_one_kind_keeps_its_total_whatever_the_mix() -> None:
    public = {group: n for group, n in ROWS.items() if group[0] == "public"}
    assert plan(public, 0.5, (0, 1), None) == {("public", "en"): 7500, ("public", "te"): 2500}


def test_a_mix_without_in_domain_keeps_the_public_total() -> None:
    got = plan(ROWS, 1.0, (1, 0), None)
    assert got == {
        ("in_domain", "en"): 0,
        ("in_domain", "te"): 0,
        ("public", "en"): 9000,
        ("public", "te"): 1000,
    }


@pytest.mark.parametrize("mix", [(0.0, 0.0), (-1.0, 2.0)])
def test_an_impossible_mix_is_named(mix: tuple[float, float]) -> None:
    with pytest.raises(UserError, match=r"mix: .*1, 2"):
        plan(ROWS, 0.5, mix, None)


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1, unique=True), st.integers(0, 100))
def test_repeats_meet_the_target_and_favour_small_draws(draws: list[int], target: int) -> None:
    got = repeats(draws, target)
    assert sum(got) == target
    assert max(got) - min(got) <= 1
    in_order = [times for _, times in sorted(zip(draws, got, strict=True))]
    assert in_order == sorted(in_order, reverse=True)
