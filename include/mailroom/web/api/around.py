"""What is around every request of the API: its id, limits on what is sent, headers, one log line, no stray error."""

from __future__ import annotations

import re
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import structlog
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mailroom.web.api.errors import error_body
from mailroom.web.api.policy import MOST_BODY_BYTES
from mailroom.web.pages import HEADERS

log = structlog.get_logger()

CORRELATION = "X-Correlation-ID"
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


@dataclass(frozen=True, slots=True)
class Around:
    """Wraps the application. `uploads` are the paths, within the API, that take files."""

    app: ASGIApp
    uploads: Sequence[str]
    most_upload_bytes: int

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        headers = Headers(scope=scope)
        given = headers.get(CORRELATION, "")
        scope["correlation_id"] = given if _ID.fullmatch(given) else uuid4().hex
        status = 0

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                out = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    out.setdefault(name, value)
                out.setdefault("Cache-Control", "no-store")
                out[CORRELATION] = scope["correlation_id"]
            await send(message)

        with structlog.contextvars.bound_contextvars(correlation_id=scope["correlation_id"]):
            refused = self._refused(scope, headers)
            try:
                await (refused or self.app)(scope, receive, answer)
            except Exception as err:
                # What an error says can hold values; where it happened is enough to find it.
                last = traceback.extract_tb(err.__traceback__)[-1]
                log.error("request broke", cause=type(err).__name__, where=f"{last.name}:{last.lineno}")
                if not status:
                    await _json(scope, 500, "internal", "This went wrong here. Nothing was changed.")(
                        scope, receive, answer
                    )
            _log(scope, status, started)

    def _refused(self, scope: Scope, headers: Headers) -> ASGIApp | None:
        """Return the answer to a body that is too large, or whose size is not told."""
        if scope["method"] not in _WITH_BODY:
            return None
        length = headers.get("content-length", "")
        if not (length.isascii() and length.isdigit()):
            return _json(scope, 411, "length_required", "Say how large the body is: send Content-Length.")
        most = self.most_upload_bytes if scope["path"].endswith(tuple(self.uploads)) else MOST_BODY_BYTES
        if len(length) > 15 or int(length) > most:
            return _json(scope, 413, "too_large", f"At most {most} bytes can be sent here.")
        return None


def _json(scope: Scope, status: int, code: str, message: str) -> ASGIApp:
    return JSONResponse(error_body(code, message, scope["correlation_id"]), status_code=status)


def _log(scope: Scope, status: int, started: float) -> None:
    """Log the route and who asked: never the address itself, nor what was sent."""
    who: Any = scope.get("state", {}).get("principal")
    route = scope.get("route")
    log.info(
        "request",
        method=scope["method"],
        route=getattr(route, "path", "none"),
        status=status,
        ms=round((time.perf_counter() - started) * 1000, 1),
        organization=str(who.organization_id) if who else None,
        key=str(who.key_id) if who else None,
    )
