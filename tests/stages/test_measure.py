"""Models with different tokenizers in one table: against a slow reckoning, and wrong input in one line."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from pydantic import ValidationError

from understudy.core.artifact import Artifact, Manifest
from understudy.core.errors import UserError
from understudy.core.recipe.entries import Corpus, Labels
from understudy.core.recipe.hub_steps import Measure
from understudy.core.recipe.watching import Nouns
from understudy.core.stage import CorpusFiles, Inputs, LabelFiles
from understudy.model.config import EncoderConfig
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.huggingface import save_model
from understudy.stages import measure
from understudy.tokenizer.load import load_tokenizer
from understudy.tokenizer.train import train

Folder = Callable[[str], Path]
ENGLISH = [
    "wake me up at seven thirty",
    "play the next song in the kitchen",
    "call my brother at seven thirty",
]
GERMAN = ["weck mich um halb acht", "spiele das nächste lied in der küche"]
THEIRS = ("bert", "modernbert")


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of our own architecture and tokenizer, of weights that know nothing."""
    folder = tmp_path_factory.mktemp("ours")
    train((ENGLISH + GERMAN) * 5, 42, "", 0, folder / "tokenizer")
    vocabulary = load_tokenizer(folder / "tokenizer").vocabulary_size
    sizes = {"layers": 1, "hidden": 16, "ffn": 16, "heads": 2, "max_length": 64}
    model = MaskedLanguageModel(EncoderConfig(vocabulary=vocabulary, **sizes))
    with torch.no_grad():
        for weight in model.parameters():
            weight.zero_()
    save_model(model, folder / "model", folder / "tokenizer")
    return folder


@pytest.fixture
def inputs(ours: Path, elsewhere: Folder, tmp_path: Path) -> Inputs:
    artifacts = {"ours": Artifact(ours, Manifest.model_construct())}
    for kind in THEIRS:
        (tmp_path / kind).mkdir()
        (tmp_path / kind / "model").symlink_to(elsewhere(kind))
        artifacts[kind] = Artifact(tmp_path / kind, Manifest.model_construct())
    (tmp_path / "en.txt").write_text("\n".join(ENGLISH))
    frames = [
        {"id": str(i), "locale": "de-DE", "text": text, "domain": "d", "intent": "i", "slots": []}
        | {"partition": partition}
        for i, (text, partition) in enumerate([(GERMAN[0], "dev"), (GERMAN[1], "dev"), ("geheim", "test")])
    ]
    (tmp_path / "de.jsonl").write_text("".join(json.dumps(frame) + "\n" for frame in frames))
    tagged = [
        {"text": text, "upos": ["NOUN"], "start": [text.index(noun)], "end": [text.index(noun) + len(noun)]}
        for text, noun in zip(ENGLISH, ("seven", "song", "brother"), strict=True)
    ]
    (tmp_path / "tagged.jsonl").write_text("".join(json.dumps(row) + "\n" for row in tagged))
    text = Corpus(path="en.txt", locales=("en",), format="text")
    nouns = Corpus(path="tagged.jsonl", locales=("en",))
    labels = Labels(path="de.jsonl", locales=("de-DE",), format="frames")
    return Inputs(
        artifacts,
        {
            "text": CorpusFiles(text, {"en": (tmp_path / "en.txt",)}),
            "nouns": CorpusFiles(nouns, {"en": (tmp_path / "tagged.jsonl",)}),
        },
        {"all": LabelFiles(labels, {"de-DE": (tmp_path / "de.jsonl",)}, ("train", "dev"))},
    )


def config(models: Sequence[str] = ("ours", *THEIRS), **changes: Any) -> Measure:
    given = {"models": models, "corpora": ("text",), "labels": ("all",), "max_length": 60} | changes
    return Measure(stage="measure", **given)


