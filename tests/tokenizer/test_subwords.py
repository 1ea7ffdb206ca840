"""Encoding: offsets, limits, files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from understudy.core.errors import UserError
from understudy.tokenizer.normalize import normalized
from understudy.tokenizer.subwords import CONFIG_FILE, MODEL_FILE, SPECIAL_TOKENS, TOKENIZER_FILES, Subwords

ALPHABET = "wake me up über 明日の朝 मुझे\u200d\u093c أيقظ\u064eني "
ALPHABET += "Ａ１ｶﾞ㌔ﷺ½ e\u0301 \t\u3000▁\u00ad\ufeff☃\U0001f469\u200d\U0001f52c"
TEXT = st.text(st.sampled_from(ALPHABET) | st.characters(), max_size=25)


def test_special_tokens_are_robertas(subwords: Subwords, folder: Path) -> None:
    assert subwords.pieces[:5] == ["<s>", "<pad>", "</s>", "<unk>", "<mask>"] == list(SPECIAL_TOKENS)
    ids = (subwords.bos_id, subwords.pad_id, subwords.eos_id, subwords.unk_id, subwords.mask_id)
    assert ids == (0, 1, 2, 3, 4)
    assert len(subwords.pieces) == subwords.vocabulary_size == 165
    assert all((folder / name).is_file() for name in TOKENIZER_FILES)


@given(text=TEXT)
@example(text="")
@example(text="   ")
@example(text="㌔㌔ ﷺ")
@example(text="\ud800 a")
@example(text="▁▁a")
def test_offsets_cover_every_character_once_and_never_go_back(subwords: Subwords, text: str) -> None:
    encoding = subwords.encode(text)
    assert len(encoding.ids) == len(encoding.offsets)
    assert (encoding.ids[0], encoding.ids[-1]) == (0, 2)
    assert encoding.offsets[0] == encoding.offsets[-1] == (0, 0)
    last = 0
    covered = [0] * len(text)
    for start, end in encoding.offsets[1:-1]:
        assert last <= start <= end <= len(text)
        last = end
        for i in range(start, end):
            covered[i] += 1
    assert max(covered, default=0) <= 1
    # A blank between two parts of one character (U+0041 U+00AD U+0301) may be covered; a letter must be.
    assert [i for i, c in enumerate(text) if normalized(c) and not covered[i]] == []


@given(words=st.lists(st.text("wakemupatsvnhir明日の朝七時मुझेकलü☃", min_size=1), max_size=6))
def test_pieces_of_normal_text_are_the_text_at_their_offsets(subwords: Subwords, words: list[str]) -> None:
    text = normalized(" ".join(words))
    encoding = subwords.encode(text)
    for piece, (start, end) in list(zip(encoding.ids, encoding.offsets, strict=True))[1:-1]:
        if piece == subwords.unk_id:
            assert set(text[start:end]).isdisjoint(subwords.pieces)
        else:
            assert text[start:end] == subwords.pieces[piece].removeprefix("▁")


@given(text=st.lists(st.text("wakemup明日の朝गाना☃", max_size=3), max_size=6).map(" ".join).map(normalized))
@example(text="明 日☃ ☃☃ a ☃")
@example(text="明日 明 日")
def test_derived_offsets_are_sentencepieces_own(subwords: Subwords, text: str) -> None:
    raw = subwords._processor.Encode(text, return_type="offset_mapping")["offsets"]
    due, last = [], 0
    for start, end in raw:
        start += text[start:end].startswith(" ")
        due.append((start, end) if start < end else (last, last))
        last = due[-1][1]
    assert subwords.encode(text).offsets[1:-1] == due


def test_offsets_point_into_the_text_that_was_given(subwords: Subwords) -> None:
    """Full-width and decomposed text has the ids of the plain text, and offsets of its own."""
    plain, odd = "wake über", "\u3000ｗａｋｅ  u\u0308ber "
    assert subwords.encode(odd).ids == subwords.encode(plain).ids
    covered = [odd[start:end] for start, end in subwords.encode(odd).offsets]
    assert "".join(covered) == "ｗａｋｅu\u0308ber"
    assert all(not piece.startswith(" ") for piece in covered)


@given(text=TEXT, max_length=st.integers(2, 12))
def test_a_text_too_long_is_cut_behind_a_whole_piece(subwords: Subwords, text: str, max_length: int) -> None:
    whole, part = subwords.encode(text), subwords.encode(text, max_length)
    assert len(part.ids) == min(len(whole.ids), max_length)
    assert part.ids == [*whole.ids[: len(part.ids) - 1], 2]
    assert part.offsets == [*whole.offsets[: len(part.ids) - 1], (0, 0)]


@given(texts=st.lists(TEXT, max_size=5))
def test_bulk_and_single_agree(subwords: Subwords, texts: list[str]) -> None:
    single = [subwords.encode(text) for text in texts]
    assert subwords.encode_batch(texts) == single
    assert subwords.ids(texts) == [encoding.ids[1:-1] for encoding in single]


def test_a_special_token_spelled_out_is_only_text(subwords: Subwords) -> None:
    assert not {0, 1, 2, 4} & set(subwords.ids(["<mask> </s> <pad>"])[0])


@pytest.mark.parametrize("keep", [0.0, 0.001, 0.3, 0.5, 0.9, 0.999])
def test_a_cut_model_is_the_users_error(folder: Path, tmp_path: Path, keep: float) -> None:
    for name in TOKENIZER_FILES:
        shutil.copy(folder / name, tmp_path)
    model = tmp_path / MODEL_FILE
    model.write_bytes(model.read_bytes()[: int(model.stat().st_size * keep)])
    with pytest.raises(UserError) as caught:
        Subwords.load(tmp_path)
    assert caught.value.file == str(model)


def test_every_cut_and_every_flipped_byte_is_noticed(folder: Path, tmp_path: Path) -> None:
    shutil.copy(folder / CONFIG_FILE, tmp_path)
    whole = (folder / MODEL_FILE).read_bytes()
    damaged = [whole[:i] for i in range(1, len(whole), 37)]
    damaged += [whole[:i] + bytes([whole[i] ^ 1]) + whole[i + 1 :] for i in range(0, len(whole), 37)]
    for bad in damaged:
        (tmp_path / MODEL_FILE).write_bytes(bad)
        with pytest.raises(UserError, match=r"sentencepiece\.model: "):
            Subwords.load(tmp_path)


def test_missing_files_and_strangers_are_named(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"sentencepiece\.model: no such file"):
        Subwords.load(tmp_path)
    shutil.copy(folder / MODEL_FILE, tmp_path)
    with pytest.raises(UserError, match=r"tokenizer_config\.json: no such file"):
        Subwords.load(tmp_path)
    (tmp_path / CONFIG_FILE).write_text(json.dumps({}))
    with pytest.raises(UserError, match="belongs to another tokenizer"):
        Subwords.load(tmp_path)
