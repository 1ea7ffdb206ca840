"""Downloads from a local server that drops connections, changes files, lies about checksums."""

from __future__ import annotations

import hashlib
import json
import tarfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest

from understudy.core.errors import UserError
from understudy.corpus.download import transfer
from understudy.corpus.download.place import download
from understudy.corpus.download.transfer import fetch

BODY = bytes(range(256)) * 4000  # about 1 MB


class Server:
    """Files by path; a connection is cut after ``drop_after`` bytes; ``asked`` keeps the ranges asked for."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.headers: dict[str, str] = {}
        self.drop_after: int | None = None
        self.refuse = 0
        self.ranges = True
        self.asked: list[str | None] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.answer(self)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        wanted = request.headers.get("Range")
        self.asked.append(wanted)
        body = self.files.get(request.path)
        if body is None or self.refuse:
            self.refuse = max(0, self.refuse - 1)
            request.send_response(404 if body is None else 503)
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        etag = f'"{hashlib.sha1(body).hexdigest()}"'
        start = 0
        if wanted and self.ranges and request.headers.get("If-Range") == etag:
            start = int(wanted.removeprefix("bytes=").removesuffix("-"))
        if start >= len(body) and start:
            request.send_response(416)
            request.send_header("Content-Range", f"bytes */{len(body)}")
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        request.send_response(206 if start else 200)
        request.send_header("ETag", etag)
        request.send_header("Content-Length", str(len(body) - start))
        for name, value in self.headers.items():
            request.send_header(name, value)
        request.end_headers()
        end = len(body) if self.drop_after is None else start + self.drop_after
        request.wfile.write(body[start:end])
        if end < len(body):
            request.wfile.flush()
            request.connection.close()
            request.close_connection = True


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    running.files["/file"] = BODY
    yield running
    running.server.shutdown()
    running.server.server_close()


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=5) as one:
        yield one


def test_dropped_connections_are_picked_up_where_they_broke(
    server: Server, client: httpx.Client, tmp_path: Path
) -> None:
    server.drop_after = 300_000
    seen: list[tuple[int, int | None]] = []
    arrived = fetch(
        client, f"{server.url}/file", tmp_path / "a", advance=lambda *each: seen.append(each), pause=0
    )
    assert (tmp_path / "a").read_bytes() == BODY
    assert arrived.sha256 == hashlib.sha256(BODY).hexdigest()
    assert server.asked[0] is None
    assert len(server.asked) > 3
    assert all(asked and asked.startswith("bytes=") for asked in server.asked[1:])
    assert seen[-1] == (len(BODY), len(BODY))
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


def test_a_rerun_goes_on(server: Server, client: httpx.Client, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(transfer, "TRIES", 1)
    server.drop_after = 300_000
    with pytest.raises(UserError, match="run the same command"):
        # The first attempt gains bytes and is one failure; with one try it is the last.
        fetch(client, f"{server.url}/file", tmp_path / "a", pause=0)
    assert not (tmp_path / "a").exists()
    there = (tmp_path / "a.part").stat().st_size
    assert 0 < there <= 300_000
    server.drop_after = None
    server.asked.clear()
    fetch(client, f"{server.url}/file", tmp_path / "a", pause=0)
    assert server.asked == [f"bytes={there}-"]
    assert (tmp_path / "a").read_bytes() == BODY


def test_a_file_that_changed_meanwhile_is_begun_anew(
    server: Server, client: httpx.Client, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(transfer, "TRIES", 1)
    server.drop_after = 300_000
    with pytest.raises(UserError):
        fetch(client, f"{server.url}/file", tmp_path / "a", pause=0)
    server.drop_after = None
    server.files["/file"] = BODY[::-1]
    fetch(client, f"{server.url}/file", tmp_path / "a", pause=0)
    assert (tmp_path / "a").read_bytes() == BODY[::-1]


def test_servers_without_ranges_and_busy_ones(server: Server, client: httpx.Client, tmp_path: Path) -> None:
    server.ranges = False
    server.refuse = 2
    fetch(client, f"{server.url}/file", tmp_path / "a", pause=0)
    assert (tmp_path / "a").read_bytes() == BODY


def test_a_whole_part_needs_no_more_bytes(server: Server, client: httpx.Client, tmp_path: Path) -> None:
    mark = f'"{hashlib.sha1(BODY).hexdigest()}"'
    (tmp_path / "a.part").write_bytes(BODY)
    (tmp_path / "a.part.json").write_text(json.dumps({"address": "x", "mark": mark}))
    fetch(client, f"{server.url}/file", tmp_path / "a", pause=0)
    assert (tmp_path / "a").read_bytes() == BODY


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Linked-ETag", '"' + "0" * 64 + '"'),
        ("Repr-Digest", "sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:"),
    ],
)
def test_wrong_bytes_are_thrown_away(
    server: Server, client: httpx.Client, tmp_path: Path, header: str, value: str
) -> None:
    server.headers = {header: value}
    with pytest.raises(UserError, match="damaged on the way"):
        fetch(client, f"{server.url}/file", tmp_path / "a", pause=0)
    assert list(tmp_path.iterdir()) == []
    server.headers = {"X-Linked-ETag": f'"{hashlib.sha256(BODY).hexdigest()}"'}
    assert fetch(client, f"{server.url}/file", tmp_path / "a", pause=0).checked == "sha256"


def test_no_such_file_and_no_room(
    server: Server, client: httpx.Client, tmp_path: Path, monkeypatch: Any
) -> None:
    with pytest.raises(UserError, match="404"):
        fetch(client, f"{server.url}/none", tmp_path / "a", pause=0)
    monkeypatch.setattr(transfer.shutil, "disk_usage", lambda path: type("Usage", (), {"free": 1000})())
    with pytest.raises(UserError, match="GB are still due"):
        fetch(client, f"{server.url}/file", tmp_path / "a", pause=0)


def test_massive_is_unpacked_where_recipes_look(server: Server, tmp_path: Path, understudy: Any) -> None:
    row = {"id": "1", "locale": "en-US", "partition": "train", "scenario": "a", "intent": "b", "utt": "stop"}
    line = json.dumps(row | {"annot_utt": "stop"}).encode() + b"\n"
    packed = BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        entry = tarfile.TarInfo("1.1/data/en-US.jsonl")
        entry.size = len(line)
        tar.addfile(entry, BytesIO(line))
    server.files["/amazon-massive-dataset-1.1.tar.gz"] = packed.getvalue()
    command = ["data", "download", "massive", "--to", str(tmp_path), "--server", server.url]
    first, second = understudy(*command), understudy(*command)
    assert first.code == second.code == 0
    assert "CC BY 4.0" in first.out
    assert "up to date" in second.out
    assert (tmp_path / "massive" / "1.1" / "data" / "en-US.jsonl").read_bytes() == line
    assert len(server.asked) == 1
    noted = json.loads((tmp_path / "massive" / "SOURCE.json").read_text())
    assert next(iter(noted.values()))["sha256"] == hashlib.sha256(packed.getvalue()).hexdigest()


def test_wikipedia_and_cc100(server: Server, tmp_path: Path) -> None:
    listing = "/api/datasets/wikimedia/wikipedia/tree/main/20231101.de"
    path = "20231101.de/train-00000-of-00001.parquet"
    server.files[listing] = json.dumps(
        [{"path": path, "lfs": {"oid": hashlib.sha256(BODY).hexdigest()}}, {"path": "20231101.de/README.md"}]
    ).encode()
    server.files[f"/datasets/wikimedia/wikipedia/resolve/main/{path}"] = BODY
    (row,) = download("wikipedia", ["de"], tmp_path, server.url)
    assert row["checked"] == "sha256"
    assert (tmp_path / "wikipedia" / "de" / "train-00000-of-00001.parquet").read_bytes() == BODY
    server.files["/cc-100/ta.txt.xz"] = BODY
    (row,) = download("cc100", ["ta"], tmp_path, server.url)
    assert row["checked"] == "size"
    assert (tmp_path / "cc100" / "ta.txt.xz").exists()
    with pytest.raises(UserError, match="unknown language 'xx'"):
        download("cc100", ["xx"], tmp_path, server.url)
    with pytest.raises(UserError, match="list of files"):
        download("wikipedia", ["fr"], tmp_path, server.url)


def test_an_archive_that_leads_out_of_its_folder_is_refused(server: Server, tmp_path: Path) -> None:
    packed = BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        entry = tarfile.TarInfo("../../evil")
        tar.addfile(entry, BytesIO(b""))
    server.files["/amazon-massive-dataset-1.1.tar.gz"] = packed.getvalue()
    with pytest.raises(UserError, match="not safe"):
        download("massive", ["en"], tmp_path / "data", server.url)
    assert not (tmp_path / "evil").exists()
