"""The side of the split hangs on the text alone, and no group goes without."""

from __future__ import annotations

import numpy as np
import pytest

from understudy.core.errors import UserError
from understudy.corpus.draw import SPAN, below, draw, draws, key
from understudy.corpus.groups import Group
from understudy.corpus.split import check_left, for_validation, held_out, under

ROWS = [
    (kind, language, f"{language} {i}")
    for kind, n in (("public", 400), ("in_domain", 30))
    for language in ("en", "de")
    for i in range(n)
]


@pytest.mark.parametrize("share", [1e-9, 0.1])
def test_many_at_once_agree_with_the_reference(share: float) -> None:
    groups: dict[tuple[str, str], list[int]] = {}
    for kind, language, text in ROWS:
        groups.setdefault((kind, language), []).append(draw(text, key(3, "split")))
    smallest = frozenset(map(min, groups.values()))
    split = draws((text for *_, text in ROWS), key(3, "split"))
    got = dict(zip(ROWS, for_validation(split, below(share), smallest).tolist(), strict=True))
    assert got == {row: held_out(row[2], 3, share, smallest) for row in ROWS}
    assert {row[:2] for row, out in got.items() if out} == set(groups)
    if share == 0.1:
        assert sum(got.values()) / len(ROWS) == pytest.approx(0.1, abs=0.03)


def test_a_bound_beyond_every_draw_takes_all() -> None:
    split = np.array([0, SPAN - 1], np.uint64)
    assert under(split, SPAN).tolist() == [True, True]
    assert under(split, SPAN - 1).tolist() == [True, False]


def test_a_language_without_training_text_is_named() -> None:
    public, calls = Group("public", "en", "public"), Group("in_domain", "de", "in_domain")
    check_left({public: 1}, {public: 5})
    with pytest.raises(UserError, match="of 7 in-domain rows in 'de'"):
        check_left({calls: 0, public: 1}, {calls: 7, public: 5})
