"""Spoken form: hand-written cases, properties over any text, agreement with the public cases."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from understudy.core.errors import UserError
from understudy.text.spoken import has_rules, spoken

CASES = [
    ("set an alarm for 7:30AM", "set an alarm for seven thirty a. m."),  # the paper's own
    ("Wake me at 7.30 p.m. tomorrow!", "wake me at seven thirty p. m. tomorrow"),
    ("It's 3:05, isn't it?", "it's three oh five isn't it"),
    ("at 12:00", "at twelve o'clock"),
    ("10:30-11:30 am", "ten thirty to eleven thirty a. m."),
    ("01:02:03", "one hour two minutes and three seconds"),
    ("on 10/06/2005", "on october sixth two thousand five"),
    ("on 25/12/2005", "on the twenty fifth of december two thousand five"),
    ("2006-08-05", "august fifth two thousand six"),
    ("July 25th, 2012", "july twenty fifth twenty twelve"),
    ("the 3rd of May 1999", "the third of may nineteen ninety nine"),
    ("the '80s and 1960s-70s", "the eighties and nineteen sixties to seventies"),
    ("in 1905, 1900 and 2000", "in nineteen oh five nineteen hundred and two thousand"),
    ("340 A.D.", "three forty a. d."),
    ("$20.01, £2 and €1.50", "twenty dollars one cent two pounds and one euro fifty cents"),
    ("$2.5m a year", "two point five million dollars a year"),
    ("$3/mo", "three dollars per month"),
    ("5% off", "five percent off"),
    ("80kg at 60 mph", "eighty kilograms at sixty miles per hour"),
    ("-5°C", "minus five degrees celsius"),
    ("1/4, 3 5/2 and ½", "one quarter three and five halves and one half"),
    ("4 1/2 lbs", "four and a half pounds"),
    ("the 121st", "the one hundred twenty first"),
    ("2.050", "two point zero five zero"),
    ("1,000,042", "one million and forty two"),
    ("123", "one hundred and twenty three"),
    ("call 123-123-5678", "call one two three one two three five six seven eight"),
    ("code 007", "code zero zero seven"),
    ("gate B12", "gate b twelve"),
    ("joe.b@x.org", "joe dot b at x dot org"),
    ("www.example.com/a-b.", "www dot example dot com slash a dash b"),
    ("CNN in the U.S.A.", "c. n. n. in the u. s. a."),
    ("BIG NEWS ON TV", "big news on tv"),
    ("Dr. Who, Mr Bean", "doctor who mister bean"),
    ("Chapter IV of Henry VIII", "chapter four of henry the eighth"),
    ("2012's take-out - 'really'", "twenty twelve's take-out really"),
    ("well--no -- 3-2", "well no three two"),
    ("1.2.3", "one point two point three"),
    ("You may come. 5 may come.", "you may come five may come"),
    ("٣ eggs", "three eggs"),
    ("", ""),
    ("?!…", ""),
]


@pytest.mark.parametrize(("written", "due"), CASES)
def test_english_is_read_out(written: str, due: str) -> None:
    assert spoken(written, "en-US") == due


def test_the_region_orders_a_numeric_date() -> None:
    assert spoken("10/06/2005", "en-GB") == "the tenth of june two thousand five"
    assert spoken("10/06/2005", "en") == spoken("10/06/2005", "en-US")


@pytest.mark.parametrize(
    ("written", "locale", "due"),
    [
        ("Wie spät ist's? Um 7 Uhr!", "de-DE", "wie spät ist's um 7 uhr"),
        ("L’heure, «rendez-vous» - 5 €", "fr-FR", "l'heure rendez-vous 5"),
        ("मुझे, जगाओ।", "hi-IN", "मुझे जगाओ"),
        ("「今日」の天気は？", "ja-JP", "今日 の天気は"),
        ("क्\u200dष", "mr", "क्\u200dष"),
    ],
)
def test_other_languages_lose_case_and_punctuation_only(written: str, locale: str, due: str) -> None:
    assert not has_rules(locale[:2])
    assert spoken(written, locale) == due


def test_a_locale_that_is_none_is_refused() -> None:
    with pytest.raises(UserError, match="en-US"):
        spoken("hello", "english")


WRITTEN = st.one_of(
    st.text(),
    st.text(alphabet="0123456789:/.,-$%°€'apmstndrhAIVX° ½²³٣×é@&#+="),
    st.lists(st.sampled_from([written for written, _ in CASES] + ["a.", "B.", "-", "'", "1"])).map("".join),
)


@given(WRITTEN, st.sampled_from(["en-US", "en-GB", "de-DE", "ja-JP"]))
@example("1" * 5000, "en-US")
@example("1." * 2000, "en-US")
@example("Ⅷ ① 五 Ǆ İ ß", "en-US")
def test_any_text_has_a_spoken_form(text: str, locale: str) -> None:
    result = spoken(text, locale)
    assert spoken(result, locale) == result
    assert len(result) <= 20 * len(text) + 40
    assert result == result.lower() == " ".join(result.split())
    if locale.startswith("en"):
        assert not re.search("[0-9]", result)
        marks = {c for c in re.sub(r"\b[a-z]\.", "", result) if unicodedata.category(c)[0] not in "LMNZ"}
        assert marks <= set("'-\u200c\u200d")


def _compared(text: str, *, join_letters: bool) -> str:
    text = "".join(" " if unicodedata.category(c)[0] in "PS" else c for c in text.lower())
    text = " ".join(text.split())
    return re.sub(r"\b(\w) (?=\w\b)", r"\1", text) if join_letters else text


def test_agreement_with_public_cases(shared_data: Path) -> None:
    """Strictly, and with letters read one by one joined: the cases write AM where the paper says a. m."""
    path = shared_data / "spoken_form" / "en.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        rows = [json.loads(line) for line in handle]

    def agreement(join_letters: bool) -> float:
        agreed = sum(
            _compared(spoken(row["written"], "en-US"), join_letters=join_letters)
            in {_compared(accepted, join_letters=join_letters) for accepted in row["spoken"]}
            for row in rows
        )
        return agreed / len(rows)

    strict, joined = agreement(False), agreement(True)
    print(f"spoken form, {len(rows)} English cases: {strict:.1%} strict, {joined:.1%} with letters joined")
    assert strict >= 0.82
    assert joined >= 0.88
