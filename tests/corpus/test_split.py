"""The side of the split hangs on the text alone, and no group goes without."""

from __future__ import annotations

import pytest

from understudy.core.errors import UserError
from understudy.corpus.draw import draw, key
from understudy.corpus.engine import daft
from understudy.corpus.split import check_left, held_out, split


def sides(rows: list[tuple[str, str, str]], seed: int, share: float) -> dict[tuple[str, str, str], bool]:
    kind, language, text = (list(column) for column in zip(*rows, strict=True))
    table = daft.from_pydict(
        {"kind": kind, "language": language, "text": text, "dropped": ["" if t else "short" for t in text]}
    )
    return {
        (r["kind"], r["language"], r["text"]): r["held_out"] for r in split(table, seed, share).to_pylist()
    }


ROWS = [
    (kind, language, f"{language} {i}")
    for kind, n in (("public", 400), ("in_domain", 30))
    for language in ("en", "de")
    for i in range(n)
]


@pytest.mark.parametrize("share", [1e-9, 0.1])
def test_the_table_agrees_with_the_reference(share: float) -> None:
    groups: dict[tuple[str, str], list[int]] = {}
    for kind, language, text in ROWS:
        groups.setdefault((kind, language), []).append(draw(text, key(3, "split")))
    smallest = frozenset(map(min, groups.values()))
    got = sides(ROWS, 3, share)
    assert got == {row: held_out(row[2], 3, share, smallest) for row in ROWS}
    assert {row[:2] for row, out in got.items() if out} == set(groups)
    if share == 0.1:
        assert sum(got.values()) / len(ROWS) == pytest.approx(0.1, abs=0.03)


def test_a_text_in_two_groups_is_on_one_side() -> None:
    got = sides(ROWS, 3, 1e-9)
    for i in range(30):
        assert got["public", "en", f"en {i}"] == got["in_domain", "en", f"en {i}"]


def test_dropped_rows_are_on_neither_side() -> None:
    got = sides([("public", "en", ""), ("public", "en", "a")], 0, 0.49)
    assert got["public", "en", ""] is False


def test_a_language_without_training_text_is_named() -> None:
    check_left({("public", "en"): 1}, {("public", "en"): 5})
    with pytest.raises(UserError, match="of 7 in-domain rows in 'de'"):
        check_left(
            {("in_domain", "de"): 0, ("public", "en"): 1}, {("in_domain", "de"): 7, ("public", "en"): 5}
        )
