"""A rule skipped for want of characters, or tried only near digits, does what searching would do."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.text.spoken.needs import needs
from understudy.text.spoken.reach import near_digits, reach, replaced
from understudy.text.spoken.rules import Rules


@pytest.mark.parametrize(
    ("pattern", "due"),
    [
        (r"a%", ["%", "a"]),
        (r"\d+(?:\.\d+)?%", ["%", "0123456789"]),
        (r"(?:a|b)c", ["c", "ab"]),
        (r"(?:a\d|b\d)", ["0123456789", "ab"]),
        (r"(?i:a)b", ["b"]),
        (r"(?i:é1)", ["1"]),
        (r"(?i:n[°º])", ["°º"]),
        (r"[^a]", []),
        (r"(?:a|)", []),
        (r"a*", []),
        (r"(?<=x)(?=y)(?!z)", ["x", "y"]),
        (r"\w+@\w+", ["@"]),
        (r"[-–] ?", ["-–"]),
    ],
)
def test_needs_of_a_pattern(pattern: str, due: list[str]) -> None:
    assert ["".join(sorted(need)) for need in needs(re.compile(pattern))] == due


# fmt: off
PARTS = (
    "a", "b", "1", r"\d", "[ab]", "[^a]", "(?:a|1)", "(?:a|)", "(?i:b)", "(?=a)", "b?", "(?!b)", "(?<=1)",
    "(?:ab)+", "(?:1){0,2}", "|",
)
# fmt: on


@given(st.lists(st.sampled_from(PARTS), max_size=6).map("".join), st.text(alphabet="abAB12", max_size=6))
def test_what_is_found_has_what_it_needs(pattern: str, text: str) -> None:
    compiled = re.compile(pattern)
    found = compiled.search(text)
    assert found is None or all(need & set(text) for need in needs(compiled))


@pytest.mark.parametrize(
    ("pattern", "due"),
    [
        (r"\d", 0),
        (r"(?<!x)[-−]?(?=[.,]?\d)", 2),
        (r"(?:a|bc)?1", 2),
        (r"(?:a1|b)1", 2),
        (r"a{2,5} (?i:x)?\d", 7),
        (r"\w+\d", None),
        (r"a*1", None),
        (r"a\d?", None),
        (r"(?!1)a", None),
        (r"(a)\1\d", None),
    ],
)
def test_reach_of_a_pattern(pattern: str, due: int | None) -> None:
    assert reach(re.compile(pattern)) == due


def test_places_near_digits() -> None:
    assert near_digits("ab12 c3", 0) == [2, 3, 6]
    assert near_digits("ab12 c3", 1) == [1, 2, 3, 5, 6]
    assert near_digits("1 2", 9) == [0, 1, 2]


@given(st.lists(st.sampled_from(PARTS), max_size=6).map("".join), st.text(alphabet="abAB12", max_size=8))
def test_replacing_near_digits_is_replacing(pattern: str, text: str) -> None:
    compiled = re.compile(pattern)
    before = reach(compiled)
    if before is not None:
        due = compiled.subn(lambda match: f"<{match.group()}>", text)
        assert replaced(compiled, lambda match: f"<{match.group()}>", text, near_digits(text, before)) == due


def test_rules_run_in_order_and_see_what_was_written() -> None:
    rules = Rules(
        [
            (re.compile("2"), lambda _: None),
            (re.compile("1"), lambda _: "2"),
            (re.compile("2"), lambda _: "two"),
        ]
    )
    assert rules("1 3") == "  two   3"
