"""Who is compared with whom: seeds together, teachers and baselines found, figures as `compare` has them."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import ModuleType

import pytest

from understudy.core.artifact import Artifact
from understudy.core.errors import UserError
from understudy.metrics.compare import compare
from understudy.metrics.nlu import score
from understudy.report.build import build
from understudy.report.gather import groups
from understudy.report.kin import kin
from understudy.report.run import run_in, run_of
from understudy.report.sections.changes import baselines, changes, teacher_of
from understudy.report.sections.lineage import headline
from understudy.report.systems import read_pairs
from understudy.report.tables import Table
from understudy.utterances.read import read_frames


def test_seeds_are_one_system_and_frozen_ones_another(run_folder: Path) -> None:
    (group,), failed = groups(run_in(run_folder))
    assert failed == []
    assert [(system.title, len(system.tables), system.frozen) for system in group.systems] == [
        ("teacher", 1, False),
        ("student (distilled)", 2, False),
        ("direct", 1, False),
        ("no <pretraining>", 1, False),
        ("teacher, frozen", 1, True),
        ("student (distilled), frozen", 1, True),
    ]
    assert group.understudy.title == "student (distilled)"
    assert (group.labels, group.split, group.train_utterances) == ("all", "test", 300)


def test_levels_are_means_of_what_score_says(run_folder: Path) -> None:
    (group,), _ = groups(run_in(run_folder))
    for system in group.systems:
        scores = [score(*zip(*read_pairs(each), strict=True)) for each in system.evaluations]
        for measure in ("exact_match", "semer", "slot_error"):
            mean = sum(each["macro"][measure] for each in scores) / len(scores)
            assert group.measures[system.title]["all"]["macro"][measure]["value"] == pytest.approx(mean)
            mean = sum(each["by_locale"]["ar-SA"][measure] for each in scores) / len(scores)
            assert group.measures[system.title]["locale"]["ar-SA"][measure]["value"] == pytest.approx(mean)


def test_changes_are_those_of_compare(run_folder: Path) -> None:
    run = run_in(run_folder)
    (group,), _ = groups(run)
    by_title = {system.title: system for system in group.systems}
    full = [system for system in group.systems if not system.frozen]
    ours = group.against(by_title["direct"], full)["changes"]["student (distilled)"]
    theirs = compare(
        [str(run_folder / "test-direct-seed-0"), str(run_folder / "test-student")], resamplings=1000
    )["changes"]["test-student"]
    for measure in ("icer", "semer", "domain_f1"):
        for kind, part in (("all", "macro"), ("locale", "en-US")):
            assert ours["measures"][kind][part][measure]["relative"] == pytest.approx(
                theirs["measures"][kind][part][measure]["relative"]
            )
    assert ours["mcnemar"] == theirs["mcnemar"]


def test_baselines_are_the_teacher_and_the_direct_pretraining(run_folder: Path) -> None:
    run = run_in(run_folder)
    (group,), _ = groups(run)
    assert run.teachers == {"teacher"}
    teacher = teacher_of(run, group.systems)
    assert teacher is not None and teacher.base == "teacher"
    assert [system.base for system in baselines(run, group)] == ["teacher", "direct"]
    for asked in ("random", "test-random-seed-0"):
        chosen = run_in(run_folder, [asked])
        (group,), _ = groups(chosen)
        assert [system.base for system in baselines(chosen, group)] == ["random"]


def test_a_baseline_that_is_not_there_is_refused(run_folder: Path) -> None:
    with pytest.raises(UserError, match=r"'studnet'.*did you mean 'student'"):
        run_in(run_folder, ["studnet"])
    page, _ = build(run_in(run_folder, ["tokenizer"]))  # is there, but nobody fine-tuned it
    assert "Changes against tokenizer</b>: no evaluation of it" in page


def test_the_table_of_paper_a_has_whole_and_frozen_models_against_their_own(run_folder: Path) -> None:
    run = run_in(run_folder)
    found, _ = groups(run)
    section = changes(run, found)
    errors, by_locale, semer, rare_f1, rare_semer, by_domain, *_ = (
        part for part in section.parts if isinstance(part, Table)
    )
    assert [row[:3] for row in errors.rows] == [
        ("student (distilled)", "whole", "public 50 %, in-domain 50 %"),
        ("direct", "whole", "public 100 %"),
        ("no <pretraining>", "whole", ""),
        ("student (distilled), frozen", "heads", "public 50 %, in-domain 50 %"),
    ]
    group = found[0]
    frozen = {system.title: system for system in group.systems if system.frozen}
    level = {name: group.measures[name]["all"]["macro"]["exact_match_error"]["value"] for name in frozen}
    change = level["student (distilled), frozen"] / level["teacher, frozen"] - 1
    assert errors.rows[-1][5].rstrip("*") == f"{100 * change:+.2f}"
    assert by_locale.columns == semer.columns == ("model", "macro over locales", "ar-SA", "en-US")
    assert by_domain.columns[2:] == ("alarm", "music", "weather")
    assert "rare" in rare_f1.title and "rare" in rare_semer.title
    # Of rare utterances alone: every fourth.
    due = read_frames(run_folder / "test-direct-seed-0" / "references.jsonl")
    rare = {(frame.locale, frame.id) for frame in due if frame.tail is not None and frame.tail.rare}
    errors_of = {}
    for name in ("teacher", "direct"):
        pairs = read_pairs(Artifact.load(run_folder / f"test-{name}-seed-0"))
        kept = [pair for pair in pairs if (pair[0].locale, pair[0].id) in rare]
        errors_of[name] = score(*zip(*kept, strict=True))["macro"]["semer"]
    (row,) = (row for row in rare_semer.rows if row[0] == "direct")
    assert row[1].rstrip("*") == f"{100 * (errors_of['direct'] / errors_of['teacher'] - 1):+.2f}"


def test_a_run_is_all_that_its_steps_were_made_from(run_folder: Path) -> None:
    run = run_of([Artifact.load(run_folder / "test-student-seed-1")], {}, [])
    assert set(run.steps) == {
        "test-student-seed-1", "nlu-student-seed-1", "student", "mixed-shards", "teacher", "public-shards",
        "tokenizer", "public-text", "mixed-text",
    }  # fmt: skip
    assert run.order == ("test-student-seed-1",)


def test_what_was_made_again_since_stays_away(run_folder: Path, made: ModuleType, tmp_path: Path) -> None:
    folder = tmp_path / "made"
    shutil.copytree(run_folder, folder)
    manifest = (folder / "teacher" / "manifest.json").read_text()
    fingerprint = Artifact.load(folder / "teacher").manifest.fingerprint
    (folder / "teacher" / "manifest.json").write_text(manifest.replace(fingerprint, "0" * 32))
    assert "teacher" not in run_of([Artifact.load(folder / "student")], {}, []).steps


def test_seeds_share_a_box_with_their_mean(run_folder: Path) -> None:
    run = run_in(run_folder)
    together = [members for members in kin(run) if len(members) > 1]
    assert sorted(together) == [
        ["export-student-seed-0", "export-student-seed-1"],
        ["nlu-student-seed-0", "nlu-student-seed-1"],
        ["test-student-seed-0", "test-student-seed-1"],
    ]
    seeds = [run.steps[name] for name in ("test-student-seed-0", "test-student-seed-1")]
    mean = sum(each.numbers["macro"]["exact_match"] for each in seeds) / 2
    assert headline(*seeds) == f"exact {100 * mean:.1f} %"


def test_the_same_work_under_two_names_is_no_two_seeds(made: ModuleType, tmp_path: Path) -> None:
    maker = made.MadeRun(tmp_path / "made")
    for name in ("one", "two"):
        maker.step(name, "encode", {}, max_length=48)
    maker.step("three", "encode", {}, max_length=48, seed=1)
    assert sorted(kin(run_in(tmp_path / "made"))) == [["one", "three"], ["two"]]


def test_a_model_without_a_head_has_no_figure_but_a_reason(made: ModuleType, tmp_path: Path) -> None:
    maker = made.MadeRun(tmp_path / "made")
    maker.encoder("one", "shards", 100)
    maker.judged("one", 0.9, 100)
    maker.judged(None, 0.5, 100, heads=["intent"])
    (group,), _ = groups(run_in(tmp_path / "made"))
    cells = group.measures["random"]["all"]["macro"]
    assert cells["intent_accuracy"]["value"] is not None
    assert cells["exact_match"] == {
        "value": None, "sd": None, "interval": None, "undefined": "the model has no slots head",
    }  # fmt: skip
    assert group.understudy.title == "one"
    change = group.against(group.systems[0])["changes"]["random"]["measures"]["all"]["macro"]
    assert change["semer"]["relative"] is None and "no slots head" in change["semer"]["undefined"]


def test_models_of_one_domain_each_are_one_system(made: ModuleType, tmp_path: Path) -> None:
    maker = made.MadeRun(tmp_path / "made")
    for base, skill in (("one", 0.9), ("two", 0.6)):
        maker.encoder(base, "shards", 100)
        for seed in (0, 1):
            for domain in ("alarm", "music", "weather"):
                maker.judged(base, skill, 100, seed=seed, domain=domain, export=False)
    run = run_in(tmp_path / "made")
    (group,), failed = groups(run)
    assert failed == [] and group.labels == "all, a model for each domain"
    assert [(system.title, len(system.tables)) for system in group.systems] == [("one", 2), ("two", 2)]
    assert [[each.path.name for each in seed] for seed in group.systems[1].runs] == [
        [f"test-two-{domain}-seed-{seed}" for domain in ("alarm", "music", "weather")] for seed in (0, 1)
    ]
    assert len(group.references) == 120
    assert [members for members in kin(run) if "test" in members[0]] == [
        [f"test-{base}-{domain}-seed-{seed}" for seed in (0, 1) for domain in ("alarm", "music", "weather")]
        for base in ("one", "two")
    ]
    # Every seed's answers of all domains together, pooled by locale.
    levels = []
    for seed in (0, 1):
        evaluations = [run.steps[f"test-two-{d}-seed-{seed}"] for d in ("alarm", "music", "weather")]
        pairs = [pair for evaluation in evaluations for pair in read_pairs(evaluation)]
        levels.append(score(*zip(*pairs, strict=True))["by_locale"]["en-US"]["semer"])
    cell = group.measures["two"]["locale"]["en-US"]["semer"]
    assert cell["value"] == pytest.approx(sum(levels) / 2)
    assert set(group.measures["two"]["domain"]) == {"alarm", "music", "weather"}
    # Each was asked about its own domain alone, so that a measure of domains would flatter it.
    assert "beforehand" in group.measures["two"]["all"]["macro"]["domain_f1"]["undefined"]
    shutil.rmtree(tmp_path / "made" / "test-two-music-seed-1")
    _, failed = groups(run_in(tmp_path / "made"))
    assert len(failed) == 1 and "the same number of seeds in every domain" in failed[0]


def test_a_run_of_domain_classifiers_is_shown_by_domains(made: ModuleType, tmp_path: Path) -> None:
    maker = made.MadeRun(tmp_path / "made")
    for base, skill in (("one", 0.9), ("two", 0.3)):
        maker.encoder(base, "shards", 100)
        maker.judged(base, skill, 100, heads=["domain"])
    run = run_in(tmp_path / "made")
    page, (table,) = build(run)
    assert table.columns == ("model", "parameters", "DC F1", "int8 exact", "p50 ms")
    (group,), _ = groups(run)
    section = changes(run, [group])
    titles = [part.title for part in section.parts if isinstance(part, Table)]
    assert len(titles) == 2 and all("DC F1" in title for title in titles)  # of all, and of rare utterances
    assert "Domain accuracy by locale" in page and "domains wrong" in page


def test_other_references_are_not_compared_and_the_page_says_so(
    made: ModuleType, tmp_path: Path, run_folder: Path
) -> None:
    run_maker = made.MadeRun(tmp_path / "made")
    run_maker.judged("one", 0.9, 100)
    other = run_maker.judged("two", 0.9, 100)
    file = tmp_path / "made" / other / "references.jsonl"
    size = file.stat().st_size
    file.write_bytes(file.read_bytes().replace(b"wake me at", b"wake us at"))
    assert file.stat().st_size == size
    found, failed = groups(run_in(tmp_path / "made"))
    assert found == []
    assert len(failed) == 1 and "not the references of test-one-seed-0" in failed[0]


def test_the_order_of_files_changes_nothing(run_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "made"
    shutil.copytree(run_folder, folder)
    file = folder / "test-direct-seed-0" / "references.jsonl"
    file.write_text("".join(reversed(file.read_text().splitlines(keepends=True))))
    compared = []
    for each in (run_folder, folder):
        (group,), _ = groups(run_in(each))
        compared.append(group.against(group.systems[0])["changes"]["direct"])
    assert compared[0] == compared[1]
