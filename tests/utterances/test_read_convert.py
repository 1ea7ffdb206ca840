"""Label sets of a recipe, and conversion between formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from understudy.core.errors import UserError
from understudy.core.recipe.entries import Labels
from understudy.core.stage import LabelFiles
from understudy.utterances.convert import convert
from understudy.utterances.frame import Partition
from understudy.utterances.read import in_fraction, read_split


def _rows(locale: str, count: int = 200, partition: str = "train") -> list[dict[str, Any]]:
    return [
        {
            "id": str(i),
            "locale": locale,
            "partition": partition,
            "scenario": "alarm",
            "intent": "alarm_set",
            "utt": f"wake me at {i}",
            "annot_utt": f"wake me at [time : {i}]",
        }
        for i in range(count)
    ]


def _write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def _files(folder: Path, fraction: float = 1.0, **locales: list[dict[str, Any]]) -> LabelFiles:
    files = {
        name.replace("_", "-"): (_write(folder / f"{name}.jsonl", rows),) for name, rows in locales.items()
    }
    return LabelFiles(config=Labels(path="x", locales=tuple(files), fraction=fraction), files=files)


def test_a_split_is_read_locale_by_locale(tmp_path: Path) -> None:
    english, german = _rows("en-US", 3) + _rows("en-US", 2, "dev"), _rows("de-DE", 2, "dev")
    frames = read_split(_files(tmp_path, en_US=english, de_DE=german), "dev")
    assert [(frame.locale, frame.id) for frame in frames] == [
        ("en-US", "0"),
        ("en-US", "1"),
        ("de-DE", "0"),
        ("de-DE", "1"),
    ]


def test_a_fraction_takes_the_same_ids_everywhere_and_train_only(tmp_path: Path) -> None:
    def ids(split: Partition, fraction: float) -> dict[str, set[str]]:
        rows = {
            name: _rows(name.replace("_", "-")) + _rows(name.replace("_", "-"), 9, "test")
            for name in ("en_US", "de_DE")
        }
        chosen: dict[str, set[str]] = {}
        for frame in read_split(_files(tmp_path, fraction, **rows), split):
            chosen.setdefault(frame.locale, set()).add(frame.id)
        return chosen

    tenth, half = ids("train", 0.1), ids("train", 0.5)
    assert tenth["en-US"] == tenth["de-DE"]
    assert 5 <= len(tenth["en-US"]) <= 40
    assert tenth["en-US"] < half["en-US"]
    assert len(ids("test", 0.1)["de-DE"]) == 9
    # The choice is fixed for good: runs of different versions stay comparable.
    assert [i for i in range(60) if in_fraction(str(i), 0.1)] == [18, 29, 47, 55]


def test_a_locale_without_the_split_is_named(tmp_path: Path) -> None:
    files = _files(tmp_path, en_US=_rows("en-US", 3), de_DE=_rows("de-DE", 3, "dev"))
    with pytest.raises(UserError, match="'de-DE' has no 'train'") as error:
        read_split(files, "train")
    assert error.value.file == str(tmp_path / "de_DE.jsonl")


def test_a_locale_without_files_and_a_repeated_id_are_refused(tmp_path: Path) -> None:
    config = Labels(path="data/{locale}.jsonl", locales=("en-US",))
    with pytest.raises(UserError, match=r"'en-US'.*data/\{locale\}"):
        read_split(LabelFiles(config=config, files={"en-US": ()}), "train")
    with pytest.raises(UserError, match="id '0' occurs twice"):
        read_split(_files(tmp_path, en_US=_rows("en-US", 2) + _rows("en-US", 2)), "train")


def test_a_fraction_that_leaves_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="leaves none"):
        read_split(_files(tmp_path, 1e-9, en_US=_rows("en-US", 3)), "train")


def test_a_download_goes_to_frames_and_back(tmp_path: Path) -> None:
    for locale in ("en-US", "de-DE"):
        _write(
            tmp_path / "massive" / "1.1" / "data" / f"{locale}.jsonl",
            _rows(locale, 3) + _rows(locale, 1, "test"),
        )
    counts = convert("massive", "frames", tmp_path / "massive", tmp_path / "frames")
    expected = {"train": 3, "test": 1}
    locales = {"de-DE": expected, "en-US": expected}
    assert counts == {"files": 2, "utterances": 8, "locales": locales, "lost": {}}
    row = json.loads((tmp_path / "frames" / "en-US.jsonl").read_text().splitlines()[0])
    assert row == {
        "id": "0",
        "locale": "en-US",
        "text": "wake me at 0",
        "domain": "alarm",
        "intent": "alarm_set",
        "slots": [{"name": "time", "value": "0", "start": 11, "end": 12}],
        "partition": "train",
    }
    config = Labels(path="x", locales=("en-US",), format="frames")
    files = LabelFiles(config=config, files={"en-US": (tmp_path / "frames" / "en-US.jsonl",)})
    assert len(read_split(files, "train")) == 3

    convert("frames", "massive", tmp_path / "frames", tmp_path / "back")
    original = tmp_path / "massive" / "1.1" / "data" / "de-DE.jsonl"
    assert (tmp_path / "back" / "de-DE.jsonl").read_text() == original.read_text()


def test_a_failed_conversion_leaves_nothing(tmp_path: Path) -> None:
    rows = _rows("en-US", 3)
    rows[2]["annot_utt"] = "wake me at [time : 2"
    source = _write(tmp_path / "en-US.jsonl", rows)
    with pytest.raises(UserError, match=r"line 3: .*never closed"):
        convert("massive", "frames", source, tmp_path / "out.jsonl")
    assert [path.name for path in tmp_path.iterdir()] == ["en-US.jsonl"]


def test_conversion_refuses_what_it_cannot_do(tmp_path: Path) -> None:
    source = _write(tmp_path / "en-US.jsonl", _rows("en-US", 1))
    (tmp_path / "empty").mkdir()
    for arguments, message in [
        (("masive", "frames", source, tmp_path / "o"), "did you mean 'massive'"),
        (("massive", "frames", tmp_path / "none", tmp_path / "o"), "no such file"),
        (("massive", "frames", tmp_path / "empty", tmp_path / "o"), "holds no file that ends in .jsonl"),
        (("massive", "frames", source, tmp_path / "empty"), "is a directory"),
        (("massive", "frames", tmp_path, source), "is a file"),
        (("massive", "frames", source, source), "overwritten"),
    ]:
        with pytest.raises(UserError, match=message):
            convert(*arguments)
