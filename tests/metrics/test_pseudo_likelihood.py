"""Which words are hidden from models, what their pieces are, and what answers come to: tables by hand."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.metrics.pseudo_likelihood import LONG, UNKNOWN, Question, ask, choose, measures, pieces_of
from understudy.tokenizer.load import load_tokenizer
from understudy.tokenizer.protocol import Encoding, SpecialPieces

Span = tuple[int, int]


class Cuts:
    """A tokenizer that cuts where it is told; ``?`` is unknown to it."""

    unk_id = 3

    def __init__(self, pattern: str) -> None:
        self._pattern = re.compile(pattern)
        self.fingerprint, self.vocabulary_size = pattern, 100
        self.special = SpecialPieces.of_ours(100)
        self.characters = np.ones(100, dtype=np.int64)

    def encode(self, text: str, max_length: int | None = None) -> Encoding:
        spans = [match.span() for match in self._pattern.finditer(text)]
        ids = [3 if "?" in text[start:end] else 7 for start, end in spans]
        return Encoding([0, *ids, 2], [(0, 0), *spans, (0, 0)])

    def encode_batch(self, texts: Sequence[str], max_length: int | None = None) -> list[Encoding]:
        return [self.encode(text) for text in texts]

    def ids(self, texts: Sequence[str]) -> list[list[int]]:
        return [self.encode(text).ids[1:-1] for text in texts]


WORDS, LETTERS, PAIRS = Cuts(r"\S+"), Cuts(r"\S"), Cuts(r"\S\S?")


def test_words_are_the_same_for_all_models_and_pieces_their_own() -> None:
    questions = ask([("en", "wake me up")], [WORDS, LETTERS], words=9, max_length=50, seed=0)
    assert questions.asked == (
        Question("en", 0, 4, 1, ((1,), (1, 2, 3, 4))),
        Question("en", 0, 2, 1, ((2,), (5, 6))),
        Question("en", 0, 2, 1, ((3,), (7, 8))),
    )
    assert questions.left_out == ({}, {})


def test_without_spaces_a_word_grows_to_where_no_piece_is_cut() -> None:
    """0 1 2 3 4 5: pairs cut at even places, triples at 3; together only the ends will do."""
    triples = Cuts(r"\S{1,3}")
    text = "明日朝七時半"
    alone = ask([("ja", text)], [PAIRS], words=9, max_length=50, seed=0)
    assert [(each.characters, each.words, each.pieces) for each in alone.asked] == [
        (2, 2, ((1,),)),
        (2, 2, ((2,),)),
        (2, 2, ((3,),)),
    ]
    both = ask([("ja", text)], [PAIRS, triples], words=9, max_length=50, seed=0)
    assert both.asked == (Question("ja", 0, 6, 6, ((1, 2, 3), (1, 2))),)
    # One character asked brings its neighbours; a letter at a time needs none.
    assert {
        each.characters for each in ask([("ja", text)], [LETTERS], words=2, max_length=50, seed=0).asked
    } == {1}


def test_what_one_model_cannot_be_asked_none_is() -> None:
    sentences = [("en", "a long one"), ("en", "hm ? ok"), ("de", "so?"), ("de", "")]
    questions = ask(sentences, [WORDS, Cuts(r"[a-z]+")], words=9, max_length=4, seed=0)
    assert questions.left_out == (
        {"en": {LONG: 2}, "de": {UNKNOWN: 1}},
        {"en": {LONG: 1}},
    )
    assert questions.asked == ()
    questions = ask(sentences, [WORDS, Cuts(r"[a-z]+")], words=9, max_length=5, seed=0)
    # "?" is unknown to the first and no piece at all of the second; "so?" is unknown to the first.
    assert questions.left_out == ({"en": {UNKNOWN: 1}, "de": {UNKNOWN: 1}}, {"en": {UNKNOWN: 1}})
    assert [(each.language, each.sentence, each.characters) for each in questions.asked] == [
        ("en", 0, 1), ("en", 0, 4), ("en", 0, 3), ("en", 1, 2), ("en", 1, 2),
    ]  # fmt: skip


@given(st.text("ab 明日朝", max_size=30), st.integers(1, 4), st.integers(0, 9))
def test_every_piece_lies_within_its_word(text: str, words: int, seed: int) -> None:
    tokenizers = [PAIRS, LETTERS, Cuts(r"[a-z]+|[^a-z\s]{1,3}")]
    questions = ask([("ja", text)], tokenizers, words=words, max_length=99, seed=seed)
    assert len(questions.asked) <= words
    for which, encodings in enumerate(questions.encodings):
        seen: set[int] = set()
        for question in questions.asked:
            places = question.pieces[which]
            assert list(places) == list(range(places[0], places[-1] + 1))
            assert seen.isdisjoint(places)
            seen |= set(places)
            start, end = encodings[0].offsets[places[0]][0], encodings[0].offsets[places[-1]][1]
            assert end - start == question.characters
            others = [encoding[0] for encoding in questions.encodings]
            for other in others:  # no piece crosses the borders
                assert all((s >= start and e <= end) or e <= start or s >= end for s, e in other.offsets)


@pytest.mark.parametrize(
    ("offsets", "span", "due"),
    [
        ([(0, 0), (0, 4), (5, 7), (0, 0)], (5, 7), (2,)),
        # A space by itself belongs to the word behind it; <s> never does.
        ([(0, 0), (0, 0), (0, 4), (4, 4), (5, 7), (0, 0)], (5, 7), (3, 4)),
        ([(0, 0), (0, 0), (0, 4), (4, 4), (5, 7), (0, 0)], (0, 4), (1, 2)),
        # A character of three pieces, and one that normalisation made longer.
        ([(0, 0), (0, 1), (0, 1), (0, 1), (2, 3), (0, 0)], (0, 1), (1, 2, 3)),
        ([(0, 0), (0, 1), (1, 1), (1, 2), (0, 0)], (0, 2), (1, 2, 3)),
        ([(0, 0), (0, 1), (0, 0)], (3, 4), ()),
    ],
)
def test_pieces_by_hand(offsets: list[Span], span: Span, due: tuple[int, ...]) -> None:
    assert pieces_of(Encoding([9] * len(offsets), offsets), span) == due


def test_measures_by_hand() -> None:
    """Two languages; the second hides two words at once."""
    asked = [
        Question("en", 0, 4, 1, ()),
        Question("en", 0, 2, 1, ()),
        Question("ja", 1, 3, 2, ()),
    ]
    found = measures(asked, np.log([8.0, 2.0, 64.0]))
    assert found["by_language"]["en"] == pytest.approx(
        {"perplexity": 4.0, "bits_per_character": 4 / 6, "words": 2}
    )
    assert found["by_language"]["ja"] == pytest.approx(
        {"perplexity": 8.0, "bits_per_character": 2.0, "words": 2}
    )
    assert found["perplexity"] == pytest.approx(6.0)
    assert found["bits_per_character"] == pytest.approx((4 / 6 + 2) / 2)
    assert measures(asked[:1], np.array([1e4]))["perplexity"] == pytest.approx(math.exp(50))


def test_the_worked_example_of_the_documents() -> None:
    page = (Path(__file__).parents[2] / "docs" / "measures.md").read_text(encoding="utf-8")
    asked = [Question("en", 0, characters, 1, ()) for characters in (4, 2)]
    found = measures(asked, np.log([8.0, 2.0]))
    assert f"two words of p = 1/8 and 1/2: √(8 · 2) = {found['perplexity']:.2f} |" in page
    assert f"of 4 and 2 characters: (3 + 1) / 6 = {found['bits_per_character']:.2f} |" in page


def test_sentences_are_chosen_by_their_words() -> None:
    texts = [f"text {i}" for i in range(50)]
    chosen = choose(texts, "en", 7, 0)
    assert len(chosen) == 7 == len(set(chosen))
    assert choose([*reversed(texts), *texts], "en", 7, 0) == chosen
    assert set(choose(texts, "de", 7, 0)) != set(chosen) != set(choose(texts, "en", 7, 1))
    assert sorted(choose(texts, "en", 99, 0)) == sorted(texts)


def test_tokenizers_of_every_kind_are_asked_for_the_same(foreign_tokenizer: Callable[[str], Path]) -> None:
    tokenizers = [load_tokenizer(foreign_tokenizer(kind)) for kind in ("word-piece", "unigram", "bytes")]
    text = "weck mich  um halb acht"
    questions = ask([("de", text)], tokenizers, words=9, max_length=60, seed=0)
    assert [each.characters for each in questions.asked] == [4, 4, 2, 4, 4]
    for which, (encoding,) in enumerate(questions.encodings):
        pieces = sorted(place for each in questions.asked for place in each.pieces[which])
        assert pieces == list(range(1, len(encoding.ids) - 1)), "every piece belongs to one word"
