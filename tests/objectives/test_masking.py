"""Which pieces are masked, and with what."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from understudy.objectives.losses import IGNORE
from understudy.objectives.masking import Masked, mask_batch
from understudy.tokenizer.protocol import SpecialPieces

VOCABULARY = 500
SPECIAL = SpecialPieces.of_ours(VOCABULARY)
MASK_ID, NUM_SPECIAL = 4, 5


def padded(rows: list[list[int]], width: int = 0) -> NDArray[np.int64]:
    width = max(width, *(len(row) for row in rows))
    return np.array([[*row, *[1] * (width - len(row))] for row in rows], dtype=np.int64)


def masked(ids: NDArray[np.int64], rows: list[int] | None = None, seed: int = 0, epoch: int = 0) -> Masked:
    numbers = np.arange(len(ids)) if rows is None else np.array(rows)
    return mask_batch(ids, numbers, seed=seed, epoch=epoch, special=SPECIAL)


def real(result: Masked) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Selected positions and labels without their padding."""
    keep = result.labels != IGNORE
    return result.selected[keep], result.labels[keep]


piece = st.integers(NUM_SPECIAL, VOCABULARY - 1) | st.sampled_from([0, 2, 3, 4])
pieces = st.lists(piece, min_size=1, max_size=60)
batches = st.lists(pieces, min_size=1, max_size=6)


