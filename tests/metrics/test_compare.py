"""Comparing systems: levels, relative changes, seeds, and what cannot be compared."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from understudy.core.errors import UserError
from understudy.metrics.compare import compare
from understudy.metrics.systems import PREDICTIONS, REFERENCES, systems
from understudy.report.comparison import comparison_tables
from understudy.utterances.frame import Frame, Slot, Tail
from understudy.utterances.read import write_frames

NUMBER = 40
LOCALES = ("de-DE", "en-US")


def references(locales: Sequence[str] = LOCALES) -> list[Frame]:
    return [
        Frame(
            str(i), locale, "one two", "pq"[i % 2], "a", (Slot("s", "one", 0, 3),), tail=Tail(i < 8, i < 20)
        )
        for locale in locales
        for i in range(NUMBER)
    ]


def answers(due: Sequence[Frame], wrong: int) -> list[Frame]:
    """The first ``wrong`` ids of every locale have a wrong intent."""
    return [replace(frame, tail=None, intent="b" if int(frame.id) < wrong else "a") for frame in due]


def evaluated(folder: Path, wrong: int, due: Sequence[Frame] | None = None) -> Path:
    due = references() if due is None else due
    write_frames(folder / REFERENCES, due)
    write_frames(folder / PREDICTIONS, answers(due, wrong))
    return folder


@pytest.fixture
def runs(tmp_path: Path) -> Callable[..., list[str]]:
    """Folders by name and number of wrong ids."""

    def make(**wrong: int) -> list[str]:
        return [str(evaluated(tmp_path / name.replace("_", "-"), number)) for name, number in wrong.items()]

    return make


def test_changes_by_hand(runs: Callable[..., list[str]]) -> None:
    result = compare(runs(base=20, better=10, worse=30), resamplings=500)
    assert (result["baseline"], result["utterances"], result["units"]) == ("base", 80, 40)
    json.dumps(result, allow_nan=False)
    level = result["systems"]["base"]["measures"]["all"]["micro"]["icer"]
    assert (level["value"], level["sd"]) == (0.5, None)
    assert level["interval"][0] < 0.5 < level["interval"][1]
    better, worse = (result["changes"][name]["measures"] for name in ("better", "worse"))
    icer = better["all"]["macro"]["icer"]
    assert (icer["absolute"], icer["relative"], icer["better"]) == (-0.25, -0.5, True)
    assert icer["p"] < 0.01
    assert icer["interval"][0] < -0.5 < icer["interval"][1] < 0
    assert better["all"]["micro"]["intent_accuracy"]["better"] is True
    assert worse["all"]["micro"]["icer"]["relative"] == pytest.approx(0.5)
    assert worse["all"]["micro"]["icer"]["better"] is False
    # SemER: an intent and a slot are due an utterance, so half of the intent error; the change is the same.
    assert result["systems"]["base"]["measures"]["all"]["micro"]["semer"]["value"] == 0.25
    assert better["all"]["micro"]["semer"]["relative"] == pytest.approx(-0.5)
    slots = better["all"]["micro"]["slot_f1"]
    assert (slots["relative"], slots["p"], slots["better"]) == (0.0, 1.0, None)
    error = better["all"]["micro"]["slot_error"]
    assert error["relative"] is None and "is 0" in error["undefined"]
    # Of the 8 rarest all are wrong in both; of those outside the top 20 fall to 10.
    assert better["tail"]["rare"]["icer"]["relative"] == 0
    assert better["tail"]["outside_top"]["icer"]["relative"] == -0.5
    top = better["tail"]["top"]["icer"]
    assert top["relative"] is None and "is 0" in top["undefined"]
    assert set(better["domain"]) == {"p", "q"}
    assert set(better["locale"]) == set(LOCALES)
    assert result["parts"]["locale"]["de-DE"] == {"utterances": 40, "units": 40}
    assert result["parts"]["tail"]["rare"] == {"utterances": 16, "units": 8}
    assert result["changes"]["better"]["mcnemar"]["intent"] == [
        {"only_baseline": 0, "only_candidate": 20, "p": pytest.approx(2 / 2**20)}
    ]


def test_seeds_are_one_system(runs: Callable[..., list[str]]) -> None:
    folders = runs(base_seed_0=18, base_seed_1=22, cand_seed_0=8, cand_seed_1=10, cand_seed_2=12)
    result = compare(folders, resamplings=100)
    assert {name: system["runs"] for name, system in result["systems"].items()} == {"base": 2, "cand": 3}
    level = result["systems"]["base"]["measures"]["all"]["micro"]["icer"]
    assert level["value"] == 0.5
    assert level["sd"] == pytest.approx(0.05 * 2**0.5)  # 0.45 and 0.55, of a sample
    change = result["changes"]["cand"]["measures"]["all"]["micro"]["icer"]
    assert change["relative"] == pytest.approx(-0.5)
    assert change["sd"] == pytest.approx(0.1)  # -0.6, -0.5, -0.4
    assert len(result["changes"]["cand"]["mcnemar"]["intent"]) == 2


def names(arguments: Sequence[str]) -> dict[str, list[str]]:
    return {system.name: [Path(run.name).name for run in system.runs] for system in systems(arguments)}


def test_how_systems_are_named(runs: Callable[..., list[str]], tmp_path: Path) -> None:
    base, one, two, other = runs(base=1, cand_seed_1=1, cand_seed_2=1, other=1)
    due = {"base": ["base"], "cand": ["cand-seed-1", "cand-seed-2"]}
    assert names([base, one, two]) == due
    assert names([base, f"{one},{two}"]) == due
    assert names([base, str(tmp_path / "cand")]) == due  # all seeds by the name without one
    assert names([base, f"new={one},{other}"]) == {"base": ["base"], "new": ["cand-seed-1", "other"]}
    assert names([base, f"new={one}", f"new={other}"]) == {"base": ["base"], "new": ["cand-seed-1", "other"]}
    files = [f"{folder}/{REFERENCES}:{folder}/{PREDICTIONS}" for folder in (base, other)]
    assert names(files) == {"base": [PREDICTIONS], "other": [PREDICTIONS]}
    Path(base, PREDICTIONS).rename(Path(base, "mine.jsonl"))
    files[0] = files[0].replace(PREDICTIONS, "mine.jsonl")
    assert names(files) == {"mine.jsonl": ["mine.jsonl"], "other": [PREDICTIONS]}


def test_equal_names_in_two_places_are_two_systems(tmp_path: Path) -> None:
    folders = [str(evaluated(tmp_path / run / "test-student", 3)) for run in ("old", "new")]
    assert [system.name for system in systems(folders)] == folders


def manifest(folder: Path, **config: Any) -> None:
    folder.mkdir(exist_ok=True)
    files = {path.name: path.stat().st_size for path in folder.glob("*.jsonl")}
    text = dict.fromkeys(("recipe", "step", "stage", "fingerprint", "code_version", "started"), "x")
    empty: dict[str, Any] = {key: {} for key in ("inputs", "sources", "machine", "numbers")}
    value = {**text, **empty, "format_version": 1, "seconds": 0, "config": config, "files": files}
    (folder / "manifest.json").write_text(json.dumps(value))


def test_a_matrix_steps_number_is_a_seed_if_its_manifest_says_so(tmp_path: Path) -> None:
    for model, seed in (("17", 1), ("5", 2)):  # sizes, whose seeds are others
        folder = evaluated(tmp_path / f"test-{model}", 1)
        manifest(folder, model=f"nlu-{model}", seed=0)
        manifest(tmp_path / f"nlu-{model}", seed=seed)
    assert set(names([str(tmp_path / "test-17"), str(tmp_path / "test-5")])) == {"test-17", "test-5"}
    for seed in (17, 5):  # the seed may be further up
        manifest(tmp_path / f"nlu-{seed}", seed=0, model=f"student-{seed}")
        manifest(tmp_path / f"student-{seed}", seed=seed, model=None)
    base = str(evaluated(tmp_path / "base", 1))
    assert names([base, str(tmp_path / "test")]) == {"base": ["base"], "test": ["test-17", "test-5"]}


def spoil(folder: Path, name: str, change: Callable[[list[str]], list[str]]) -> None:
    path = folder / name
    path.write_text("".join(line + "\n" for line in change(path.read_text().splitlines())))


@pytest.mark.parametrize(
    ("name", "change", "parts"),
    [
        (PREDICTIONS, lambda lines: [], ["is empty"]),
        (REFERENCES, lambda lines: [""], ["holds no frame"]),
        (PREDICTIONS, lambda lines: lines[:5], ["lack 75 of", "all of locale en-US", "id '10' (de-DE)"]),
        (PREDICTIONS, lambda lines: [*lines, lines[0]], ["id '0' (de-DE) twice, with the same labels"]),
        (
            PREDICTIONS,
            lambda lines: [*lines, lines[0].replace('"b"', '"c"')],
            ["id '0' (de-DE) twice, with contradictory labels"],
        ),
        (REFERENCES, lambda lines: [*lines, lines[0]], ["id '0' (de-DE) twice"]),
        (
            REFERENCES,
            lambda lines: lines[:NUMBER],
            ["not the test set of", "40 lacking (first: id '0', en-US)", "not in both: locale en-US"],
        ),
        (
            REFERENCES,
            lambda lines: [line.replace('"a"', '"x"') for line in lines],
            ["80 with another text or labels"],
        ),
        (
            REFERENCES,
            lambda lines: [*lines, lines[0].replace('"id": "0"', '"id": "new"')],
            ["1 more (first: id 'new', de-DE)"],
        ),
        (PREDICTIONS, lambda lines: [lines[0][:20]], ["line 1", "cut short"]),
    ],
)
def test_what_cannot_be_compared(
    tmp_path: Path, name: str, change: Callable[[list[str]], list[str]], parts: list[str]
) -> None:
    base, other = evaluated(tmp_path / "base", 4), evaluated(tmp_path / "other", 6)
    spoil(other, name, change)
    with pytest.raises(UserError) as error:
        compare([str(base), str(other)], resamplings=10)
    assert all(part in str(error.value) for part in [str(other / name), *parts]), str(error.value)
    assert "\n" not in str(error.value)


def test_the_order_of_references_and_their_marks_make_no_other_test_set(tmp_path: Path) -> None:
    base = evaluated(tmp_path / "base", 4)
    unmarked = [replace(frame, tail=None) for frame in references()[::-1]]
    other = evaluated(tmp_path / "other", 6, unmarked)
    assert compare([str(base), str(other)], resamplings=10)["utterances"] == 80


def test_systems_that_are_none(runs: Callable[..., list[str]], tmp_path: Path) -> None:
    base, one = runs(base=1, cand_seed_1=1)
    (tmp_path / "bare").mkdir()
    for arguments, message in (
        ([base], "only one system is named"),
        ([base, base], "named twice"),
        ([one, str(tmp_path / "cand-seed-1")], "named twice"),
        ([base, str(tmp_path / "missing")], "missing: no such folder"),
        ([base, str(tmp_path / "bare")], f"bare: holds no {REFERENCES}"),
        ([base, f"{base}/{REFERENCES}"], "is a file"),
        ([base, "name="], "names no run"),
        ([base, "no.jsonl:none.jsonl"], "no.jsonl"),
    ):
        with pytest.raises(UserError, match=message):
            compare(arguments, resamplings=10)
    for wrong in ({"resamplings": 0}, {"confidence": 1.0}):
        with pytest.raises(UserError):
            compare([base, one], **wrong)  # type: ignore[arg-type]


def test_frames_without_slots_say_why(tmp_path: Path) -> None:
    due = [replace(frame, slots=(), domain="") for frame in references()]
    folders = [str(evaluated(tmp_path / name, wrong, due)) for name, wrong in (("base", 4), ("other", 6))]
    result = compare(folders, resamplings=10)
    for numbers in (
        result["systems"]["other"]["measures"]["all"]["macro"]["slot_f1"],
        result["changes"]["other"]["measures"]["all"]["macro"]["slot_f1"],
    ):
        assert numbers["interval"] is None and "hold a slot" in numbers["undefined"]
    assert "NaN" not in json.dumps(result)
    assert "none" in comparison_tables(result)[0].text()


def test_the_tables(runs: Callable[..., list[str]]) -> None:
    first, second = comparison_tables(compare(runs(base=20, cand_seed_0=8, cand_seed_1=12), resamplings=200))
    rows = {line.split("  ")[0]: line for line in first.text().splitlines()}
    assert "50.00" in rows["intent error"] and "25.00 ± 7.07" in rows["intent error"]
    assert "-50.00 ± 14.14" in rows["intent error"]
    assert "McNemar: exact match 0 lost and 24 won" in first.text()
    assert any(line.startswith("de-DE") and "-50.00*" in line for line in second.text().splitlines())
    few = comparison_tables(compare(runs(two=19, one=0), resamplings=50))[1].text().splitlines()
    assert any(line.startswith("tail rare") and "-100.00 " in line for line in few)  # of 8 no star
    assert any(line.startswith("micro") and "-100.00*" in line for line in few)
    assert any(line.startswith("tail rare") and "+0.00 " in line for line in second.text().splitlines())
