"""Pieces that are cut where slots begin or end inside of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from understudy.core.errors import UserError
from understudy.tokenizer.cuts import CUTS_FILE, CutTokenizer, find_cuts, load_cuts, save_cuts, with_cuts
from understudy.tokenizer.load import load_tokenizer
from understudy.tokenizer.subwords import Subwords
from understudy.tokenizer.train import train
from understudy.utterances.findings import misaligned
from understudy.utterances.frame import Frame, Slot
from understudy.utterances.given import Given
from understudy.utterances.massive import read_massive
from understudy.utterances.tags import LabelSet, decode_slots, tag_pieces

TEXTS = ["今日の天気", "明日の天気", "今日の音楽を", "明日の音楽を", "play the music now"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tokenizer")
    train(TEXTS * 20, 33, "", 0, folder)
    return folder


@pytest.fixture(scope="module")
def subwords(folder: Path) -> Subwords:
    return Subwords.load(folder)


def frame(text: str, *values: str) -> Frame:
    slots = tuple(Slot("x", value, text.index(value), text.index(value) + len(value)) for value in values)
    return Frame(text, "ja-JP", text, "d", "i", slots)


@pytest.fixture(scope="module")
def joined(subwords: Subwords) -> tuple[str, int]:
    """A text and the index in it of an inner border of one of its pieces."""
    for text in TEXTS[:4]:
        for start, end in subwords.encode(text).offsets:
            if end - start > 1:
                return text, start + 1
    raise AssertionError("no piece of two characters; train on other texts")


def test_a_border_inside_of_a_piece_cuts_it_everywhere(subwords: Subwords, joined: tuple[str, int]) -> None:
    text, border = joined
    labelled = frame(text, text[:border])
    labels = LabelSet.of([labelled])
    whole = subwords.encode(text).offsets
    assert len(misaligned([labelled], [whole], labels)) == 1
    cut = with_cuts(subwords, [labelled])
    assert isinstance(cut, CutTokenizer)
    encoding = cut.encode(text)
    assert {start for start, _ in encoding.offsets} >= {start for start, _ in whole} | {border}
    assert decode_slots(text, encoding.offsets, tag_pieces(labelled, encoding.offsets, labels), labels) == (
        labelled.slots
    )
    assert misaligned([labelled], [encoding.offsets], labels) == []
    # The parts spell what the piece did, and belong to the same vocabulary.
    spelled = "".join(subwords.pieces[piece] for piece in encoding.ids[1:-1])
    assert spelled.replace("\u2581", "") == text
    (piece,) = cut.cuts
    again = [other for other in TEXTS if piece in subwords.encode(other).ids]
    assert all(piece not in cut.encode(other).ids for other in again)


def test_what_needs_no_cut_stays_what_it_was(subwords: Subwords) -> None:
    english = frame("play the music now", "music")
    assert with_cuts(subwords, [english]) is subwords
    # A border inside of a word is none that a cut could tell: a word has one tag.
    text = english.text
    start = next(start for start, end in subwords.encode(text).offsets if end - start > 1)
    word_end = text.find(" ", start)
    inside = frame(text, text[start + 1 : word_end])
    assert find_cuts(subwords, [inside]) == {}
    labels = LabelSet.of([inside])
    (found,) = misaligned([inside], [subwords.encode(inside.text).offsets], labels)
    assert found["kind"] == "misaligned"
    assert [slot["value"] for slot in found["slots"]] == [text[start + 1 : word_end]]
    assert found["told"] != found["slots"]


def test_a_piece_that_normalisation_made_shorter_stays_whole(
    subwords: Subwords, joined: tuple[str, int]
) -> None:
    text, border = joined
    cut = with_cuts(subwords, [frame(text, text[:border])])
    marked = text[:border] + "\u200e" + text[border:]  # an invisible mark, which is dropped
    assert subwords.encode(marked).ids == subwords.encode(text).ids
    assert cut.encode(marked) == subwords.encode(marked)


def test_lengths_are_kept_to(subwords: Subwords, joined: tuple[str, int]) -> None:
    text, border = joined
    cut = with_cuts(subwords, [frame(text, text[:border])])
    long = text * 9
    whole = cut.encode(long)
    for length in (3, 7, len(whole.ids) - 1, len(whole.ids), 500):
        short = cut.encode(long, length)
        assert len(short.ids) == len(short.offsets) == min(length, len(whole.ids))
        assert (short.ids[0], short.ids[-1]) == (0, 2)
        assert short.ids[:-1] == whole.ids[: len(short.ids) - 1]
    assert cut.ids([text, long]) == [cut.encode(each).ids[1:-1] for each in (text, long)]


def test_cuts_stand_beside_the_tokenizer(
    folder: Path, subwords: Subwords, joined: tuple[str, int], tmp_path: Path
) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    text, border = joined
    cut = with_cuts(subwords, [frame(text, text[:border])])
    save_cuts(cut, tmp_path)
    loaded = load_tokenizer(tmp_path)
    assert loaded.encode(text) == cut.encode(text)
    assert loaded.fingerprint == cut.fingerprint != subwords.fingerprint
    # Other frames, other cuts; none leaves the file behind.
    assert with_cuts(loaded, [frame(text)]).fingerprint == subwords.fingerprint
    save_cuts(subwords, tmp_path)
    assert load_tokenizer(tmp_path).fingerprint == subwords.fingerprint


@pytest.mark.parametrize(
    "content", ["{}", '{"format_version": 9, "cuts": {}}', '{"format_version": 1, "cuts": {"7": [[1]]}}', "["]
)
def test_a_damaged_table_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / CUTS_FILE).write_text(content)
    with pytest.raises(UserError, match=CUTS_FILE.replace(".", r"\.")):
        load_cuts(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("vocabulary", [4000, 16000])
def test_slots_of_all_of_massive_come_back(shared_data: Path, tmp_path: Path, vocabulary: int) -> None:
    """All 182k utterances; only Japanese needs cuts, and those of its training data nearly suffice."""
    files = sorted((shared_data / "massive").glob("*.jsonl.gz"))
    of = {file.name[:5]: list(read_massive(file, Given(file.name[:5]))) for file in files}
    train([u.frame.text for rows in of.values() for u in rows[::3]], vocabulary, "", 0, tmp_path)
    subwords = Subwords.load(tmp_path)
    cuts = {}
    for locale, rows in of.items():
        frames = [row.frame for row in rows]
        labels = LabelSet.of(frames)
        cut = with_cuts(subwords, frames)
        cuts[locale] = len(getattr(cut, "cuts", {}))
        encodings = cut.encode_batch([each.text for each in frames])
        assert misaligned(frames, [each.offsets for each in encodings], labels) == []
        if locale == "ja-JP":
            seen = with_cuts(subwords, [row.frame for row in rows if row.partition == "train"])
            rest = [row.frame for row in rows if row.partition != "train"]
            encodings = seen.encode_batch([each.text for each in rest])
            left = misaligned(rest, [each.offsets for each in encodings], labels)
            assert len(left) < 0.01 * len(rest)
    assert sum(map(len, of.values())) == 181_731
    assert {locale for locale, number in cuts.items() if number} == {"ja-JP"}


def test_the_table_is_json(folder: Path, subwords: Subwords, joined: tuple[str, int], tmp_path: Path) -> None:
    text, border = joined
    save_cuts(with_cuts(subwords, [frame(text, text[:border])]), tmp_path)
    value = json.loads((tmp_path / CUTS_FILE).read_text())
    (parts,) = value["cuts"].values()
    assert sum(length for length, _ in parts) >= 2
