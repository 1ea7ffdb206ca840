"""The generate stage writes what its numbers say."""

import json

import pytest

from understudy.core.errors import UserError
from understudy.core.recipe.text_steps import Generate
from understudy.core.stage import Inputs
from understudy.stages.generate import run
from understudy.utterances.frame import Frame

SMALL = {"train": 40, "dev": 10, "test": 12, "unlabelled": 30, "generic": 25}


def rows(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_files_and_numbers_agree(tmp_path):
    numbers = run(Generate(stage="generate", locales=("de-DE", "ja-JP"), **SMALL), Inputs(), tmp_path)
    assert set(numbers["locales"]) == {"de-DE", "ja-JP"}
    for locale in ("de-DE", "ja-JP"):
        labelled = rows(tmp_path / "labelled" / f"{locale}.jsonl")
        for part in ("train", "dev", "test"):
            mine = [row for row in labelled if row["partition"] == part]
            assert len(mine) == SMALL[part] == numbers["locales"][locale][part]
        assert all(Frame.from_json(row).locale == locale for row in labelled)
        assert [set(row) for row in rows(tmp_path / "unlabelled" / f"{locale}.jsonl")] == [
            {"text", "locale"}
        ] * 30
        generic = rows(tmp_path / "generic" / f"{locale[:2]}.jsonl")
        assert [row["language"] for row in generic] == [locale[:2]] * 25


def test_sentences_out_of_scope_are_labelled_as_such_and_change_nothing_else(tmp_path):
    for name, number in (("without", 0), ("with", 7)):
        config = Generate(stage="generate", locales=("ja-JP",), out_of_scope=number, **SMALL)
        run(config, Inputs(), tmp_path / name)
    beyond = rows(tmp_path / "with" / "out_of_scope" / "ja-JP.jsonl")
    assert [row["partition"] for row in beyond] == ["train"] * 7 + ["dev"] * 7 + ["test"] * 7
    assert {Frame.from_json(row).intent for row in beyond} == {"out_of_scope"}
    for file in (tmp_path / "without").rglob("*.jsonl"):
        assert file.read_bytes() == (tmp_path / "with" / file.relative_to(tmp_path / "without")).read_bytes()
    assert not (tmp_path / "without" / "out_of_scope").exists()


def test_same_seed_same_bytes_and_a_rerun_overwrites(tmp_path):
    config = Generate(stage="generate", locales=("en-US",), **SMALL)
    for name in ("a", "b", "b"):
        (tmp_path / name).mkdir(exist_ok=True)
        run(config, Inputs(), tmp_path / name)
    files = [path.relative_to(tmp_path / "a") for path in (tmp_path / "a").rglob("*.jsonl")]
    assert len(files) == 3
    assert all((tmp_path / "a" / f).read_bytes() == (tmp_path / "b" / f).read_bytes() for f in files)


@pytest.mark.parametrize(
    ("locales", "message"), [(("en-UK",), "did you mean 'en-US'"), (("en-US", "en-US"), "named twice")]
)
def test_bad_locales_are_one_clear_error(tmp_path, locales, message):
    with pytest.raises(UserError, match=message):
        run(Generate(stage="generate", locales=locales, **SMALL), Inputs(), tmp_path)
    assert not list(tmp_path.iterdir())
