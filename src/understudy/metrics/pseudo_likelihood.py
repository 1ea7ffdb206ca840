"""Words hidden from masked language models, and what their answers are worth, whatever the tokenizer.

A word is asked by itself, with everything else in sight, and its pieces from left to right, each with those
to its right hidden: their probabilities multiply to that of the word (Kauf & Ivanova 2023, "PLL-word-l2r";
the pseudo-log-likelihood of Salazar et al. 2020 shows a piece the rest of its word, which flatters
tokenizers that cut finely).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from understudy.corpus.draw import draw, key
from understudy.metrics.mask_filling import Span, macro, touched
from understudy.text.words import starts_unit
from understudy.tokenizer.protocol import Encoding, Tokenizer

LONG, UNKNOWN = "too long", "unknown piece"
"""Why a sentence or a word can't be asked of a model."""


@dataclass(frozen=True)
class Question:
    """One word of a sentence: what it is to each of the models."""

    language: str
    sentence: int
    characters: int
    """Of the text that is hidden, spaces within it too."""
    words: int
    """One, or as many as had to be hidden together."""
    pieces: tuple[tuple[int, ...], ...]
    """A model each: the positions of its pieces, from left to right."""


@dataclass(frozen=True)
class Questions:
    """The same words for all models."""

    encodings: tuple[tuple[Encoding, ...], ...]
    """A model each, a sentence each."""
    asked: tuple[Question, ...]
    left_out: tuple[dict[str, Counter[str]], ...]
    """A model each, by language: what it could not be asked, so that none was, by reason."""


def choose(texts: Iterable[str], language: str, count: int, seed: int) -> list[str]:
    """At most ``count`` different texts: those of the smallest draws, wherever they stand."""
    own = key(seed, "measured sentences")
    return sorted(set(texts), key=lambda text: (draw(f"{language}:{text}", own), text))[:count]


def ask(
    sentences: Sequence[tuple[str, str]],
    tokenizers: Sequence[Tokenizer],
    *,
    words: int,
    max_length: int,
    seed: int,
) -> Questions:
    """Choose words, and find their pieces for every tokenizer.

    A word is what stands between spaces; where a script has none, a character with as many beside it as it
    takes until no tokenizer has a piece across its borders. So every model is asked for the same characters.

    Args:
        sentences: language and text.
        tokenizers: M of them.
        words: of a sentence, at most; which ones hangs on the text.
        max_length: pieces; a sentence that has more for one of the tokenizers is asked of none.
        seed: of the choice.
    """
    own = key(seed, "measured words")
    encodings = tuple(tuple(each.encode_batch([text for _, text in sentences])) for each in tokenizers)
    left_out: tuple[dict[str, Counter[str]], ...] = tuple({} for _ in tokenizers)
    asked: list[Question] = []
    for number, (language, text) in enumerate(sentences):
        mine = [every[number] for every in encodings]
        long = [len(encoding.ids) > max_length for encoding in mine]
        _note(left_out, long, language, LONG)
        if any(long):
            continue
        starts = [i for i in range(len(text)) if starts_unit(text, i)]
        chosen = sorted(starts, key=lambda i: draw(f"{language}:{text}:{i}", own))[:words]
        for span in sorted({_grown(_unit(text, start), mine) for start in chosen}):
            pieces = tuple(pieces_of(encoding, span) for encoding in mine)
            unknown = [
                not places or any(encoding.ids[place] == each.unk_id for place in places)
                for each, encoding, places in zip(tokenizers, mine, pieces, strict=True)
            ]
            _note(left_out, unknown, language, UNKNOWN)
            if not any(unknown):
                held = sum(span[0] <= start < span[1] for start in starts)
                asked.append(Question(language, number, span[1] - span[0], held, pieces))
    return Questions(encodings, tuple(asked), left_out)


def pieces_of(encoding: Encoding, span: Span) -> tuple[int, ...]:
    """Positions of the pieces that make up some characters, and of empty ones among and right before them.

    The latter are spaces, which tokenizers may or may not have joined to the word.
    """
    places = touched(encoding.offsets, span)
    if not places:
        return ()
    first = places[0]
    while first > 1 and encoding.offsets[first - 1][0] == encoding.offsets[first - 1][1]:
        first -= 1
    return tuple(range(first, places[-1] + 1))


def measures(asked: Sequence[Question], nats: NDArray[np.float64]) -> dict[str, Any]:
    """What a model's answers come to.

    Args:
        asked: N words.
        nats: (N,) -ln p of each.

    Returns:
        ``perplexity`` of a word, exp of the mean -ln p; ``bits_per_character``; as macro means over languages
        and, in ``by_language``, of each one, with the number of ``words`` there.
    """
    by_language: dict[str, dict[str, float]] = {}
    for language in sorted({question.language for question in asked}):
        mine = np.array([question.language == language for question in asked])
        total = float(nats[mine].sum())
        words, characters = (
            sum(getattr(question, what) for question in asked if question.language == language)
            for what in ("words", "characters")
        )
        by_language[language] = {
            "perplexity": math.exp(min(total / words, 50.0)),
            "bits_per_character": total / math.log(2) / characters,
            "words": words,
        }
    overall = {
        name: macro({language: values[name] for language, values in by_language.items()})
        for name in ("perplexity", "bits_per_character")
    }
    return overall | {"by_language": by_language}


def _note(
    left_out: Sequence[dict[str, Counter[str]]], which: Sequence[bool], language: str, reason: str
) -> None:
    for counts, fails in zip(left_out, which, strict=True):
        if fails:
            counts.setdefault(language, Counter())[reason] += 1


def _unit(text: str, start: int) -> Span:
    end = start + 1
    while end < len(text) and not text[end].isspace() and not starts_unit(text, end):
        end += 1
    return start, end


def _grown(span: Span, encodings: Sequence[Encoding]) -> Span:
    """The smallest span around this one that no piece of any tokenizer crosses."""
    while True:
        held = [
            encoding.offsets[place] for encoding in encodings for place in touched(encoding.offsets, span)
        ]
        wider = (min([span[0], *(s for s, _ in held)]), max([span[1], *(e for _, e in held)]))
        if wider == span:
            return span
        span = wider
