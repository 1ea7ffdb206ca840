"""Recogniser noise: rates within sampling error, stable choices, languages without spaces or tables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.text.homophones import _GROUPS, homophones
from understudy.text.noise import NoiseRates, noisy

KEY = b"seed"
SENTENCES = [f"sentence{i:05d} needs their alarmclock tonight" for i in range(4000)]
WORDS = 5 * len(SENTENCES)


def errors(rates: NoiseRates, language: str = "en") -> list[str]:
    return [noisy(sentence, language, rates, KEY) for sentence in SENTENCES]


def near(count: int, rate: float, of: int) -> bool:
    """Within four standard deviations of a binomial."""
    return abs(count - rate * of) <= 4 * (of * rate * (1 - rate)) ** 0.5


def test_nothing_happens_at_rate_zero() -> None:
    assert errors(NoiseRates()) == SENTENCES


def test_words_are_dropped_at_their_rate() -> None:
    heard = errors(NoiseRates(word_drop=0.1))
    assert near(WORDS - sum(len(text.split()) for text in heard), 0.1, WORDS)
    assert all(set(text.split()) <= set(due.split()) for text, due in zip(heard, SENTENCES, strict=True))


def test_homophones_are_mistaken_at_their_rate() -> None:
    heard = [text.split() for text in errors(NoiseRates(homophone=0.3))]
    assert near(sum(words[2] != "their" for words in heard), 0.3, len(SENTENCES))
    assert {words[2] for words in heard} == {"their", "there", "they're"}
    assert all(words[3:] == ["alarmclock", "tonight"] for words in heard)


def test_words_are_cut_and_joined_at_their_rate() -> None:
    heard = errors(NoiseRates(split=0.2))
    assert all(a.replace(" ", "") == b.replace(" ", "") for a, b in zip(heard, SENTENCES, strict=True))
    spaces = [text.count(" ") for text in heard]
    # Each of 5 words is cut with 0.1; each but the last is joined to the next with 0.1.
    assert sum(spaces) / len(spaces) == pytest.approx(4 + 5 * 0.1 - 4 * 0.1, abs=0.04)
    assert near(sum("needstheir" in text for text in heard), 0.1, len(heard))
    assert near(sum("alarmclock" not in text for text in heard), 0.1, len(heard))


def test_choices_hang_on_sentence_and_key_alone() -> None:
    rates = NoiseRates(0.1, 0.3, 0.2)
    assert errors(rates) == errors(rates)
    assert errors(rates) != [noisy(sentence, "en", rates, b"other") for sentence in SENTENCES]
    assert noisy("would you hear their song tonight", "en", rates, KEY) == "wood youtheir song tonight"


def test_languages_without_a_table_keep_their_words() -> None:
    assert errors(NoiseRates(homophone=1.0), "xx") == SENTENCES


def test_japanese_loses_pairs_of_characters() -> None:
    text = "明日の朝七時に起こして ください"
    heard = {noisy(text, "ja", NoiseRates(0.3, 1.0, 1.0), bytes([i])) for i in range(50)}
    assert len(heard) > 20
    assert all(text.replace(" ", "") != each and set(each) <= set(text) for each in heard - {text})
    assert "明日の朝七時こして ください" in {
        noisy(text, "ja", NoiseRates(0.1), bytes([i])) for i in range(200)
    }


def test_letters_and_clusters_stay_whole() -> None:
    rates = NoiseRates(split=1.0)
    for i in range(50):
        assert "a. m." in noisy("wake me at seven a. m. tomorrow", "en", rates, bytes([i]))
        assert "क् " not in noisy("रिक्शावाला", "hi", rates, bytes([i]))


def test_a_word_stands_in_one_group_only() -> None:
    for language, table in _GROUPS.items():
        words = [word for group in table.split("|") for word in group.split()]
        assert sorted(words) == sorted(set(words)), language
        assert homophones(language).keys() == set(words)
        assert all(len(group.split()) > 1 for group in table.split("|"))


@given(st.text(), st.sampled_from(["en", "de", "hi", "ja", "th"]), st.floats(0, 1), st.floats(0, 1))
def test_no_text_loses_all(text: str, language: str, drop: float, split: float) -> None:
    heard = noisy(text, language, NoiseRates(drop, drop, split), KEY)
    assert bool(heard.split()) == bool(text.split())
    assert heard == heard.strip() or heard == text
