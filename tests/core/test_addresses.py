"""Local and remote addresses: what they stand for, how they fail, and when what they hold has changed."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from understudy.core.addresses import expand, is_remote, parse, size_of
from understudy.core.errors import UserError
from understudy.core.files import fingerprint_of, read_jsonl, read_lines
from understudy.core.hub import HUB
from understudy.core.recipe.entries import Corpus, Labels
from understudy.core.recipe.sources import find_addresses, find_files

RECIPE = Path("r.yaml")


@pytest.fixture
def store() -> Iterator[Any]:
    memory = pytest.importorskip("fsspec").filesystem("memory")
    memory.store.clear()
    memory.pseudo_dirs[:] = [""]
    yield memory
    memory.store.clear()


def test_what_is_remote() -> None:
    assert parse("file:///a/b.txt") == Path("/a/b.txt")
    assert parse("a/b.txt") == Path("a/b.txt")
    assert parse("s3://bucket/a.txt") == "s3://bucket/a.txt"
    assert is_remote("s3://bucket/a.txt")
    assert not is_remote(Path("a"))


def test_remote_files_are_read_as_local_ones_are(store: Any) -> None:
    store.pipe("/c4/en.json.gz", gzip.compress(b'{"text": "one"}\n{"text": "two"}\n'))
    assert [row["text"] for _, row in read_jsonl("memory://c4/en.json.gz")] == ["one", "two"]
    store.pipe("/c4/cut.json.gz", gzip.compress(b"one\n" * 99)[:-9])
    with pytest.raises(UserError, match=r"memory://c4/cut\.json\.gz: line .*cut short"):
        list(read_lines("memory://c4/cut.json.gz"))
    assert size_of("memory://c4/cut.json.gz") == len(store.cat("/c4/cut.json.gz"))
    store.pipe("/c4/empty", b"")
    with pytest.raises(UserError, match="is empty"):
        list(read_lines("memory://c4/empty"))


def test_remote_globs_and_placeholders(store: Any) -> None:
    for name in ("en/b.txt", "en/a.txt", "en/deep/c.txt", "de/a.txt", "de/x.bin"):
        store.pipe(f"/web/{name}", b"x\n")
    assert expand("memory://web/en/*.txt") == ["memory:///web/en/a.txt", "memory:///web/en/b.txt"]
    assert len(expand("memory://web/**/*.txt")) == 4
    corpus = Corpus(path="memory://web/{language}/*.txt", locales=("en", "de-DE"), format="text")
    found = find_addresses(corpus, Path("data"), "corpora.c", RECIPE)
    assert found == {
        "en": ("memory:///web/en/a.txt", "memory:///web/en/b.txt"),
        "de-DE": ("memory:///web/de/a.txt",),
    }
    assert [list(read_lines(address)) for address in found["en"]] == [[(1, "x")]] * 2
    with pytest.raises(UserError, match=r"r\.yaml: corpora\.c\.path: no file for locale 'fr': memory://"):
        find_addresses(corpus.model_copy(update={"locales": ("fr",)}), Path("data"), "corpora.c", RECIPE)


def test_a_file_address_is_a_local_file(tmp_path: Path) -> None:
    (tmp_path / "en.txt").write_text("one\n")
    corpus = Corpus(path=f"file://{tmp_path}/{{language}}.txt", locales=("en",), format="text")
    assert find_addresses(corpus, tmp_path, "corpora.c", RECIPE) == {"en": (tmp_path / "en.txt",)}


def test_a_data_set_of_the_hub_is_no_file() -> None:
    corpus = Corpus(path="allenai/c4/{language}", locales=("en", "de-DE"), format="huggingface")
    assert find_addresses(corpus, Path(), "corpora.c", RECIPE) == {
        "en": ("huggingface://allenai/c4/en",),
        "de-DE": ("huggingface://allenai/c4/de",),
    }


def test_labels_are_local(store: Any) -> None:
    store.pipe("/labels/en-US.jsonl", b"{}\n")
    labels = Labels(path="memory://labels/{locale}.jsonl", locales=("en-US",))
    with pytest.raises(UserError, match="labels are read from local files"):
        find_files(labels, Path(), "labels.l", RECIPE)


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("memory://nowhere/a.txt", "memory://nowhere/a.txt: no such file"),
        ("ftpx://host/a.txt", "cannot be reached"),
    ],
)
@pytest.mark.parametrize("use", [size_of, fingerprint_of, lambda address: list(read_lines(address))])
def test_an_address_that_leads_nowhere(store: Any, address: str, problem: str, use: Any) -> None:
    with pytest.raises(UserError, match=problem):
        use(address)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = pytest.importorskip("fsspec.registry")
    known = {"class": "nowhere_at_all.Store", "err": "Install nowherefs to access it"}
    monkeypatch.setitem(registry.known_implementations, "nowhere", known)
    with pytest.raises(UserError, match="nowhere://a: needs one package more: Install nowherefs"):
        expand("nowhere://a")


def test_fingerprints_follow_the_bytes(store: Any, tmp_path: Path) -> None:
    store.pipe("/a", b"one\n")
    first = fingerprint_of("memory://a")
    assert fingerprint_of("memory://a") == first
    store.pipe("/a", b"more\n")
    assert fingerprint_of("memory://a") != first
    (tmp_path / "a").write_text("one")
    before = fingerprint_of(tmp_path / "a")
    (tmp_path / "a").write_text("two")
    assert fingerprint_of(tmp_path / "a") != before
    for wrong, problem in ((tmp_path, "is a directory"), (tmp_path / "b", "no such file")):
        with pytest.raises(UserError, match=problem):
            fingerprint_of(wrong)


def test_the_hash_a_store_gives_counts_and_the_date_does_not(
    store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(type(store), "invalidate_cache", lambda self: asked.append("anew"))
    told = {"size": 3, "ETag": "abc", "LastModified": "monday"}
    monkeypatch.setattr(type(store), "info", lambda self, path: dict(told))
    first = fingerprint_of("memory://a")
    told["LastModified"] = "tuesday"
    assert fingerprint_of("memory://a") == first
    told["ETag"] = "abd"
    assert fingerprint_of("memory://a") != first
    assert asked == ["anew"] * 3  # what a store's client remembers of it may be out of date


def test_a_local_data_set_is_known_by_its_files(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_text("{}\n")
    address = f"{HUB}{tmp_path}"
    first = fingerprint_of(address)
    assert fingerprint_of(address) == first
    (tmp_path / "train.jsonl").write_text('{"a": 1}\n')
    assert fingerprint_of(address) != first
    assert fingerprint_of(f"{address}/de") != fingerprint_of(address)  # another config, other rows
