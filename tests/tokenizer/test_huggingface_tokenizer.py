"""Stock transformers gives the same ids from the same folder."""

from __future__ import annotations

import gzip
import itertools
import json
import random
import shutil
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from understudy.tokenizer.characters import expand
from understudy.tokenizer.subwords import SPECIAL_TOKENS, Subwords
from understudy.tokenizer.train import train

LANGUAGES = {"en": "en-US", "de": "de-DE", "ja": "ja-JP", "hi": "hi-IN", "ar": "ar-SA"}


def auto_tokenizer(folder: Path) -> Any:
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder)


@pytest.fixture(scope="module")
def theirs(folder: Path) -> Any:
    return auto_tokenizer(folder)


def assert_same_ids(subwords: Subwords, theirs: Any, texts: list[str]) -> None:
    ours = [[0, *ids, 2] for ids in subwords.ids(texts)]
    pairs = zip(texts, ours, theirs(texts).input_ids, strict=True)
    assert [text for text, mine, its in pairs if mine != its] == []


def test_special_tokens(theirs: Any) -> None:
    assert [theirs.convert_tokens_to_ids(token) for token in SPECIAL_TOKENS] == [0, 1, 2, 3, 4]
    names = ("bos_token", "pad_token", "eos_token", "unk_token", "mask_token")
    assert [getattr(theirs, name) for name in names] == list(SPECIAL_TOKENS)
    assert theirs("wake", "me").input_ids.count(2) == 3


def test_a_mask_in_a_sentence_leaves_its_neighbours_alone(subwords: Subwords, theirs: Any) -> None:
    (before,), (after,) = subwords.ids(["wake me"]), subwords.ids(["at seven"])
    assert theirs("wake me <mask> at seven").input_ids == [0, *before, 4, *after, 2]
    assert theirs.convert_ids_to_tokens(theirs("<mask>a").input_ids)[2:-1] == ["a"]
    assert theirs.decode(theirs("wake me up").input_ids, skip_special_tokens=True) == "wake me up"


def test_a_models_own_config_beside_it_changes_nothing(
    folder: Path, subwords: Subwords, tmp_path: Path
) -> None:
    copy = tmp_path / "model"
    shutil.copytree(folder, copy)
    (copy / "config.json").write_text(json.dumps({"model_type": "roberta-prelayernorm", "vocab_size": 165}))
    assert_same_ids(subwords, auto_tokenizer(copy), ["wake me up", "明日の朝、ｶﾞ", "  मुझे\u200d कल "])


# Unassigned characters, and those newer than the library's tables, too; lone surrogates it cannot take.
ANY = st.characters(exclude_categories=["Cs"])
TRICKY = " \t\n\u3000\xa0\u200b▁\u00ad\u2060\ufeff\u200e\u200d\u200c"
TRICKY += "wake me明日ＡＺ１ｶﾞﾟ㌔㋿ﷺﬁ½¨\u0301\u0323\u0327"
TRICKY += "가\u1100\u1161\u11a8क़\u093c्झ☃.<>\U0001f469\U0001f3fd\U0001f52c\ufe0f"


@settings(max_examples=300)
@given(text=st.text(st.sampled_from(TRICKY) | ANY, max_size=20))
@example(text="\u2060wake")
@example(text=" \ufeff \u00ad wake")
@example(text="a\n\u2060b")
@example(text="㋿元年")
@example(text="....")
@example(text="\U0001f16c\U0001fbf7 a\U00010f46\u0301")  # newer than the library's tables
@example(text="\U00011131\U00011127 e\u0334\u0301\u0327")  # composes; marks in another order
@example(text="\u0378\U000e0fff\ufdd0 wake")  # unassigned, and never to be assigned
@example(text="\U0001f469\U0001f3fd\u200d\U0001f52c\ufe0f wake")
def test_any_text(subwords: Subwords, theirs: Any, text: str) -> None:
    assume(not any(token in normalized_spelling(text) for token in SPECIAL_TOKENS))
    assert_same_ids(subwords, theirs, [text])


def normalized_spelling(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("\u00ad", "")


def test_equally_good_splits_fall_the_same_way(tmp_path: Path) -> None:
    """Four dots are one and three, or three and one; with scores as trained, a tenth of these differ."""
    text = ["abab aab.. aba... baab. a", "aa ab ba bb ...... ab.ab", "abba.. aabb.... bab"] * 5
    subwords, _ = train(text, 21, "", 0, tmp_path)
    rng = random.Random(0)
    texts = ["".join(rng.choices(["a", "aa", "ab", "b", ".", "..", "...", " "], k=60)) for _ in range(300)]
    assert_same_ids(subwords, auto_tokenizer(tmp_path), texts)


@pytest.mark.slow
def test_every_kind_of_real_text(shared_data: Path, tmp_path: Path) -> None:
    """A stable sample of all files; `benchmarks/tokenizer.py --same-ids all` compares all of their texts."""
    texts: list[str] = []
    for kind, key in (("generic", "text"), ("tagged", "text"), ("massive", "utt")):
        files = sorted((shared_data / kind).glob("*.jsonl.gz"))
        assert len(files) >= 11
        for path in files:
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                rows = [json.loads(line)[key] for line in lines]
            texts += rows[:: len(rows) // 400]
    assert len(texts) > 12_000
    subwords, _ = train(texts, 9000, expand(["joyo", "hiragana", "katakana"]), 0, tmp_path)
    assert_same_ids(subwords, auto_tokenizer(tmp_path), texts)


def test_real_sentences(shared_data: Path, tmp_path: Path) -> None:
    texts: list[str] = []
    for language, locale in LANGUAGES.items():
        for path, key in (
            (shared_data / "generic" / f"{language}.jsonl.gz", "text"),
            (shared_data / "massive" / f"{locale}.jsonl.gz", "utt"),
        ):
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                texts += [json.loads(line)[key] for line in itertools.islice(lines, 1000)]
    subwords, used = train(texts, 4000, "", 0, tmp_path)
    assert used == 10_000
    assert_same_ids(subwords, auto_tokenizer(tmp_path), texts)
