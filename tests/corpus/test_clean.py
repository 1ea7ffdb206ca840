"""Row by row: reasons for dropping, and a stable choice of spoken or written form."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from understudy.core.recipe.deidentify import Deidentify
from understudy.core.recipe.text_filters import Filters
from understudy.corpus import clean as cleaning
from understudy.corpus.clean import Cleaned, Kind, Rules
from understudy.corpus.draw import SPAN, below, draw, draws, key, slot
from understudy.corpus.readers import Document
from understudy.text.noise import NoiseRates


@pytest.fixture(autouse=True)
def _stub_spoken(monkeypatch) -> None:
    monkeypatch.setattr(cleaning, "spoken", lambda text, locale: text.lower().strip("!").strip())


DRAWN = 17342495971884699680


def clean(rules: Rules, text: str, locale: str, kind: Kind) -> Cleaned:
    return rules.cleaner(locale, kind, Counter())(Document(text))


ALL, NONE = Rules(0, 1.0, 5), Rules(0, 0.0, 5)


def test_by_hand() -> None:
    assert clean(ALL, "Go on!", "en", "public") == Cleaned("go on", 2, True, "")
    assert clean(NONE, "Go on!", "en", "public") == Cleaned("Go on!", 2, False, "")
    assert clean(ALL, "!!", "en", "public") == Cleaned("", 0, False, "empty")
    assert clean(NONE, "", "en", "in_domain") == Cleaned("", 0, False, "empty")


def test_in_domain_is_never_converted_and_short_utterances_go() -> None:
    assert clean(ALL, "One two three four!", "en-US", "in_domain") == Cleaned(
        "One two three four!", 4, False, "short"
    )
    assert clean(ALL, "A b c d E!", "en-US", "in_domain") == Cleaned("A b c d E!", 5, False, "")
    # Japanese has no spaces: ten characters count as five words, eight as four.
    assert clean(ALL, "今日の天気を教えてね", "ja-JP", "in_domain").dropped == ""
    assert clean(ALL, "今日の天気教えて", "ja-JP", "in_domain").dropped == "short"


def test_the_spoken_share_is_met_and_stable() -> None:
    rules = Rules(7, 0.7, 0)
    first = [clean(rules, f"Sentence {i}", "en", "public").spoken for i in range(20_000)]
    assert sum(first) / 20_000 == pytest.approx(0.7, abs=0.01)
    assert first == [clean(Rules(7, 0.7, 3), f"Sentence {i}", "en", "public").spoken for i in range(20_000)]
    other = [clean(Rules(8, 0.7, 0), f"Sentence {i}", "en", "public").spoken for i in range(20_000)]
    assert first != other


def test_a_larger_share_only_adds_sentences() -> None:
    small, large = (
        [clean(Rules(0, s, 0), f"S {i}", "en", "public").spoken for i in range(500)] for s in (0.3, 0.6)
    )
    assert all(b for a, b in zip(small, large, strict=True) if a)


def test_draws_are_pinned_so_that_corpora_stay_the_same_from_version_to_version() -> None:
    assert draw("hello", key(0, "split")) == DRAWN
    assert 0 <= DRAWN < SPAN
    assert draw("hello", key(0, "spoken")) != DRAWN
    assert (below(0.0), below(1.0)) == (0, SPAN)


def test_draws_of_many_are_the_draws_of_each() -> None:
    texts = ["hello", "", "नमस्ते", "hello"]
    assert draws(texts, key(0, "split")).tolist() == [draw(text, key(0, "split")) for text in texts]
    assert draws([], key(0, "split")).tolist() == []


def test_slots_are_even_parts_of_the_span_in_order() -> None:
    drawn = np.array([0, SPAN // 3 - 2**33, SPAN // 3 + 2**33, SPAN - 1], np.uint64)
    assert slot(drawn, 3).tolist() == [0, 0, 1, 2]
    assert slot(drawn, 1).tolist() == [0, 0, 0, 0]
    many = slot(draws(map(str, range(9000)), key(0, "split")), 9)
    assert np.bincount(many).tolist() == pytest.approx([1000] * 9, rel=0.12)


def test_what_a_reader_dropped_keeps_its_reason() -> None:
    assert ALL.cleaner("en", "public", Counter())(Document("", None, "encoding")) == Cleaned(
        "", 0, False, "encoding"
    )


def test_filters_see_written_text_and_the_confidence() -> None:
    rules = Rules(0, 1.0, 0, Filters(minimum_characters=6, confidence=0.5))
    clean = rules.cleaner("en", "public", Counter())
    assert clean(Document("Go!!!!")).text == "go"
    assert clean(Document("Go!!!")) == Cleaned("Go!!!", 0, False, "few_characters")
    assert clean(Document("Go on now", 0.4)) == Cleaned("Go on now", 0, False, "low_confidence")
    assert clean(Document("Go on now", 0.6)).dropped == ""


def test_personal_data_goes_first_of_all_and_is_counted() -> None:
    replaced: Counter[str] = Counter()
    rules = Rules(0, 0.0, 0, Filters(maximum_characters=20), Deidentify())
    clean = rules.cleaner("en-US", "in_domain", replaced)
    assert clean(Document("mail jane.roe@example.com")) == Cleaned("mail <email>", 2, False, "")
    dropped = clean(Document("mail jane.roe@example.com now or tomorrow"))
    assert dropped == Cleaned("mail <email> now or tomorrow", 0, False, "many_characters")
    assert replaced == {"email": 2}
    public = rules.cleaner("en-US", "public", replaced)
    assert public(Document("jane@example.com")).text == "jane@example.com"
    off = Rules(0, 0.0, 0).cleaner("en-US", "in_domain", replaced)
    assert off(Document("jane@example.com")).text == "jane@example.com"


def test_noise_is_heard_in_spoken_form_alone() -> None:
    texts = [f"One two three four five {i}" for i in range(200)]
    rules = Rules(0, 0.5, 0, noise=NoiseRates(word_drop=0.5))
    rows = [clean(rules, text, "en", "public") for text in texts]
    assert all(row.words == 6 for row in rows if not row.spoken)
    heard = [row.words for row in rows if row.spoken]
    assert sum(heard) / len(heard) == pytest.approx(3, abs=0.4)
