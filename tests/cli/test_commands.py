"""The command line's contract: exit codes, one-line errors, pure JSON, quick help."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]
COMMANDS = [
    "run",
    "step",
    "plan",
    "lineage",
    "report",
    "inspect",
    "predict",
    "serve",
    "score",
    "spoken",
    "data convert",
]
HEAVY = ("torch", "numpy", "onnxruntime", "daft", "pyarrow", "sentencepiece", "fastapi", "transformers")


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_every_command_has_help(understudy: Command, command: str) -> None:
    answer = understudy(*command.split(), "--help")
    assert answer.code == 0
    assert "Usage: " in answer.out
    assert not command or "Example:" in answer.out


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["plan", "--preset", "2.3b", "--json"]])
def test_help_and_plan_import_nothing_heavy(arguments: list[str]) -> None:
    """What keeps `--help` under half a second, whatever the machine."""
    code = (
        "import sys\nfrom understudy.cli import main\n"
        f"sys.argv = ['understudy', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit as stop:\n    assert not stop.code, stop.code\n"
        f"heavy = sorted(set({HEAVY!r}) & set(sys.modules))\n"
        "print(heavy, file=sys.stderr)\nsys.exit(bool(heavy))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_version(understudy: Command) -> None:
    from understudy import __version__

    assert understudy("--version").out.strip() == __version__


def test_unknown_commands_and_options_are_the_users_mistake(understudy: Command) -> None:
    for arguments in (
        ["rum"],
        ["run"],
        ["run", "x.yaml", "--fast"],
        ["predict"],
        ["plan", "--vocabulary", "many"],
    ):
        answer = understudy(*arguments)
        assert answer.code == 2 and answer.out == "" and "Traceback" not in answer.err


def test_plan_of_a_preset_is_pure_json_with_the_papers_size(understudy: Command) -> None:
    answer = understudy("plan", "--preset", "2.3b", "--vocabulary", "150000", "--json")
    assert answer.code == 0 and answer.err == ""
    planned = json.loads(answer.out)
    sizes = planned["parameters"]
    # 29 layers, 2560 hidden, 10240 FFN (paper table 7): 2.28B without embeddings, 2.68B with 150k pieces.
    assert sizes["encoder"] == pytest.approx(2.28e9, rel=0.005)
    assert sizes["total"] == pytest.approx(2.68e9, rel=0.005)
    assert sizes["embedding"] >= 150_000 * 2560
    assert planned["flops_per_token"] > 0
    assert "2.3b" in understudy("plan", "--preset", "2.3b").out


def test_plan_wants_one_thing(understudy: Command, tmp_path: Path) -> None:
    understudy("plan").is_user_error("give a recipe or --preset")
    understudy("plan", tmp_path / "r.yaml", "--preset", "2.3b").is_user_error("give a recipe or --preset")
    understudy("plan", "--preset", "2.4b").is_user_error("did you mean '2.3b'?")


@pytest.mark.parametrize("command", ["run", "plan", "lineage", "report", "inspect", "predict", "serve"])
def test_a_path_that_is_not_there(understudy: Command, tmp_path: Path, command: str) -> None:
    understudy(command, tmp_path / "nowhere").is_user_error(str(tmp_path / "nowhere"))


FRAME = {"id": "1", "locale": "en-US", "text": "call mum", "domain": "calls", "intent": "call", "slots": []}


def test_score_prints_json_or_a_table(understudy: Command, tmp_path: Path) -> None:
    reference, hypothesis = tmp_path / "r.jsonl", tmp_path / "h.jsonl"
    slot = {"name": "who", "value": "mum", "start": 5, "end": 8}
    reference.write_text(json.dumps(FRAME | {"slots": [slot]}) + "\n")
    hypothesis.write_text(json.dumps(FRAME) + "\n")
    files = ("--reference", reference, "--hypothesis", hypothesis)
    answer = understudy("score", *files, "--json")
    assert answer.err == "" and len(answer.out.splitlines()) == 1
    scores = json.loads(answer.out)
    # One of two is right (the intent counts as a slot), one slot is missing.
    due = {"count": 1, "intent_accuracy": 1.0, "slot_f1": 0.0, "exact_match": 0.0, "semer": 0.5}
    assert {key: scores[key] for key in due} == due
    assert set(scores["by_locale"]) == {"en-US"}
    assert "50.00" in understudy("score", *files).out
    hypothesis.write_text(json.dumps(FRAME)[:-9] + "\n")
    understudy("score", *files).is_user_error("h.jsonl: line 1: ", "cut short")


def test_spoken_keeps_the_number_of_lines_whatever_they_hold(understudy: Command) -> None:
    text = "Wake me at 7:30AM!\n\n  \nEnde…\rhalf\n\u2028x\u0085y\nlast"
    answer = understudy("spoken", "--language", "en", stdin=text.encode())
    assert answer.code == 0
    assert answer.out.count("\n") == text.count("\n") + 1
    assert answer.out.splitlines()[0] == "wake me at seven thirty a. m."
    understudy("spoken", "--language", "e n", stdin=b"x\n").is_user_error("e n")
    answer = understudy("spoken", stdin=b"fine\n\xff\n")
    assert (answer.code, answer.out) == (2, "fine\n")
    assert answer.err.startswith("understudy: standard input: line 2: byte 1 is not valid UTF-8")


def test_output_is_utf8_in_any_terminal() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "understudy", "spoken", "--language", "ja"],
        input="東京\n".encode(),
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": "latin-1"},
    )
    assert (done.returncode, done.stdout.decode()) == (0, "東京\n")


def test_convert_there_and_back(understudy: Command, tmp_path: Path) -> None:
    massive, frames, back = (tmp_path / name for name in ("m.jsonl", "f.jsonl", "b.jsonl"))
    row = {"id": "1", "locale": "en-US", "partition": "train", "scenario": "calls", "intent": "call"}
    row |= {"utt": "call mum", "annot_utt": "call [who : mum]"}
    massive.write_text(json.dumps(row) + "\n")
    assert understudy("data", "convert", "--from", "massive", "--to", "frames", massive, frames).code == 0
    assert understudy("data", "convert", "--from", "frames", "--to", "massive", frames, back).code == 0
    assert json.loads(back.read_text()) == row
    massive.write_text(json.dumps(row | {"annot_utt": "call [who : mum"}) + "\n")
    frames.unlink()
    understudy("data", "convert", massive, frames).is_user_error("m.jsonl: line 1: ", "never closed")
    assert not frames.exists()
    understudy("data", "convert", "--from", "masive", massive, frames).is_user_error(
        "did you mean 'massive'?"
    )


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
def test_what_the_machine_refuses_is_one_line_and_exit_code_1(
    understudy: Command, monkeypatch: pytest.MonkeyPatch, number: int, tmp_path: Path
) -> None:
    def refuse(*_: Any) -> None:
        raise OSError(number, os.strerror(number), "/some/file")

    monkeypatch.setattr("understudy.stages.lineage.lineage", refuse)
    answer = understudy("lineage", tmp_path)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == f"understudy: /some/file: {os.strerror(number)}\n"


def test_control_c_is_one_line_and_exit_code_1(
    understudy: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def interrupted(_: Path) -> None:
        raise KeyboardInterrupt  # not by a signal: a program started in the background ignores that one

    monkeypatch.setattr("understudy.stages.lineage.lineage", interrupted)
    answer = understudy("lineage", tmp_path)
    assert answer.code == 1
    assert answer.err == "understudy: stopped; run the same command to continue\n"


def test_a_reader_that_goes_away_is_no_traceback() -> None:
    done = subprocess.run(
        f"yes 'Wake me at 7:30' | head -20000 | {sys.executable} -m understudy spoken | head -1",
        shell=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.count("\n") == 1
    assert "Traceback" not in done.stderr
