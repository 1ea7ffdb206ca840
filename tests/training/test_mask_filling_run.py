"""A model fills in nouns: batches against one sentence at a time, and a model whose one answer is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from understudy.core.errors import UserError
from understudy.core.recipe.optimization import Optimization
from understudy.metrics.mask_filling import Filled, choose, touched
from understudy.metrics.nouns import Sentence
from understudy.model.config import EncoderConfig
from understudy.model.encoder import MaskedLanguageModel
from understudy.model.huggingface import load_model
from understudy.tokenizer.load import load_tokenizer
from understudy.tokenizer.subwords import Subwords
from understudy.tokenizer.train import train
from understudy.training import mask_filling as module
from understudy.training.mask_filling import NounFilling

CPU = torch.device("cpu")
EXACT = Optimization(precision="fp32", tokens_per_batch=64)
WORDS = ["lamp", "song", "kitchen", "brother", "alarm", "news"]


@pytest.fixture(scope="module")
def subwords(tmp_path_factory: pytest.TempPathFactory) -> Subwords:
    folder = tmp_path_factory.mktemp("tokenizer")
    texts = [f"the {a} and the {b} of my {c}" for a in WORDS for b in WORDS for c in WORDS]
    train(texts, 34, "", 0, folder)
    return Subwords.load(folder)


def sentences(count: int) -> list[Sentence]:
    made = []
    for i in range(count):
        one, two = WORDS[i % 6], WORDS[i // 6 % 6]
        text = f"the {one} and the {two}" + " of my news" * (i % 3)
        nouns = [(4, 4 + len(one)), (len(f"the {one} and the "), len(f"the {one} and the {two}"))]
        made.append(Sentence("ab"[i % 2], f"s{i}", text, tuple(nouns)))
    return made


def model_of(subwords: Subwords) -> MaskedLanguageModel:
    torch.manual_seed(1)
    sizes = {"layers": 1, "hidden": 16, "ffn": 16, "heads": 2, "max_length": 64}
    return MaskedLanguageModel(EncoderConfig(vocabulary=subwords.vocabulary_size, **sizes)).eval()


def one_at_a_time(
    model: MaskedLanguageModel, subwords: Subwords, given: list[Sentence], seed: int
) -> list[tuple[str, list[int], list[int]]]:
    """Language, pieces and the model's guesses of every sentence's noun."""
    told = []
    for sentence in given:
        noun = sentence.nouns[choose(f"{sentence.language}:{sentence.id}", len(sentence.nouns), seed)]
        encoding = subwords.encode(sentence.text)
        places = touched(encoding.offsets, noun)
        ids = torch.tensor([encoding.ids])
        true = ids[0, places].tolist()
        ids[0, places] = subwords.mask_id
        with torch.no_grad():
            best = model(ids, torch.ones_like(ids, dtype=torch.bool))[0, places].argmax(-1)
        told.append((sentence.language, true, best.tolist()))
    return told


def test_batches_give_what_one_sentence_at_a_time_gives(
    subwords: Subwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = model_of(subwords)
    # "Nouns" of several pieces each: a word, and all from the first word to the second.
    given = [replace(each, nouns=(each.nouns[0], (4, each.nouns[1][1]))) for each in sentences(36)]
    for weight in model.parameters():  # far from the start, so that guesses hang on what stands around
        weight.data.mul_(8)
    due = one_at_a_time(model, subwords, given, 7)
    guesses = [tuple(guess) for _, _, guess in due]
    assert len(set(guesses)) > 4 and max(map(len, guesses)) > 2
    filled: list[Filled] = []
    monkeypatch.setattr(module, "accuracy", lambda nouns, unknown: filled.extend(nouns) or {"macro": 0.5})
    filling = NounFilling(given, subwords, seed=7, most=500, max_length=64)
    assert filling.measure(model, EXACT, CPU) == {"nouns": 0.5}
    told = [(each.language, each.true.tolist(), each.predicted.tolist()) for each in filled]
    assert sorted(told) == sorted(due)
    assert filling.left_out == 0


def test_a_model_that_always_says_one_piece(subwords: Subwords) -> None:
    """Each "noun" is one piece; the model knows only one of them."""
    model, given = model_of(subwords), []
    chosen: dict[str, list[int]] = {"a": [], "b": []}
    for i, sentence in enumerate(sentences(36)):
        encoding = subwords.encode(sentence.text)
        pieces = [
            (span, piece) for span, piece in zip(encoding.offsets, encoding.ids, strict=True) if span[1]
        ]
        pieces = [(span, piece) for span, piece in pieces if span[0] < span[1]]
        language = "ab"[i % 2]
        given.append(Sentence(language, f"s{i}", sentence.text, tuple(span for span, _ in pieces)))
        chosen[language].append(pieces[choose(f"{language}:s{i}", len(pieces), 0)][1])
    known = max(chosen["a"], key=chosen["a"].count)
    model.head_bias.data[known] = 1000.0
    numbers = NounFilling(given, subwords, seed=0, most=500, max_length=64).measure(model, EXACT, CPU)
    due = {language: np.mean(np.array(pieces) == known) for language, pieces in chosen.items()}
    assert 0 < due["a"] < 1
    assert numbers == pytest.approx(
        {"nouns": (due["a"] + due["b"]) / 2, "nouns.a": due["a"], "nouns.b": due["b"]}
    )


def test_the_sentences_are_the_same_in_whatever_order_they_stand(subwords: Subwords) -> None:
    model, given = model_of(subwords), sentences(36)
    model.head_bias.data[subwords.encode("the song").ids[-2]] = 3.0
    forward, back = (
        NounFilling(order, subwords, seed=1, most=5, max_length=64) for order in (given, given[::-1])
    )
    assert sorted(map(tuple, forward._ids)) == sorted(map(tuple, back._ids))
    assert len(forward._ids) == 10
    assert forward.measure(model, EXACT, CPU) == back.measure(model, EXACT, CPU)


def test_nouns_beyond_the_models_length_are_counted(subwords: Subwords) -> None:
    far = Sentence("a", "far", "the lamp " * 40 + "song", ((360, 364),))
    filling = NounFilling([*sentences(4), far], subwords, seed=0, most=500, max_length=64)
    assert filling.left_out == 1
    with pytest.raises(UserError, match="nouns: no sentence has a noun that fits the model's max_length"):
        NounFilling([far], subwords, seed=0, most=500, max_length=64)


def test_every_noun_of_real_sentences_is_covered(subwords: Subwords, shared_data: Path) -> None:
    from understudy.metrics.nouns import read_nouns

    given = read_nouns("de", [shared_data / "tagged" / "de.jsonl.gz"])[:100]
    filling = NounFilling(given, subwords, seed=0, most=50, max_length=512)
    assert len(filling._ids) == 50 and filling.left_out == 0


@pytest.mark.parametrize("kind", ["bert", "xlm-roberta", "modernbert"])
def test_tokenizers_from_elsewhere_mask_the_same_noun(kind: str, elsewhere: Callable[[str], Path]) -> None:
    """Of pieces of bytes, those that make up one character are all masked."""
    tokenizer, model = load_tokenizer(elsewhere(kind)), load_model(elsewhere(kind))
    text = "weck mich 明日 in der küche"
    given = [Sentence("de", "1", text, ((20, 25),)), Sentence("ja", "2", text, ((10, 12),))]
    filling = NounFilling(given, tokenizer, seed=0, most=9, max_length=60)
    due = {
        (text[a:b], piece)
        for noun in ("küche", "明日")
        for (a, b), piece in zip(tokenizer.encode(text).offsets, tokenizer.encode(text).ids, strict=True)
        if a < b and a >= text.index(noun) and b <= text.index(noun) + len(noun)
    }
    masked = {
        int(ids[place]) for ids, places in zip(filling._ids, filling._places, strict=True) for place in places
    }
    assert masked == {piece for _, piece in due}
    assert sum(map(len, filling._places)) >= (11 if kind == "modernbert" else 3)
    assert set(filling.measure(model, EXACT, CPU)) == {"nouns", "nouns.de", "nouns.ja"}
