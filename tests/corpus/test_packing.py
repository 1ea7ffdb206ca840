"""Sentences are joined whole, in order, to rows of at most the limit."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from understudy.corpus import packing
from understudy.corpus.draw import SPAN
from understudy.corpus.engine import daft
from understudy.corpus.packing import Piece, pack, pack_rows


def pieces(*words: int) -> list[Piece]:
    return [Piece(i, " ".join([f"w{i}"] * n), n) for i, n in enumerate(words)]


def test_by_hand() -> None:
    rows = list(pack(pieces(4, 6, 1, 12, 5, 5), 10))
    assert [row.words for row in rows] == [10, 1, 12, 10]
    assert [row.draw for row in rows] == [0, 2, 3, 4]
    assert rows[1].text == "w2"
    assert rows[3].text == "w4 w4 w4 w4 w4 w5 w5 w5 w5 w5"


@given(st.lists(st.integers(1, 30)), st.integers(1, 40))
def test_nothing_is_lost_split_or_needlessly_short(words: list[int], limit: int) -> None:
    sentences = pieces(*words)
    rows = list(pack(sentences, limit))
    assert " ".join(row.text for row in rows) == " ".join(sentence.text for sentence in sentences)
    assert all(row.words == len(row.text.split()) for row in rows)
    assert all(row.words <= limit or len(set(row.text.split())) == 1 for row in rows)
    first_words = [sentences[row.draw].words for row in rows]
    assert all(row.words + following > limit for row, following in zip(rows, first_words[1:], strict=False))


def table(rows: list[tuple[str, str, int]]) -> daft.DataFrame:
    return daft.from_pydict(
        {
            "text": [f"{kind} {language} {draw}" for kind, language, draw in rows],
            "language": [language for _, language, _ in rows],
            "kind": [kind for kind, _, _ in rows],
            "words": [3] * len(rows),
            "draw": daft.Series.from_pylist([draw for _, _, draw in rows]).cast(daft.DataType.uint64()),
        }
    )


def test_a_row_holds_one_language_in_domain_is_left_alone_and_partitions_do_not_matter(monkeypatch) -> None:
    monkeypatch.setattr(packing, "ROWS_A_BUCKET", 4)  # several buckets even for a small table
    generator = random.Random(1)
    rows = [
        (kind, language, generator.randrange(SPAN))
        for kind, language, n in (("public", "en", 300), ("public", "de", 50), ("in_domain", "en", 20))
        for _ in range(n)
    ]
    got = sorted(map(str, pack_rows(table(rows), 30, 900).to_pylist()))
    generator.shuffle(rows)
    parts = table(rows[:100]).concat(table(rows[100:110])).concat(table(rows[110:]))
    assert sorted(map(str, pack_rows(parts, 30, 900).to_pylist())) == got

    packed = pack_rows(table(rows), 30, 900).to_pylist()
    assert all(len(set(row["text"].split()[1::3])) == 1 for row in packed)
    assert all(row["words"] == 3 for row in packed if row["kind"] == "in_domain")
    assert sum(row["words"] for row in packed) == 3 * len(rows)
    public = [row["words"] for row in packed if row["kind"] == "public"]
    assert max(public) == 30
    assert len(public) <= 35 + 2 * 7  # full rows, and a short one per language and bucket


def test_zero_packs_nothing() -> None:
    rows = table([("public", "en", 5), ("public", "en", 6)])
    assert sorted(pack_rows(rows, 0, 6).to_pydict()["draw"]) == [5, 6]