@given(batches, st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_what_holds_for_every_batch(rows: list[list[int]], seed: int, epoch: int) -> None:
    ids = padded(rows)
    before = ids.copy()
    result = masked(ids, seed=seed, epoch=epoch)
    assert np.array_equal(ids, before)
    selected, labels = real(result)
    assert len(set(selected.tolist())) == len(selected)
    for number, row in enumerate(rows):
        ordinary = sum(piece >= NUM_SPECIAL for piece in row)
        due = min(ordinary, max(1, (15 * ordinary + 50) // 100))
        assert int((selected // ids.shape[1] == number).sum()) == due
    assert (ids.reshape(-1)[selected] >= NUM_SPECIAL).all()
    assert np.array_equal(labels, ids.reshape(-1)[selected])
    changed = np.flatnonzero((result.ids != ids).reshape(-1))
    assert set(changed) <= set(selected.tolist())
    put_in = result.ids.reshape(-1)[selected]
    assert ((put_in == MASK_ID) | ((put_in >= NUM_SPECIAL) & (put_in < VOCABULARY))).all()


@pytest.mark.parametrize(
    ("ordinary", "count"),
    [
        (0, 0),
        (1, 1),
        (3, 1),
        (9, 1),
        (10, 2),
        (13, 2),
        (16, 2),
        (17, 3),
        (30, 5),
        (70, 11),
        (90, 14),
        (510, 77),
    ],
)
def test_counts_by_hand(ordinary: int, count: int) -> None:
    result = masked(padded([[0, *range(5, 5 + min(ordinary, 400)), *[9] * max(0, ordinary - 400), 2]]))
    assert len(real(result)[0]) == count


def test_positions_are_padded_with_labels_that_no_loss_counts() -> None:
    result = masked(padded([list(range(5, 105))]))
    assert len(result.selected) == len(result.labels) == 64
    assert (result.labels[15:] == IGNORE).all()
    assert (result.labels[:15] != IGNORE).all()
    assert (result.selected[15:] == 0).all()


@given(batches, st.integers(0, 99), st.integers(0, 9), st.integers(0, 20), st.randoms())
def test_a_row_is_masked_alike_in_any_batch(
    rows: list[list[int]], seed: int, epoch: int, extra: int, random: object
) -> None:
    numbers = [7 + 3 * i for i in range(len(rows))]
    together = masked(padded(rows), numbers, seed, epoch).ids
    order = list(range(len(rows)))
    random.shuffle(order)  # type: ignore[attr-defined]
    width = max(map(len, rows)) + extra
    shuffled = masked(padded([rows[i] for i in order], width), [numbers[i] for i in order], seed, epoch).ids
    for place, i in enumerate(order):
        alone = masked(padded([rows[i]]), [numbers[i]], seed, epoch).ids[0]
        assert np.array_equal(alone, together[i, : len(rows[i])])
        assert np.array_equal(alone, shuffled[place, : len(rows[i])])


def test_seed_epoch_and_row_each_give_other_masks() -> None:
    ids = padded([list(range(5, 205))] * 3)
    base = set(real(masked(ids[:1]))[0].tolist())
    others = [masked(ids[:1], seed=1), masked(ids[:1], epoch=1), masked(ids[:1], [1])]
    for other in others:
        overlap = len(base & set(real(other)[0].tolist()))
        assert overlap <= 14  # of 30; 4.5 are due, 14 are five deviations more


def test_over_epochs_every_position_is_selected_equally_often() -> None:
    ids = padded([[0, *range(5, 45), 2]])
    epochs = 4000
    counts = np.zeros(42)
    for epoch in range(epochs):
        counts[real(masked(ids, epoch=epoch))[0]] += 1
    assert counts[0] == counts[41] == 0
    due, deviation = epochs * 6 / 40, (epochs * 0.15 * 0.85) ** 0.5
    assert (abs(counts[1:41] - due) < 4.5 * deviation).all()


def test_eighty_ten_ten() -> None:
    ids = np.random.default_rng(0).integers(NUM_SPECIAL, VOCABULARY, (2000, 100))
    result = masked(ids)
    selected, labels = real(result)
    assert len(selected) == 30_000
    put_in = result.ids.reshape(-1)[selected]
    hidden, kept = put_in == MASK_ID, put_in == labels
    # Of the random tenth one in 495 is the piece itself.
    for share, due in ((hidden.mean(), 0.8), (kept.mean(), 0.1 + 0.1 / 495)):
        assert share == pytest.approx(due, abs=4 * (due * (1 - due) / 30_000) ** 0.5)
    randoms = put_in[~hidden & ~kept]
    assert randoms.min() < NUM_SPECIAL + 5
    assert randoms.max() > VOCABULARY - 5
    counts = np.bincount(randoms - NUM_SPECIAL, minlength=495)
    chi_square = ((counts - counts.mean()) ** 2 / counts.mean()).sum()
    assert abs(chi_square - 494) < 4.5 * (2 * 494) ** 0.5


# A tokenizer of another kind: special pieces anywhere, a table with rows that no piece has.
SCATTERED = SpecialPieces(
    vocabulary=40, begin=31, pad=0, end=32, unknown=30, mask=33, never_masked=(0, 7, 30, 31, 32, 33, 38, 39)
)


@given(st.lists(st.lists(st.integers(0, 39), min_size=1, max_size=50), min_size=1, max_size=5))
def test_special_pieces_wherever_they_stand(rows: list[list[int]]) -> None:
    width = max(map(len, rows))
    ids = np.array([[*row, *[0] * (width - len(row))] for row in rows], dtype=np.int64)
    result = mask_batch(ids, np.arange(len(rows)), seed=1, epoch=2, special=SCATTERED)
    selected, labels = real(result)
    never = set(SCATTERED.never_masked)
    for number, row in enumerate(rows):
        ordinary = sum(piece not in never for piece in row)
        due = min(ordinary, max(1, (15 * ordinary + 50) // 100))
        assert int((selected // width == number).sum()) == due
    assert never.isdisjoint(labels.tolist())
    put_in = set(result.ids.reshape(-1)[selected].tolist())
    assert put_in <= set(range(40)) - never | {33}
    untouched = np.ones(ids.size, dtype=bool)
    untouched[selected] = False
    assert np.array_equal(result.ids.reshape(-1)[untouched], ids.reshape(-1)[untouched])


def test_every_ordinary_piece_is_put_in_at_random_and_no_other() -> None:
    ids = np.full((4000, 20), 5, dtype=np.int64)
    result = mask_batch(ids, np.arange(4000), seed=0, epoch=0, special=SCATTERED)
    put_in = result.ids.reshape(-1)[real(result)[0]]
    assert set(put_in.tolist()) == set(range(40)) - set(SCATTERED.never_masked) | {33}
