"""The passes together: killed and continued, in processes and on a cluster, the corpus is the same."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

SCRIPT = Path(__file__).with_name("prepare_in_parts.py")


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two languages of two kinds, with repeats, near repeats and short ones: some 30 kB."""
    folder = tmp_path_factory.mktemp("texts")
    draw = random.Random(2)
    for kind, size in (("public", 160), ("in_domain", 120)):
        for language, letters in (("en", "abcdefghij"), ("hi", "कखगघचछजझटठ")):
            words = ["".join(draw.choices(letters, k=5)) for _ in range(60)]
            lines = [" ".join(draw.choices(words, k=draw.randint(1, 14))) for _ in range(size)]
            lines += draw.choices(lines[:20], k=size // 2) + ["a"] * 3
            lines += [f"{line}!" for line in lines[20:40]]
            text = "".join(json.dumps({"text": line}, ensure_ascii=False) + "\n" for line in lines)
            (folder / f"{kind}.{language}.jsonl").write_text(text)
    return folder


def prepare(texts: Path, folder: Path, *options: str, killed: bool = False) -> Any:
    folder.mkdir(exist_ok=True)
    command = [sys.executable, SCRIPT, texts, folder / "out", folder / "log", *options]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == (-signal.SIGKILL if killed else 0), done.stderr
    return None if killed else json.loads(done.stdout)


def digests(folder: Path) -> dict[str, str]:
    out = folder / "out"
    return {
        str(file.relative_to(out)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(out.rglob("*"))
        if file.is_file()
    }


def rows(folder: Path) -> list[str]:
    """A sorted hash of every row, dropped ones too, whatever files they are in."""
    out = folder / "out"
    return sorted(
        hashlib.sha256(f"{file.parent.name} {row}".encode()).hexdigest()
        for file in out.rglob("*.parquet")
        for row in pq.read_table(file).to_pylist()
    )


@pytest.fixture(scope="module")
def whole(texts: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """An undisturbed run, and its numbers."""
    folder = tmp_path_factory.mktemp("whole")
    return folder, prepare(texts, folder)


def test_there_are_partitions_of_every_kind(whole: tuple[Path, Any]) -> None:
    folder, numbers = whole
    done = [line.split()[0] for line in (folder / "log").read_text().splitlines()]
    counts = {name: done.count(name) for name in dict.fromkeys(done)}
    assert list(counts) == ["gather", "sign", "deduplicate", "shuffle", "pack", "write"]
    assert min(counts.values()) >= 3 and counts["write"] == 4
    assert {path.name for path in (folder / "out").iterdir()} == {"train", "validation", "dropped"}
    dropped = [
        row for file in (folder / "out" / "dropped").iterdir() for row in pq.read_table(file).to_pylist()
    ]
    for kind, languages in numbers["rows"].items():
        for language, cell in languages.items():
            assert cell["read"] == cell["kept"] + sum(cell["dropped"].values())
            for reason in ("few_characters", "near_duplicate"):
                mine = [
                    r for r in dropped if (r["kind"], r["language"], r["reason"]) == (kind, language, reason)
                ]
                assert len(mine) == cell["dropped"].get(reason, 0)
    assert {row["reason"] for row in dropped} >= {"few_characters", "near_duplicate"}


def test_other_partitions_give_the_same_rows(texts: Path, whole: tuple[Path, Any], tmp_path: Path) -> None:
    numbers = prepare(texts, tmp_path, "--part", "100000", "--partition", "1000000")
    assert numbers == whole[1]
    assert rows(tmp_path) == rows(whole[0])
    shards = {name: digest for name, digest in digests(whole[0]).items() if not name.startswith("dropped")}
    assert shards.items() <= digests(tmp_path).items()


@pytest.mark.parametrize("share", [0.3, 0.8])
def test_killed_between_partitions_and_continued(
    texts: Path, whole: tuple[Path, Any], tmp_path: Path, share: float
) -> None:
    tasks = (whole[0] / "log").read_text().splitlines()
    prepare(texts, tmp_path, "--kill-after", str(max(1, int(share * len(tasks)))), killed=True)
    done = (tmp_path / "log").read_text().splitlines()
    assert prepare(texts, tmp_path) == whole[1]
    again = (tmp_path / "log").read_text().splitlines()[len(done) :]
    assert not set(done) & set(again), "what was finished is not done again"
    assert set(done) | set(again) == set(tasks)
    assert digests(tmp_path) == digests(whole[0])


@pytest.mark.slow
@pytest.mark.parametrize("after", ["gather-*.json", "unique-*.arrow", "packed-*.arrow"])
def test_killed_from_outside_while_processes_work(
    texts: Path, whole: tuple[Path, Any], tmp_path: Path, after: str
) -> None:
    command = [sys.executable, SCRIPT, texts, tmp_path / "out", tmp_path / "log", "--processes"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None and not list((tmp_path / "out" / "partitions").glob(after)):
            time.sleep(0.001)
        process.kill()
    assert process.returncode == -signal.SIGKILL, "it ended before it was killed"
    # Its workers may finish what they are at beside the new ones: each file is written apart and renamed.
    assert prepare(texts, tmp_path, "--processes") == whole[1]
    assert digests(tmp_path) == digests(whole[0])


@pytest.fixture
def ray_cluster(tmp_path: Path):
    """The address of a local Ray cluster of two workers."""
    if importlib.util.find_spec("ray") is None:
        pytest.skip("Ray is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    ray = [sys.executable, "-m", "ray.scripts.scripts"]
    environment = os.environ | {"RAY_USAGE_STATS_ENABLED": "0"}
    # The path of a socket may have 107 characters, which a folder of pytest's can exceed.
    folder = Path("/tmp") / f"ray-{os.getpid()}"
    head = ["start", "--head", f"--port={port}", "--num-cpus=2", "--include-dashboard=false", "--block"]
    head += [f"--temp-dir={folder}", "--disable-usage-stats", "--object-store-memory=100000000"]
    with subprocess.Popen([*ray, *head], env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            for _ in range(300):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            yield f"127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.slow
def test_a_ray_cluster_gives_the_same_rows(
    texts: Path, whole: tuple[Path, Any], tmp_path: Path, ray_cluster: str
) -> None:
    assert prepare(texts, tmp_path, "--ray", ray_cluster) == whole[1]
    assert rows(tmp_path) == rows(whole[0])
    assert not (tmp_path / "log").exists(), "tasks were done by the cluster, not in this process"
