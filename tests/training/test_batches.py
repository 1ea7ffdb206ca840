"""Batches of an epoch."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.errors import UserError
from understudy.training.batches import MOST_LENGTHS, batch_lengths, buckets, epoch_batches


@pytest.mark.parametrize(
    ("max_length", "lengths"),
    [
        (4, [4]),
        (8, [4, 8]),
        (30, [4, 8, 12, 16, 20, 24, 28, 30]),
        (64, [4, 8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64]),
        (100, [4, 8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 100]),
        (300, [4, 8, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 80, 96, 112, 128, 192, 256, 300]),
    ],
)
def test_buckets_by_hand(max_length: int, lengths: list[int]) -> None:
    assert buckets(max_length).tolist() == lengths


def test_a_long_model_still_has_few_buckets() -> None:
    assert len(buckets(1024)) == 30


@given(
    lengths=st.lists(st.integers(1, 80), min_size=1, max_size=150),
    tokens=st.integers(16, 600),
    seed=st.integers(0, 99),
    epoch=st.integers(0, 99),
)
def test_what_holds_for_every_epoch(lengths: list[int], tokens: int, seed: int, epoch: int) -> None:
    def batches(seed: int, epoch: int) -> list[tuple[list[int], int]]:
        made = epoch_batches(
            np.array(lengths), tokens_per_batch=tokens, max_length=80, seed=seed, epoch=epoch
        )
        return [(batch.rows.tolist(), batch.length) for batch in made]

    made = batches(seed, epoch)
    assert sorted(row for rows, _ in made for row in rows) == list(range(len(lengths)))
    edges = buckets(80).tolist()
    odd = 0
    for rows, length in made:
        assert length in edges
        assert max(lengths[row] for row in rows) <= length
        assert len(rows) == 1 or len(rows) * length <= tokens
        odd += len(rows) != max(1, tokens // length)
    assert odd <= 1
    assert len({(len(rows), length) for rows, length in made}) <= len(edges) + 1
    assert made == batches(seed, epoch)


def padding(lengths: np.ndarray, tokens: int, padded: np.ndarray | None) -> float:
    made = epoch_batches(lengths, tokens_per_batch=tokens, max_length=128, seed=0, epoch=0, padded=padded)
    return 1 - lengths.sum() / sum(len(batch.rows) * batch.length for batch in made)


def test_batch_lengths_by_hand() -> None:
    # One row of 2, ten of 3, one of 8, three of 9, in batches of one row each.
    lengths = np.repeat([2, 3, 8, 9], [1, 10, 1, 3])
    assert batch_lengths(lengths, 1, most=1).tolist() == [9]
    assert batch_lengths(lengths, 1, most=2).tolist() == [3, 9]
    # 8 for one row saves 1, and 2 for one saves 1.
    assert batch_lengths(lengths, 1, most=3).tolist() in ([2, 3, 9], [3, 8, 9])
    assert batch_lengths(lengths, 1, most=9).tolist() == [2, 3, 8, 9]
    assert batch_lengths(np.array([], dtype=int), 64).tolist() == []
    assert batch_lengths(np.full(5, 7), 64).tolist() == [7]


def test_few_rows_in_large_batches_share_a_length() -> None:
    """Ten rows of 7 and ten of 8: two lengths are exact, but batches of 20 rows are then cut from neither."""
    lengths = np.repeat([7, 8], 10)
    assert batch_lengths(lengths, 8).tolist() == [7, 8]
    assert padding(lengths, 160, batch_lengths(lengths, 160)) == pytest.approx(10 / 160)


@given(
    counts=st.lists(st.integers(0, 9), min_size=2, max_size=9).filter(any),
    most=st.integers(1, 4),
)
def test_no_other_lengths_pad_less(counts: list[int], most: int) -> None:
    """Against all sets of lengths, a row a batch."""
    lengths = np.repeat(np.arange(1, len(counts) + 1), counts)
    got = batch_lengths(lengths, 1, most)
    longest = int(lengths.max())

    def positions(edges: list[int]) -> int:
        return sum(min(edge for edge in edges if edge >= length) for length in lengths.tolist())

    every = ([*chosen, longest] for size in range(most) for chosen in combinations(range(1, longest), size))
    assert len(got) <= most and got[-1] == longest
    assert positions(got.tolist()) == min(map(positions, every))


@pytest.mark.parametrize("tokens", [1024, 2048, 8192])
@pytest.mark.parametrize(("mean", "spread", "shortest"), [(2.3, 0.45, 3), (2.95, 0.5, 5)])
def test_less_than_a_twentieth_is_padding(tokens: int, mean: float, spread: float, shortest: int) -> None:
    """On lengths spread as those of utterances (mean 11) and of sentences (mean 22)."""
    drawn = np.random.default_rng(0).lognormal(mean, spread, 30_000)
    lengths = np.clip(drawn.round().astype(np.int64), shortest, 128)
    padded = batch_lengths(lengths, tokens)
    assert len(padded) <= MOST_LENGTHS
    assert padding(lengths, tokens, padded) < 0.05
    assert padding(lengths, tokens, None) > 0.08


def test_rows_longer_than_the_lengths_are_padded_to_the_longest() -> None:
    made = epoch_batches(
        np.array([3, 9]), tokens_per_batch=4, max_length=12, seed=0, epoch=0, padded=np.array([4])
    )
    assert sorted(batch.length for batch in made) == [4, 9]


def test_other_epochs_and_seeds_have_another_order_and_other_company() -> None:
    lengths = np.full(64, 10)

    def batches(seed: int, epoch: int) -> list[list[int]]:
        made = epoch_batches(lengths, tokens_per_batch=96, max_length=12, seed=seed, epoch=epoch)
        return [batch.rows.tolist() for batch in made]

    base = batches(0, 0)
    for other in (batches(0, 1), batches(1, 0)):
        assert {frozenset(rows) for rows in base}.isdisjoint(frozenset(rows) for rows in other)


def test_lengths_come_in_no_order() -> None:
    lengths = np.repeat(np.arange(4, 33, 4), 40)
    made = [b.length for b in epoch_batches(lengths, tokens_per_batch=64, max_length=32, seed=0, epoch=0)]
    rising = sum(a <= b for a, b in pairwise(made)) / (len(made) - 1)
    assert 0.4 < rising < 0.75


def test_little_padding_on_lengths_like_those_of_utterances() -> None:
    lengths = np.clip(np.random.default_rng(0).poisson(9, 5000) + 2, 3, 32)
    made = epoch_batches(lengths, tokens_per_batch=2048, max_length=32, seed=0, epoch=0)
    assert 1 - lengths.sum() / sum(len(b.rows) * b.length for b in made) < 0.16


def test_a_row_that_does_not_fit_is_the_users_error() -> None:
    with pytest.raises(UserError, match="a row of 13 pieces does not fit the model's max_length of 12"):
        epoch_batches(np.array([3, 13]), tokens_per_batch=96, max_length=12, seed=0, epoch=0)
