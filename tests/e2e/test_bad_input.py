"""The user's mistakes: exit code 2, one line with file and place, nothing half-written."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Command = Callable[..., Any]

RECIPE = """\
name: bad
corpora:
  text: {path: "{data}/text/{language}.jsonl", locales: [en]}
  own: {path: "{data}/massive", locales: [en-US], field: utt, kind: in_domain}
labels:
  all: {path: "{data}/massive", locales: [en-US]}
steps:
  text: {stage: prepare, corpora: [text], minimum_words: 0, pack_words: 0, validation_share: 0.1}
  own: {stage: prepare, corpora: [own], minimum_words: 0, pack_words: 0, validation_share: 0.1}
  pieces: {stage: tokenizer, text: [text], vocabulary: 70}
  nlu:
    stage: finetune
    encoder: {layers: 1, hidden: 16, ffn: 16, heads: 2, max_length: 24}
    tokenizer: pieces
    labels: all
    heads: {intent: {width: 8}, slots: {width: 8}}
    duration: {steps: 3}
    optimization: {tokens_per_batch: 128}
  test: {stage: evaluate, model: nlu, labels: all}
  export: {stage: export, model: nlu, labels: all}
"""


def row(number: int, partition: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": str(number),
        "locale": "en-US",
        "partition": partition,
        "scenario": "alarm",
        "intent": "alarm_set",
        "utt": f"wake me at {number} please",
        "annot_utt": f"wake me at [time : {number}] please",
    } | changes


class Data:
    """A folder of good data, a recipe over it, and where runs go."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.recipe, self.runs = folder / "data", folder / "bad.yaml", folder / "runs"
        self.recipe.write_text(RECIPE)
        self.text = self.folder / "text" / "en.jsonl"
        self.massive = self.folder / "massive" / "en-US.jsonl"
        self.rows = [row(i, ("train", "train", "dev", "test")[i % 4]) for i in range(40)]
        self.text.parent.mkdir(parents=True)
        self.massive.parent.mkdir(parents=True)
        lines = [
            {"text": f"Sentence {i} about the quick brown fox and {i * 7} lazy dogs."} for i in range(60)
        ]
        self.text.write_text("".join(json.dumps(line) + "\n" for line in lines))
        self.write_rows()

    def write_rows(self, rows: list[dict[str, Any]] | None = None) -> None:
        rows = self.rows if rows is None else rows
        self.massive.write_text("".join(json.dumps(each) + "\n" for each in rows))

    def is_untouched(self) -> bool:
        """No artifact, whole or half, under a name that a reader would look at."""
        return not list(self.runs.glob("*/[!.]*"))


@pytest.fixture
def data(tmp_path: Path) -> Data:
    return Data(tmp_path)


def step(understudy: Command, data: Data, name: str, *options: str) -> Any:
    return understudy(
        "step", data.recipe, name, "--runs", data.runs, "--set", f"data={data.folder}", *options
    )


def test_the_good_data_is_good(data: Data, understudy: Command) -> None:
    answer = understudy("run", data.recipe, "--runs", data.runs, "--set", f"data={data.folder}")
    assert answer.code == 0, answer.err


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        (
            "minimum_words: 0, pack_words: 0, validation_share: 0.1}\n  own",
            "minimum_word: 0}\n  own",
            ("bad.yaml", "steps.text.minimum_word", "did you mean 'minimum_words'?"),
        ),
        ("{width: 8}, s", "{width: wide}, s", ("bad.yaml", "steps.nlu.heads.intent.width", "'wide'")),
        ("{intent: {w", "{intnet: {w", ("bad.yaml", "steps.nlu.heads.intnet", "did you mean 'intent'?")),
        ("heads: {", "heads: paper-c #", ("bad.yaml", "steps.nlu.heads", "there are: paper-a")),
        (
            "tokenizer: pieces",
            "tokenizer: piecse",
            ("bad.yaml", "steps.nlu.tokenizer", "did you mean 'pieces'?"),
        ),
        ("labels: all\n", "labels: all\n    labels: all\n", ("bad.yaml", "line 16", "'labels' stands twice")),
        ("name: bad", "name: bad\x00", ("bad.yaml", "not YAML")),
    ],
)
def test_a_recipe_with_a_mistake(
    data: Data, understudy: Command, old: str, new: str, parts: tuple[str, ...]
) -> None:
    assert RECIPE.count(old) == 1
    data.recipe.write_text(RECIPE.replace(old, new))
    understudy("run", data.recipe, "--runs", data.runs).is_user_error(*parts)
    assert not data.runs.exists()


