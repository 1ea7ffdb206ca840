"""An artifact is whole or is refused; a step's workspace is continued, or begun anew."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from understudy.core import artifact as artifacts
from understudy.core.artifact import FORMAT_VERSION, MANIFEST, Artifact, Manifest, Workspace, discard
from understudy.core.errors import UserError


def manifest(**changes: Any) -> Manifest:
    values: dict[str, Any] = {
        "format_version": FORMAT_VERSION,
        "recipe": "r",
        "step": "s",
        "stage": "generate",
        "fingerprint": "f" * 32,
        "config": {},
        "inputs": {},
        "sources": {},
        "code_version": "0",
        "machine": {},
        "started": "",
        "seconds": 0.0,
        "numbers": {"loss": 1.5},
        "files": {},
    }
    return Manifest(**(values | changes))


@pytest.fixture
def artifact(tmp_path: Path) -> Path:
    workspace = Workspace(tmp_path / "step", "f")
    (workspace.path / "model").mkdir()
    (workspace.path / "model" / "weights").write_text("12345")
    workspace.complete(manifest())
    return tmp_path / "step"


def test_a_complete_artifact_reads_back(artifact: Path) -> None:
    loaded = Artifact.load(artifact)
    assert loaded.manifest.files == {"model/weights": 5}
    assert loaded.numbers == {"loss": 1.5}
    assert loaded.file("model", "weights").read_text() == "12345"
    assert sorted(path.name for path in artifact.parent.iterdir()) == ["step"]
    with pytest.raises(UserError, match=r"step/heads: is missing.*--force"):
        loaded.file("heads")


@pytest.mark.parametrize("where", ["_flush", "write_json", "discard"])
def test_a_step_killed_while_it_is_completed_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    workspace = Workspace(tmp_path / "step", "f")
    (workspace.path / "weights").write_text("12345")
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(artifacts, where, killed)
        workspace.complete(manifest())
    again = Workspace(tmp_path / "step", "f")
    assert (again.path / "weights").read_text() == "12345"
    again.complete(manifest())
    assert Artifact.load(tmp_path / "step").manifest.files == {"weights": 5}
    assert {path.name for path in (tmp_path / "step").iterdir()} == {"weights", MANIFEST}


def edit(artifact: Path, **changes: Any) -> None:
    file = artifact / MANIFEST
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda a: (a / MANIFEST).unlink(), r"holds no manifest\.json"),
        (lambda a: (a / MANIFEST).write_text('{"format_version": 1'), "not JSON"),
        (lambda a: (a / MANIFEST).write_text("[]"), "not a manifest"),
        (lambda a: edit(a, seconds="long"), "seconds: not a manifest"),
        (lambda a: edit(a, surprise=1), "surprise: not a manifest"),
        (lambda a: edit(a, format_version=FORMAT_VERSION + 1, surprise=1), "is newer .* upgrade understudy"),
        (lambda a: (a / "model" / "weights").write_text("123"), r"weights: has 3 bytes where 5 were"),
        (lambda a: (a / "model" / "weights").unlink(), r"weights: is missing"),
    ],
)
def test_a_damaged_or_newer_artifact_is_refused(artifact: Path, damage: Any, problem: str) -> None:
    damage(artifact)
    with pytest.raises(UserError, match=problem):
        Artifact.load(artifact)


def test_a_workspace_is_continued_by_the_same_fingerprint_only(tmp_path: Path) -> None:
    first = Workspace(tmp_path / "step", "one")
    (first.path / "checkpoint").write_text("x")
    (first.path / ".numbers.json.77.tmp").write_text("half")
    again = Workspace(tmp_path / "step", "one")
    assert (again.path / "checkpoint").exists()
    assert not (again.path / ".numbers.json.77.tmp").exists(), "half a file would become part of the artifact"
    other = Workspace(tmp_path / "step", "two")
    assert other.path == first.path
    assert not (other.path / "checkpoint").exists()
    assert not (tmp_path / "step").exists()


def test_a_new_artifact_takes_the_place_of_the_old(artifact: Path) -> None:
    workspace = Workspace(artifact, "g")
    (workspace.path / "other").write_text("")
    workspace.complete(manifest(fingerprint="g"))
    assert Artifact.load(artifact).manifest.files == {"other": 0}
    assert [path.name for path in artifact.parent.iterdir()] == ["step"]


DISCARDED = """
import os, signal, shutil, sys
from pathlib import Path
from understudy.core import artifact
remove = os.unlink
def killed(*arguments, **options):
    remove(*arguments, **options)
    os.kill(os.getpid(), signal.SIGKILL)
os.unlink = killed
artifact.discard(Path(sys.argv[1]))
"""


def test_a_kill_in_mid_removal_leaves_nothing_that_looks_whole(artifact: Path) -> None:
    done = subprocess.run([sys.executable, "-c", DISCARDED, str(artifact)])
    assert done.returncode == -signal.SIGKILL
    assert not artifact.exists()
    discard(artifact)
    assert [path.name for path in artifact.parent.iterdir()] == [".step.old"]
    workspace = Workspace(artifact, "g")
    workspace.complete(manifest(fingerprint="g"))
    assert Artifact.load(artifact).manifest.fingerprint == "g"
