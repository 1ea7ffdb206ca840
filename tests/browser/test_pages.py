"""The report and the page of errors in a real browser: offline, on a phone, in the dark, and in use."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Open = Callable[..., Any]
pytestmark = pytest.mark.slow

DESKTOP, PHONE = 1200, 390

# Contrast of the text of every element with what lies behind it (WCAG 2), the lowest first.
CONTRASTS = """() => {
  const channel = (value) => value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const colour = (text) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].map((each) => each / 255);
  };
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const found = colour(getComputedStyle(each).backgroundColor);
      if (found[3] === 1) return found;
    }
    return [1, 1, 1, 1];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !element.checkVisibility() || element.disabled) continue;
    if (element.closest("script, noscript, title, desc, option, :disabled")) continue;
    const style = getComputedStyle(element);
    const text = colour(element.closest("svg") ? style.fill : style.color);
    const [one, other] = [light(text), light(behind(element))].sort();
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    found.push([Math.round(ratio * 100) / 100, element.tagName, walker.currentNode.textContent.trim()]);
  }
  return found.sort((one, other) => one[0] - other[0]).slice(0, 5);
}"""


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("which", ["report", "errors"])
def test_a_page_fits_its_window_and_can_be_read(
    opened: Open, request: pytest.FixtureRequest, which: str, width: int, dark: bool
) -> None:
    page = opened(request.getfixturevalue(which), width=width, dark=dark)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # A heat map at its hottest, which no small run has.
    page.evaluate("document.querySelectorAll('.heat td').forEach((e) => e.style.setProperty('--share', 1))")
    lowest = page.evaluate(CONTRASTS)
    assert lowest and lowest[0][0] >= 4.5, lowest
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    brightness = sum(int(each) for each in background.removeprefix("rgb(").rstrip(")").split(",")) / 3
    assert brightness < 60 if dark else brightness > 200


def test_text_in_figures_can_be_read_on_a_phone(opened: Open, report: Path) -> None:
    page = opened(report, width=PHONE)
    sizes = page.evaluate(
        """() => [...document.querySelectorAll("main svg text")].map((each) =>
             parseFloat(getComputedStyle(each).fontSize) * each.getScreenCTM().a)"""
    )
    assert len(sizes) > 100
    assert min(sizes) >= 8


def test_the_contents_lead_to_sections_and_boxes_to_their_records(opened: Open, report: Path) -> None:
    page = opened(report)
    page.click("nav >> text=Confused intents")
    assert page.evaluate("location.hash") == "#confusion"
    assert 0 <= page.evaluate("document.getElementById('confusion').getBoundingClientRect().top") < 900
    record = page.locator("#step-teacher")
    assert not record.is_visible()
    page.click(".lineage a[href='#step-teacher']")
    record.wait_for(state="visible")
    assert "pretrain" in str(record.text_content())


def test_wide_tables_scroll_by_themselves_and_by_keyboard(opened: Open, report: Path) -> None:
    page = opened(report, width=PHONE)
    found = page.evaluate(
        """() => [...document.querySelectorAll(".scroll")]
             .filter((each) => each.scrollWidth > each.clientWidth)
             .map((each) => [each.tabIndex, each.getAttribute("aria-label")])"""
    )
    assert found
    assert all(index == 0 and label for index, label in found)


def count(page: Any) -> int:
    return int(page.text_content("#count").split(" of ")[0].replace(",", ""))


def held(errors: Path) -> list[dict[str, Any]]:
    text = errors.read_text()
    cases: list[dict[str, Any]] = json.loads(text[text.index('id="data">') + 10 : text.index("</script>")])[
        "cases"
    ]
    return cases


@pytest.mark.parametrize(
    ("fill", "fits"),
    [
        ({"error": "any"}, lambda case: case["errors"]),
        ({"error": "none"}, lambda case: not case["errors"]),
        ({"error": "border"}, lambda case: "border" in case["errors"]),
        ({"locale": "ar-SA"}, lambda case: case["locale"] == "ar-SA"),
        ({"domain": "music"}, lambda case: "music" in (case["due"]["domain"], case["given"]["domain"])),
        (
            {"intent": "alarm_set"},
            lambda case: "alarm_set" in (case["due"]["intent"], case["given"]["intent"]),
        ),
        (
            {"slot": "date"},
            lambda case: "date" in {s[0] for s in case["due"]["slots"] + case["given"]["slots"]},
        ),
        ({"below": "0.5"}, lambda case: case["confidence"] <= 0.5),
        ({"above": "0.8"}, lambda case: case["confidence"] >= 0.8),
        ({"rejected": "on"}, lambda case: case["rejected"]),
        ({"search": "WAKE"}, lambda case: "wake" in case["text"]),
        (
            {"error": "intent", "locale": "en-US"},
            lambda case: "intent" in case["errors"] and case["locale"] == "en-US",
        ),
    ],
)
def test_filters_of_the_page_are_those_of_the_terminal(
    opened: Open, errors: Path, fill: dict[str, str], fits: Callable[[dict[str, Any]], bool]
) -> None:
    page = opened(errors)
    every = held(errors)
    assert count(page) == len(every) == 120
    for name, value in fill.items():
        field = page.locator(f"[name={name}]")
        if value == "on":
            field.check()
        elif name in ("below", "above", "search"):
            field.fill(value)
        else:
            field.select_option(value)
    wanted = sum(bool(fits(case)) for case in every)
    assert 0 < wanted < 120
    assert count(page) == wanted
    # The address leads to the same view, and Clear to all.
    again = opened(errors, at=page.evaluate("location.hash"))
    assert count(again) == wanted
    again.click("text=Clear")
    again.wait_for_function("document.getElementById('count').textContent.startsWith('120 of')")


def test_pages_turn_and_orders_hold(opened: Open, errors: Path) -> None:
    page = opened(errors)
    assert page.locator("#cases > li").count() == 25
    assert page.text_content("#page") == "page 1 of 5"
    assert page.locator("#back").is_disabled()
    for _ in range(4):
        page.click("#next")
    assert page.text_content("#page") == "page 5 of 5" and page.locator("#cases > li").count() == 20
    assert page.locator("#next").is_disabled()
    page.select_option("[name=order]", "unsure")
    assert page.text_content("#page") == "page 1 of 5"
    shown = [
        float(text.split()[-1]) for text in page.locator(".case-head >> text=confidence").all_text_contents()
    ]
    assert shown == sorted(shown) and len(shown) == 25


def test_slots_are_marked_where_they_are_and_markup_in_them_is_text(opened: Open, errors: Path) -> None:
    page = opened(errors)
    page.fill("[name=search]", "alert(1)")
    assert count(page) > 0
    first = page.locator("#cases li mark").first
    assert str(first.text_content()).startswith("</script><script>alert(1)</script>")
    assert page.locator("#cases script").count() == 0
