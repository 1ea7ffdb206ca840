"""An utterance seen n times is kept sqrt(n) times; public text once."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.corpus.dedup import copies, deduplicate
from understudy.corpus.engine import daft


@pytest.mark.parametrize(
    ("seen", "kept"),
    [(1, 1), (2, 1), (3, 2), (4, 2), (6, 2), (7, 3), (12, 3), (13, 4), (100, 10), (10**6, 1000)],
)
def test_in_domain_table(seen: int, kept: int) -> None:
    assert copies(seen, "in_domain") == kept
    assert copies(seen, "public") == 1


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["public", "in_domain"]),
            st.sampled_from(["en", "de"]),
            st.sampled_from(["a", "b", "a b"]),
        ),
        min_size=1,
        max_size=60,
    )
)
def test_the_table_agrees_with_a_counter(rows: list[tuple[str, str, str]]) -> None:
    kind, language, text = (list(column) for column in zip(*rows, strict=True))
    columns = {"kind": kind, "language": language, "text": text, "dropped": [""] * len(rows)}
    table = daft.from_pydict(
        columns | {"words": [len(t.split()) for t in text], "spoken": [False] * len(rows)}
    )
    got = {
        (row["kind"], row["language"], row["text"]): (row["seen"], row["copies"])
        for row in deduplicate(table).to_pylist()
    }
    assert got == {row: (n, copies(n, row[0])) for row, n in Counter(rows).items()}


def test_dropped_rows_keep_their_count_and_no_copy() -> None:
    table = daft.from_pydict(
        {
            "kind": ["public"] * 3,
            "language": ["en"] * 3,
            "text": ["", "", ""],
            "dropped": ["empty", "empty", "short"],
            "words": [0, 0, 0],
            "spoken": [False] * 3,
        }
    )
    got = {row["dropped"]: (row["seen"], row["copies"]) for row in deduplicate(table).to_pylist()}
    assert got == {"empty": (2, 0), "short": (1, 0)}