def test_one_table(inputs: Inputs, tmp_path: Path) -> None:
    numbers = measure.run(config(nouns=Nouns(corpus="nouns"), words=99), inputs, tmp_path)
    assert json.loads((tmp_path / "measures.json").read_text()) == numbers
    assert list(numbers["models"]) == ["ours", *THEIRS]
    assert numbers["sentences"] == {"de": 2, "en": 3}
    assert numbers["undefined"] == {}
    words = {
        "en": sum(len(text.split()) for text in ENGLISH),
        "de": sum(len(text.split()) for text in GERMAN),
    }
    for name, model in numbers["models"].items():
        assert {lang: values["words"] for lang, values in model["by_language"].items()} == words, name
        assert model["left_out"] == {}
        assert set(model["nouns"]) == {"nouns", "nouns.en"}
    # Ours finds every piece as likely: a word costs ln V times its pieces.
    tokenizer = load_tokenizer(inputs.artifacts["ours"].file("model"))
    for language, texts in (("en", ENGLISH), ("de", GERMAN)):
        bits = np.log2(tokenizer.vocabulary_size) * sum(map(len, tokenizer.ids(texts)))
        characters = sum(len(word) for text in texts for word in text.split())
        found = numbers["models"]["ours"]["by_language"][language]
        assert found["bits_per_character"] == pytest.approx(bits / characters, rel=1e-5)
        assert found["perplexity"] == pytest.approx(2 ** (bits / words[language]), rel=1e-4)
    table = (tmp_path / "table.txt").read_text().splitlines()
    assert [line.split()[0] for line in table[3:]] == [
        "ours",
        "de",
        "en",
        "bert",
        "de",
        "en",
        "modernbert",
        "de",
        "en",
    ]
    assert table[3].split()[-1] == f"{100 * numbers['models']['ours']['nouns']['nouns']:.2f}"


def test_a_model_is_measured_alike_in_any_company(inputs: Inputs, tmp_path: Path) -> None:
    both = measure.run(config(), inputs, tmp_path)["models"]
    for name in both:
        alone = measure.run(config([name]), inputs, tmp_path)["models"][name]
        for language in ("de", "en"):
            due = both[name]["by_language"][language]
            assert alone["by_language"][language] == pytest.approx(due, rel=1e-5)


def test_words_that_a_model_cannot_spell_are_asked_of_none(inputs: Inputs, tmp_path: Path) -> None:
    (tmp_path / "en.txt").write_text("wake me up ☃ now\n☃☃\n")
    numbers = measure.run(config(words=99), inputs, tmp_path)["models"]
    assert numbers["bert"]["left_out"]["en"]["unknown piece"] >= 2
    assert numbers["modernbert"]["left_out"] == {}, "bytes spell everything"
    assert len({model["by_language"]["en"]["words"] for model in numbers.values()}) == 1
    (tmp_path / "en.txt").write_text("☃\n")
    numbers = measure.run(config(), inputs, tmp_path)
    assert numbers["undefined"] == {
        "en": "no word is left that every model can be asked: "
        "1 of ours's unknown piece, 1 of bert's unknown piece"
    }
    assert set(numbers["models"]["ours"]["by_language"]) == {"de"}
    with pytest.raises(
        UserError, match="models: no word is left that every model can be asked: 1 of ours's unk"
    ):
        measure.run(config(labels=()), inputs, tmp_path)


def test_the_test_split_stays_closed_and_wrong_input_is_named(inputs: Inputs, tmp_path: Path) -> None:
    assert "test" not in Measure.splits
    with pytest.raises(UserError, match=r"max_length: 'ours' reads 64 pieces at most; lower it for all"):
        measure.run(config(max_length=65), inputs, tmp_path)
    with pytest.raises(UserError, match="max_length: 'bert' reads 66 pieces at most"):
        measure.run(config(["bert", "ours"], max_length=67), inputs, tmp_path)
    for changes, message in (
        ({"corpora": (), "labels": ()}, "give 'corpora', 'labels' or 'nouns' to measure on"),
        ({"models": ("ours", "ours")}, "a model is named twice"),
        ({"models": ()}, "at least 1 item"),
    ):
        with pytest.raises(ValidationError, match=message):
            config(**changes)
    (tmp_path / "tagged.jsonl").write_text('{"text": "a b"}\n')
    with pytest.raises(UserError, match=r"tagged\.jsonl: line 1: has no 'upos'"):
        measure.run(config(nouns=Nouns(corpus="nouns")), inputs, tmp_path)
    (tmp_path / "en.txt").write_text("")
    with pytest.raises(UserError, match=r"en\.txt: is empty"):
        measure.run(config(), inputs, tmp_path)
