"""Equal numbers a domain and language, exact splits, and the tail."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.errors import UserError
from understudy.utterances.frame import Frame, Tail
from understudy.utterances.resample import domain_sizes, resample, tails


def _frames(**counts: tuple[int, int]) -> list[Frame]:
    return [
        Frame(f"{domain}{i}", locale, f"{domain} {i}", domain, "x")
        for locale, sizes in counts.items()
        for domain, size in zip(("alarm", "music"), sizes, strict=True)
        for i in range(size)
    ]


def test_the_second_largest_language_sets_the_numbers() -> None:
    counts = {"de": {"a": 100, "b": 5}, "en": {"a": 300, "b": 7}, "fr": {"a": 90, "c": 4}}
    assert domain_sizes(counts) == {"a": 100, "b": 5, "c": 4}
    assert domain_sizes({"de": {"a": 3}}) == {"a": 3}


def test_every_language_gets_as_many_with_exact_splits() -> None:
    rows = resample(_frames(de=(100, 30), en=(300, 50), fr=(40, 20)), (80, 10, 10), seed=3)
    table = Counter((row.frame.locale, row.frame.domain, row.partition) for row in rows)
    for locale in ("de", "en", "fr"):
        assert [table[locale, "alarm", side] for side in ("train", "dev", "test")] == [80, 10, 10]
        assert [table[locale, "music", side] for side in ("train", "dev", "test")] == [24, 3, 3]
    ids = [(row.frame.locale, row.frame.id) for row in rows]
    assert len(set(ids)) == len(ids)
    # 100 draws with replacement out of 40 leave few of them out: (39/40)^100 = 8 %.
    assert (
        30
        <= len({row.frame.text for row in rows if row.frame.locale == "fr" and row.frame.domain == "alarm"})
        <= 40
    )
    # With replacement: of 100 draws out of 300 about 85 differ.
    assert (
        70
        <= len({row.frame.text for row in rows if row.frame.locale == "en" and row.frame.domain == "alarm"})
        < 100
    )


@given(st.permutations(_frames(de=(6, 4), en=(9, 2))), st.integers(0, 5))
def test_the_order_of_rows_does_not_matter(frames: list[Frame], seed: int) -> None:
    assert resample(frames, (8, 1, 1), seed) == resample(_frames(de=(6, 4), en=(9, 2)), (8, 1, 1), seed)


def test_equal_texts_stay_together_where_asked() -> None:
    frames = _frames(de=(20, 5), en=(400, 60), fr=(300, 40))
    rows = resample(frames, (80, 10, 10), seed=0, texts_together=True)
    sides = {}
    for row in rows:
        assert sides.setdefault(row.frame.text, row.partition) == row.partition
    apart = resample(frames, (80, 10, 10), seed=0)
    assert len({(row.frame.text, row.partition) for row in apart}) > len({row.frame.text for row in apart})


def test_a_language_without_a_domain_is_named() -> None:
    with pytest.raises(UserError, match="'fr' has no utterance of domain 'music'"):
        resample(_frames(de=(5, 5), en=(5, 5), fr=(5, 0)), (80, 10, 10), seed=0)


def test_the_tail_by_both_measures() -> None:
    texts = ["a"] * 4 + ["A"] + ["b"] * 3 + ["c"] * 3 + ["d"]
    frames = [Frame(str(i), "de", text) for i, text in enumerate(texts)] + [Frame("0", "en", "d")]
    marks = dict(zip(texts, tails(frames, at_most=3, top=2), strict=False))
    assert marks == {
        "a": Tail(False, False),
        "A": Tail(False, False),
        "b": Tail(True, False),  # second: alphabetically before the equally frequent c
        "c": Tail(True, True),
        "d": Tail(True, True),
    }
    assert tails(frames, 3, 2)[-1] == Tail(True, False)
