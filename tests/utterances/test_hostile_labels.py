"""Every labelled format against every damage: one line that names the file, and no traceback."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from understudy.core.errors import UserError
from understudy.utterances.convert import convert
from understudy.utterances.formats import FORMATS
from understudy.utterances.given import Given

FRAME = {"id": "1", "locale": "en-US", "text": "stop it", "domain": "a", "intent": "b", "slots": []}
WHOLE = {
    "frames": json.dumps(FRAME | {"partition": "train"}) + "\n",
    "massive": json.dumps(
        {"id": "1", "locale": "en-US", "partition": "train", "scenario": "a", "intent": "b"}
        | {"utt": "stop it", "annot_utt": "stop [what : it]"}
    )
    + "\n",
    "bio": "# intent = b\nstop\tO\nit\tB-what\n",
    "snips": json.dumps(
        {"language": "en", "intents": {"b": {"utterances": [{"data": [{"text": "stop it"}]}]}}}
    ),
    "rasa": "nlu:\n- intent: b\n  examples: |\n    - stop [it](what)\n",
}
BOMB = 64 << 20


def _read(name: str, path: Path) -> list:
    return list(FORMATS[name].read(path, Given("en-US", "train")))


@pytest.mark.parametrize("name", WHOLE)
def test_whole_files_are_read(tmp_path: Path, name: str) -> None:
    path = tmp_path / "file"
    path.write_text(WHOLE[name])
    given = Given(None if name in ("frames", "massive") else "en-US", "train")
    if name == "snips":
        given = Given("en", "train")
    (only,) = FORMATS[name].read(path, given)
    assert only.frame.text == "stop it"


DAMAGES = {
    "empty": b"",
    "mis-encoded": "nlu: caf\xe9 stop\tO\n".encode("latin-1"),
    "nothing but breaks": b"\n\n\n",
    "deeply nested": b"[" * 200_000,
    "binary": bytes(range(1, 256)) * 9,
    "another schema": b'{"sentence": "stop it", "label": 3}\n',
    "a number too long": b'{"id": ' + b"9" * 10_000 + b"}\n",
    "half a character": b'{"id": "1", "locale": "en-US", "text": "\\ud800", "utt": "\\ud800", "slots": []}\n',
    "an alias bomb": b"a: &a [x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b]\nnlu: [*c,*c]\n",
}  # fmt: skip


NOTHING = {(name, "nothing but breaks") for name in ("frames", "massive", "bio")} | {
    ("rasa", "an alias bomb")
}
"""Well-formed, and without an utterance: what reads it says so."""


def test_a_conversion_of_nothing_says_so(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\n\n")
    with pytest.raises(UserError, match="holds no utterance"):
        convert("frames", "bio", tmp_path / "a.jsonl", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", WHOLE)
def test_damage_is_one_line(tmp_path: Path, name: str, damage: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(DAMAGES[damage])
    if (name, damage) in NOTHING:
        assert _read(name, path) == []
        return
    with pytest.raises(UserError) as caught:
        _read(name, path)
    assert str(caught.value).startswith(str(path))
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize("name", WHOLE)
def test_cut_compressed_files_are_named(tmp_path: Path, name: str) -> None:
    packed = gzip.compress(WHOLE[name].encode() * 50)
    path = tmp_path / "file.jsonl.gz"
    path.write_bytes(packed[: len(packed) // 2])
    with pytest.raises(UserError, match=r"cut|whole|JSON|token|YAML|empty") as caught:
        _read(name, path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("name", WHOLE)
def test_a_line_without_an_end_fills_no_memory(tmp_path: Path, name: str) -> None:
    path = tmp_path / "file.gz"
    with gzip.open(path, "wb", compresslevel=1) as handle:
        for _ in range(BOMB >> 20):
            handle.write(b"a" * (1 << 20))
    assert path.stat().st_size < 1 << 20
    with pytest.raises(UserError, match="MiB") as caught:
        _read(name, path)
    assert str(path) in str(caught.value)
