"""The HTTP interface, through the application itself."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from understudy.core.errors import UserError
from understudy.serving.runtime import Understudy
from understudy.serving.server import MAX_BODY_BYTES, MAX_TEXTS, create_app, listen, read_keys

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def client(understudy: Understudy) -> Iterator[TestClient]:
    with TestClient(create_app(understudy)) as client:
        yield client


@pytest.fixture
def guarded(understudy: Understudy) -> Iterator[TestClient]:
    with TestClient(create_app(understudy, {"first-key", "schlüssel"})) as client:
        yield client


def test_one_text_gives_one_frame(client: TestClient, understudy: Understudy) -> None:
    response = client.post("/v1/predict", json={"text": "play jazz", "locale": "en-US"})
    assert response.status_code == 200
    assert response.json() == {"frames": [understudy.predict(["play jazz"], "en-US")[0].to_json()]}
    (slot,) = response.json()["frames"][0]["slots"]
    assert slot.pop("confidence") > 0.99
    assert slot == {"name": "genre", "value": "jazz", "start": 5, "end": 9}
    assert re.fullmatch(r"predict;dur=[\d.]+", response.headers["server-timing"])


def test_many_texts_give_frames_in_order(client: TestClient) -> None:
    body = {"texts": ["stop", "play", "stop"], "locale": "de-DE"}
    frames = client.post("/v1/predict", json=body).json()["frames"]
    assert [frame["intent"] for frame in frames] == ["music_stop", "music_play", "music_stop"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"text": "play", "locale": "fr-FR"}, "no locale 'fr-FR', only: en-US, de-DE"),
        ({"text": "", "locale": "en-US"}, "empty utterance"),
        ({"text": "please", "locale": "en-US"}, "has 9 pieces and the model reads 8"),
        ({"text": "\ud800", "locale": "en-US"}, "half a character"),
        ({"text": "play", "locale": "\ud800"}, "no locale '\\\\ud800'"),
        ({"text": "play"}, "locale: Field required"),
        ({"locale": "en-US"}, "exactly one of 'text' and 'texts'"),
        ({"text": "play", "texts": ["play"], "locale": "en-US"}, "exactly one of 'text' and 'texts'"),
        ({"texts": [], "locale": "en-US"}, "texts: .*at least 1"),
        ({"texts": ["play"] * (MAX_TEXTS + 1), "locale": "en-US"}, f"texts: .*at most {MAX_TEXTS}"),
        ({"text": 5, "locale": "en-US"}, "text: .*string"),
        ({"text": "play", "locale": "en-US", "lang": "en"}, "lang: Extra"),
        ([], "dictionary|object"),
    ],
)
def test_a_bad_question_is_refused_in_one_line(client: TestClient, body: object, message: str) -> None:
    response = client.post(
        "/v1/predict", content=json.dumps(body), headers={"Content-Type": "application/json"}
    )
    assert response.status_code == 422
    assert list(response.json()) == ["error"]
    assert re.search(message, response.json()["error"])
    assert "\n" not in response.json()["error"]


@pytest.mark.parametrize("content", [b"", b"{", b'{"text": "\xff"}', b"[" * 100_000])
def test_what_is_not_json_is_the_callers_mistake(client: TestClient, content: bytes) -> None:
    response = client.post("/v1/predict", content=content, headers=JSON)
    assert response.status_code in (400, 422)
    assert response.json()["error"]


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_limit_is_refused(client: TestClient, chunked: bool) -> None:
    body = b'{"text": "' + b"a" * MAX_BODY_BYTES
    response = client.post("/v1/predict", content=iter([body[:99], body[99:]]) if chunked else body)
    assert response.status_code == 413
    assert "over" in response.json()["error"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"X-API-Key": "first-key"}, 200),
        ({"Authorization": "Bearer first-key"}, 200),
        ({"Authorization": "bearer first-key"}, 200),
        ({"X-API-Key": "schlüssel".encode()}, 200),
        ({"X-API-Key": "first-ke"}, 401),
        ({"X-API-Key": ""}, 401),
        ({"Authorization": "Basic first-key"}, 401),
        ({"Authorization": "Bearer"}, 401),
    ],
)
def test_a_key_is_due_where_keys_are_set(guarded: TestClient, headers: dict[str, str], status: int) -> None:
    response = guarded.post("/v1/predict", json={"text": "play", "locale": "en-US"}, headers=headers)
    assert response.status_code == status
    assert guarded.get("/metrics", headers=headers).status_code == status
    assert guarded.get("/healthz").status_code == guarded.get("/").status_code == 200
    if status == 401:
        assert response.headers["www-authenticate"] == "Bearer"


def test_no_keys_is_not_the_same_as_an_empty_set(understudy: Understudy) -> None:
    with TestClient(create_app(understudy, set())) as client:
        body = {"text": "play", "locale": "en-US"}
        assert client.post("/v1/predict", json=body, headers={"X-API-Key": ""}).status_code == 401


def test_health_tells_the_model(client: TestClient) -> None:
    answer = client.get("/healthz").json()
    assert answer["status"] == "ok"
    assert answer["model"]["locales"] == ["en-US", "de-DE"]


def test_metrics_count_requests_utterances_and_time(client: TestClient) -> None:
    client.post("/v1/predict", json={"texts": ["play", "play stop"], "locale": "en-US"})
    client.post("/v1/predict", json={"text": "play", "locale": "xx"})
    lines = client.get("/metrics").text.splitlines()
    assert 'understudy_requests_total{status="200"} 1.0' in lines
    assert 'understudy_requests_total{status="422"} 1.0' in lines
    assert 'understudy_utterances_total{locale="en-US"} 2.0' in lines
    assert 'understudy_rejected_total{locale="en-US"} 1.0' in lines
    assert "understudy_request_seconds_count 2.0" in lines
    assert not any('locale="xx"' in line for line in lines)


def test_the_page_loads_nothing_from_elsewhere(client: TestClient) -> None:
    response = client.get("/")
    assert response.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert not re.search(r"(?:https?:)?//[a-z]|@import|<script[^>]+src|url\(", response.text)
    assert "innerHTML" not in response.text  # utterances are text, never markup


def test_keys_are_lines_of_a_file(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text("# ours\n\n one \ntwo\n")
    assert read_keys(file) == {"one", "two"}
    file.write_text("# none\n")
    with pytest.raises(UserError, match="holds no API key"):
        read_keys(file)
    with pytest.raises(UserError, match="no such file"):
        read_keys(tmp_path / "absent")


def test_a_taken_port_is_the_users_error() -> None:
    with listen("127.0.0.1", 0) as taken, pytest.raises(UserError, match="cannot listen on"):
        listen("127.0.0.1", taken.getsockname()[1])
    with pytest.raises(UserError, match="cannot listen"):
        listen("127.0.0.1", 70_000)


def test_answers_do_not_wait_for_acknowledgements() -> None:
    with listen("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        connection, _ = listener.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
