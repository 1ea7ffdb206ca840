"""Examples of one label: XNLI's public layouts, general lines, and utterances whose intent is the label."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from understudy.core.errors import UserError
from understudy.core.recipe.entries import Labels
from understudy.core.recipe.sources import find_files
from understudy.core.stage import LabelFiles
from understudy.utterances.pairs import UNLABELLED, Example, read_examples

TABLE = (
    "language\tgold_label\tsentence1_parse\tsentence1\tsentence2\tpromptID\tpairID\n"
    "de\tneutral\t-\tEr schläft.\tEr \"träumt\".\t1\t7\n"
    "en\tneutral\t-\tHe sleeps.\tHe \"dreams\".\t1\t7\n"
    "en\t-\t-\tHe sleeps.\tWho knows.\t2\t8\n"
    "en\tcontradiction\t-\tHe sleeps.\tHe runs.\t3\t9\n"
)  # fmt: skip
TRAIN = "premise\thypo\tlabel\nA dog barks .\tA dog makes noise .\tentailment\nRain .\tSun .\tcontradictory\n"


def files_of(
    folder: Path, locales: tuple[str, ...], layout: str = "xnli", fraction: float = 1.0
) -> LabelFiles:
    entry = Labels.model_validate(
        {"path": str(folder), "locales": locales, "format": layout, "fraction": fraction}
    )
    return LabelFiles(entry, find_files(entry, folder, "labels.x", Path("recipe.yaml")))


@pytest.fixture
def original(tmp_path: Path) -> Path:
    """As the archives of the authors unpack, side by side."""
    (tmp_path / "XNLI-1.0").mkdir()
    for split in ("dev", "test"):
        (tmp_path / "XNLI-1.0" / f"xnli.{split}.tsv").write_text(TABLE)
    (tmp_path / "XNLI-MT-1.0" / "multinli").mkdir(parents=True)
    for language in ("en", "de"):
        (tmp_path / "XNLI-MT-1.0" / "multinli" / f"multinli.train.{language}.tsv").write_text(TRAIN)
    return tmp_path


def test_the_authors_files_are_found_and_read(original: Path) -> None:
    files = files_of(original, ("en", "de"))
    read = read_examples(files, "test")
    assert read.rows == [
        Example("7", "en", "He sleeps.", 'He "dreams".', "neutral"),
        Example("9", "en", "He sleeps.", "He runs.", "contradiction"),
        Example("7", "de", "Er schläft.", 'Er "träumt".', "neutral"),
    ]
    assert read.dropped == {UNLABELLED: 1}
    (dog, rain) = read_examples(files, "train", ["en"]).rows
    assert (dog.text, dog.pair, dog.label) == ("A dog barks .", "A dog makes noise .", "entailment")
    assert rain.label == "contradiction", "which the training files spell otherwise"


def test_fractions_thin_out_training_only_and_locales_are_chosen_by_language(original: Path) -> None:
    files = files_of(original, ("en-US", "de"), fraction=1e-9)
    assert len(read_examples(files, "dev").rows) == 3
    assert [each.locale for each in read_examples(files, "dev", ["en"]).rows] == ["en-US"] * 2
    with pytest.raises(UserError, match="fraction 1e-09 leaves none of 2 examples of 'en-US'"):
        read_examples(files, "train", ["en"])
    with pytest.raises(UserError, match="no locale 'fr' in this label set; valid: de, en-US"):
        read_examples(files, "dev", ["fr"])


def hub(folder: Path, *, named: bool) -> None:
    """As the hub has it: a folder a language, a file a split, labels by number."""
    for language, text in (("en", "yes"), ("de", "ja")):
        (folder / language).mkdir()
        for split in ("train", "validation", "test"):
            table = pa.table({"premise": [text, text], "hypothesis": ["b", "c"], "label": [0, -1]})
            features = {"label": {"names": ["contradiction", "entailment"], "_type": "ClassLabel"}}
            about = {"huggingface": json.dumps({"info": {"features": features}})} if named else {}
            file = folder / language / f"{split}-00000-of-00001.parquet"
            pq.write_table(table.replace_schema_metadata(about), file)


@pytest.mark.parametrize(("named", "label"), [(False, "entailment"), (True, "contradiction")])
def test_the_hubs_files_are_found_and_read(tmp_path: Path, named: bool, label: str) -> None:
    hub(tmp_path, named=named)
    for split in ("train", "dev", "test"):
        read = read_examples(files_of(tmp_path, ("de", "en")), split)
        assert read.rows == [Example("1", "de", "ja", "b", label), Example("1", "en", "yes", "b", label)]
        assert read.dropped == {UNLABELLED: 2}


def test_json_lines_of_the_hub(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    row = {"premise": "a", "hypothesis": "b", "label": "neutral"}
    (tmp_path / "en" / "dev.jsonl").write_text(json.dumps(row) + "\n" + json.dumps(row | {"label": 2}) + "\n")
    read = read_examples(files_of(tmp_path, ("en",)), "dev")
    assert [each.label for each in read.rows] == ["neutral", "contradiction"]


def lines(*rows: dict[str, object]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_general_lines_hold_texts_and_pairs(tmp_path: Path) -> None:
    rows = (
        {"locale": "en-US", "text": "a", "pair": "b", "label": "same", "partition": "dev", "id": "x"},
        {"text": "c", "label": "other", "partition": "dev"},
        {"text": "d", "pair": None, "label": "other", "partition": "train"},
    )
    (tmp_path / "en-US.jsonl").write_text(lines(*rows))
    files = files_of(tmp_path, ("en-US",), "pairs")
    assert read_examples(files, "dev").rows == [
        Example("x", "en-US", "a", "b", "same"),
        Example("2", "en-US", "c", None, "other"),
    ]
    assert [each.text for each in read_examples(files, "train").rows] == ["d"]


def test_of_utterances_the_intent_is_the_label(tmp_path: Path) -> None:
    row = {"id": "1", "locale": "en-US", "text": "wake me", "domain": "d", "intent": "alarm", "slots": []}
    (tmp_path / "en-US.jsonl").write_text(lines(row | {"partition": "train"}))
    read = read_examples(files_of(tmp_path, ("en-US",), "frames"), "train")
    assert read.rows == [Example("1", "en-US", "wake me", None, "alarm")]


def test_a_split_that_is_not_given_is_not_opened(original: Path) -> None:
    files = files_of(original, ("en",))
    with pytest.raises(ValueError, match="may not open the test split"):
        read_examples(LabelFiles(files.config, files.files, ("train", "dev")), "test")


@pytest.mark.parametrize(
    ("layout", "name", "text", "problem"),
    [
        ("xnli", "xnli.dev.tsv", TABLE.replace("\t9\n", "\n"), "line 5: 6 values in a row, the header has 7"),
        (
            "xnli",
            "xnli.dev.tsv",
            TABLE.replace("neutral", "maybe"),
            "line 3: unknown label 'maybe'; it must be",
        ),
        ("xnli", "xnli.dev.tsv", TABLE.replace("He runs.", " "), "line 5: the hypothesis is empty"),
        (
            "xnli",
            "xnli.dev.tsv",
            TABLE.replace("sentence1\t", "first\t"),
            "none of the columns sentence1, prem",
        ),
        ("xnli", "xnli.dev.tsv", TABLE.replace("en\t", "fr\t"), "locale 'en' has no 'dev' example here"),
        ("xnli", "en/more.jsonl", "{}\n", "the name must hold train, validation, dev or test"),
        ("xnli", "en/dev.parquet", "PAR1", "cannot be read as Parquet"),
        (
            "xnli",
            "en/dev.jsonl",
            lines({"premise": "a", "label": 0}),
            "none of the columns sentence2, hypothesis",
        ),
        ("xnli", "other.tsv", TABLE, "no file for locale 'en' in"),
        ("pairs", "en.jsonl", lines({"text": "a"}), "line 1: key 'label' is missing"),
        ("pairs", "en.jsonl", lines({"text": " ", "label": "x"}), "line 1: 'text' is empty"),
        ("pairs", "en.jsonl", lines({"text": "a", "label": ""}), "line 1: 'label' is empty"),
        ("pairs", "en.jsonl", lines({"text": "a", "label": "x"}), "line 1: key 'partition' is missing"),
        ("pairs", "en.jsonl", lines({"text": "a", "locale": "de"}), "line 1: the row is of locale 'de'"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    tmp_path: Path, layout: str, name: str, text: str, problem: str
) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    with pytest.raises(UserError) as error:
        read_examples(files_of(tmp_path, ("en",), layout), "dev")
    assert problem in str(error.value)
