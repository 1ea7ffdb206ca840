"""Near duplicates: found as often as the formula says, and the same ones whatever the order."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.recipe.text_filters import NearDuplicates
from understudy.corpus.near_duplicates import band_keys, repeated

CONFIG = NearDuplicates()


def alike(one: str, other: str, language: str = "en") -> bool:
    keys = band_keys([one, other], language, CONFIG)
    return bool((keys[0] == keys[1]).any())


def test_by_hand() -> None:
    long = "the quick brown fox jumps over the lazy dog while the cat sleeps on the warm red sofa at home"
    assert alike(long, long.upper() + "!")
    assert alike(long, long + " now")  # 16 of 17 five-grams in common
    assert not alike(long, "something else entirely is said here about the weather of next week in the hills")
    assert not alike("play some music", "play some jazz")  # too short for a five-gram: equal or not
    assert alike("play some music", "Play some music.")
    assert alike("明日の天気はどうなるか教えてください", "明日の天気はどうなるか、教えてください。", "ja")
    assert not alike("明日の天気を教えて", "今日の予定を見せて", "ja")


def test_a_text_shares_keys_with_no_other_by_chance() -> None:
    texts = [f"number {i} has words {i * 7} and {i * 13} of its own {i * 3}" for i in range(3000)]
    keys = band_keys(texts, "en", NearDuplicates(ngram=1, rows=12))
    assert len(np.unique(keys)) > 0.98 * keys.size
    bands = [set(keys[:, band].tolist()) for band in range(keys.shape[1])]
    assert sum(map(len, bands)) == len(set().union(*bands))  # no key of one band in another


@pytest.mark.parametrize("similarity", [0.6, 0.7, 0.8, 0.9])
def test_pairs_are_found_as_often_as_the_formula_says(similarity: float) -> None:
    """Of n distinct words each, w in common: the Jaccard similarity of 1-grams is w / (2n - w)."""
    config = NearDuplicates(ngram=1)
    n = 90
    common = round(2 * n * similarity / (1 + similarity))
    rng = random.Random(0)
    pairs = 1500
    texts = []
    for _ in range(pairs):
        words = [f"{rng.randrange(1 << 60):x}" for _ in range(2 * n - common)]
        texts += [" ".join(words[:n]), " ".join(words[n - common :])]
    keys = band_keys(texts, "en", config)
    found = (keys[0::2] == keys[1::2]).any(axis=1).mean()
    exact = common / (2 * n - common)
    due = 1 - (1 - exact**config.rows) ** config.bands
    assert found == pytest.approx(due, abs=4 * (due * (1 - due) / pairs) ** 0.5 + 0.002)


def obvious(keys: np.ndarray, draws: list[int]) -> list[int]:
    rows = range(len(draws))
    return sorted(
        draws[i] for i in rows if any(draws[j] < draws[i] and (keys[i] == keys[j]).any() for j in rows)
    )


@given(
    table=st.lists(st.lists(st.integers(0, 6), min_size=3, max_size=3), max_size=12),
    seed=st.integers(0, 1000),
    cut=st.integers(0, 12),
)
def test_repeated_is_the_obvious_rule_in_any_order_and_batches(
    table: list[list[int]], seed: int, cut: int
) -> None:
    keys = np.array(table, np.uint64).reshape(-1, 3)
    draws = random.Random(seed).sample(range(1000), len(table))
    due = obvious(keys, draws)
    drawn = np.array(draws, np.uint64)
    for order in (list(range(len(table))), random.Random(seed).sample(range(len(table)), len(table))):
        k, d = keys[order], drawn[order]
        assert repeated([(k[:cut], d[:cut]), (k[cut:], d[cut:])], 3).tolist() == due
    # Of every group one stays: whoever has the smallest draw among those that share a key with it.
    assert not table or min(draws) not in due


def test_keys_hang_on_the_text_alone() -> None:
    texts = [f"this is the sentence of number {i} in a row of many" for i in range(5000)] + ["", "?!"]
    keys = band_keys(texts, "en", CONFIG)
    some = [0, 1, 2047, 2048, 4999, 5000]
    assert (band_keys([texts[i] for i in some], "en", CONFIG) == keys[some]).all()
    assert (keys[5000] == keys[5001]).all()
    assert band_keys([], "en", CONFIG).shape == (0, CONFIG.bands)


@pytest.mark.slow
def test_a_million_sentences() -> None:
    rng = random.Random(0)
    words = [f"w{i}" for i in range(20_000)]
    texts = [" ".join(rng.choices(words, k=12)) for _ in range(200_000)]
    batches = []
    for i in range(5):
        part = [f"{text} {i}" for text in texts]
        draws = np.arange(i * len(part), (i + 1) * len(part), dtype=np.uint64)
        batches.append((band_keys(part, "en", CONFIG), draws))
    goes = repeated(batches, CONFIG.bands)
    # Copies differ in their last word: 8 five-grams of 10 in common are 0.8, found in 84 of 100 pairs.
    assert len(goes) > 600_000
