"""Labelled formats: hand-written files, round trips of any frame, and damage that is named by its line."""

from __future__ import annotations

import json
import tarfile
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from understudy.core.errors import UserError
from understudy.utterances.convert import convert
from understudy.utterances.formats import FORMATS
from understudy.utterances.frame import Frame, Slot, Utterance
from understudy.utterances.given import Given, shares_of, side

LOCALES = ("en-US", "de-DE", "ja-JP", "th-TH")


def _frame(
    text: str, *slots: tuple[str, int, int], intent: str = "alarm_set", locale: str = "en-US"
) -> Frame:
    return Frame(
        "1", locale, text, "alarm", intent, tuple(Slot(name, text[a:b], a, b) for name, a, b in slots)
    )


def _roundtrip(name: str, folder: Path, utterances: list[Utterance], back: Given) -> tuple[list, Given]:
    given_ = Given()
    form = FORMATS[name]
    path = folder / f"file{form.suffixes[0]}" if form.suffixes else folder / "set"
    assert form.write(path, utterances, given_) + sum(
        count for what, count in given_.lost.items() if what.startswith("utterances")
    ) == len(utterances)
    return list(form.read(path, back)) if path.is_dir() or path.stat().st_size else [], given_


def test_conll_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.conll").write_text(
        "-DOCSTART- -X- O O\n\n"
        "# id = 7\n# intent = alarm_set\n# domain = alarm\n# partition = dev\n# text = wake  me at 7am\n"
        "wake\tO\nme\tO\nat\tO\n7\tB-time\nam\tI-time\n\n\n"
        "fly NN I-x\nto TO I-from\nrome NN E-to\n"
    )
    first, second = FORMATS["bio"].read(tmp_path / "a.conll", Given("en-US", "train"))
    assert first == Utterance(
        Frame("7", "en-US", "wake  me at 7am", "alarm", "alarm_set", (Slot("time", "7am", 12, 15),)), "dev"
    )
    assert second.partition == "train"
    assert second.frame.text == "fly to rome"
    assert [(slot.name, slot.value) for slot in second.frame.slots] == [
        ("x", "fly"), ("from", "to"), ("to", "rome")
    ]  # fmt: skip


def test_a_script_without_spaces_is_joined_without_them(tmp_path: Path) -> None:
    (tmp_path / "a.bio").write_text("明日\tB-date\nの\tO\n天気\tO\n")
    (only,) = FORMATS["bio"].read(tmp_path / "a.bio", Given("ja-JP", "train"))
    assert only.frame.text == "明日の天気"
    assert only.frame.slots == (Slot("date", "明日", 0, 2),)


def test_snips_is_read_in_both_layouts(tmp_path: Path) -> None:
    data = {"data": [{"text": "play "}, {"text": "jazz", "entity": "Genre", "slot_name": "genre"}]}
    engine = {"language": "de", "intents": {"Play": {"utterances": [data]}}, "entities": {"Genre": {}}}
    benchmark = {"Play": [{"data": [{"text": "play "}, {"text": "jazz", "entity": "genre"}]}]}
    for content, asked, locale in ((engine, None, "de"), (engine, "de-DE", "de-DE"), (benchmark, "en", "en")):
        (tmp_path / "a.json").write_text(json.dumps(content))
        (only,) = FORMATS["snips"].read(tmp_path / "a.json", Given(asked, "train"))
        assert only.frame == Frame("Play-0", locale, "play jazz", "", "Play", (Slot("genre", "jazz", 5, 9),))
    with pytest.raises(UserError, match="of locale 'de'"):
        (tmp_path / "a.json").write_text(json.dumps(engine))
        list(FORMATS["snips"].read(tmp_path / "a.json", Given("en-US", "train")))


