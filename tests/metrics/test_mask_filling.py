"""Noun mask-filling by hand, and nouns from CoNLL-U, tagged JSON lines and a tagger."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.errors import UserError
from understudy.metrics.mask_filling import Filled, accuracy, choose, touched
from understudy.metrics.nouns import Sentence, read_nouns, stanza_tagger

CONLLU = """# sent_id = w1
# text = Am Haus steht ein Baum.
1-2\tAm\t_\t_\t_\t_\t_\t_\t_\t_
1\tan\tan\tADP\t_\t_\t3\tcase\t_\t_
2\tdem\tder\tDET\t_\t_\t3\tdet\t_\t_
3\tHaus\tHaus\tNOUN\t_\t_\t4\tobl\t_\t_
3.1\tleer\t_\tNOUN\t_\t_\t_\t_\t_\t_
4\tsteht\tstehen\tVERB\t_\t_\t0\troot\t_\t_
5\tein\tein\tDET\t_\t_\t6\tdet\t_\t_
6\tBaum\tBaum\tNOUN\t_\t_\t4\tnsubj\t_\tSpaceAfter=No
7\t.\t.\tPUNCT\t_\t_\t4\tpunct\t_\t_

# text = Geh!
1\tGeh\tgehen\tVERB\t_\t_\t0\troot\t_\tSpaceAfter=No
2\t!\t!\tPUNCT\t_\t_\t1\tpunct\t_\t_

