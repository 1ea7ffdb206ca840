"""Corpus similarity: a hand-computed pair, scikit-learn as an oracle, samples without replacement."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from understudy.core.errors import UserError
from understudy.corpus.similarity import Profile, cosine, profiles, samples, similarity, words_of

TEXTS = st.lists(st.text("abc .,A", max_size=12), min_size=1, max_size=8)


def test_two_rows_by_hand() -> None:
    # n = 2 rows. "wake": df 2, idf ln(3/3)+1 = 1. "me", "up": df 1, idf ln(3/2)+1.
    rare = math.log(1.5) + 1
    due = 1 / math.sqrt((1 + rare**2) * (1 + rare**2))
    measured = cosine(Profile.of(["Wake me!"], "en"), Profile.of(["wake up"], "en"))
    assert measured == pytest.approx(due, rel=1e-12)


def test_the_same_corpus_is_1_and_another_vocabulary_0() -> None:
    rows = ["play some jazz", "play jazz", "what is jazz"]
    assert cosine(Profile.of(rows, "en"), Profile.of(rows * 2, "en")) == pytest.approx(1)
    assert cosine(Profile.of(rows, "en"), Profile.of(["mach licht an"], "en")) == 0


def test_japanese_is_compared_by_pairs_of_characters() -> None:
    assert words_of("ja")("今日の天気。") == ["今日", "日の", "の天", "天気"]
    assert words_of("ja")("雨") == ["雨"]


@given(TEXTS, TEXTS)
def test_scikit_learn_agrees(first: list[str], second: list[str]) -> None:
    a, b = Profile.of(first, "en"), Profile.of(second, "en")
    if not a.total or not b.total:
        with pytest.raises(UserError, match="no word"):
            cosine(a, b)
        return
    rows = TfidfVectorizer(analyzer=words_of("en"), norm=None, dtype=np.float64).fit_transform(first + second)
    x = np.asarray(rows[: len(first)].sum(axis=0)).ravel()
    y = np.asarray(rows[len(first) :].sum(axis=0)).ravel()
    assert cosine(a, b) == pytest.approx(float(x @ y / math.sqrt((x @ x) * (y @ y))), rel=1e-9)


def test_samples_are_drawn_without_replacement_and_differ() -> None:
    texts = [str(i) for i in range(1000)]
    first, second = samples(texts, 300, 2, seed=1)
    assert len(set(first)) == len(set(second)) == 300
    assert 50 < len(set(first) & set(second)) < 130  # 90 expected, sd 6.6
    assert [first, second] == samples(iter(texts), 300, 2, seed=1)
    assert samples(texts, 2000, 1, seed=1) == [texts]
    assert len(samples(["a"] * 50, 20, 1, seed=1)[0]) == 20


def test_sources_share_the_size_and_deviation_is_of_the_resamplings() -> None:
    mine = profiles([["a b", "c d"]], "en", 10, 3, seed=0)
    theirs = profiles([[f"a {i}" for i in range(50)], [f"c {i}" for i in range(50)]], "en", 20, 3, seed=0)
    result = similarity(mine, theirs)
    assert result.rows == (2, 20)
    assert [profile.total["a"] for profile in theirs] == [10, 10, 10]
    assert result.mean == pytest.approx(np.mean(result.values))
    assert result.deviation == pytest.approx(np.std(result.values, ddof=1))


def test_the_command(tmp_path: Path, understudy) -> None:
    (tmp_path / "a.jsonl").write_text('{"utt": "play jazz"}\n{"utt": "stop"}\n')
    (tmp_path / "b.txt").write_text("play chess\nstop it\n")
    command = ["similarity", str(tmp_path / "a.jsonl"), str(tmp_path / "b.txt"), "--field", "utt", "--json"]
    answer = understudy(*command)
    assert answer.code == 0
    due = cosine(Profile.of(["play jazz", "stop"], "en"), Profile.of(["play chess", "stop it"], "en"))
    assert json.loads(answer.out)["mean"] == pytest.approx(due)
    assert json.loads(answer.out)["rows"] == [2, 2]
    wrong = understudy("similarity", str(tmp_path / "a.jsonl"), str(tmp_path / "b.txt"))
    assert wrong.code == 2
    assert "'text'" in wrong.err
