"""Texts of test sets are found in training text: equal, or with a long run of words in common."""

from __future__ import annotations

import gzip
import json
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.recipe.text_filters import Contamination
from understudy.corpus.contamination import TestTexts
from understudy.corpus.ngrams import plain

RUN = "a b c d e f g h i j k l m"  # 13 words


def known_of(*texts: str, language: str = "en", ngram: int = 13) -> TestTexts:
    return TestTexts.of([(language, text) for text in texts], Contamination(ngram=ngram))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Wake me up at seven!", True),
        ("wake me up at seven", True),
        ("  WAKE me, up - at seven ", True),
        ("wake me up at seven please", False),  # the test text is too short for a run
        ("wake me", False),
        (f"x {RUN} y", True),
        (f"x {RUN.upper().replace(' ', ', ')} y", True),
        (RUN, True),
        ("x " + RUN.replace(" m", " n"), False),
        ("b c d e f g h i j k l m n o", True),  # 13 of the test text's 14 words
        ("a b c d e f g h i j k l", False),  # 12
        ("", False),
    ],
)
def test_by_hand(text: str, found: bool) -> None:
    known = known_of("Wake me up at seven.", RUN + " n")
    assert known.found([text], "en").tolist() == [found]
    # In the midst of others, and over the end of a batch.
    many = ["nothing of it"] * 5000
    assert known.found([*many, text, *many], "en").nonzero()[0].tolist() == [5000] * found


def test_japanese_counts_two_characters_for_a_word() -> None:
    sentence = "明日の朝七時に起こしてくださいと言ったのに誰も来なかった"
    known = known_of(sentence, language="ja", ngram=5)
    assert known.found([f"昨日、{sentence[3:13]}とさ"], "ja").tolist() == [True]
    assert known.found([f"昨日、{sentence[3:12]}とさ"], "ja").tolist() == [False]
    assert known.found(["明日の朝、七時に起こしてください と言ったのに誰も来なかった。"], "ja").tolist() == [
        True
    ]


def test_texts_are_looked_up_in_their_own_language_and_survive_the_way_to_a_worker() -> None:
    known = pickle.loads(pickle.dumps(known_of("stop", "...")))
    assert known.found(["stop", "..."], "en").tolist() == [True, False]
    assert known.found(["stop"], "de").tolist() == [False]
    assert known.found([], "en").tolist() == []
    assert TestTexts.of([], Contamination()).found(["a"], "en").tolist() == [False]


WORDS = st.lists(st.sampled_from(["ab", "c", "d"]), max_size=9).map(" ".join)


@given(tests=st.lists(WORDS, max_size=4), texts=st.lists(WORDS, max_size=6), n=st.integers(2, 4))
def test_the_obvious_rule(tests: list[str], texts: list[str], n: int) -> None:
    def runs(text: str) -> set[tuple[str, ...]]:
        words = text.split()
        return {tuple(words[i : i + n]) for i in range(len(words) - n + 1)}

    due = [
        any(text == test or runs(text) & runs(test) for test in tests if test) and bool(text)
        for text in texts
    ]
    assert known_of(*tests, ngram=n).found(texts, "en").tolist() == due


def test_massive_is_kept_out_and_little_else(shared_data: Path) -> None:
    with gzip.open(shared_data / "massive" / "en-US.jsonl.gz") as file:
        rows = [json.loads(line) for line in file]
    test = [row["utt"] for row in rows if row["partition"] == "test"]
    known = known_of(*test)
    assert known.found([text.upper() for text in test if plain(text, "en")], "en").all()
    with gzip.open(shared_data / "generic" / "en.jsonl.gz") as file:
        generic = [json.loads(line)["text"] for _, line in zip(range(20_000), file, strict=False)]
    assert known.found(generic, "en").mean() < 0.002
