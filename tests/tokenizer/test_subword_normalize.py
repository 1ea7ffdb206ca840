"""Normalisation and where each character came from."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from understudy.tokenizer.normalize import BLANK, DROPPED, NEWER, _is_plain, aligned, normalized

TRICKY = " \t\u3000\xa0\u200b\u2581\u00ad\ufeff\u200d\u200cabeＡ１ｶﾞﾟ㌔ﷺﬁ½¨"
NEWER_CHARACTERS = [
    chr(i)
    for each in NEWER.split()
    for first, _, last in (each.partition("-"),)
    for i in range(int(first, 16), int(last or first, 16) + 1)
]
TRICKY += "\u0301\u0323\u0327é가\u1100\u1161\u11a8क़\u093c्ி\u09c7\u09be"
TEXT = st.text(st.sampled_from(TRICKY) | st.sampled_from(NEWER_CHARACTERS) | st.characters(), max_size=12)


@pytest.mark.parametrize(
    ("text", "normal", "spans"),
    [
        ("ＡB", "AB", [(0, 1), (1, 2)]),
        ("ｶﾞx", "ガx", [(0, 2), (2, 3)]),
        ("㌔x", "キロx", [(0, 1), (0, 1), (1, 2)]),
        ("xe\u0301 y", "xé y", [(0, 1), (1, 3), (3, 4), (4, 5)]),
        ("\u1100\u1161\u11a8", "각", [(0, 3)]),
        # U+0958 is excluded from composition: one character becomes two.
        ("\u0958", "\u0915\u093c", [(0, 1), (0, 1)]),
        # The marks change places, so each has the whole cluster; what follows is exact again.
        ("a\u0301\u0323b", "ạ\u0301b", [(0, 3), (0, 3), (3, 4)]),
        # Only the part that changes is inexact: this Tamil cluster is already normal.
        ("Ａழ்", "Aழ்", [(0, 1), (1, 2), (2, 3)]),
        ("  a \t b\u3000", "a b", [(2, 3), (3, 4), (6, 7)]),
        ("\ufeffa\u00adb", "ab", [(1, 2), (3, 4)]),
        ("a\ud800b", "ab", [(0, 1), (2, 3)]),
        ("a▁b", "a b", [(0, 1), (1, 2), (2, 3)]),
        ("\u200b", "", []),
    ],
)
def test_each_character_knows_its_origin(text: str, normal: str, spans: list[tuple[int, int]]) -> None:
    assert normalized(text) == normal
    result, origin = aligned(text)
    assert result == normal
    assert origin == spans


@pytest.mark.parametrize(
    "text", ["wake me up", "", "र्\u200dय", "می\u200cخواهم", "가 각", "\U0001f469\u200d\U0001f52c"]
)
def test_normal_text_and_joiners_stay_as_they_are(text: str) -> None:
    assert aligned(text) == (text, None)


@given(TEXT)
@example("\u09c7\u09be")
@example("a\u0327\u0301")
def test_alignment_agrees_with_normalising_the_whole(text: str) -> None:
    """The chunks are cut where NFKC does not look across; else joining them would give another text."""
    normal, spans = aligned(text)
    assert normal == normalized(text)
    assert normalized(normal) == normal
    if spans is None:
        assert normal == text
        return
    assert len(spans) == len(normal)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(a <= b for (a, _), (b, _) in pairwise(spans))


@given(TEXT)
@example(" a")
@example("a ")
@example("a  b")
def test_the_quick_check_is_right(text: str) -> None:
    if _is_plain(text):
        assert unicodedata.normalize("NFKC", text) == text
        assert " ".join(text.split()) == text
        assert not set(text) & set("\u2581\u200b\xad\ufeff")


def test_what_is_dropped_or_blank_is_unprintable_so_the_quick_check_sees_it() -> None:
    special = re.compile(f"[{DROPPED}{BLANK}]")
    found = [chr(i) for i in range(0x110000) if special.match(chr(i))]
    assert [c for c in found if c.isprintable()] == [" ", "\u2581"]
    assert {chr(i) for i in range(0x110000) if chr(i).isspace()} <= set(found)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("\U0001f16c x", "\U0001f16c x"),  # Unicode 12 makes "MR" of it
        (
            "a\U00010f46\u0301",
            "a\U00010f46\u0301",
        ),  # Unicode 11 gives the Sogdian dot class 220: á would result
        ("ｶ\U0001f16cﾞ", "カ\U0001f16c\u3099"),  # the neighbours are normal for themselves
        ("㋿", "令和"),
    ],
)
def test_characters_newer_than_unicode_10_stay_as_they_are(text: str, normal: str) -> None:
    assert normalized(text) == normal
    assert aligned(text)[0] == normal


def test_every_python_normalises_alike() -> None:
    """As Hugging Face's library, whose tables do not move; the list of exceptions is long enough."""
    tables = pytest.importorskip("tokenizers.normalizers")
    theirs = tables.Sequence([tables.Replace("\u32ff", "令和"), tables.NFKC()])
    exempt = re.compile(f"[{DROPPED}{BLANK}\ud800-\udfff]")
    plain = [f"x{c}x" for c in map(chr, range(0x110000)) if not exempt.match(c)]
    assert [t for t in plain if normalized(t) != theirs.normalize_str(t)] == []
    # Reordering and composition: between two marks of each side, and behind a letter.
    around = [
        f"e{mark}{c}{other}" for c in NEWER_CHARACTERS for mark in "\u0327\u0301" for other in "\u0334\u0307"
    ]
    assert [t for t in around if normalized(t) != theirs.normalize_str(t)] == []
