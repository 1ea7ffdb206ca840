"""The demonstration world: sizes, splits, skew, and what each language's text may look like."""

import re
import subprocess
import sys
import unicodedata
from collections import Counter
from random import Random

import pytest

from understudy.core.errors import UserError
from understudy.demo import world
from understudy.demo.grammar import Scope
from understudy.text.normalize import fold
from understudy.text.spoken import spoken

pytestmark = pytest.mark.parametrize("locale", world.LOCALES)

SEED = 3


def splits(locale):
    return {
        "train": world.labelled(locale, "train", 2000, SEED),
        "dev": world.labelled(locale, "dev", 300, SEED),
        "test": world.labelled(locale, "test", 500, SEED),
    }


def phrasing(frame):
    """The text with slot names in place of values."""
    text = frame.text
    for slot in sorted(frame.slots, key=lambda slot: -slot.start):
        text = f"{text[: slot.start]}[{slot.name}]{text[slot.end :]}"
    return text


def test_the_world_is_wide_enough(locale):
    frames = splits(locale)["train"]
    assert len({frame.domain for frame in frames}) >= 6
    assert len({frame.intent for frame in frames}) == len(world.INTENTS) >= 15
    assert len({slot.name for frame in frames for slot in frame.slots}) >= 20


def test_slot_names_are_the_same_in_train_and_test(locale):
    parts = splits(locale)
    names = {part: {slot.name for frame in parts[part] for slot in frame.slots} for part in parts}
    assert names["test"] <= names["train"]


def test_every_phrasing_of_every_rule_expands(locale):
    for grammar in (world.assistant_grammar(locale), world.generic_grammar(locale)):
        random = Random(0)
        for rule in grammar.rules:
            assert grammar.alternatives(rule) > 0
            for alternative in range(grammar.alternatives(rule)):
                text = grammar.expand(rule, random, Scope.ALL, alternative).text
                assert not set(text) & set("{}[]|~^")
                assert "  " not in text


def test_every_intent_has_phrasings_held_out(locale):
    grammar = world.assistant_grammar(locale)
    assert all(grammar.alternatives(intent) >= 5 for intent in world.INTENTS)


def test_all_assistant_rules_are_used(locale):
    _, assistant, encyclopaedia = world._module(locale[:2])
    lexicon = world._module(locale[:2])[0]
    for source in (assistant, encyclopaedia):
        defined = set(re.findall(r"^([a-z_]+)!?:", source, re.M)) - set(world.INTENTS) - {"sentence"}
        used = set(re.findall(r"[{=\[]([a-z_]+)\^?[}\]]", source))
        assert defined <= used, defined - used
    both = assistant + encyclopaedia + lexicon
    defined = set(re.findall(r"^([a-z_]+)!?:", lexicon, re.M))
    assert defined <= set(re.findall(r"[{=\[]([a-z_]+)\^?[}\]]", both))


def test_frames_are_exact(locale):
    for part, frames in splits(locale).items():
        assert len({frame.id for frame in frames}) == len(frames)
        for frame in frames:
            assert frame.locale == locale
            assert frame.id.startswith(part)
            assert frame.domain == world.INTENTS[frame.intent]
            ends = 0
            for slot in frame.slots:
                assert frame.text[slot.start : slot.end] == slot.value == slot.value.strip() != ""
                assert slot.start >= ends
                ends = slot.end
            assert type(frame).from_json(frame.to_json()) == frame


def test_no_test_text_is_anywhere_else(locale):
    parts = splits(locale)
    test = {frame.text for frame in parts["test"]}
    assert not test & {frame.text for frame in parts["train"]}
    assert not test & {frame.text for frame in parts["dev"]}
    assert not test & set(world.unlabelled(locale, 12000, SEED))
    # and another seed's training text is no way in either
    assert not test & {frame.text for frame in world.labelled(locale, "train", 2000, SEED + 1)}


def test_one_text_has_one_reading(locale):
    readings = {}
    for frames in splits(locale).values():
        for frame in frames:
            reading = (frame.intent, tuple((slot.name, slot.start) for slot in frame.slots))
            assert readings.setdefault(frame.text, reading) == reading


def test_test_utterances_go_beyond_training(locale):
    parts = splits(locale)
    values = {(slot.name, slot.value) for frame in parts["train"] for slot in frame.slots}
    phrasings = {phrasing(frame) for frame in parts["train"]}
    unseen_value = [any((s.name, s.value) not in values for s in frame.slots) for frame in parts["test"]]
    unseen_phrasing = [phrasing(frame) not in phrasings for frame in parts["test"]]
    assert sum(unseen_value) > 150
    assert sum(unseen_phrasing) > 100
    assert 250 < sum(map(max, unseen_value, unseen_phrasing)) < 475  # hard for half, possible for some


def test_unlabelled_text_shows_words_that_training_does_not(locale):
    parts = splits(locale)
    train = " ".join(frame.text for frame in parts["train"])
    wide = " ".join(world.unlabelled(locale, 12000, SEED))
    new = {s.value for frame in parts["test"] for s in frame.slots if s.value not in train}
    assert len(new) > 50
    assert 0.2 < sum(value in wide for value in new) / len(new) < 0.9


