"""Readers: what is kept, and one clear error with file and line for what is wrong."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from understudy.core.errors import UserError
from understudy.core.recipe.entries import Corpus
from understudy.core.stage import CorpusFiles
from understudy.corpus.clean import Rules
from understudy.corpus.gather import Gather
from understudy.corpus.groups import Group
from understudy.corpus.passes import Facts, run_pass
from understudy.corpus.read import sources
from understudy.corpus.readers import Source, documents

RULES = Rules(seed=0, spoken_share=0.0, minimum_words=0)


def source(path: Path, content: bytes | str, **config: object) -> Source:
    raw = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(raw) if path.suffix == ".gz" else raw)
    return Source(path, "en-US", Corpus(path=str(path), locales=("en-US",), **config))


def texts(source: Source) -> list[str]:
    return [document.text for document in documents(source)]


def through_the_engine(folder: Path, files: list[Source], *, processes: bool = False) -> list[Facts]:
    work = folder / "work"
    work.mkdir()
    group = [Group("public", "en", "public")]
    task = Gather(work, files, [0] * len(files), group, 1, RULES, 0, None, None)
    return run_pass(task, work, label="read", processes=processes)


ROWS = '{"text": " One\\u00a0 two ", "part": "train"}\n\n{"text": "three", "part": "test"}\n'


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_json_lines_plain_and_compressed(tmp_path: Path, name: str) -> None:
    assert texts(source(tmp_path / name, ROWS)) == ["One two", "three"]


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
def test_plain_text(tmp_path: Path, name: str) -> None:
    assert texts(source(tmp_path / name, "one  two\r\nthree", format="text")) == ["one two", "three"]


def test_where_and_field(tmp_path: Path) -> None:
    assert texts(source(tmp_path / "a.jsonl", ROWS, where={"part": "test"})) == ["three"]
    assert texts(source(tmp_path / "b.jsonl", ROWS, field="part")) == ["train", "test"]


def test_a_lone_surrogate_is_dropped(tmp_path: Path) -> None:
    assert texts(source(tmp_path / "a.jsonl", '{"text": "a\\ud800b"}')) == ["ab"]


BAD = {
    "cut": (b'{"text": "fine"}\n{"text": "cu', {}, "line 2: not a whole JSON object"),
    "utf-8": (b'{"text": "fine"}\n{"text": "\xff"}\n', {}, "line 2: byte 11 is not valid UTF-8"),
    "missing": (b'{"txt": "a"}\n', {}, "line 1: the key 'text' is missing; did you mean 'txt'"),
    "number": (b'{"text": 3}\n', {}, "line 1: the key 'text' holds no text but 3"),
    "empty": (b"", {}, "is empty"),
    "where": (ROWS.encode(), {"where": {"part": "dev"}}, r"no row with \{part: dev\} .* locale 'en-US'"),
    "blank": (b"\n\n", {}, "no row for locale 'en-US'"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_user_error_also_through_the_engine(
    tmp_path: Path, case: str, capfd, caplog
) -> None:
    content, config, message = BAD[case]
    bad = source(tmp_path / "bad.jsonl", content, **config)
    good = source(tmp_path / "good.jsonl", ROWS)
    with pytest.raises(UserError, match=f"bad.jsonl: {message}"):
        texts(bad)
    with pytest.raises(UserError, match=f"bad.jsonl: {message}"):
        through_the_engine(tmp_path, [good, bad])
    assert capfd.readouterr().err == ""
    assert not caplog.records  # the engine logs what went wrong inside; the user gets one line, from us


def test_an_error_comes_out_of_another_process_as_it_is(tmp_path: Path) -> None:
    bad = source(tmp_path / "bad.jsonl", BAD["cut"][0])
    with pytest.raises(UserError, match=f"bad.jsonl: {BAD['cut'][2]}"):
        through_the_engine(tmp_path, [bad], processes=True)


def test_a_missing_file_and_a_directory(tmp_path: Path) -> None:
    config = Corpus(path="x", locales=("en",))
    for name, path, message in (
        ("a", tmp_path / "absent", "no such file"),
        ("b", tmp_path, "is a directory"),
    ):
        (tmp_path / name).mkdir()
        with pytest.raises(UserError, match=message):
            through_the_engine(tmp_path / name, [Source(path, "en", config)])


def test_sources_refuse_what_cannot_be_read(tmp_path: Path) -> None:
    def corpus(files: dict[str, tuple[Path, ...]], **config: object) -> CorpusFiles:
        return CorpusFiles(Corpus(path="data/x", locales=tuple(files), **config), files)

    with pytest.raises(UserError, match="data/x: no file for locale 'de-DE'"):
        sources([corpus({"de-DE": ()})])
    with pytest.raises(UserError, match="did you mean 'de-DE'"):
        sources([corpus({"de-de": (tmp_path,)})])
    assert [s.locale for s in sources([corpus({"de": (tmp_path, tmp_path), "en": (tmp_path,)})])] == [
        "de",
        "de",
        "en",
    ]