def test_rasa_is_read(tmp_path: Path) -> None:
    (tmp_path / "nlu.yml").write_text(
        'version: "3.1"\n'
        "nlu:\n"
        "- intent: book\n"
        "  examples: |\n"
        "    - a table for [two](size)\n"
        '    - from [Rome]{"entity": "city", "role": "from"} to [Bonn](city:bonn)\n'
        "- synonym: rome\n"
        "  examples: |\n"
        "    - roma\n"
        "- intent: yes\n"
        "  examples:\n"
        "  - text: sure\n"
        "  - yep [sic]\n"
    )
    asked = Given("en", "train")
    frames = [utterance.frame for utterance in FORMATS["rasa"].read(tmp_path / "nlu.yml", asked)]
    assert [(frame.id, frame.text) for frame in frames] == [
        ("book-0", "a table for two"),
        ("book-1", "from Rome to Bonn"),
        ("yes-0", "sure"),
        ("yes-1", "yep [sic]"),
    ]
    assert frames[0].slots == (Slot("size", "two", 12, 15),)
    assert frames[1].slots == (Slot("city", "Rome", 5, 9), Slot("city", "Bonn", 13, 17))
    assert {what: n for what, n in asked.lost.items() if n} == {
        "sections of 'synonym'": 1, "roles, groups and values of entities": 1,
        "values of entities": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "place", "problem"),
    [
        ("bio", "# text = wake me\nwake\tO\nyou\tO\n", 3, "'you' is not what"),
        ("bio", "wake\tO\nme\n", 2, "no token and tag"),
        ("bio", "wake\tX-time\n", 1, "no token and tag"),
        ("bio", "# partition = tests\nwake\tO\n", 2, "unknown partition"),
        ("bio", "# text = a\n\n", 1, None),
        ("bio", "# intent = x\n\n", 1, "without a token"),
        ("snips", "{}x", 1, "not JSON"),
        ("snips", "[]", None, "one JSON object"),
        ("snips", '{"intents": {"a": {"utterances": [{"data": [{"txt": ""}]}]}}}', "intents.a.utterances[0]",
         "'text'"),
        ("snips", '{"a": 3}', "a", "list"),
        ("rasa", "nlu:\n- intent: a\n  examples: |\n    - x\n    - book [a [b](c)](d)\n", 5, "nested"),
        ("rasa", "nlu:\n- intent: a\n  examples: |\n    - book [a\n", 4, "never closed"),
        ("rasa", "nlu:\n- intent: a\n  examples: |\n    - x\n    y\n", 5, "must begin with"),
        ("rasa", "nlu:\n- intent: a\n", 2, "needs 'examples'"),
        ("rasa", "nlu: [\n", 1, "not YAML"),
        ("rasa", "stories: []\n", None, "no list 'nlu'"),
        ("frames", '{"id": "1", "locale": "en", "text": "a b", "domain": "", "intent": "",'
         ' "partition": "train", "slots": [{"name": "x", "value": "a b", "start": 0, "end": 3},'
         ' {"name": "y", "value": "b", "start": 2, "end": 3}]}', 1, "overlap"),
    ],
)  # fmt: skip
def test_damage_is_named(
    tmp_path: Path, name: str, content: str, place: int | str | None, problem: str | None
) -> None:
    path = tmp_path / f"file{FORMATS[name].suffixes[0]}"
    path.write_text(content)
    if problem is None:
        assert len(list(FORMATS[name].read(path, Given("en", "train")))) == 1
        return
    with pytest.raises(UserError, match=problem.replace("[", r"\[")) as caught:
        list(FORMATS[name].read(path, Given("en", "train")))
    named = f"{path}: " if place is None else f"{path}: {'line ' if isinstance(place, int) else ''}{place}: "
    assert str(caught.value).startswith(named)


def test_what_nobody_says_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.bio").write_text("hello\tO\n")
    with pytest.raises(UserError, match="--locale"):
        list(FORMATS["bio"].read(tmp_path / "a.bio", Given(None, "train")))
    with pytest.raises(UserError, match="--partition"):
        list(FORMATS["bio"].read(tmp_path / "a.bio", Given("en")))


