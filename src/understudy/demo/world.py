"""The demonstration world: labelled utterances, unlabelled in-domain text and generic sentences of a locale.

Utterances are in spoken form, generic sentences in written form. Everything follows from ``(seed, locale)``.
A text belongs to the test split or to the rest by a hash of itself, whatever the seed, so no test utterance
is ever among the training or unlabelled ones; unseen values and phrasings come from the grammar's scopes.
"""

from __future__ import annotations

import re
import zlib
from bisect import bisect
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from itertools import accumulate
from random import Random

from understudy.core.errors import UserError, nearest
from understudy.demo.grammar import Expansion, Grammar, Scope
from understudy.text.spoken import spoken
from understudy.utterances.frame import OUT_OF_SCOPE, Frame, Partition, Slot

LOCALES = ("en-US", "de-DE", "hi-IN", "ja-JP")

# Intent -> domain, from frequent to rare: the k-th intent has the weight 1 / (k + 1).
INTENTS = {
    "music_play": "music",
    "weather_query": "weather",
    "alarm_set": "alarm",
    "list_add": "lists",
    "light_on": "home",
    "event_create": "calendar",
    "timer_start": "alarm",
    "message_send": "messages",
    "train_find": "travel",
    "recipe_find": "cooking",
    "light_off": "home",
    "event_query": "calendar",
    "music_volume": "music",
    "call_start": "messages",
    "food_order": "cooking",
    "alarm_cancel": "alarm",
    "heating_set": "home",
    "taxi_order": "travel",
    "list_read": "lists",
    "event_cancel": "calendar",
    "list_remove": "lists",
    "music_stop": "music",
}
_INTENTS = tuple(INTENTS)
_CUMULATIVE = tuple(accumulate(1 / (k + 2) for k in range(len(INTENTS))))

# One text in so many can only be a test utterance.
_TEST_SHARE = 6
# Draws for a text that is new in its split; an intent with few phrasings then repeats one.
_TRIES = 20
_SENTENCE_START = re.compile(r"(?:^|[.!?] )[„“\"]?(\w)")


@cache
def _module(language: str) -> tuple[str, str, str]:
    module = import_module(f"understudy.demo.{language}")
    return module.LEXICON, module.ASSISTANT, module.ENCYCLOPAEDIA


@cache
def assistant_grammar(locale: str) -> Grammar:
    """The spoken grammar of a locale; one rule an intent."""
    lexicon, assistant, _ = _module(locale[:2])
    return Grammar((lexicon, assistant), lower=True)


@cache
def generic_grammar(locale: str) -> Grammar:
    """The written grammar of a locale's language; its first rule is ``sentence``."""
    lexicon, _, encyclopaedia = _module(locale[:2])
    return Grammar((lexicon, encyclopaedia))


def check_locale(locale: str) -> None:
    """Raise a :class:`UserError` unless the world speaks this locale."""
    if locale not in LOCALES:
        raise UserError(f"the demonstration world does not speak '{locale}'; {nearest(locale, LOCALES)}")


def labelled(locale: str, partition: Partition, count: int, seed: int) -> list[Frame]:
    """``count`` utterances with their readings; texts repeat only where an intent has too few.

    ``train`` stays in the narrow scope of the grammar, ``dev`` and ``test`` use all of it.
    """
    random = _random(locale, partition, seed)
    scope = Scope.TRAIN if partition == "train" else Scope.ALL
    seen: set[str] = set()
    frames: list[Frame] = []
    while len(frames) < count:
        intent = _intent(random)
        for _ in range(_TRIES):
            expansion = _draw(locale, intent, random, scope, test=partition == "test")
            if expansion.text not in seen:
                break
        seen.add(expansion.text)
        frames.append(_frame(f"{partition}-{len(frames):05d}", locale, intent, expansion))
    return frames


def unlabelled(locale: str, count: int, seed: int) -> Iterator[str]:
    """In-domain utterances as they arrive: frequent ones again and again; wider than the training split."""
    random = _random(locale, "unlabelled", seed)
    for _ in range(count):
        yield _draw(locale, _intent(random), random, Scope.WIDE, test=False).text


def generic(locale: str, count: int, seed: int) -> Iterator[str]:
    """Written sentences about the same world: capitals, punctuation, figures and dates."""
    random = _random(locale, "generic", seed)
    grammar = generic_grammar(locale)
    for _ in range(count):
        text = grammar.expand("sentence", random, Scope.ALL).text
        yield _SENTENCE_START.sub(lambda match: match[0][:-1] + match[1].upper(), text)


def out_of_scope(locale: str, partition: Partition, count: int, seed: int) -> list[Frame]:
    """What was said, but not to the assistant: ``count`` sentences of the encyclopaedia in spoken form.

    Texts differ within a split, and test has none of the others'.
    """
    random = _random(locale, f"out of scope, {partition}", seed)
    grammar = generic_grammar(locale)
    texts: dict[str, None] = {}
    while len(texts) < count:
        text = spoken(grammar.expand("sentence", random, Scope.ALL).text, locale)
        if is_test_text(locale, text) == (partition == "test"):
            texts[text] = None
    return [
        Frame(f"{partition}-{number:05d}", locale, text, "", OUT_OF_SCOPE)
        for number, text in enumerate(texts)
    ]


def is_test_text(locale: str, text: str) -> bool:
    """Whether this text can only be a test utterance (one in six, by hash)."""
    return zlib.crc32(f"{locale}\t{text}".encode()) % _TEST_SHARE == 0


def _random(locale: str, purpose: str, seed: int) -> Random:
    return Random(f"{seed}/{locale}/{purpose}")  # a string seed is hashed with SHA-512: same in every process


def _intent(random: Random) -> str:
    return _INTENTS[bisect(_CUMULATIVE, random.random() * _CUMULATIVE[-1], 0, len(_INTENTS) - 1)]


def _draw(locale: str, intent: str, random: Random, scope: Scope, *, test: bool) -> Expansion:
    """A text of the intent on the wanted side of the test hash."""
    grammar = assistant_grammar(locale)
    while True:
        expansion = grammar.expand(intent, random, scope)
        if is_test_text(locale, expansion.text) == test:
            return expansion


def _frame(name: str, locale: str, intent: str, expansion: Expansion) -> Frame:
    slots = tuple(Slot(slot, expansion.text[start:end], start, end) for slot, start, end in expansion.slots)
    return Frame(name, locale, expansion.text, INTENTS[intent], intent, slots)
