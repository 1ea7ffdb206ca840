"""What a server counts, and the body-size limit: one plain ASGI layer around the application."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.responses import JSONResponse

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

# Seconds. An utterance takes a millisecond or less; a full batch on a busy core, a second.
BUCKETS = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Counts:
    """The Prometheus measures of one application; each has a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "understudy_requests", "Requests to /v1/predict.", ["status"], registry=self.registry
        )
        self.seconds = Histogram(
            "understudy_request_seconds",
            "Time to answer a request to /v1/predict.",
            buckets=BUCKETS,
            registry=self.registry,
        )
        self.utterances = Counter(
            "understudy_utterances", "Utterances read.", ["locale"], registry=self.registry
        )
        self.rejected = Counter(
            "understudy_rejected", "Frames below the rejection threshold.", ["locale"], registry=self.registry
        )


class Monitored:
    """Counts and times requests to ``path``, and answers 413 to a body over ``max_bytes`` unread."""

    def __init__(self, app: Asgi, *, counts: Counts, path: str, max_bytes: int) -> None:
        self._app, self._counts, self._path, self._max_bytes = app, counts, path, max_bytes

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """One request, as ASGI calls it."""
        if scope["type"] != "http" or scope["path"] != self._path:
            await self._app(scope, receive, send)
            return
        start = time.perf_counter()
        status = 500

        async def noting_send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            body = await self._whole_body(receive)
            if body is None:
                refusal = JSONResponse({"error": f"the body is over {self._max_bytes} bytes"}, 413)
                await refusal(scope, receive, noting_send)
            else:
                await self._app(scope, _replay(body, receive), noting_send)
        finally:
            self._counts.seconds.observe(time.perf_counter() - start)
            self._counts.requests.labels(status=str(status)).inc()

    async def _whole_body(self, receive: Receive) -> bytes | None:
        """The body, or None as soon as it is too long; what the length header claims does not matter."""
        body = bytearray()
        while True:
            message = await receive()
            body += message.get("body", b"")
            if len(body) > self._max_bytes:
                return None
            if not message.get("more_body", False):
                return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    pending = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay
