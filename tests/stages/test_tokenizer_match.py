"""The tokenizer stage: limits, characters, and a vocabulary that grows until it matches."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from understudy.core.artifact import Artifact, Manifest
from understudy.core.errors import UserError
from understudy.core.recipe.text_steps import Tokenizer
from understudy.core.stage import Inputs
from understudy.stages import tokenizer
from understudy.tokenizer import search as search_module
from understudy.tokenizer.subwords import TOKENIZER_FILES, Subwords
from understudy.tokenizer.train import train


def words(count: int, letters: str, seed: int) -> list[str]:
    rng = random.Random(seed)
    syllables = ["".join(rng.choices(letters, k=rng.choice((1, 2, 3)))) for _ in range(60)]
    return ["".join(rng.choices(syllables, k=rng.choice((1, 2, 3, 4)))) for _ in range(count)]


def sentences(count: int, letters: str, seed: int) -> list[str]:
    vocabulary = words(400, letters, len(letters))
    rng = random.Random(seed)
    return [" ".join(rng.choices(vocabulary, k=8)) for _ in range(count)]


LETTERS = {"en": "abcdefghijklmnopqrstuvwxyz", "ta": "கஙசஞடணதநபமயரலவழளறன"}


def write(folder: Path, rows: list[tuple[str, str]]) -> None:
    folder.mkdir(parents=True)
    table = pa.table({"text": [text for text, _ in rows], "language": [language for _, language in rows]})
    pq.write_table(table, folder / "part-00000.parquet")


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Inputs:
    text = tmp_path_factory.mktemp("text")
    for split, count, seed in (("train", 700, 0), ("validation", 60, 1)):
        write(text / split, [(s, name) for name, of in LETTERS.items() for s in sentences(count, of, seed)])
    # A character that training sees, below the coverage; and held-out text that has it.
    rare = text / "train" / "part-00001.parquet"
    pq.write_table(pa.table({"text": ["abc ж"], "language": ["en"]}), rare)
    write(text / "rare" / "validation", [(f"{s} ж", "en") for s in sentences(40, LETTERS["en"], 1)])
    write(text / "strange" / "validation", [(f"{s} 漢", "en") for s in sentences(40, LETTERS["en"], 1)])
    manifest = Manifest(
        format_version=1, recipe="r", step="s", stage="prepare", fingerprint="f", config={}, inputs={},
        sources={}, code_version="", machine={}, started="", seconds=0.0, numbers={}, files={},
    )  # fmt: skip
    folders = {"text": text, "rare": text / "rare", "strange": text / "strange"}
    return Inputs({name: Artifact(path, manifest) for name, path in folders.items()})


@pytest.fixture(scope="module")
def reference(inputs: Inputs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ours, of other sentences, with all characters."""
    folder = tmp_path_factory.mktemp("reference")
    text = [s for of in LETTERS.values() for s in sentences(700, of, 2)]
    train(text, 400, "ж", 0, folder)
    return folder


def config(**options: Any) -> Tokenizer:
    return Tokenizer.model_validate({"stage": "tokenizer", "text": ("text",), **options})


def matching(reference: Path, **options: Any) -> dict[str, Any]:
    return {"match": str(reference), "smallest": 64, "largest": 900, "tolerance": 0.02, **options}


def out(tmp_path: Path, name: str = "out") -> Path:
    folder = tmp_path / name
    folder.mkdir()
    return folder


def test_sets_of_characters_are_pieces(inputs: Inputs, tmp_path: Path) -> None:
    folder = out(tmp_path)
    tokenizer.run(config(vocabulary=600, characters={"sets": ["hiragana"], "also": "☃"}), inputs, folder)
    assert set("あゔ☃") <= set(Subwords.load(folder).pieces)


def test_the_estimate_is_said_and_the_limit_is_kept(
    inputs: Inputs, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    numbers = tokenizer.run(config(vocabulary=300, sentences=500), inputs, out(tmp_path))
    assert "500 rows, 0.1 MB: training takes about 0.06 GB of memory (limit " in capfd.readouterr().err
    told = numbers["training"]
    assert 0.01 < told["peak_gb"] < 2 * told["estimated_gb"]
    with pytest.raises(UserError, match=r"more than the limit of 0\.05 GB") as caught:
        tokenizer.run(config(vocabulary=300, memory_limit=0.05), inputs, out(tmp_path, "limited"))
    assert caught.value.place == "memory_limit"


def test_a_match_is_found_and_its_curve_told(inputs: Inputs, reference: Path, tmp_path: Path) -> None:
    folder = out(tmp_path)
    numbers = tokenizer.run(config(vocabulary=matching(reference)), inputs, folder)
    assert numbers["matched"] == {"split_ratio": True, "unk_portion": True}
    due = numbers["reference"]
    assert (due["path"], due["vocabulary"]) == (str(reference), 400)
    assert numbers["split_ratio"] == pytest.approx(due["split_ratio"], rel=0.02)
    assert numbers["unk_portion"] <= due["unk_portion"] + 0.0002
    assert Subwords.load(folder).vocabulary_size == numbers["vocabulary"]
    sizes = [row["vocabulary"] for row in numbers["curve"]]
    assert sizes == sorted(set(sizes)) and numbers["vocabulary"] in sizes
    assert all(a["split_ratio"] > b["split_ratio"] for a, b in pairwise(numbers["curve"]))
    final = next(row for row in numbers["curve"] if row["vocabulary"] == numbers["vocabulary"])
    assert final["in_full"]
    for row in [*numbers["curve"], due]:
        assert set(row["by_language"]) == {"en", "ta"}
    assert {p.name for p in folder.iterdir()} == set(TOKENIZER_FILES), "nothing of the search is left"


def test_rare_characters_become_pieces_where_the_reference_has_them(
    inputs: Inputs, reference: Path, tmp_path: Path
) -> None:
    """The unk portion is matched by characters, which no size would give."""
    plain = tokenizer.run(config(vocabulary=400, held_out=("rare",)), inputs, out(tmp_path, "plain"))
    assert plain["unk_portion"] > 0.01
    options = config(vocabulary=matching(reference, tolerance=0.05), held_out=("rare",))
    numbers = tokenizer.run(options, inputs, out(tmp_path, "match"))
    assert numbers["unk_portion"] == 0
    assert numbers["added_characters"] == 1
    assert "ж" in Subwords.load(tmp_path / "match").pieces


def test_a_killed_search_goes_on_where_it_was(
    inputs: Inputs, reference: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained: list[int] = []
    real = search_module.train_on

    def counted(sample: Any, vocabulary: int, folder: Path, **options: Any) -> Any:
        if len(trained) == 2:
            trained.append(0)
            raise KeyboardInterrupt
        trained.append(vocabulary)
        return real(sample, vocabulary, folder, **options)

    monkeypatch.setattr(search_module, "train_on", counted)
    options = config(vocabulary=matching(reference, largest=500))
    with pytest.raises(KeyboardInterrupt):
        tokenizer.run(options, inputs, out(tmp_path))
    numbers = tokenizer.run(options, inputs, tmp_path / "out")
    straight = tokenizer.run(options, inputs, out(tmp_path, "straight"))
    resumed, whole = trained[3 : 3 + numbers["trainings"] - 2], trained[3 + numbers["trainings"] - 2 :]
    assert trained[:2] + resumed == whole
    for row in [
        *numbers["curve"],
        *straight["curve"],
    ]:  # what it took is the machine's, and differs from run to run
        del row["seconds"], row["peak_gb"]
    assert numbers["curve"] == straight["curve"]
    for name in TOKENIZER_FILES:
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "straight" / name).read_bytes()


def test_a_short_cut_that_misleads_is_made_good_in_full(
    inputs: Inputs, reference: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = search_module.train_on

    def poor(sample: Any, vocabulary: int, folder: Path, **options: Any) -> Any:
        fewer = 0.8 if options["seeds"] else 1
        return real(sample, int(fewer * vocabulary), folder, **options)

    monkeypatch.setattr(search_module, "train_on", poor)
    numbers = tokenizer.run(config(vocabulary=matching(reference)), inputs, out(tmp_path))
    assert numbers["matched"]["split_ratio"]
    assert numbers["split_ratio"] == pytest.approx(numbers["reference"]["split_ratio"], rel=0.02)
    assert sum(row["in_full"] for row in numbers["curve"]) >= 3
    assert numbers["trainings"] >= len(numbers["curve"])


def test_trainings_are_bounded(inputs: Inputs, reference: Path, tmp_path: Path) -> None:
    options = config(vocabulary=matching(reference, tolerance=0.0001, trainings=3))
    numbers = tokenizer.run(options, inputs, out(tmp_path))
    assert numbers["trainings"] == 3


@pytest.mark.parametrize(
    ("match", "more", "problem"),
    [
        ({"largest": 128}, {}, r"128 pieces split into \d\.\d+ a word, and the reference into"),
        ({"match": "nowhere"}, {}, "nowhere: no such file or folder"),
        ({}, {"held_out": ("strange",)}, "with every character of the sample 40 pieces of the held-out"),
    ],
)
def test_what_cannot_be_matched_says_so(
    inputs: Inputs, reference: Path, tmp_path: Path, match: dict[str, Any], more: dict[str, Any], problem: str
) -> None:
    if more:  # a reference that knows the character
        train([f"{s} 漢" for s in sentences(300, LETTERS["en"], 2)], 200, "", 0, tmp_path / "knows")
        match = {"match": str(tmp_path / "knows")}
    with pytest.raises(UserError, match=problem):
        tokenizer.run(config(vocabulary=matching(reference, **match), **more), inputs, out(tmp_path))


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"vocabulary": 63}, "a number of pieces, 64 or more, or {match: FOLDER} is due"),
        ({"vocabulary": True}, "a number of pieces"),
        ({"vocabulary": {"match": "x", "largest": 1}}, "greater than or equal to 64"),
        ({"vocabulary": {"largest": 100}}, "Field required"),
        ({"characters": ["a"]}, "characters one after the other, or"),
        ({"characters": {"sets": ["kanji"]}}, "'joyo', 'hiragana' or 'katakana'"),
    ],
)
def test_what_a_recipe_may_say(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError) as caught:
        config(**options)
    assert problem in str(caught.value)
    assert caught.value.error_count() == 1  # type: ignore[attr-defined]
