"""Asking models about labelled data: splits, formats, what is left out; test is never opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from understudy.core.errors import UserError
from understudy.core.files import write_jsonl
from understudy.stages.inspect import Data, read

Command = Callable[..., Any]


def row(
    identifier: int, partition: str | None, locale: str = "en-US", text: str = "wake me"
) -> dict[str, Any]:
    made = {"id": str(identifier), "locale": locale, "text": text, "domain": "", "intent": "a", "slots": []}
    return made | ({"partition": partition} if partition else {})


def test_dev_alone_is_read_unless_train_is_asked_for(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "en.jsonl", [row(1, "train"), row(2, "dev"), row(3, "test")])
    write_jsonl(tmp_path / "de.jsonl", [row(1, "dev", "de-DE")])
    data = Data(tmp_path)
    assert [(frame.locale, frame.id) for frame in read(data)] == [("de-DE", "1"), ("en-US", "2")]
    assert [frame.id for frame in read(replace(data, split="train"))] == ["1"]
    assert [frame.id for frame in read(Data(tmp_path / "en.jsonl"))] == ["2"]


def test_utterances_that_name_no_split_are_all_read(tmp_path: Path) -> None:
    write_jsonl(tmp_path / "mine.jsonl", [row(1, None), row(2, None)])
    assert len(read(Data(tmp_path / "mine.jsonl"))) == 2


def test_the_test_split_stays_closed(tmp_path: Path, understudy: Command) -> None:
    write_jsonl(tmp_path / "held-out.jsonl", [row(1, "test"), row(2, "test")])
    with pytest.raises(UserError, match="2 of test; test is opened by `evaluate` alone"):
        read(Data(tmp_path / "held-out.jsonl"))
    asked = understudy("inspect", tmp_path, "--data", tmp_path / "held-out.jsonl", "--split", "test")
    assert asked.code == 2 and asked.out == ""


def test_data_that_is_not_there_or_of_another_format(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"no file that ends in .jsonl"):
        read(Data(tmp_path))
    with pytest.raises(UserError):
        read(Data(tmp_path / "nowhere.jsonl"))
    with pytest.raises(UserError, match="unknown format"):
        read(Data(tmp_path, format="masive"))


def test_other_formats(tmp_path: Path) -> None:
    (tmp_path / "a.conll").write_text("wake\tO\nme\tO\n\nseven\tB-time\n")
    frames = read(Data(tmp_path / "a.conll", format="bio", locale="en-US"))
    assert [frame.text for frame in frames] == ["wake me", "seven"]
