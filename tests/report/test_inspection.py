"""Browsing errors: every filter by hand, on a terminal and as data; and the models that can be asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from understudy.report.errors import KINDS
from understudy.report.inspection import Filters, cases, chosen, tally
from understudy.utterances.frame import Frame, Slot
from understudy.utterances.read import write_frames

Command = Callable[..., Any]


def frame(
    identifier: str, locale: str, text: str, intent: str, *slots: tuple[str, str], **more: Any
) -> Frame:
    made = tuple(
        Slot(name, value, text.index(value), text.index(value) + len(value)) for name, value in slots
    )
    return Frame(identifier, locale, text, intent.split("_")[0], intent, made, **more)


DUE = [
    frame("1", "en-US", "wake me at seven", "alarm_set", ("time", "seven")),
    frame("2", "en-US", "play some jazz", "music_play", ("genre", "jazz")),
    frame("1", "de-DE", "weck mich um sieben", "alarm_set", ("time", "sieben")),
    frame("2", "de-DE", "spiel Jazz", "music_play", ("genre", "Jazz")),
]
GIVEN = [
    replace(DUE[0], confidence=0.9, rejected=False),
    replace(DUE[1], intent="music_stop", confidence=0.3, rejected=True),
    frame(
        "1",
        "de-DE",
        "weck mich um sieben",
        "alarm_set",
        ("time", "um sieben"),
        confidence=0.8,
        rejected=False,
    ),
    frame("2", "de-DE", "spiel Jazz", "alarm_set", confidence=0.5, rejected=True),
]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), [1, 2, 3]),
        (Filters(errors=("all",)), [0, 1, 2, 3]),
        (Filters(errors=("none",)), [0]),
        (Filters(errors=("intent",)), [1, 3]),
        (Filters(errors=("border",)), [2]),
        (Filters(errors=("border", "missing")), [2, 3]),
        (Filters(errors=("domain",)), [3]),
        (Filters(locales=("en-US",)), [1]),
        (Filters(domains=("alarm",)), [2, 3]),  # due in one, given in the other
        (Filters(intents=("music_stop",)), [1]),
        (Filters(slots=("time",)), [2]),
        (Filters(rejected=True), [1, 3]),
        (Filters(below=0.5), [1, 3]),
        (Filters(above=0.5), [2, 3]),
        (Filters(above=0.4, below=0.6), [3]),
        (Filters(search="JAZZ"), [1, 3]),
        (Filters(search="time=um"), [2]),
        (Filters(search="music_st"), [1]),
        (Filters(search="jazz", locales=("de-DE",)), [3]),
        (Filters(search="nobody said this"), []),
    ],
)
def test_filters(filters: Filters, found: list[int]) -> None:
    every = cases(DUE, GIVEN)
    assert chosen(every, filters) == [every[i] for i in found]


def test_tally_is_of_utterances_and_in_the_order_of_kinds() -> None:
    counts = tally(cases(DUE, GIVEN))
    assert counts == {"intent": 2, "domain": 1, "missing": 1, "border": 1}
    assert list(counts) == [kind for kind in KINDS if kind in counts]


@pytest.fixture
def evaluated(tmp_path: Path) -> Path:
    write_frames(tmp_path / "references.jsonl", DUE)
    write_frames(tmp_path / "predictions.jsonl", reversed(GIVEN))
    return tmp_path


def test_as_json_with_pages(understudy: Command, evaluated: Path) -> None:
    answer = json.loads(understudy("inspect", evaluated, "--json", "--per-page", 2, "--page", 2).out)
    assert (answer["utterances"], answer["matching"], answer["page"], answer["pages"]) == (4, 3, 2, 2)
    (case,) = answer["cases"]
    assert case["errors"] == ["intent", "domain", "missing"]
    assert case["reference"] == DUE[3].to_json()
    assert case["hypothesis"] == GIVEN[3].to_json()


def test_on_a_terminal(understudy: Command, evaluated: Path) -> None:
    told = understudy("inspect", evaluated, "--locale", "de-DE").out
    assert "weck mich um [sieben]time" in told and "weck mich [um sieben]time" in told
    assert "confidence 0.50  rejected" in told
    assert "3 of 4 utterances are not right" in told and "2 fit the filters, page 1 of 1" in told
    told = understudy("inspect", evaluated, "--error", "none").out
    assert "en-US 1  right" in told and "given" not in told
    # What was rejected is shown whether or not it was right.
    assert "2 fit" in understudy("inspect", evaluated, "--rejected").out
    assert "--page 2 shows more" in understudy("inspect", evaluated, "--per-page", 1).out


def test_as_a_page(understudy: Command, evaluated: Path) -> None:
    page = evaluated / "errors.html"
    assert (
        understudy("inspect", evaluated, "--html", page, "--error", "intent").out.strip() == f"Page: {page}"
    )
    text = page.read_text()
    assert "2 of 4 utterances, 3 of which are not right." in text
    held = json.loads(text[text.index('id="data">') + 10 : text.index("</script>")])
    assert [each["text"] for each in held["cases"]] == ["play some jazz", "spiel Jazz"]


def test_offsets_in_the_page_are_javascripts(understudy: Command, tmp_path: Path) -> None:
    said = frame("1", "en-US", "😀 play 𝄞 jazz", "music_play", ("genre", "jazz"))
    write_frames(tmp_path / "references.jsonl", [said])
    write_frames(tmp_path / "predictions.jsonl", [replace(said, intent="music_stop")])
    understudy("inspect", tmp_path, "--html", tmp_path / "p.html")
    text = (tmp_path / "p.html").read_text()
    held = json.loads(text[text.index('id="data">') + 10 : text.index("</script>")])
    ((_, start, end),) = held["cases"][0]["due"]["slots"]
    units = said.text.encode("utf-16-le")
    assert units[2 * start : 2 * end].decode("utf-16-le") == "jazz"


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        (["--locale", "de-AT"], ["there is no 'de-AT' here", "did you mean 'de-DE'?", "--locale"]),
        (["--intent", "alarm_sett"], ["did you mean 'alarm_set'?"]),
        (["--error", "bordr"], ["did you mean 'border'?"]),
        (["--slot", "tiem"], ["did you mean 'time'?"]),
        (["--page", 9], ["there is no page 9, the last is 1"]),
        (["--data", "x"], ["has its own utterances"]),
    ],
)
def test_a_slip_of_the_pen(
    understudy: Command, evaluated: Path, options: list[object], parts: list[str]
) -> None:
    understudy("inspect", evaluated, *options).is_user_error(*parts)


def test_answers_without_confidence_cannot_be_chosen_by_it(understudy: Command, tmp_path: Path) -> None:
    write_frames(tmp_path / "references.jsonl", DUE)
    write_frames(tmp_path / "predictions.jsonl", DUE)
    understudy("inspect", tmp_path, "--below", 0.5).is_user_error("carry no confidence")
    understudy("inspect", tmp_path, "--rejected").is_user_error("not marked as rejected")


def test_what_is_no_model(understudy: Command, tmp_path: Path) -> None:
    understudy("inspect", tmp_path / "nowhere").is_user_error("no such folder", "nowhere")
    understudy("inspect", tmp_path).is_user_error("is no model to ask")
    (tmp_path / "nlu.json").write_text("{}")
    understudy("inspect", tmp_path).is_user_error("--data FILE")


def test_heads_that_a_model_has_not_are_not_errors(
    understudy: Command, made: ModuleType, tmp_path: Path
) -> None:
    name = made.MadeRun(tmp_path / "runs").judged(None, 0.5, 100)
    folder = tmp_path / "runs" / name
    whole = json.loads(understudy("inspect", folder, "--json").out)["errors"]
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"slots"\n', '"x"\n').replace('"slots"]', '"x"]'))
    intents = json.loads(understudy("inspect", folder, "--json").out)["errors"]
    assert set(whole) > {"intent", "missing"}
    assert set(intents) == {"intent", "domain"}