def test_a_config_that_only_the_stage_can_refuse(data: Data, understudy: Command) -> None:
    assert step(understudy, data, "text").code == 0
    answer = step(understudy, data, "pieces", "--set", "steps.pieces.vocabulary=5000")
    answer.is_user_error("bad.yaml: steps.pieces.vocabulary: ", "cannot fill a vocabulary of 5,000 pieces")


def test_a_recipe_that_goes_in_a_circle(tmp_path: Path, understudy: Command) -> None:
    recipe = tmp_path / "r.yaml"
    step = "{{stage: pretrain, shards: s, from: {}, duration: {{steps: 1}}}}"
    recipe.write_text(f"name: r\nsteps:\n  a: {step.format('b')}\n  b: {step.format('a')}\n")
    understudy("run", recipe).is_user_error("r.yaml", "steps", "in a circle: ")


@pytest.fixture
def with_pieces(data: Data, understudy: Command) -> Data:
    """Good text, and a tokenizer made of it."""
    for name in ("text", "pieces"):
        assert step(understudy, data, name).code == 0
    return data


LINES = {
    "cut short": (json.dumps(row(6, "train"))[:-20], "cut short"),
    "no object": ("[]", "a JSON object is due"),
    "invalid UTF-8": (json.dumps(row(6, "train")).encode() + b"\xff", "not valid UTF-8"),
    "bracket": (row(6, "train", annot_utt="wake me at [time : 6 please"), "never closed"),
    "blank": (row(6, "train", utt=" ", annot_utt=""), "at least one word"),
    "another text": (row(6, "train", annot_utt="wake me at 7 please"), "the annotation spells"),
    "partition": (row(6, "trian"), "unknown partition 'trian'"),
    "locale": (row(6, "train", locale="de-DE"), "the row is of locale 'de-DE'"),
    "type": (row(6, "train", intent=None), "'intent' must be a text"),
}


@pytest.mark.parametrize("mistake", LINES)
def test_a_labelled_line_with_a_mistake(with_pieces: Data, understudy: Command, mistake: str) -> None:
    data = with_pieces
    line, problem = LINES[mistake]
    good = data.massive.read_bytes()
    lines = good.splitlines()
    lines[6] = (
        line if isinstance(line, bytes) else (line if isinstance(line, str) else json.dumps(line)).encode()
    )
    data.massive.write_bytes(b"\n".join(lines))
    step(understudy, data, "nlu").is_user_error("en-US.jsonl: line 7: ", problem)
    assert not (data.runs / "bad" / "nlu").exists()
    data.massive.write_bytes(good)
    assert step(understudy, data, "nlu").code == 0, "mended, the same command succeeds"


@pytest.mark.parametrize(
    ("damage", "where", "problem"),
    [
        (lambda d: d.massive.unlink(), "labels.all.path", "no file for locale 'en-US'"),
        (lambda d: d.massive.write_text(""), "en-US.jsonl", "is empty"),
        (lambda d: (d.massive.unlink(), d.massive.mkdir()), "en-US.jsonl", "is a directory"),
        (lambda d: d.write_rows(d.rows[:7] + d.rows[6:]), "en-US.jsonl", "id '6' occurs twice"),
        (lambda d: d.write_rows([r for r in d.rows if r["partition"] != "dev"]), "en-US.jsonl", "no 'dev'"),
        (
            lambda d: d.recipe.write_text(RECIPE.replace("all: {", "all: {fraction: 0.001, ")),
            "en-US",
            "raise it",
        ),
    ],
    ids=["missing", "empty", "directory", "twice", "no dev", "fraction"],
)
def test_a_labelled_file_with_a_mistake(
    with_pieces: Data, understudy: Command, damage: Any, where: str, problem: str
) -> None:
    damage(with_pieces)
    step(understudy, with_pieces, "nlu").is_user_error(where, problem)
    assert not (with_pieces.runs / "bad" / "nlu").exists()


