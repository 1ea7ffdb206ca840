"""The page: whole and valid, opens offline, escapes what people said, and says what it leaves out."""

from __future__ import annotations

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from understudy.core.artifact import Artifact
from understudy.core.errors import UserError
from understudy.core.files import write_jsonl
from understudy.report.build import build
from understudy.report.inspect_page import inspect_page
from understudy.report.inspection import cases
from understudy.report.page import as_html
from understudy.report.run import Run, run_in
from understudy.report.section import Section
from understudy.report.sections.likeness import fitted
from understudy.report.sections.search import search
from understudy.report.sections.selection import selection
from understudy.report.sections.suspects import suspects
from understudy.report.systems import read_pairs
from understudy.report.tables import Table
from understudy.report.trained import trained
from understudy.stages.report import report_of_run

_VOID = {"meta", "input"}


class Reader(HTMLParser):
    """Tags, ids and links of a page; refuses tags that do not close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        self.tags.append((tag, found))
        self.ids += [str(found["id"])] if "id" in found else []
        self.links += [str(found[key]) for key in ("href", "src", "srcset", "data", "action") if key in found]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@pytest.fixture(scope="module")
def page(run_folder: Path) -> str:
    return build(run_in(run_folder))[0]


def test_every_section_is_there_and_linked_from_the_contents(page: str) -> None:
    reader = Reader(page)
    assert len(reader.ids) == len(set(reader.ids))
    sections = {
        "lineage", "models", "changes", "locales", "speed", "calibration", "confusion", "slots", "similarity",
        "curves", "encoders", "tokenizers", "corpora", "provenance", "omitted",
    }  # fmt: skip
    assert sections <= set(reader.ids)
    assert {f"#{name}" for name in sections} <= set(reader.links)
    assert [link for link in reader.links if link[1:] not in reader.ids or link[0] != "#"] == []


def test_nothing_points_outside_and_the_page_forbids_it(page: str, run_folder: Path) -> None:
    evaluation = Artifact.load(run_folder / "test-direct-seed-0")
    pairs = read_pairs(evaluation)
    errors = inspect_page("errors", cases(*zip(*pairs, strict=True)), "told")
    for text in (page, errors):
        assert "default-src 'none'" in text
        assert not re.search(r"https?://|@import|url\(|<link|<img|<iframe|src=", text)
    assert "<script" not in page


def test_what_people_said_is_text_and_never_markup(page: str, run_folder: Path) -> None:
    assert "no &lt;pretraining&gt;" in page and "<pretraining>" not in page
    assert "play &lt;b&gt;" in page and "<b>ruby" not in page and "<script>alert" not in page
    evaluation = Artifact.load(run_folder / "test-direct-seed-0")
    found = cases(*zip(*read_pairs(evaluation), strict=True))
    text = inspect_page("a <title> & more", found, "told")
    assert any("</script>" in case.reference.text for case in found)
    reader = Reader(text)
    scripts = [attributes for tag, attributes in reader.tags if tag == "script"]
    assert [each.get("type") for each in scripts] == ["application/json", None]
    held = json.loads(text[text.index('id="data">') + 10 : text.index("</script>")])
    assert [each["text"] for each in held["cases"]] == [case.reference.text for case in found]


def test_tables_have_captions_and_scopes_and_figures_are_told(page: str) -> None:
    reader = Reader(page)
    tables = sum(tag == "table" for tag, _ in reader.tags)
    assert tables > 15
    assert sum(tag == "caption" for tag, _ in reader.tags) == tables
    assert all("scope" in attributes for tag, attributes in reader.tags if tag == "th")
    pictures = [attributes for tag, attributes in reader.tags if tag == "svg" and "role" in attributes]
    assert len(pictures) > 8
    assert all(attributes["role"] == "img" and attributes["aria-label"] for attributes in pictures)
    hidden = [attributes for tag, attributes in reader.tags if tag == "svg" and "role" not in attributes]
    assert all(attributes["aria-hidden"] == "true" for attributes in hidden)


def test_no_cell_is_not_a_number_or_none_without_a_reason(run_folder: Path) -> None:
    page, tables = build(run_in(run_folder))
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", page)
    assert len(cells) > 300
    assert not {"nan", "NaN", "None", "inf", "-inf"} & {cell.strip("+-*% ") for cell in cells}
    for table in tables:
        assert "none" not in {cell for row in table.rows for cell in row} or table.notes


def test_a_table_says_why_a_cell_has_no_value() -> None:
    text = as_html(Table("t", ("a", "b"), (("x", "none"),), notes=("none: because.",)))
    assert '<th scope="row">x</th>' in text and "because." in text
    assert '<th scope="col" class="figure">b</th>' in text


@pytest.mark.parametrize(
    ("steps", "there", "gone"),
    [
        (
            ["public-text"],
            {"lineage", "corpora", "provenance"},
            {"All models": "evaluate", "Tokenizers": "token"},
        ),
        (["teacher", "student"], {"curves", "encoders"}, {"All models": "no step of stage evaluate"}),
        (
            ["test-direct-seed-0"],
            {"models", "locales", "confusion", "slots", "calibration"},
            {"Against the baselines": "a change needs two", "Latency against accuracy": "export"},
        ),
        (["likeness"], {"similarity"}, {"Encoders": "pretrain", "Corpora": "prepare"}),
    ],
)
def test_a_part_of_a_run_shows_what_it_has_and_why_the_rest_is_missing(
    run_folder: Path, tmp_path: Path, steps: list[str], there: set[str], gone: dict[str, str]
) -> None:
    for step in steps:
        shutil.copytree(run_folder / step, tmp_path / "part" / step)
    text = report_of_run(tmp_path / "part").read_text()
    reader = Reader(text)
    assert there <= set(reader.ids)
    left_out = "".join(reader.text).split("Left out")[-1]
    for title, why in gone.items():
        (line,) = re.findall(rf"{title}: ([^.]*)\.", left_out)
        assert why in line


def test_a_damaged_step_is_named_and_the_rest_shown(run_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "made"
    shutil.copytree(run_folder, folder)
    (folder / "test-direct-seed-0" / "predictions.jsonl").write_text("{}")
    text = report_of_run(folder).read_text()
    assert "damaged" in text and "test-direct-seed-0" in text and "teacher" in text
    assert "direct, " not in (folder / "table.txt").read_text()


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no artifact yet"):
        report_of_run(tmp_path)
    with pytest.raises(UserError, match="no such folder"):
        report_of_run(tmp_path / "nowhere")


def test_the_fitted_line_is_least_squares() -> None:
    line = fitted([(0.0, 1.0), (1.0, 3.0), (2.0, 5.0), (3.0, 7.0)])
    assert line == pytest.approx((2.0, 1.0, 1.0))
    # By hand: x 0, 1, 2 and y 0, 3, 0: the mean 1, slope 0, no correlation.
    assert fitted([(0, 0), (1, 3), (2, 0)]) == pytest.approx((0.0, 1.0, 0.0))
    assert fitted([(0, 0), (1, 1)]) is None
    assert fitted([(1, 0), (1, 1), (1, 2)]) is None


def test_trials_of_a_search_are_shown_best_first(made: ModuleType, tmp_path: Path) -> None:
    maker = made.MadeRun(tmp_path / "made")
    trials = [
        {"number": 1, "settings": {"rate": 0.1}, "state": "complete", "score": 0.5, "steps": 9},
        {"number": 2, "settings": {"rate": 0.01}, "state": "complete", "score": 0.75, "steps": 9},
        {"number": 3, "settings": {"rate": 0.5}, "state": "failed", "problem": "diverged", "steps": None},
        {"number": 4, "settings": {"rate": 0.1}, "state": "complete", "score": 0.5, "same_as": 1},
    ]
    maker.step("tuned", "finetune", {"search": {"best": 2, "trials": trials}})
    run: Run = run_in(tmp_path / "made")
    section = search(run)
    assert isinstance(section, Section)
    (table,) = (part for part in section.parts if isinstance(part, Table))
    assert table.columns == ("trial", "rate", "state", "score")
    assert table.rows == (
        ("2", "0.01", "complete", "0.7500"),
        ("1", "0.1", "complete", "0.5000"),
        ("4", "0.1", "complete, as trial 1", "0.5000"),
        ("3", "0.5", "failed, diverged", "none"),
    )
    assert table.notes


def test_models_picked_by_locale_and_suspect_labels(made: ModuleType, tmp_path: Path) -> None:
    maker = made.MadeRun(tmp_path / "made")
    measured = {"de-DE": {"one": 0.5, "two": 0.75}, "en-US": {"one": 0.9, "two": 0.8}}
    choice = {"by": "exact_match", "choice": {"de-DE": "two", "en-US": "one"}, "development": measured}
    maker.step("best", "select", choice, labels="all")
    counts = {"utterances": 10, "intent": 2, "slot": 1, "contradiction": 0}
    doubts = {
        "by_locale": {"de-DE": counts},
        "by_intent": {
            "play": {**counts, "likely": {"stop": 2}},
            "stop": dict.fromkeys([*counts, "likely"], 0),
        },
        "out_of_fold": {"de-DE": {"intents_right": 0.8, "words_right": None}},
    }
    maker.step("doubts", "suspects", doubts, labels="all")
    run = run_in(tmp_path / "made")
    picked, doubted = selection(run), suspects(run)
    assert isinstance(picked, Section) and isinstance(doubted, Section)
    (table,) = picked.parts
    assert isinstance(table, Table)
    assert table.columns == ("locale", "one", "two")
    assert table.rows == (("de-DE", "50.00", "75.00*"), ("en-US", "90.00*", "80.00"))
    by_locale, by_intent = doubted.parts
    assert isinstance(by_locale, Table) and isinstance(by_intent, Table)
    assert by_locale.rows == (("de-DE", "10", "2", "1", "0", "80.0", "none"),)
    assert by_locale.notes
    assert by_intent.rows == (("play", "stop (2)", "10", "2", "1", "0"),)


def test_an_evaluation_of_a_picked_model_knows_its_encoder(made: ModuleType, tmp_path: Path) -> None:
    maker = made.MadeRun(tmp_path / "made")
    maker.encoder("one", "shards", 100)
    maker.judged("one", 0.9, 100)
    maker.step("best", "select", {"choice": {"ar-SA": "nlu-one-seed-0"}}, reads=["nlu-one-seed-0"])
    maker.step("test-best", "evaluate", {}, reads=["best/ar-SA"], model="best/ar-SA", labels="all")
    run = run_in(tmp_path / "made")
    encoder = run.encoder(run.steps["test-best"])
    assert encoder is not None and encoder.path.name == "one"


def test_students_of_one_step_and_teachers_in_sequence_have_a_curve_each(
    made: ModuleType, tmp_path: Path
) -> None:
    maker = made.MadeRun(tmp_path / "made")
    maker.encoder("t", "shards", 300)

    def part(size: int, perplexity: float) -> dict[str, Any]:
        history = [{"step": 10, "perplexity": perplexity}]
        return {"parameters": {"encoder": size}, "history": history, "perplexity": perplexity}

    whole = {"steps": 10, "tokens": 500, "tokens_per_second": 9, "seconds": 1.0, "history": [{"step": 10}]}
    phases = [{**whole, "parts": {"a": part(100, at), "b": part(50, at + 1)}} for at in (30.0, 20.0)]

    def fill(out: Path) -> None:
        for number, teacher in ((1, "t"), (2, "u-v")):
            (out / f"{number}-{teacher}").mkdir()
            lines = [{"step": s, "a.mlm": 5 / s, "b.mlm": 6 / s, "b.soft": 1.0, "mfu": 0.5} for s in (5, 10)]
            write_jsonl(out / f"{number}-{teacher}" / "log.jsonl", lines)

    taught = [{"teacher": "t", "shards": "shards"}, {"teacher": "u/v", "shards": "shards"}]
    maker.step(
        "students", "distill", {**phases[-1], "phases": phases}, teachers=taught, reads=["t"], fill=fill
    )
    run = run_in(tmp_path / "made")
    one, two, three, four = trained(run.of("distill"))
    assert [each.name for each in (one, two, three, four)] == [
        "students, teacher 1/a", "students, teacher 1/b", "students, teacher 2/a", "students, teacher 2/b",
    ]  # fmt: skip
    assert (one.teacher, four.teacher) == ("t", "u/v")
    assert two.losses() == {"mlm": [(250.0, 1.2), (500.0, 0.6)], "soft": [(250.0, 1.0), (500.0, 1.0)]}
    assert one.losses() == {"mlm": [(250.0, 1.0), (500.0, 0.5)]}
    assert four.history("perplexity") == [(500.0, 21.0)]
    assert run.teachers == {"t"}
    page, _ = build(run)
    assert "students, teacher 2/b: learning from u/v" in page and "0.00M" in page