def test_a_split_hangs_on_the_text(tmp_path: Path) -> None:
    sides = [side(f"text {i}", (80, 10, 10)) for i in range(4000)]
    assert {name: round(sides.count(name) / 4000, 1) for name in ("train", "dev", "test")} == {
        "train": 0.8, "dev": 0.1, "test": 0.1
    }  # fmt: skip
    assert sides == [side(f"text {i}", (0.8, 0.1, 0.1)) for i in range(4000)]
    assert {side(f"text {i}", (1, 0, 0)) for i in range(100)} == {"train"}
    assert shares_of("80:10:10") == (80, 10, 10)
    for wrong in ("80:20", "a:b:c", "0:0:0", "1:-1:0", "inf:0:0", "nan:1:1"):
        with pytest.raises(UserError, match="80:10:10"):
            shares_of(wrong)


@st.composite
def utterances(draw: st.DrawFn, locale: str | None = None) -> Utterance:
    alphabet = st.sampled_from("ab7 é'[](){}:#-\t\n\u3000\u00a0明の天キ๑กั\u0301🙂\u200d") | st.characters(
        codec="utf-8", exclude_categories=("Cs",)
    )
    text = draw(st.text(alphabet, min_size=1, max_size=20).filter(str.strip))
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    name = st.text("abc.-_:[ é", min_size=1, max_size=4).filter(str.strip)
    spans = [(a, b) for a, b in pairwise(edges) if draw(st.booleans())]
    slots = tuple(Slot(draw(name), text[a:b], a, b) for a, b in spans)
    intent = draw(st.text("abc_/", min_size=1, max_size=5))
    where = locale or draw(st.sampled_from(LOCALES))
    split = draw(st.sampled_from(("train", "dev", "test")))
    return Utterance(Frame(draw(st.text("0123", min_size=1)), where, text, "d", intent, slots), split)


@given(rows=st.lists(utterances(), min_size=1, max_size=4))
def test_frames_hold_everything(tmp_path_factory: pytest.TempPathFactory, rows: list[Utterance]) -> None:
    back, lost = _roundtrip("frames", tmp_path_factory.mktemp("f"), rows, Given())
    assert back == rows
    assert not +lost.lost


@given(row=utterances())
def test_conll_holds_all_but_outer_spaces(tmp_path_factory: pytest.TempPathFactory, row: Utterance) -> None:
    back, said = _roundtrip("bio", tmp_path_factory.mktemp("f"), [row], Given())
    if back:
        (got,) = back
        assert got.partition == row.partition
        for field in ("id", "locale", "text", "domain", "intent"):
            assert getattr(got.frame, field) == getattr(row.frame, field)
        due = [(slot.name, slot.value.strip()) for slot in row.frame.slots if slot.value.strip()]
        assert [(slot.name, slot.value) for slot in got.frame.slots] == due
        if not said.lost["outer spaces of slot values"]:
            assert got.frame.slots == row.frame.slots
    else:
        assert sum(said.lost.values())


@given(row=utterances(locale="en-US"))
def test_massive_snips_and_rasa_hold_the_annotated_text(
    tmp_path_factory: pytest.TempPathFactory, row: Utterance
) -> None:
    for name in ("snips", "rasa"):
        back, said = _roundtrip(name, tmp_path_factory.mktemp("f"), [row], Given("en-US", "train"))
        for got in back:
            assert (got.frame.text, got.frame.slots) == (row.frame.text, row.frame.slots)
            assert got.frame.intent == row.frame.intent
            assert said.lost["ids"] == said.lost["domains"] == 1
        assert back or sum(said.lost.values())


