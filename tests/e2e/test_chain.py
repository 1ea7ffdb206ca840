"""The chain from raw text to a served model: what the commands say about it, and that it fits together."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from understudy.export.bundle import MODEL_FP32
from understudy.serving.runtime import Understudy

STEPS = [
    *("world", "public-text", "mixed-text", "tokenizer", "public-shards", "mixed-shards"),
    *("teacher-1", "teacher-2", "student", "nlu-all", "nlu-tenth"),
    *("test-all", "test-tenth", "export-all", "export-tenth", "report"),
    *("intents", "judged", "doubts"),
]
Command = Callable[..., Any]


def manifest(folder: Path, step: str) -> dict[str, Any]:
    return json.loads((folder / step / "manifest.json").read_text())


def states(err: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in err.splitlines() if line.endswith(("up to date", " s")))


def run(understudy: Command, tiny: Any, *options: str) -> Any:
    return understudy("run", tiny.recipe, "--runs", tiny.runs, *options)


def test_a_run_ends_in_a_table_and_the_reports_path(tiny: Any) -> None:
    assert "Labels: all (160 training utterances), test split" in tiny.out
    assert "Labels: tenth (" in tiny.out
    assert f"Report: {tiny.folder / 'report' / 'report.html'}" in tiny.out
    done = states(tiny.err)
    assert set(done) == set(STEPS)
    assert all(state.startswith("done in ") for state in done.values())


def test_every_manifest_says_where_it_came_from(tiny: Any) -> None:
    fingerprints = {step: manifest(tiny.folder, step)["fingerprint"] for step in STEPS}
    assert len(set(fingerprints.values())) == len(STEPS)
    for step in STEPS:
        written = manifest(tiny.folder, step)
        assert (written["recipe"], written["step"]) == ("tiny", step)
        assert written["inputs"] == {name: fingerprints[name] for name in written["inputs"]}
        files = {
            path.relative_to(tiny.folder / step).as_posix(): path.stat().st_size
            for path in (tiny.folder / step).rglob("*")
            if path.is_file() and path.name != "manifest.json"
        }
        assert written["files"] == files, "nothing but the payload, and all of it"
        assert not any(name.endswith((".pkl", ".pt", ".bin", ".tmp")) for name in files)
    assert set(manifest(tiny.folder, "student")["inputs"]) == {"teacher-2", "mixed-shards"}
    assert set(manifest(tiny.folder, "nlu-tenth")["inputs"]) == {"student", "world"}
    assert manifest(tiny.folder, "nlu-all")["config"]["labels"] == "all"
    all_, tenth = (
        manifest(tiny.folder, f"nlu-{name}")["numbers"]["train_utterances"] for name in ("all", "tenth")
    )
    assert all_ == 160 and 4 <= tenth <= 40
    assert math.isfinite(manifest(tiny.folder, "teacher-1")["numbers"]["perplexity"])


def test_a_second_run_skips_everything(tiny: Any, understudy: Command) -> None:
    again = run(understudy, tiny)
    assert again.code == 0
    assert set(states(again.err).values()) == {"up to date"}
    assert again.out == tiny.out


def test_a_dry_run_says_what_would_run_and_runs_nothing(tiny: Any, understudy: Command) -> None:
    before = {path: path.stat().st_mtime_ns for path in tiny.runs.rglob("*")}
    answer = run(understudy, tiny, "--dry-run", "--set", "steps.student.seed=1")
    told = {line.split()[0]: line.split(maxsplit=2)[2] for line in answer.out.splitlines()}
    due = dict.fromkeys(STEPS, "up to date")
    due |= {"student": "would run"}
    due |= dict.fromkeys(
        ("nlu-all", "nlu-tenth", "test-all", "test-tenth", "export-all", "export-tenth"), "waits"
    )
    due |= dict.fromkeys(("report", "intents", "judged"), "waits")
    assert told == due
    assert {path: path.stat().st_mtime_ns for path in tiny.runs.rglob("*")} == before


def test_only_force_and_set(copied: Any, understudy: Command) -> None:
    before = {step: manifest(copied.folder, step) for step in STEPS}
    answer = run(understudy, copied, "--only", "test", "--force")
    assert set(states(answer.err)) == {"test-all", "test-tenth"}, "a matrix goes by its name"
    forced = manifest(copied.folder, "test-all")
    assert forced["fingerprint"] == before["test-all"]["fingerprint"]
    assert forced["numbers"] == before["test-all"]["numbers"]
    answer = run(understudy, copied, "--only", "nlu-all", "--set", "steps.nlu.seed=5")
    assert states(answer.err)["nlu-all"].startswith("done")
    changed = manifest(copied.folder, "nlu-all")
    assert changed["config"]["seed"] == 5
    assert changed["fingerprint"] != before["nlu-all"]["fingerprint"]
    # What was made from the old one is no longer up to date, and lineage says so.
    answer = run(understudy, copied, "--dry-run", "--only", "test-all", "--set", "steps.nlu.seed=5")
    assert answer.out.split()[-2:] == ["would", "run"]
    assert "made again since" in understudy("lineage", copied.folder / "test-all").out


def test_one_step_needs_its_inputs(tiny: Any, understudy: Command, tmp_path: Path) -> None:
    answer = understudy("step", tiny.recipe, "student", "--runs", tmp_path)
    answer.is_user_error("tiny.yaml", "steps.student", "'teacher-2', which has not been run")
    assert list(tmp_path.iterdir()) == []
    understudy("step", tiny.recipe, "studnet", "--runs", tmp_path).is_user_error("did you mean 'student'?")
    assert understudy("step", tiny.recipe, "world", "--runs", tmp_path).code == 0
    assert [path.name for path in (tmp_path / "tiny").glob("[!.]*")] == ["world"]


def test_lineage_reaches_the_start(tiny: Any, understudy: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tiny.folder / "export-all")
    answer = understudy("lineage", ".", "--json")

    def walk(entry: dict[str, Any]) -> set[str]:
        return {entry["step"]}.union(*map(walk, entry["inputs"]))

    assert walk(json.loads(answer.out)) == set(STEPS[:10]) | {"test-all", "export-all"}
    tree = understudy("lineage", tiny.folder / "export-all").out.splitlines()
    assert tree[0].startswith("export-all  export  ")
    assert [line.split()[0] for line in tree if not line.endswith("(see above)")].count("world") == 1


def test_score_gives_the_numbers_of_evaluate(tiny: Any, understudy: Command) -> None:
    folder = tiny.folder / "test-all"
    files = ("--reference", folder / "references.jsonl", "--hypothesis", folder / "predictions.jsonl")
    answer = understudy("score", *files, "--json")
    scores = json.loads(answer.out)
    assert scores == json.loads((folder / "scores.json").read_text())
    numbers = manifest(tiny.folder, "test-all")["numbers"]
    assert scores.items() <= numbers.items()
    assert scores["count"] == 40
    assert set(scores["by_locale"]) == {"en-US", "ja-JP"}
    table = understudy("score", *files).out
    assert f"{100 * scores['semer']:.2f}" in table


def named(frame: dict[str, Any]) -> Any:
    return frame["intent"], [(slot["name"], slot["start"], slot["end"]) for slot in frame["slots"]]


def test_predict_agrees_with_evaluate(tiny: Any, understudy: Command) -> None:
    """The fp32 graph gives what PyTorch gave, as sure of it; int8 mostly, on a toy near chance."""
    rows = [json.loads(line) for line in (tiny.folder / "test-all" / "predictions.jsonl").open()]
    bundle = tiny.folder / "export-all" / "bundle"
    fp32 = Understudy.load(bundle, MODEL_FP32)
    agreed = 0
    for locale in ("en-US", "ja-JP"):
        due = [row for row in rows if row["locale"] == locale]
        text = "".join(f"{row['text']}\n" for row in due)
        answer = understudy("predict", bundle, "--locale", locale, "--json", stdin=text.encode())
        assert answer.code == 0 and answer.err == ""
        frames = [json.loads(line) for line in answer.out.splitlines()]
        assert [frame["text"] for frame in frames] == [row["text"] for row in due]
        exact = [frame.to_json() for frame in fp32.predict([row["text"] for row in due], locale)]
        for frame, row, same in zip(frames, due, exact, strict=True):
            assert 0 < frame["confidence"] <= 1 and frame["rejected"] is False
            assert all(frame["text"][s["start"] : s["end"]] == s["value"] for s in frame["slots"])
            agreed += named(frame) == named(row)
            assert named(same) == named(row)
            for key in ("confidence", "intent_confidence"):
                assert same[key] == pytest.approx(row[key], abs=1e-5)
            for slot, other in zip(same["slots"], row["slots"], strict=True):
                assert slot["confidence"] == pytest.approx(other["confidence"], abs=1e-5)
    assert agreed >= len(rows) / 2


def test_the_encoders_load_with_stock_transformers(tiny: Any) -> None:
    transformers = pytest.importorskip("transformers")
    torch = pytest.importorskip("torch")
    for step in ("teacher-2", "student"):
        folder = tiny.folder / step / "model"
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
        model, told = transformers.AutoModelForMaskedLM.from_pretrained(folder, output_loading_info=True)
        assert not told["missing_keys"] and not told["unexpected_keys"]
        encoded = tokenizer("wake me up at <mask>", return_tensors="pt")
        assert tokenizer.mask_token_id in encoded["input_ids"]
        with torch.inference_mode():
            logits = model(**{key: encoded[key] for key in ("input_ids", "attention_mask")}).logits
        assert logits.shape == (1, encoded["input_ids"].shape[1], model.config.vocab_size)
        assert torch.isfinite(logits).all()


def test_the_report_is_one_page_with_every_table(tiny: Any, copied: Any, understudy: Command) -> None:
    page = (tiny.folder / "report" / "report.html").read_text()
    for text in ("Labels: all", "Labels: tenth", "Exact match by locale", "teacher-1", "ja-JP"):
        assert text in page
    assert "http://" not in page and "https://" not in page and "<script src" not in page
    answer = understudy("report", copied.folder)
    assert answer.out.strip() == f"Report: {copied.folder / 'report.html'}"
    understudy("report", copied.runs).is_user_error(str(copied.runs), "holds no artifact yet")


def test_plan_counts_what_the_run_made(tiny: Any, understudy: Command) -> None:
    planned = json.loads(understudy("plan", tiny.recipe, "--json").out)
    for step in ("teacher-1", "teacher-2", "student"):
        assert planned["steps"][step]["parameters"] == manifest(tiny.folder, step)["numbers"]["parameters"]
    assert "teacher-1" in understudy("plan", tiny.recipe).out
