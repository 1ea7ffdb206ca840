"""From an address to files, in every layout that data comes in."""

from __future__ import annotations

from pathlib import Path

import pytest

from understudy.core.errors import UserError
from understudy.core.recipe.entries import Corpus, Labels
from understudy.core.recipe.sources import find_addresses, find_files

RECIPE = Path("r.yaml")


def labels(path: str, *locales: str, source: str | None = None) -> Labels:
    return Labels(path=path, locales=locales, source=source)


def touch(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")


@pytest.mark.parametrize(
    "layout",
    ["{}.jsonl.gz", "{}.jsonl", "1.1/data/{}.jsonl", "data/{}.jsonl"],
)
def test_massive_in_every_layout(tmp_path: Path, layout: str) -> None:
    touch(tmp_path, *(f"massive/{layout.format(locale)}" for locale in ("en-US", "ja-JP", "de-DE")))
    found = find_files(labels("{data}/massive", "ja-JP", "en-US"), tmp_path, "labels.all", RECIPE)
    assert found == {locale: (tmp_path / "massive" / layout.format(locale),) for locale in ("ja-JP", "en-US")}


def test_public_text_goes_by_language(tmp_path: Path) -> None:
    touch(tmp_path, "generic/en.jsonl.gz", "generic/de.jsonl.gz")
    for path in ("{data}/generic/{language}.jsonl.gz", "{data}/generic"):
        found = find_addresses(Corpus(path=path, locales=("en", "de-DE")), tmp_path, "corpora.c", RECIPE)
        assert found == {name: (tmp_path / "generic" / f"{name[:2]}.jsonl.gz",) for name in ("en", "de-DE")}


def test_globs_give_many_files_in_order(tmp_path: Path) -> None:
    touch(tmp_path, "c4/en/b.txt", "c4/en/a.txt", "c4/en/deep/c.txt", "c4/de/a.txt")
    corpus = Corpus(path="{data}/c4/{language}/**/*.txt", locales=("en",), format="text")
    found = find_addresses(corpus, tmp_path, "corpora.c", RECIPE)["en"]
    assert [str(path.relative_to(tmp_path / "c4" / "en")) for path in found] == [
        "a.txt",
        "b.txt",
        "deep/c.txt",
    ]


def test_a_folder_whose_name_looks_like_a_glob(tmp_path: Path) -> None:
    touch(tmp_path / "set[1]", "en-US.jsonl")
    root = tmp_path / "set[1]"
    found = find_files(labels("{data}/{locale}.jsonl", "en-US"), root, "labels.all", RECIPE)
    assert found == {"en-US": (root / "en-US.jsonl",)}


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("en.txt.xz", "text"),
        ("en-US.txt", "text"),
        ("en.parquet", "parquet"),
        ("en-US.csv.zst", "csv"),
        ("en.tsv.bz2", "tsv"),
        ("en.jsonl.xz", "jsonl"),
        ("en-US.jsonl.gz", "jsonl"),
    ],
)
def test_a_folder_of_any_format(tmp_path: Path, name: str, format: str) -> None:
    touch(tmp_path, f"c/{name}", "c/en.md")
    corpus = Corpus(path="{data}/c", locales=("en-US",), format=format)
    assert find_addresses(corpus, tmp_path, "corpora.c", RECIPE) == {"en-US": (tmp_path / "c" / name,)}


def test_files_of_a_step_are_found_in_its_artifact(tmp_path: Path) -> None:
    touch(tmp_path, "labelled/en-US.jsonl")
    found = find_files(
        labels("labelled/{locale}.jsonl", "en-US", source="world"), tmp_path, "labels.all", RECIPE
    )
    assert found == {"en-US": (tmp_path / "labelled" / "en-US.jsonl",)}


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("{data}", "no file for locale 'ta-IN' in .*; due: ta-IN.jsonl.gz or "),
        ("{data}/{locale}.jsonl", r"no file for locale 'ta-IN': .*ta-IN\.jsonl does not exist"),
        ("{data}/nowhere", "does not exist"),
        ("{root}/x", "known: {data}, {language}, {locale}"),
        ("{data", "cannot read the address"),
    ],
)
def test_a_locale_without_files_is_named_with_its_place(tmp_path: Path, path: str, problem: str) -> None:
    touch(tmp_path, "en-US.jsonl")
    with pytest.raises(UserError, match=problem) as caught:
        find_files(labels(path, "ta-IN"), tmp_path, "labels.all", RECIPE)
    assert (caught.value.file, caught.value.place) == ("r.yaml", "labels.all.path")
