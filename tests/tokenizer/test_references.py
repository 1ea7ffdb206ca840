"""Any tokenizer by its folder, and the table of languages against tokenizers."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from understudy.core.errors import UserError
from understudy.tokenizer.measures import count_by_language
from understudy.tokenizer.reference import load_splitter
from understudy.tokenizer.subwords import Subwords

Command = Callable[..., Any]


def word_level(folder: Path, unknown: str | None) -> Path:
    """A tokenizer of Hugging Face whose pieces are the words it knows."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = {"<unk>": 0, "wake": 1, "me": 2, "up": 3, "明": 4}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token=unknown) if unknown else models.WordLevel(words))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.enable_truncation(2)
    folder.mkdir(exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


def test_hugging_faces_are_read_whole_and_without_special_tokens(tmp_path: Path) -> None:
    reference = load_splitter(word_level(tmp_path / "hf", "<unk>"))
    assert reference.ids(["wake me up now", "up"]) == [[1, 2, 3, 0], [3]]
    assert (reference.unk_id, reference.vocabulary_size) == (0, 5)
    counts = count_by_language(reference, [(["wake me up now"], ["en"])])["en"]
    assert (counts.split_ratio, counts.unk_portion) == (1.0, 0.25)


def test_ours_is_read_by_our_engine_and_its_json_gives_the_same(folder: Path, subwords: Subwords) -> None:
    ours, theirs = load_splitter(folder), load_splitter(folder / "tokenizer.json")
    texts = ["wake me ☃", "明日の朝、"]
    assert isinstance(ours, Subwords)
    assert ours.ids(texts) == theirs.ids(texts) == subwords.ids(texts)
    assert theirs.unk_id == subwords.unk_id


def test_where_nothing_is_unknown_there_is_no_unknown_id(tmp_path: Path) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers

    alphabet = {c: i for i, c in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    tokenizer = Tokenizer(models.BPE(alphabet, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    reference = load_splitter(tmp_path)
    assert reference.unk_id is None
    counts = count_by_language(reference, [(["☃a"], ["en"])])["en"]
    assert (counts.pieces, counts.unk_portion) == (4, 0.0)


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("tokenizer.json", "{}", "is no tokenizer.json"),
        ("tokenizer.json", '{"model": ', "not JSON"),
        ("vocab.txt", "a", "holds no tokenizer that transformers can read"),
        (None, None, "no such file or folder"),
    ],
)
def test_what_is_no_tokenizer(tmp_path: Path, name: str | None, content: str, problem: str) -> None:
    folder = tmp_path / "model"
    if name is not None:
        folder.mkdir()
        (folder / name).write_text(content)
    with pytest.raises(UserError, match=problem):
        load_splitter(folder)


@pytest.fixture
def texts(tmp_path: Path) -> list[Path]:
    rows = [{"utt": "wake me up", "locale": "en-US"}, {"utt": "明日", "language": "ja"}]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with gzip.open(tmp_path / "de.txt.gz", "wt") as handle:
        handle.write("weck mich\nwake\n")
    (tmp_path / "prepared" / "validation").mkdir(parents=True)
    table = pa.table({"text": ["me ☃"], "language": ["en"]})
    pq.write_table(table, tmp_path / "prepared" / "validation" / "part-00000.parquet")
    return [tmp_path / name for name in ("rows.jsonl", "de.txt.gz", "prepared")]


def test_the_report_counts_languages_over_all_files(
    folder: Path, subwords: Subwords, texts: list[Path], tmp_path: Path, understudy: Command
) -> None:
    other = word_level(tmp_path / "hf", "<unk>")
    command = ("tokenizer-report", folder, *texts, "--field", "utt", "--against", other)
    answer = understudy(*command, "--json")
    assert answer.code == 0
    ours, theirs = json.loads(answer.out)["tokenizers"]
    assert (ours["name"], ours["vocabulary"], theirs["vocabulary"]) == (str(folder), 165, 5)
    # "wake me up", "me ☃" in en; "weck mich", "wake" in de; "明日", one word of two characters, in ja.
    assert theirs["by_language"] == {
        "de": {"split_ratio": 1.0, "unk_portion": round(2 / 3, 6), "words": 3},
        "en": {"split_ratio": 1.0, "unk_portion": 0.2, "words": 5},
        "ja": {"split_ratio": 1.0, "unk_portion": 1.0, "words": 1},
    }
    assert (theirs["split_ratio"], theirs["unk_portion"], theirs["words"]) == (1.0, round(4 / 9, 6), 9)
    pieces = sum(map(len, subwords.ids(["weck mich", "wake"])))
    assert ours["by_language"]["de"]["split_ratio"] == round(pieces / 3, 4)
    table = understudy(*command).out.splitlines()
    assert [line.split()[0] for line in table[1:]] == ["pieces", "de", "en", "ja", "all"]
    assert table[-1].split()[4:] == ["1.000", "44.444", "%", "9"]


def test_the_report_of_a_step_needs_no_text(folder: Path, tmp_path: Path, understudy: Command) -> None:
    measures = {"split_ratio": 2.0, "unk_portion": 0.25, "words": 8}
    row = {**measures, "by_language": {"en": measures}}
    numbers = {
        "vocabulary": 90,
        **row,
        "curve": [{"vocabulary": 80, **row}, {"vocabulary": 90, **row}],
        "reference": {"path": "elsewhere/xlm-r", "vocabulary": 250002, **row},
    }
    manifest = {
        "format_version": 1, "recipe": "r", "step": "s", "stage": "tokenizer", "fingerprint": "f",
        "config": {}, "inputs": {}, "sources": {}, "code_version": "", "machine": {},
        "started": "", "seconds": 0.0,
        "numbers": numbers, "files": {},
    }  # fmt: skip
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    rows = json.loads(understudy("tokenizer-report", tmp_path, "--json").out)["tokenizers"]
    assert [(row["name"], row["vocabulary"]) for row in rows] == [
        ("80 pieces", 80), ("90 pieces", 90), ("elsewhere/xlm-r", 250002)
    ]  # fmt: skip
    assert "xlm-r" in understudy("tokenizer-report", tmp_path).out.splitlines()[0]
    understudy("tokenizer-report", folder).is_user_error("is no artifact of a tokenizer step")
    understudy("tokenizer-report", tmp_path, "--against", folder).is_user_error("--against needs text")


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("x.txt", "wake me\n", "plain text does not say its language; give --language"),
        ("x.jsonl", '{"text": "a", "locale": "en"}\n{"utt": "a"}\n', "line 2: no text under 'text'"),
        ("x.jsonl", '{"text": "a"}\n', "line 1: says neither 'language' nor 'locale'"),
        ("x.jsonl", '{"text": "a", "locale": "EN"}\n', "line 1: 'EN' is not how a locale is written"),
        ("x.jsonl", "", "is empty"),
    ],
)
def test_bad_text_is_named(
    folder: Path, tmp_path: Path, understudy: Command, name: str, content: str, problem: str
) -> None:
    (tmp_path / name).write_text(content)
    understudy("tokenizer-report", folder, tmp_path / name).is_user_error(name, problem)


def test_a_language_can_be_given(folder: Path, tmp_path: Path, understudy: Command) -> None:
    (tmp_path / "x.txt").write_text("wake me\n")
    answer = understudy("tokenizer-report", folder, tmp_path / "x.txt", "--language", "en-GB", "--json")
    assert list(json.loads(answer.out)["tokenizers"][0]["by_language"]) == ["en"]
