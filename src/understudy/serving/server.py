"""The HTTP server: frames for texts, health, metrics, and a page to play with."""

from __future__ import annotations

import hmac
import socket
import sys
import time
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.responses import HTMLResponse, JSONResponse, Response

from understudy.core.errors import UserError
from understudy.core.files import read_lines
from understudy.serving.monitoring import Counts, Monitored
from understudy.serving.runtime import Understudy

PREDICT = "/v1/predict"
MAX_BODY_BYTES = 256 * 1024
MAX_TEXTS = 256

# The page is one file: nothing may be loaded from elsewhere, and no other page may frame it.
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "connect-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
}


class Question(BaseModel):
    """What ``POST /v1/predict`` reads: ``text`` or ``texts``, and the locale they are in."""

    model_config = ConfigDict(extra="forbid")

    locale: str
    text: str | None = None
    texts: list[str] | None = Field(default=None, min_length=1, max_length=MAX_TEXTS)

    @model_validator(mode="after")
    def _one_of_both(self) -> Question:
        if (self.text is None) == (self.texts is None):
            raise ValueError("give exactly one of 'text' and 'texts'")
        return self

    @property
    def all_texts(self) -> list[str]:
        """The texts as a list, whichever way they were given."""
        return [self.text] if self.text is not None else self.texts or []


def create_app(model: Understudy, api_keys: set[str] | None = None) -> FastAPI:
    """The application around a loaded model.

    Args:
        model: shared by all requests.
        api_keys: when given, predictions and metrics need one of them, as ``X-API-Key: KEY`` or
            ``Authorization: Bearer KEY``; the page and the health check stay open.

    ``POST /v1/predict`` answers ``{"frames": [...]}``; every error is ``{"error": "one line"}`` with 401 (no
    valid key), 413 (body over 256 KiB) or 422 (bad request).
    """
    counts = Counts()
    # FastAPI's own documentation pages load scripts from elsewhere; /openapi.json stays.
    app = FastAPI(title="understudy", docs_url=None, redoc_url=None)
    app.add_middleware(Monitored, counts=counts, path=PREDICT, max_bytes=MAX_BODY_BYTES)
    page = Path(__file__).with_name("playground.html").read_text(encoding="utf-8")
    keys = None if api_keys is None else [key.encode() for key in sorted(api_keys)]

    def check_key(request: Request) -> None:
        if keys is not None and not _is_key(_given_key(request), keys):
            raise HTTPException(
                401,
                "an API key is due, as 'X-API-Key: KEY' or 'Authorization: Bearer KEY'",
                {"WWW-Authenticate": "Bearer"},
            )

    @app.post(PREDICT, dependencies=[Depends(check_key)])
    def predict(question: Question) -> Response:
        start = time.perf_counter()
        frames = model.predict(question.all_texts, question.locale)
        milliseconds = (time.perf_counter() - start) * 1e3
        counts.utterances.labels(question.locale).inc(len(frames))
        counts.rejected.labels(question.locale).inc(sum(frame.rejected or False for frame in frames))
        return JSONResponse(
            {"frames": [frame.to_json() for frame in frames]},
            headers={"Server-Timing": f"predict;dur={milliseconds:.3f}"},
        )

    @app.get("/healthz")
    def health() -> dict[str, Any]:
        return {"status": "ok", "model": model.info.model_dump()}

    @app.get("/metrics", dependencies=[Depends(check_key)])
    def metrics() -> Response:
        return Response(generate_latest(counts.registry), media_type=CONTENT_TYPE_LATEST)

    @app.get("/", include_in_schema=False)
    def playground() -> Response:
        return HTMLResponse(page, headers=PAGE_HEADERS)

    @app.exception_handler(UserError)
    def refuse(_: Request, error: UserError) -> Response:
        return _error(422, str(error))

    @app.exception_handler(RequestValidationError)
    def explain(_: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"][1:])
        return _error(422, ": ".join(part for part in (place, first["msg"]) if part))

    @app.exception_handler(StarletteHTTPException)
    def plain(_: Request, error: StarletteHTTPException) -> Response:
        return _error(error.status_code, str(error.detail), error.headers)

    return app


def serve(bundle: Path, host: str, port: int, api_key_file: Path | None = None) -> None:
    """Serve a bundle until interrupted.

    Args:
        bundle: the folder an export step wrote.
        host: the address to listen on.
        port: 0 takes a free one.
        api_key_file: a key a line; blank lines and lines that begin with ``#`` are passed over.

    Raises:
        UserError: a bad bundle or key file, or an address that cannot be listened on.
    """
    app = create_app(Understudy.load(bundle), None if api_key_file is None else read_keys(api_key_file))
    with listen(host, port) as listener:
        address, bound = listener.getsockname()[:2]
        shown = f"[{address}]" if ":" in address else address
        print(f"serving {bundle} on http://{shown}:{bound} (Ctrl-C ends it)", file=sys.stderr, flush=True)
        uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises:
        UserError: the port is taken, not allowed or out of range, or the host is not this machine's.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UserError(
            f"cannot listen on {host} port {port}: {reason}; choose another --port or --host"
        ) from None
    # Connections inherit it. asyncio sets it only where the socket names its protocol; without it the body of
    # an answer waits 40 ms for the acknowledgement of its head.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def read_keys(path: Path) -> set[str]:
    """The API keys of a file.

    Raises:
        UserError: the file is missing, empty, or holds no key.
    """
    lines = (line.strip() for _, line in read_lines(path))
    keys = {line for line in lines if line and not line.startswith("#")}
    if not keys:
        raise UserError("holds no API key; write one a line", file=path)
    return keys


def _given_key(request: Request) -> bytes:
    key = request.headers.get("x-api-key")
    if key is None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        key = token.strip() if scheme.lower() == "bearer" else ""
    return key.encode("latin-1")  # the header's own bytes


def _is_key(given: bytes, keys: list[bytes]) -> bool:
    """Compares with every key in full, so that the time taken tells nothing about them."""
    return sum(hmac.compare_digest(given, key) for key in keys) > 0


def _error(status: int, message: str, headers: Any = None) -> Response:
    # What the user sent may stand in the message, and half a character cannot be sent back.
    printable = " ".join(message.encode(errors="backslashreplace").decode().split())
    return JSONResponse({"error": printable}, status, headers)