# sent_id = w3
# text = ein Haushaus
1\tein\tein\tDET\t_\t_\t2\tdet\t_\t_
2-3\tHaushaus\t_\t_\t_\t_\t_\t_\t_\t_
2\tHaus\t_\tNOUN\t_\t_\t0\troot\t_\t_
3\thaus\t_\tNOUN\t_\t_\t0\troot\t_\t_
"""


def noun(language: str, true: list[int], predicted: list[int]) -> Filled:
    return Filled(language, np.array(true), np.array(predicted))


def test_accuracy_by_hand() -> None:
    filled = [
        noun("de", [7, 8], [7, 8]),
        noun("de", [7, 8], [7, 9]),  # one piece of two is not enough
        noun("de", [5], [5]),
        noun("de", [3], [3]),  # <unk> for <unk> is no noun
        noun("ja", [6, 6, 6], [6, 6, 6]),
    ]
    # Two of four and one of one; the macro mean is not the three of five of all nouns.
    assert accuracy(filled, unknown=3) == {"macro": 0.75, "de": 0.5, "ja": 1.0}
    assert accuracy([], unknown=3) == {}


def test_every_piece_with_a_character_of_the_noun_is_masked() -> None:
    # <s> | the | ca | ts' | (a lone space) | </s>, the noun being "cats"
    offsets = [(0, 0), (0, 3), (4, 6), (6, 9), (9, 9), (0, 0)]
    assert touched(offsets, (4, 8)) == [2, 3]
    assert touched(offsets, (0, 3)) == [1]
    assert touched(offsets, (20, 22)) == []


def test_the_choice_hangs_on_seed_and_id_alone_and_reaches_every_noun() -> None:
    chosen = [choose(f"de:{i}", 4, seed=1) for i in range(400)]
    assert chosen == [choose(f"de:{i}", 4, seed=1) for i in range(400)]
    assert chosen != [choose(f"de:{i}", 4, seed=2) for i in range(400)]
    assert all(70 < chosen.count(noun) < 130 for noun in range(4))


@given(st.text(), st.integers(1, 50), st.integers(0, 2**32 - 1))
def test_a_choice_is_one_of_the_nouns(name: str, count: int, seed: int) -> None:
    assert 0 <= choose(name, count, seed) < count


def test_nouns_of_conllu(tmp_path: Path) -> None:
    file = tmp_path / "de.conllu"
    file.write_text(CONLLU)
    first, second = read_nouns("de", [file])
    assert first == Sentence("de", "w1", "Am Haus steht ein Baum.", ((3, 7), (18, 22)))
    assert [first.text[a:b] for a, b in first.nouns] == ["Haus", "Baum"]
    assert second == Sentence("de", "w3", "ein Haushaus", ((4, 12),))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("# text = Geh!\n", "", "line 13: a sentence without '# text ='"),
        ("4\tsteht\tstehen", "4\tsteht", "line 8: 9 columns; CoNLL-U has 10"),
        ("6\tBaum", "6\tBäume", "line 10: 'Bäume' is not in the text after the word before it"),
        ("7\t.", "x\t.", "line 11: 'x' is no token number"),
    ],
)
def test_conllu_that_is_damaged(tmp_path: Path, old: str, new: str, problem: str) -> None:
    file = tmp_path / "de.conllu"
    assert old in CONLLU
    file.write_text(CONLLU.replace(old, new))
    with pytest.raises(UserError) as raised:
        read_nouns("de", [file])
    assert str(raised.value) == f"{file}: {problem}"


ROW = {"id": "n1", "text": "cats eat", "upos": ["NOUN", "VERB"], "start": [0, 5], "end": [4, 8]}


def write(folder: Path, *rows: dict[str, object]) -> Path:
    file = folder / "en.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return file


def test_nouns_of_tagged_rows(tmp_path: Path) -> None:
    other = ROW | {"id": "n2", "partition": "train"}
    file = write(tmp_path, ROW | {"partition": "test"}, other, ROW | {"upos": ["X", "X"]})
    assert [s.id for s in read_nouns("en", [file])] == ["n1", "n2"]
    (sentence,) = read_nouns("en", [file], where={"partition": "test"})
    assert sentence == Sentence("en", "n1", "cats eat", ((0, 4),))
    tagged = read_nouns(
        "en", [write(tmp_path, {"said": "a cat"})], field="said", tagger=lambda text: [(2, 5)]
    )
    assert tagged == [Sentence("en", "1", "a cat", ((2, 5),))]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            {"upos": None},
            "line 2: has no 'upos', 'start' and 'end', a list each; tag it, or set nouns.tagger",
        ),
        ({"start": [0]}, "line 2: 'upos', 'start' and 'end' do not fit the text"),
        ({"end": [4, 9]}, "line 2: 'upos', 'start' and 'end' do not fit the text"),
        ({"end": [4, "8"]}, "line 2: 'upos', 'start' and 'end' do not fit the text"),
        ({"text": 5}, "line 2: has no text under 'text'"),
    ],
)
def test_tagged_rows_that_are_wrong(tmp_path: Path, change: dict[str, object], problem: str) -> None:
    file = write(tmp_path, ROW, ROW | change)
    with pytest.raises(UserError) as raised:
        read_nouns("en", [file])
    assert str(raised.value) == f"{file}: {problem}"


def test_nouns_by_stanza(monkeypatch: pytest.MonkeyPatch) -> None:
    def token(start: int, end: int, *tags: str) -> SimpleNamespace:
        words = [SimpleNamespace(upos=tag) for tag in tags]
        return SimpleNamespace(start_char=start, end_char=end, words=words)

    parsed = SimpleNamespace(
        sentences=[SimpleNamespace(tokens=[token(0, 2, "ADP", "DET"), token(3, 7, "NOUN")])]
    )
    stanza = SimpleNamespace(Pipeline=lambda language, **_: lambda text: parsed)
    monkeypatch.setitem(sys.modules, "stanza", stanza)
    assert stanza_tagger("de")("am Haus") == [(3, 7)]

    def missing(language: str, **_: object) -> None:
        raise FileNotFoundError("resources.json")

    stanza.Pipeline = missing
    with pytest.raises(UserError, match=r"nouns.tagger: Stanza has no model of 'de' here \(resources.json\)"):
        stanza_tagger("de")
    monkeypatch.setitem(sys.modules, "stanza", None)
    with pytest.raises(UserError, match=r"nouns.tagger: the stanza tagger needs .* pip install stanza"):
        stanza_tagger("de")


def test_nouns_of_the_real_tagged_sentences(shared_data: Path) -> None:
    for language in ("de", "ja", "te"):
        sentences = read_nouns(language, [shared_data / "tagged" / f"{language}.jsonl.gz"])
        assert len(sentences) > 50
        assert all(s.text[a:b].strip() == s.text[a:b] != "" for s in sentences for a, b in s.nouns)
