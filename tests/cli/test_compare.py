"""The ``compare`` command from files to tables, JSON and one-line errors."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

FRAME: dict[str, Any] = {
    "locale": "en-US",
    "text": "call mum",
    "domain": "calls",
    "intent": "call",
    "slots": [],
}


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    """Two evaluated systems: one has half of the intents right, the other all."""
    made = []
    for name, wrong in (("base", 5), ("cand", 0)):
        folder = tmp_path / name
        folder.mkdir()
        rows = [FRAME | {"id": str(i)} for i in range(10)]
        answers = [row | {"intent": "play"} if i < wrong else row for i, row in enumerate(rows)]
        for file, lines in (("references.jsonl", rows), ("predictions.jsonl", answers)):
            (folder / file).write_text("".join(json.dumps(line) + "\n" for line in lines))
        made.append(folder)
    return made


def test_compare_prints_json_or_tables(understudy: Callable[..., Any], folders: list[Path]) -> None:
    answer = understudy("compare", *folders, "--resamplings", 200, "--json")
    assert (answer.code, answer.err, len(answer.out.splitlines())) == (0, "", 1)
    result = json.loads(answer.out)
    assert result["changes"]["cand"]["measures"]["all"]["micro"]["icer"]["relative"] == -1
    shown = understudy("compare", *folders, "--resamplings", 200).out
    assert "cand against base: 10 utterances" in shown and "-100.00" in shown
    files = [f"{folder / 'references.jsonl'}:{folder / 'predictions.jsonl'}" for folder in folders]
    assert (
        json.loads(understudy("compare", *files, "--resamplings", 200, "--json").out)["changes"]
        == (result["changes"])
    )


def test_what_compare_refuses(understudy: Callable[..., Any], folders: list[Path]) -> None:
    base, other = folders
    understudy("compare", base).is_user_error("only one system")
    understudy("compare", base, other, "--resamplings", 0).is_user_error("0 resamplings")
    understudy("compare", base, base.parent / "none").is_user_error("none", "no such folder")
    (other / "references.jsonl").write_text(json.dumps(FRAME | {"id": "1"}) + "\n")
    understudy("compare", base, other).is_user_error("not the test set of", "9 lacking")
    (other / "references.jsonl").write_text("")
    understudy("compare", base, other).is_user_error("references.jsonl", "is empty")


def test_score_says_none_where_there_is_no_slot(understudy: Callable[..., Any], folders: list[Path]) -> None:
    files = ("--reference", folders[1] / "references.jsonl", "--hypothesis", folders[1] / "predictions.jsonl")
    assert "none" in understudy("score", *files).out
    assert json.loads(understudy("score", *files, "--json").out)["undefined"]["slot_f1"]
