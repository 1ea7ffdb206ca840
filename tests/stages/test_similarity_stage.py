"""The similarity stage on real files of two locales."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from understudy.core.errors import UserError
from understudy.core.recipe.entries import Corpus, Labels
from understudy.core.recipe.text_steps import Similarity
from understudy.core.stage import CorpusFiles, Inputs, LabelFiles
from understudy.stages.similarity import run


def _inputs(folder: Path) -> Inputs:
    def frame(i: int, text: str, domain: str, partition: str) -> str:
        row = {"id": str(i), "locale": "en-US", "text": text, "domain": domain, "intent": "x", "slots": []}
        return json.dumps(row | {"partition": partition}) + "\n"

    rows = [("play jazz", "music"), ("play rock", "music"), ("will it rain", "weather")]
    lines = [frame(i, text, domain, "train") for i, (text, domain) in enumerate(rows)]
    lines.append(frame(9, "chess chess", "music", "test"))
    (folder / "en-US.jsonl").write_text("".join(lines))
    (folder / "a.txt").write_text("it will rain\nplay chess\n")
    labels = Labels(path="x", locales=("en-US",), format="frames")
    corpus = Corpus(path="a.txt", locales=("en",), format="text")
    return Inputs(
        labels={"all": LabelFiles(labels, {"en-US": (folder / "en-US.jsonl",)}, ("train", "dev"))},
        corpora={"generic": CorpusFiles(corpus, {"en": (folder / "a.txt",)})},
    )


def test_domains_are_compared_by_their_training_utterances(tmp_path: Path) -> None:
    config = Similarity(stage="similarity", labels="all", corpora=("generic",))
    found = run(config, _inputs(tmp_path), tmp_path)["by_locale"]
    assert list(found["en-US"]) == ["music", "weather"]
    assert found["en-US"]["weather"]["mean"] > found["en-US"]["music"]["mean"] > 0
    assert tuple(found["en-US"]["music"]["rows"]) == (2, 2)
    assert json.loads((tmp_path / "similarity.json").read_text())["en-US"]["music"]["rows"] == [2, 2]


def test_a_language_without_generic_text_is_named(tmp_path: Path) -> None:
    inputs = _inputs(tmp_path)
    german = CorpusFiles(Corpus(path="a.txt", locales=("de",), format="text"), {"de": (tmp_path / "a.txt",)})
    config = Similarity(stage="similarity", labels="all", corpora=("generic",))
    with pytest.raises(UserError, match=r"corpora.*'en'"):
        run(config, Inputs(labels=inputs.labels, corpora={"generic": german}), tmp_path)


def test_a_language_that_lacks_a_source_uses_the_others(tmp_path: Path) -> None:
    inputs = _inputs(tmp_path)
    german = CorpusFiles(Corpus(path="a.txt", locales=("de",), format="text"), {"de": (tmp_path / "a.txt",)})
    both = Inputs(labels=inputs.labels, corpora={**inputs.corpora, "german": german})
    config = Similarity(stage="similarity", labels="all", corpora=("generic", "german"))
    alone = config.model_copy(update={"corpora": ("generic",)})
    assert run(config, both, tmp_path) == run(alone, inputs, tmp_path)
