"""The tokenizer and encode stages on small prepared text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from understudy.core.artifact import Artifact, Manifest
from understudy.core.errors import UserError
from understudy.core.recipe.text_steps import Encode, Tokenizer
from understudy.core.stage import Inputs
from understudy.stages import encode, tokenizer
from understudy.tokenizer import prepared
from understudy.tokenizer.load import load_tokenizer
from understudy.tokenizer.subwords import TOKENIZER_FILES, Subwords
from understudy.training.shards import TokenShards

Row = tuple[str, str]
TRAIN: list[Row] = [
    ("wake me up at seven thirty", "en"),
    ("明日の朝七時に起こして", "ja"),
    ("play the next song, and then the one after that, and so on until nine", "en"),
    (" \u200b", "en"),
    ("weck mich morgen um halb acht", "de"),
] * 10
DIGITS = "0123456789bjqvzxßäöü今晩半分秒"
VALIDATION: list[Row] = [("wake me ☃", "en"), ("明日の ☃", "ja")]


def artifact(path: Path) -> Artifact:
    manifest = Manifest(
        format_version=1, recipe="r", step="s", stage="prepare", fingerprint="f", config={}, inputs={},
        sources={}, code_version="", machine={}, started="", seconds=0.0, numbers={}, files={},
    )  # fmt: skip
    return Artifact(path, manifest)


def write_part(path: Path, rows: Sequence[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"text": [r[0] for r in rows], "language": [r[1] for r in rows]}), path)


@pytest.fixture
def inputs(tmp_path: Path) -> Inputs:
    text = tmp_path / "text"
    write_part(text / "train" / "part-00000.parquet", TRAIN[:30])
    write_part(text / "train" / "part-00001.parquet", TRAIN[30:])
    write_part(text / "validation" / "part-00000.parquet", VALIDATION)
    config = Tokenizer(stage="tokenizer", text=("text",), vocabulary=74, characters=DIGITS)
    folder = tmp_path / "tokenizer"
    tokenizer.run(config, Inputs({"text": artifact(text)}), folder)
    return Inputs({"text": artifact(text), "tokenizer": artifact(folder)})


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def config(max_length: int = 16) -> Encode:
    return Encode(stage="encode", text="text", tokenizer="tokenizer", max_length=max_length)


def rows_of(folder: Path) -> Iterator[list[int]]:
    ids, offsets = np.load(folder / "ids.npy", mmap_mode="r"), np.load(folder / "offsets.npy")
    for start, end in pairwise(offsets):
        yield ids[start:end].tolist()


def test_tokenizer_numbers(inputs: Inputs, out: Path) -> None:
    numbers = tokenizer.run(
        Tokenizer(stage="tokenizer", text=("text",), vocabulary=74, characters=DIGITS), inputs, out
    )
    subwords = Subwords.load(out)
    pieces = {language: subwords.ids([text])[0] for text, language in VALIDATION}
    assert numbers["vocabulary"] == subwords.vocabulary_size == 74
    assert numbers["sentences"] == 40  # the ten rows without a letter are none
    assert numbers["by_language"]["en"] == {
        "split_ratio": round(len(pieces["en"]) / 3, 4),
        "unk_portion": round(1 / len(pieces["en"]), 6),
        "words": 3,
    }
    total = len(pieces["en"]) + len(pieces["ja"])
    assert numbers["split_ratio"] == round(total / 5, 4)
    assert numbers["unk_portion"] == round(2 / total, 6)


def test_rows_are_the_text_in_order_cut_and_framed(inputs: Inputs, out: Path) -> None:
    numbers = encode.run(config(), inputs, out)
    subwords = Subwords.load(out / "tokenizer")
    index = json.loads((out / "shards.json").read_text())
    assert index["tokenizer"] == subwords.fingerprint
    assert (index["vocabulary"], index["max_length"]) == (74, 16)
    assert index["languages"] == ["de", "en", "ja"]
    for split, texts in (("train", TRAIN), ("validation", VALIDATION)):
        expected: list[list[int]] = []
        languages: list[str] = []
        for text, language in texts:
            ids = subwords.encode(text).ids[1:-1]
            while ids:
                expected.append([0, *ids[:14], 2])
                languages.append(language)
                ids = ids[14:]
        assert list(rows_of(out / split)) == expected
        numbered = np.load(out / split / "languages.npy")
        assert [index["languages"][i] for i in numbered] == languages
        assert numbers[split]["rows"] == index["rows"][split] == len(expected)
        assert numbers[split]["tokens"] == index["tokens"][split] == sum(map(len, expected))
        assert numbers[split]["by_language"]["en"]["rows"] == languages.count("en")
        assert sum(n["tokens"] for n in numbers[split]["by_language"].values()) == sum(map(len, expected))
    assert len(list(rows_of(out / "train"))) > 40, "the long sentence must be cut into several rows"
    pieces = sum(len(row) - 2 for row in rows_of(out / "validation"))
    assert numbers["validation"]["unk_portion"] == round(2 / pieces, 6)
    assert {p.name for p in (out / "tokenizer").iterdir()} == set(TOKENIZER_FILES)


def test_a_stopped_run_leaves_no_whole_shards_and_the_next_is_as_if_it_never_was(
    inputs: Inputs, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prepared, "BATCH_ROWS", 7)
    batches = iter(range(3))
    ids = Subwords.ids

    def stops(self: Subwords, texts: Sequence[str]) -> list[list[int]]:
        if next(batches, None) is None:
            raise KeyboardInterrupt
        return ids(self, texts)

    with monkeypatch.context() as patch:
        patch.setattr(Subwords, "ids", stops)
        with pytest.raises(KeyboardInterrupt):
            encode.run(config(), inputs, out)
    assert [p for p in out.rglob("*") if p.is_file()] == []
    # What SIGKILL leaves: a temporary file with a part of the rows.
    (out / "train" / ".ids.npy.tmp").write_bytes(b"\x93NUMPY half")
    (tmp_path / "fresh").mkdir()
    assert encode.run(config(), inputs, out) == encode.run(config(), inputs, tmp_path / "fresh")
    files = [
        {p.relative_to(root): p.read_bytes() for p in root.rglob("*") if p.is_file()}
        for root in (out, tmp_path / "fresh")
    ]
    assert files[0] == files[1]


def test_a_split_without_text(inputs: Inputs, out: Path) -> None:
    write_part(inputs.artifacts["text"].path / "validation" / "part-00000.parquet", [(" ", "en")])
    with pytest.raises(UserError, match="validation: holds no text"):
        encode.run(config(), inputs, out)
    assert not (out / "shards.json").exists()


def test_damaged_text_is_named(inputs: Inputs, out: Path) -> None:
    part = inputs.artifacts["text"].path / "train" / "part-00001.parquet"
    whole = part.read_bytes()
    part.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match=r"part-00001\.parquet: is no whole Parquet file"):
        encode.run(config(), inputs, out)
    pq.write_table(pa.table({"text": ["a"]}), part)
    with pytest.raises(UserError, match=r"part-00001\.parquet: lacks the column language"):
        encode.run(config(), inputs, out)
    for file in part.parent.iterdir():
        file.unlink()
    with pytest.raises(UserError, match=r"train: holds no part-\*\.parquet"):
        encode.run(config(), inputs, out)


@pytest.mark.parametrize("kind", ["bert", "xlm-roberta", "modernbert"])
def test_the_tokenizer_of_a_model_from_elsewhere(
    kind: str, inputs: Inputs, out: Path, elsewhere: Callable[[str], Path], tmp_path: Path
) -> None:
    """Rows in the frame of that tokenizer; the ids that mean something stand in ``shards.json``."""
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "model").symlink_to(elsewhere(kind))
    theirs = artifact(tmp_path / "theirs")
    rows = load_tokenizer(elsewhere(kind)).vocabulary_size + 20
    theirs = replace(theirs, manifest=theirs.manifest.model_copy(update={"numbers": {"vocabulary": rows}}))
    numbers = encode.run(config(), Inputs({**inputs.artifacts, "tokenizer": theirs}), out)
    tokenizer = load_tokenizer(out / "tokenizer")
    special = tokenizer.special
    expected = []
    for text, _ in TRAIN:
        ids = tokenizer.encode(text).ids[1:-1]
        expected += [[special.begin, *ids[i : i + 14], special.end] for i in range(0, len(ids), 14)]
    assert list(rows_of(out / "train")) == expected
    shards = TokenShards(Artifact(out, theirs.manifest), "train")
    assert shards.special == special.widened(rows) and shards.vocabulary == rows
    assert shards.special.never_masked[-20:] == tuple(range(rows - 20, rows))
    padded = shards.padded(np.array([0]), 30)[0]
    assert padded.tolist() == expected[0] + [special.pad] * (30 - len(expected[0]))
    unknown = sum(row.count(special.unknown) for row in rows_of(out / "validation"))
    pieces = sum(len(row) - 2 for row in rows_of(out / "validation"))
    assert numbers["validation"]["unk_portion"] == round(unknown / pieces, 6)
    assert (unknown == 0) == (kind == "modernbert")