@pytest.mark.parametrize(
    ("content", "where", "problem"),
    [
        (None, "corpora.text.path", "no file for locale 'en'"),
        (b"", "en.jsonl", "is empty"),
        (b'{"text": "fine"}\n{"text": "caf\xe9"}\n', "line 2", "not valid UTF-8"),
        (b'{"text": "fine"}\n{"text": "cut', "line 2", "cut short"),
        (b'{"text": "fine"}\n{"txt": "fine"}\n', "line 2", "did you mean 'txt'?"),
        (b'{"text": 5}\n', "line 1", "holds no text"),
        (b'{"text": "one sentence alone"}\n', "bad.yaml: steps.text: ", "no training text is left"),
    ],
)
def test_text_with_a_mistake(
    data: Data, understudy: Command, content: bytes | None, where: str, problem: str
) -> None:
    if content is None:
        data.text.unlink()
    else:
        data.text.write_bytes(content)
    step(understudy, data, "text").is_user_error(where, problem)
    assert data.is_untouched()


def test_a_gzip_that_is_cut(data: Data, understudy: Command) -> None:
    whole = gzip.compress(data.massive.read_bytes())
    data.massive.unlink()
    data.massive.with_name("en-US.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    step(understudy, data, "own").is_user_error("en-US.jsonl.gz", "line ", "cut short")
    assert data.is_untouched()


def test_a_locale_without_data(data: Data, understudy: Command) -> None:
    answer = step(understudy, data, "own", "--set", "corpora.own.locales=[en-US, ta-IN]")
    answer.is_user_error("bad.yaml", "corpora.own.path", "no file for locale 'ta-IN'", "ta-IN.jsonl.gz")
    answer = step(understudy, data, "text", "--set", "corpora.text.locales=[english]")
    assert answer.code == 2
    assert data.is_untouched()


def test_an_address_with_an_unknown_placeholder(data: Data, understudy: Command) -> None:
    for path in ("{data}/{lang}.jsonl", "{data.x}", "{data[x]}", "{", "{}"):
        answer = step(understudy, data, "text", "--set", f"corpora.text.path='{path}'")
        answer.is_user_error("bad.yaml", "corpora.text.path", "{language}")


def test_labels_unseen_in_training_count_as_errors(data: Data, understudy: Command) -> None:
    data.rows[3] = row(3, "test", intent="alarm_sing", annot_utt="wake me at [melody : 3] please")
    data.rows[2] = row(2, "dev", intent="alarm_dance", annot_utt="wake me at [tune : 2] please")
    data.write_rows()
    answer = understudy("run", data.recipe, "--runs", data.runs, "--set", f"data={data.folder}")
    assert answer.code == 0, answer.err
    numbers = json.loads((data.runs / "bad" / "test" / "manifest.json").read_text())["numbers"]
    assert numbers["unseen_in_training"] == {"intents": ["alarm_sing"], "slots": ["melody"]}
    assert numbers["count"] == 10
    assert numbers["intent_accuracy"] == pytest.approx(0.9), (
        "the one intent there is, is right for nine of ten"
    )


def test_a_text_longer_than_the_model(data: Data, understudy: Command) -> None:
    """Training and evaluation cut it; a user who asks for a frame is told."""
    long = "please " * 60 + "wake me at 9"
    annotation = "please " * 60 + "wake me at [time : 9]"
    for index, partition in ((0, "train"), (2, "dev"), (3, "test")):
        data.rows[index] = row(index, partition, utt=long, annot_utt=annotation)
    data.write_rows()
    answer = understudy("run", data.recipe, "--runs", data.runs, "--set", f"data={data.folder}")
    assert answer.code == 0, answer.err
    folder = data.runs / "bad"
    predictions = [json.loads(line) for line in (folder / "test" / "predictions.jsonl").open()]
    assert len(predictions) == 10
    assert (
        json.loads((folder / "export" / "manifest.json").read_text())["numbers"]["dev_utterances_too_long"]
        == 1
    )
    bundle = folder / "export" / "bundle"
    understudy("predict", bundle, long).is_user_error("pieces and the model reads 24", "shorten it")


def test_utterances_that_cannot_be_read(tiny: Any, understudy: Command) -> None:
    bundle = tiny.folder / "export-all" / "bundle"
    understudy("predict", bundle, "").is_user_error("empty utterance")
    understudy("predict", bundle, " \u200b ").is_user_error("empty utterance")
    understudy("predict", bundle, "hello", "--locale", "fr-FR").is_user_error("'fr-FR'", "en-US, ja-JP")
    answer = understudy("predict", bundle, stdin=b"hello\n\nhello\n")
    assert (answer.code, len(answer.out.splitlines())) == (2, 1)
    assert answer.err == "understudy: standard input: line 2: empty utterance; at least one word is due\n"
    answer = understudy("predict", bundle, stdin=b"hello\ncaf\xe9\n")
    assert answer.code == 2
    assert "standard input: line 2: byte 4 is not valid UTF-8" in answer.err
    for wrong in (tiny.folder, tiny.folder / "export-all", tiny.folder / "nowhere"):
        understudy("predict", wrong, "hello").is_user_error(str(wrong), "give the 'bundle' folder")


def damage_version(file: Path) -> None:
    value = json.loads(file.read_text())
    file.write_text(json.dumps(value | {"format_version": 99}))


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


@pytest.mark.parametrize(
    ("name", "damage", "problem"),
    [
        ("student/manifest.json", damage_version, "format version 99 is newer"),
        ("student/manifest.json", cut, "not JSON"),
        ("student/model/model.safetensors", cut, "bytes where"),
        ("student/model/config.json", Path.unlink, "is missing"),
        ("world/labelled/ja-JP.jsonl", cut, "bytes where"),
    ],
)
def test_a_damaged_or_newer_input_artifact(
    copied: Any, understudy: Command, name: str, damage: Callable[[Path], None], problem: str
) -> None:
    damage(copied.folder / name)
    answer = understudy("step", copied.recipe, "nlu-all", "--runs", copied.runs, "--force")
    answer.is_user_error(name, problem)
    assert (copied.folder / "nlu-all" / "manifest.json").exists(), "what was there is not lost"
    if name.startswith("student"):  # made again as the message says, all is well
        assert understudy("step", copied.recipe, "student", "--runs", copied.runs, "--force").code == 0
        assert understudy("step", copied.recipe, "nlu-all", "--runs", copied.runs).code == 0


@pytest.mark.parametrize(
    ("name", "damage", "problem"),
    [
        ("bundle.json", damage_version, "bundle format 99 is newer"),
        ("bundle.json", cut, "not JSON"),
        ("model.onnx", cut, "may be damaged"),
        ("labels.json", cut, "not JSON"),
        ("labels.json", damage_version, "format version 99"),
        ("sentencepiece.model", cut, ""),
        ("sentencepiece.model", Path.unlink, ""),
    ],
)
def test_a_damaged_bundle(copied: Any, understudy: Command, name: str, damage: Any, problem: str) -> None:
    bundle = copied.folder / "export-all" / "bundle"
    damage(bundle / name)
    understudy("predict", bundle, "hello").is_user_error(f"bundle/{name}", problem)


@pytest.mark.parametrize("file", ["model/model.safetensors", "heads.safetensors", "labels.json", "nlu.json"])
def test_a_damaged_model_of_the_right_size(copied: Any, understudy: Command, file: str) -> None:
    """The manifest knows sizes; bytes that changed under it are found by whoever reads them."""
    path = copied.folder / "nlu-all" / file
    path.write_bytes(b"\x00" * path.stat().st_size)
    answer = understudy("step", copied.recipe, "test-all", "--runs", copied.runs, "--force")
    answer.is_user_error(file)


def test_a_truncated_checkpoint_costs_only_the_steps_since_the_one_before(
    copied: Any, understudy: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """teacher-1 has checkpoints at 3, 6, 9 of its 12 steps; it is stopped by a failing save of the last."""
    training = pytest.importorskip("understudy.stages.masked")
    due = (copied.folder / "teacher-1" / "model" / "model.safetensors").read_bytes()
    save = training.save_model

    def stop(*arguments: Any) -> None:
        raise RuntimeError("stopped")

    monkeypatch.setattr(training, "save_model", stop)
    with pytest.raises(RuntimeError, match="stopped"):
        understudy("step", copied.recipe, "teacher-1", "--runs", copied.runs, "--force")
    checkpoints = copied.folder / ".teacher-1.partial" / "checkpoints"
    assert sorted(path.name for path in checkpoints.iterdir()) == ["step-000000006", "step-000000009"]
    cut(checkpoints / "step-000000009" / "model.safetensors")
    monkeypatch.setattr(training, "save_model", save)
    answer = understudy("step", copied.recipe, "teacher-1", "--runs", copied.runs)
    assert answer.code == 0
    assert "step-000000009/model.safetensors: holds " in answer.err
    assert (copied.folder / "teacher-1" / "model" / "model.safetensors").read_bytes() == due


def test_two_runs_of_one_step_at_a_time(copied: Any, understudy: Command) -> None:
    import fcntl

    with (copied.folder / ".report.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        answer = understudy("step", copied.recipe, "report", "--runs", copied.runs, "--force")
        answer.is_user_error("tiny/report", "another process is making this step")
    assert understudy("step", copied.recipe, "report", "--runs", copied.runs, "--force").code == 0
