"""De-identification: what is replaced, what must not be, and that nothing is found twice."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.text.deidentify import KINDS, deidentify
from understudy.text.deidentify.patterns import iban, luhn

CASES = [
    ("en-US", "mail joe.b+x@mail.example.org, please", "mail <email>, please"),
    ("en-US", "see https://joe:pw@example.org/a now", "see <url> now"),
    ("en-US", "https://example.org/?a=1&token=abc", "<url>"),
    ("en-US", "https://example.org/?page=2", "https://example.org/?page=2"),
    ("de-DE", "IBAN DE89 3704 0044 0532 0130 00 ist meine", "IBAN <iban> ist meine"),
    ("fr-FR", "FR1420041010050500013M02606", "<iban>"),
    ("de-DE", "DE88 3704 0044 0532 0130 00", "DE88 3704 <phone>"),  # wrong check digits
    ("en-US", "card 4111 1111 1111 1111 12/25", "card <card> 12/25"),
    ("en-US", "card 5500-0000-0000-0004.", "card <card>."),
    ("en-US", "ping 192.168.0.1 or fe80::1", "ping <ip> or <ip>"),
    ("en-US", "version 1.2.3 at 10:30:45", "version 1.2.3 at 10:30:45"),
    ("en-US", "300.300.300.300 is none", "300.300.300.300 is none"),
    ("de-DE", "ruf +49 (30) 123456-78 an", "ruf <phone> an"),
    ("de-DE", "ruf 030 / 1234567 an", "ruf 030 / <number> an"),
    ("de-DE", "ruf (030) 1234567 an", "ruf <phone> an"),
    ("fr-FR", "appelle le 01 23 45 67 89", "appelle le <phone>"),
    ("en-US", "call 555-123-4567 or 555-1234", "call <phone> or <phone>"),
    ("hi-IN", "98765 43210 पर कॉल करो", "<phone> पर कॉल करो"),
    ("ar-SA", "اتصل على ٠١٢٣٤٥٦٧٨٩", "اتصل على <number>"),
    ("en-US", "account 1234567, pin 1 2 3 4 5 6 7", "account <number>, pin <number>"),
    ("en-US", "12 main street and 3 b elm ave", "<street-number> main street and <street-number> elm ave"),
    ("de-DE", "Hauptstraße 12a, Am Weg 3", "Hauptstraße <street-number>, Am Weg 3"),
    ("fr-FR", "au 12 rue de Rivoli", "au <street-number> rue de Rivoli"),
    ("es-ES", "calle de Alcalá, 12", "calle de Alcalá, <street-number>"),
    ("it-IT", "in via Roma 7", "in via Roma <street-number>"),
    ("pt-PT", "rua do Ouro 100", "rua do Ouro <street-number>"),
    ("en-US", "on 2005-06-10 at 7:30, $1,234,567.50", "on 2005-06-10 at 7:30, $1,234,567.50"),
    ("en-US", "10/06/2005 in 1990-1995, 3.14159", "10/06/2005 in 1990-1995, 3.14159"),
    ("de-DE", "am 10.06.2005 um 7.30 uhr 1.234.567 mal", "am 10.06.2005 um 7.30 uhr 1.234.567 mal"),
    ("en-US", "my number is five five five oh one two three", "my number is <number>"),
    ("en-US", "one two three go", "one two three go"),
    ("de-DE", "null eins sieben zwo drei vier fünf sechs", "<number>"),
    ("en-US", "", ""),
]  # fmt: skip


@pytest.mark.parametrize(("locale", "text", "due"), CASES)
def test_what_is_replaced(locale: str, text: str, due: str) -> None:
    result, found = deidentify(text, locale)
    assert result == due
    assert {kind: due.count(f"<{kind}>") for kind in KINDS if f"<{kind}>" in due} == found


def test_check_digits() -> None:
    # Examples of the standards' own documents, and each with one digit changed.
    assert luhn("79927398713000") is False
    assert luhn("4111111111111111")
    assert not luhn("4111111111111112")
    assert not luhn("0000000000000000")
    assert iban("GB82WEST12345698765432")
    assert not iban("GB82WEST12345698765433")


@given(
    st.text("0123456789٣१ +-()./:@abDEx?=&\n", max_size=60), st.sampled_from(["en-US", "de-DE", "fr", "ja"])
)
def test_nothing_is_found_twice(text: str, locale: str) -> None:
    result, found = deidentify(text, locale)
    assert deidentify(result, locale) == (result, {})
    assert sum(found.values()) == sum(result.count(f"<{kind}>") for kind in KINDS)
    assert sum(c.isdigit() for c in result) <= sum(c.isdigit() for c in text)


def test_ordinary_utterances_are_left_alone(shared_data: Path) -> None:
    """MASSIVE's utterances hold no personal data: what is found there is found wrongly."""
    wrong = total = 0
    for locale in ("en-US", "de-DE", "fr-FR", "es-ES", "hi-IN", "ja-JP", "ar-SA"):
        with gzip.open(shared_data / "massive" / f"{locale}.jsonl.gz", "rt", encoding="utf-8") as handle:
            for row in map(json.loads, handle):
                found = deidentify(row["utt"], locale)[1]
                total += 1
                wrong += sum(found.values())
    assert total > 100_000
    assert wrong <= 1  # one Japanese utterance holds a postcode of seven digits
