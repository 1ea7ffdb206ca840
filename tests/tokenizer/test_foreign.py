"""Tokenizers of Hugging Face's in the place of ours: ids as stock, offsets by hand, wrong folders."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.errors import UserError
from understudy.tokenizer.foreign import ForeignTokenizer
from understudy.tokenizer.load import copy_tokenizer, load_tokenizer, tokenizer_files, tokenizer_folder
from understudy.tokenizer.protocol import SpecialPieces
from understudy.tokenizer.subwords import MODEL_FILE, TOKENIZER_FILES, Subwords

KINDS = ["word-piece", "unigram", "bytes"]
Folder = Callable[[str], Path]
LETTERS = "abcdefghijklmnopqrstuvwxyzäöü 明日の朝七時に起こして曲☃é.,!?'\u3000\t-"


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def foreign(kind: str, foreign_tokenizer: Folder) -> ForeignTokenizer:
    loaded = load_tokenizer(foreign_tokenizer(kind))
    assert isinstance(loaded, ForeignTokenizer)
    return loaded


@given(data=st.data())
def test_ids_are_stock_and_every_piece_lies_in_the_text(
    data: st.DataObject, foreign_tokenizer: Folder
) -> None:
    from transformers import AutoTokenizer

    kind = data.draw(st.sampled_from(KINDS))
    tokenizer = load_tokenizer(foreign_tokenizer(kind))
    text = data.draw(st.text(LETTERS, max_size=40))
    encoding = tokenizer.encode(text)
    stock = _stock.setdefault(kind, AutoTokenizer.from_pretrained(foreign_tokenizer(kind)))
    assert encoding.ids == stock(text)["input_ids"]
    assert tokenizer.ids([text, "a"])[0] == encoding.ids[1:-1]
    assert tokenizer.encode_batch(["a", text])[1] == encoding
    assert encoding.offsets[0] == encoding.offsets[-1] == (0, 0)
    for (start, end), (later, _) in zip(encoding.offsets[1:-1], encoding.offsets[2:-1], strict=False):
        assert 0 <= start <= end <= len(text) and start <= later
        assert text[start:end] == text[start:end].strip()
    covered = {i for start, end in encoding.offsets for i in range(start, end)}
    # White space inside of an unknown piece, such as a tab between two signs, cannot be told from it.
    assert covered >= {i for i, letter in enumerate(text) if not letter.isspace()}
    short = tokenizer.encode(text, 5)
    assert short.ids == [*encoding.ids[:-1][:4], encoding.ids[-1]] or len(encoding.ids) <= 5
    assert short.offsets[:-1] == encoding.offsets[:-1][:4]


_stock: dict[str, object] = {}


@pytest.mark.parametrize(
    ("kind", "pieces"),
    [
        ("word-piece", [("[CLS]", ""), ("brother", "brother"), ("[UNK]", "☃"), ("朝", "朝"), ("[SEP]", "")]),
        ("unigram", [("brother", "brother"), ("☃", "☃"), ("朝", "朝")]),
        ("bytes", [("brother", "brother"), ("☃", "☃"), ("朝", "朝")]),
    ],
)
def test_words_by_hand(kind: str, pieces: list[tuple[str, str]], foreign_tokenizer: Folder) -> None:
    text = " brother  ☃ 朝"
    tokenizer = load_tokenizer(foreign_tokenizer(kind))
    encoding = tokenizer.encode(text)
    told = [text[start:end] for start, end in encoding.offsets]
    if kind == "word-piece":
        table = json.loads((foreign_tokenizer(kind) / "tokenizer.json").read_text())["model"]["vocab"]
        assert encoding.ids == [table[name] for name, _ in pieces]
        assert told == [part for _, part in pieces]
    words = [(1, 8), (10, 11), (12, 13)]
    for start, end in words:
        inside = [span for span in encoding.offsets if span[0] < end and span[1] > start]
        assert inside[0][0] == start and inside[-1][1] == end
    if kind == "bytes":  # three bytes of one character all have it
        assert encoding.offsets.count((10, 11)) == encoding.offsets.count((12, 13)) == 3


def test_a_special_piece_spelled_out_is_text(kind: str, foreign: ForeignTokenizer) -> None:
    special = foreign.special
    never = set(special.never_masked) - {foreign.unk_id}
    for text in ("[MASK] [PAD] [SEP]", "<mask> x</s> <pad><s>", "[CLS]<s>[UNK]<unk>"):
        for ids in (foreign.encode(text).ids[1:-1], foreign.ids([text])[0]):
            assert ids and never.isdisjoint(ids)


def test_special_pieces(foreign_tokenizer: Folder) -> None:
    expected = {
        "word-piece": {"pad": 0, "unknown": 1, "begin": 2, "end": 3, "mask": 4},
        "unigram": {"begin": 0, "pad": 1, "end": 2, "unknown": 3, "mask": 4},
        "bytes": {"pad": 0, "begin": 1, "end": 2, "mask": 3, "unknown": None},
    }
    for kind, due in expected.items():
        tokenizer = load_tokenizer(foreign_tokenizer(kind))
        values = tokenizer.special.as_dict()
        assert {name: values[name] for name in due} == due
        assert tokenizer.special.never_masked == tuple(range(4 if kind == "bytes" else 5))
        assert tokenizer.special.vocabulary == tokenizer.vocabulary_size
        assert SpecialPieces.of_dict(json.loads(json.dumps(values))) == tokenizer.special


def test_rows_beyond_the_tokenizer_are_never_masked() -> None:
    special = SpecialPieces(10, 0, 1, 2, None, 3, (0, 1, 2, 3)).widened(12)
    assert special.ordinary.tolist() == [False] * 4 + [True] * 6 + [False] * 2
    assert special.ordinary_ids.tolist() == [4, 5, 6, 7, 8, 9]
    assert special.widened(5) == special


def test_characters_add_up_to_the_text(foreign_tokenizer: Folder) -> None:
    text = "weck mich um halb acht 明日の朝 küche"
    spaces = {"word-piece": -text.count(" "), "unigram": 1, "bytes": 0}
    for kind, more in spaces.items():
        tokenizer = load_tokenizer(foreign_tokenizer(kind))
        assert tokenizer.characters[tokenizer.ids([text])[0]].sum() == len(text) + more


def test_the_fingerprint_is_of_what_a_text_becomes(foreign_tokenizer: Folder, tmp_path: Path) -> None:
    prints = {load_tokenizer(foreign_tokenizer(kind)).fingerprint for kind in KINDS}
    assert len(prints) == 3
    copy_tokenizer(foreign_tokenizer("word-piece"), tmp_path)
    due = load_tokenizer(tmp_path).fingerprint
    assert due in prints
    file = tmp_path / "tokenizer.json"
    content = json.loads(file.read_text())
    length = {"max_length": 8, "strategy": "LongestFirst", "stride": 0, "direction": "Right"}
    file.write_text(json.dumps(dict(sorted((content | {"truncation": length}).items())), indent=4))
    same = load_tokenizer(tmp_path)
    assert same.fingerprint == due
    assert len(same.encode("wake me up at seven thirty in the kitchen").ids) > 8
    vocabulary = content["model"]["vocab"]
    vocabulary["brother"], vocabulary["朝"] = vocabulary["朝"], vocabulary["brother"]
    file.write_text(json.dumps(content))
    assert load_tokenizer(tmp_path).fingerprint != due


def test_ours_is_ours(folder: Path, tmp_path: Path) -> None:
    assert isinstance(load_tokenizer(folder), Subwords)
    (tmp_path / "model").mkdir()
    copy_tokenizer(folder, tmp_path / "model")
    assert {file.name for file in tokenizer_files(tmp_path / "model")} == set(TOKENIZER_FILES)
    assert tokenizer_folder(tmp_path) == tmp_path / "model"
    assert load_tokenizer(tokenizer_folder(tmp_path)).fingerprint == load_tokenizer(folder).fingerprint
    (tmp_path / "model" / MODEL_FILE).unlink()
    with pytest.raises(UserError, match=r"sentencepiece\.model: no such file"):
        load_tokenizer(tmp_path / "model")
    # Without the marks of ours, its tokenizer.json is as good as any.
    (tmp_path / "model" / "tokenizer_config.json").unlink()
    other = load_tokenizer(tmp_path / "model")
    assert isinstance(other, ForeignTokenizer)
    assert other.ids(["明日の朝、"]) == load_tokenizer(folder).ids(["明日の朝、"])


def test_wrong_folders(foreign_tokenizer: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UserError, match=r"holds no tokenizer; sentencepiece\.model or tokenizer\.json"):
        load_tokenizer(tmp_path)
    whole = foreign_tokenizer("word-piece")
    for change, message in (
        (("tokenizer_config.json", {}), "no pad_token is named in special_tokens_map.json or tokenizer_conf"),
        (("tokenizer_config.json", {"pad_token": "[PAD]"}), "no mask_token is named"),
        (
            ("tokenizer_config.json", {"pad_token": "none"}),
            r"tokenizer\.json: has no piece 'none', the pad_",
        ),
        (
            ("tokenizer.json", {"post_processor": None}),
            "puts 0 special pieces around a text; one before",
        ),
        (("tokenizer.json", {"model": {}}), r"is no tokenizer\.json"),
        (("tokenizer.json", {"model": None}), r"is no tokenizer\.json"),
    ):
        shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
        file = tmp_path / change[0]
        content = json.loads(file.read_text()) if change[0] == "tokenizer.json" else {}
        file.write_text(json.dumps(content | change[1]))
        with pytest.raises(UserError, match=message):
            load_tokenizer(tmp_path)
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    (tmp_path / "tokenizer.json").write_text("[1]")
    with pytest.raises(UserError, match=r"is no tokenizer\.json"):
        load_tokenizer(tmp_path)
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    with pytest.raises(UserError, match="needs the library tokenizers: pip install tokenizers"):
        load_tokenizer(whole)