def test_hugging_face_tables_in_three_layouts(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets", reason="needs the package datasets")
    datasets.disable_progress_bars()
    frame = _frame("wake me at 7", ("time", 11, 12))
    rows = [Utterance(frame, "train"), Utterance(frame, "dev"), Utterance(_frame("stop"), "test")]
    back, _ = _roundtrip("huggingface", tmp_path, rows, Given())
    assert sorted(back, key=lambda each: "train dev test".index(each.partition)) == rows

    classes = datasets.ClassLabel(names=["O", "B-time"])
    intents = datasets.ClassLabel(names=["x", "alarm_set"])
    tokens = datasets.Dataset.from_dict(
        {"id": [1], "tokens": [["wake", "me", "at", "7"]], "ner_tags": [[0, 0, 0, 1]], "intent": [1]},
        features=datasets.Features(
            {
                "id": datasets.Value("int64"),
                "tokens": datasets.Sequence(datasets.Value("string")),
                "ner_tags": datasets.Sequence(classes),
                "intent": intents,
            }
        ),
    )
    massive = {"id": ["1"], "locale": ["en-US"], "scenario": ["alarm"], "intent": ["alarm_set"]}
    massive |= {"utt": ["wake me at 7"], "annot_utt": ["wake me at [time : 7]"]}
    for i, (table, domain) in enumerate(((tokens, ""), (datasets.Dataset.from_dict(massive), "alarm"))):
        datasets.DatasetDict({"validation": table, "extra": table}).save_to_disk(tmp_path / str(i))
        asked = Given("en-US")
        (only,) = FORMATS["huggingface"].read(tmp_path / str(i), asked)
        assert only.partition == "dev"
        assert (only.frame.text, only.frame.intent, only.frame.domain) == (frame.text, "alarm_set", domain)
        assert only.frame.slots == frame.slots
        assert asked.lost == {"rows of split 'extra'": 1}
    with pytest.raises(UserError, match="cannot be loaded"):
        list(FORMATS["huggingface"].read(tmp_path / "nowhere", Given("en-US")))


def test_conversion_reports_what_is_lost(tmp_path: Path) -> None:
    rows = [Utterance(_frame("wake [me] at 7", ("time", 13, 14)), "train"), Utterance(_frame("stop"), "dev")]
    FORMATS["frames"].write(tmp_path / "in" / "en-US.jsonl", rows, Given())
    report = convert("frames", "rasa", tmp_path / "in", tmp_path / "out")
    assert report["utterances"] == 2
    assert report["lost"] == {"domains": 2, "ids": 2, "locales": 2, "partitions": 2}
    assert (tmp_path / "out" / "en-US.yml").exists()
    assert convert("frames", "massive", tmp_path / "in", tmp_path / "m")["lost"] == {
        "utterances whose text or slot names hold a bracket or colon": 1
    }


def test_the_downloads_archive_is_read_as_it_is(tmp_path: Path) -> None:
    row = {"id": "1", "locale": "en-US", "partition": "train", "scenario": "alarm", "intent": "alarm_set"}
    line = json.dumps(row | {"utt": "stop", "annot_utt": "stop"}).encode() + b"\n"

    def archive(name: str) -> Path:
        path = tmp_path / "a.tar.gz"
        with tarfile.open(path, "w:gz") as tar:
            entry = tarfile.TarInfo(name)
            entry.size = len(line)
            tar.addfile(entry, BytesIO(line))
        return path

    report = convert("massive", "frames", archive("1.1/data/en-US.jsonl"), tmp_path / "out")
    assert report["utterances"] == 1
    assert (tmp_path / "out" / "en-US.jsonl").exists()
    with pytest.raises(UserError, match="not safe"):
        convert("massive", "frames", archive("../../escaped.jsonl"), tmp_path / "out2")
    whole = archive("1.1/data/en-US.jsonl").read_bytes()
    (tmp_path / "a.tar.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(UserError, match="damaged"):
        convert("massive", "frames", tmp_path / "a.tar.gz", tmp_path / "out3")


@pytest.mark.slow
def test_every_real_utterance_comes_back(shared_data: Path, tmp_path: Path) -> None:
    for path in sorted((shared_data / "massive").glob("*.jsonl.gz")):
        frames = tmp_path / "frames.jsonl"
        convert("massive", "frames", path, frames)
        assert convert("frames", "bio", frames, tmp_path / "a.conll")["lost"] == {}
        convert("bio", "frames", tmp_path / "a.conll", tmp_path / "again.jsonl")
        assert (tmp_path / "again.jsonl").read_bytes() == frames.read_bytes()
