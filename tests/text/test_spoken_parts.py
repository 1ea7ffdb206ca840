"""What languages share: ranges, dates in digits, names of signs, digits without end."""

from __future__ import annotations

import pytest

from understudy.text.spoken.calendar import numeric_dates
from understudy.text.spoken.numbers import too_long
from understudy.text.spoken.ranges import growing, of_one_unit
from understudy.text.spoken.rules import Rule, Rules, named_signs


def read(text: str, *rules: Rule) -> str:
    return " ".join(Rules(rules)(text).split())


@pytest.mark.parametrize(
    ("written", "due"),
    [
        ("5-10", "5~10"),
        ("10 – 20 people", "10~20 people"),
        ("3-2", "3-2"),
        ("05-10", "05-10"),
        ("100-20", "100-20"),
        ("1-2-3", "1-2-3"),
        ("5-10.5", "5-10.5"),
        ("12345-23456", "12345-23456"),
    ],
)
def test_only_growing_numbers_are_a_range(written: str, due: str) -> None:
    assert read(written, growing(lambda first, last: f"{first}~{last}")) == due


def test_two_numbers_of_one_unit() -> None:
    rule = of_one_unit("%|km", lambda first: f"{first} to")
    assert read("10-20 %, 5-7.5km, 5-10 m", rule) == "10 to 20 %, 5 to 7.5km, 5-10 m"


def test_a_date_is_said_in_the_order_it_is_written_in() -> None:
    american = numeric_dates(
        lambda day, month, year: f"M{month}D{day}Y{year}",
        month_first=True,
        say_day_first=lambda day, month, year: f"D{day}M{month}Y{year}",
    )
    british = numeric_dates(lambda day, month, year: f"D{day}M{month}Y{year}")
    assert (
        read("1/2/2005 25.1.99 2005-01-25 32/1/2005", *american) == "M1D2Y2005 D25M1Y99 M1D25Y2005 32/1/2005"
    )
    assert read("1/2/2005 12/25/99", *british) == "D1M2Y2005 D25M12Y99"


def test_signs_have_names() -> None:
    assert read("a & b ^ [c] -", named_signs({"&": "and", "^": "hat", "]": "end", "-": "dash"})) == (
        "a and b hat [c end dash"
    )


def test_only_numbers_beyond_the_names_are_spelled() -> None:
    rule = too_long(3, lambda digits: " ".join(digits))
    assert read("123 1234", rule) == "123 1 2 3 4"