def test_each_split_keeps_to_its_scope(locale):
    grammar = world.assistant_grammar(locale)
    cities = {}
    for k in range(grammar.alternatives("city")):
        found = grammar.expand("city", Random(0), Scope.ALL, k)
        cities.setdefault(found.scope, set()).add(found.text)
    parts = splits(locale)
    used = {
        part: {s.value for f in parts[part] for s in f.slots if s.name in ("place", "destination", "origin")}
        for part in parts
    }
    unlabelled = "\n".join(world.unlabelled(locale, 12000, SEED))
    assert used["train"] <= cities[Scope.TRAIN]
    assert used["test"] & cities[Scope.WIDE] and used["test"] & cities[Scope.ALL]
    assert all(city in unlabelled for city in cities[Scope.WIDE])
    assert not any(re.search(rf"\b{city}\b", unlabelled) for city in cities[Scope.ALL])


def test_frequencies_are_skewed(locale):
    intents = Counter(frame.intent for frame in splits(locale)["train"])
    assert intents.most_common(1)[0][0] == next(iter(world.INTENTS))
    assert intents["music_play"] > 6 * intents["music_stop"] > 0
    texts = Counter(world.unlabelled(locale, 12000, SEED))
    assert sum(count for _, count in texts.most_common(100)) > 0.10 * 12000
    assert sum(count == 1 for count in texts.values()) > 0.3 * 12000
    cities = Counter(
        slot.value for frame in splits(locale)["train"] for slot in frame.slots if slot.name == "destination"
    )
    ranked = [count for _, count in cities.most_common()]
    assert ranked[0] > 3 * ranked[len(ranked) // 2]


def test_spoken_text_is_spoken(locale):
    extra = {"en-US": "'.", "de-DE": "-", "hi-IN": "", "ja-JP": ""}[locale]
    texts = [frame.text for frames in splits(locale).values() for frame in frames]
    for text in [*texts, *world.unlabelled(locale, 2000, SEED)]:
        assert text == text.lower() == fold(text) == unicodedata.normalize("NFC", text)
        for character in text:
            kind = unicodedata.category(character)
            assert kind[0] in "LMZ" or character in extra, (text, character)
    if locale == "en-US":
        assert {word for text in texts for word in text.split() if "." in word} == {"a.", "p.", "m."}


def test_scripts_do_not_mix(locale):
    texts = [*world.unlabelled(locale, 3000, SEED), *world.generic(locale, 3000, SEED)]
    script = {
        "en-US": "LATIN|COMBINING",
        "de-DE": "LATIN|COMBINING",
        "hi-IN": "DEVANAGARI",
        "ja-JP": "CJK|HIRAGANA|KATAKANA",
    }[locale]
    for character in set("".join(texts)):
        if unicodedata.category(character)[0] in "LM":
            assert re.match(script, unicodedata.name(character)), character
    if locale == "ja-JP":
        assert not any(" " in text for text in texts)


def test_generic_sentences_are_written(locale):
    sentences = list(world.generic(locale, 3000, SEED))
    ends = {"hi-IN": "।”", "ja-JP": "。"}.get(locale, '.!"“')
    for sentence in sentences:
        assert sentence == fold(sentence)
        assert sentence[-1] in ends, sentence
        assert not re.search(r"[.!?।。]{2}| [,.;:।]|\(\)", sentence)
        if locale in ("en-US", "de-DE"):
            assert re.match(r"[\"„]?[A-ZÄÖÜ0-9]", sentence), sentence
    assert sum(bool(re.search(r"\d", s)) for s in sentences) > 0.5 * len(sentences)
    assert len(set(sentences)) > 0.9 * len(sentences)


def test_generic_text_shares_words_with_the_assistant(locale):
    generic = " ".join(world.generic(locale, 3000, SEED)).lower()
    values = {
        slot.value
        for frame in splits(locale)["test"]
        for slot in frame.slots
        if slot.name in ("place", "item", "genre", "dish")
    }
    assert sum(value in generic for value in values) > 0.8 * len(values)


def test_seed_and_locale_decide_everything(locale):
    assert splits(locale) == splits(locale)
    assert world.labelled(locale, "train", 50, 1) != world.labelled(locale, "train", 50, 2)
    code = (
        "from understudy.demo import world;"
        f"print(world.labelled({locale!r}, 'dev', 20, 5), *world.generic({locale!r}, 20, 5))"
    )
    command = [sys.executable, "-X", "utf8", "-c", code]
    once, again = (
        subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True, env=env).stdout
        for env in (
            {"PYTHONHASHSEED": "1", "PYTHONPATH": "src"},
            {"PYTHONHASHSEED": "2", "PYTHONPATH": "src"},
        )
    )
    assert once == again != ""


def test_an_unknown_locale_is_named_with_the_nearest(locale):
    with pytest.raises(UserError, match=f"did you mean '{locale}'"):
        world.check_locale(locale[:-1])


def test_what_is_out_of_scope_is_spoken_distinct_and_apart_from_test(locale):
    parts = {part: world.out_of_scope(locale, part, 60, SEED) for part in ("train", "dev", "test")}
    texts = {part: [frame.text for frame in frames] for part, frames in parts.items()}
    assert all(len(set(each)) == 60 for each in texts.values())
    assert not set(texts["test"]) & {*texts["train"], *texts["dev"]}
    labelled = {frame.text for frame in splits(locale)["train"]}
    for frames in parts.values():
        for frame in frames:
            assert (frame.domain, frame.intent, frame.slots) == ("", "out_of_scope", ())
            assert frame.text == spoken(frame.text, locale)
            assert frame.text not in labelled
