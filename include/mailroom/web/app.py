"""The web process: link pages, the REST API and health."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable

import structlog
from fastapi import FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.routing import Mount

from mailroom.domain.errors import UnavailableError
from mailroom.web.api.app import create_api
from mailroom.web.api.policy import ApiPolicy
from mailroom.web.approval_page import approval_routes
from mailroom.web.attempts import FailedAttempts
from mailroom.web.health import health_routes
from mailroom.web.pages import HEADERS, STATIC, message
from mailroom.web.services import ApiServices

log = structlog.get_logger()

MOST_FORM_BYTES = 64 * 1024

API = "/api/v1"
"""Where the REST API is mounted."""

CallNext = Callable[[Request], Awaitable[Response]]


def create_app(
    services: ApiServices, *, attempts: FailedAttempts | None = None, policy: ApiPolicy | None = None
) -> FastAPI:
    """Return the application. `policy` is what the REST API allows.

    Serve it without an access log (`uvicorn.run(app, access_log=False)`): addresses hold tokens, and requests
    are logged here by their route.
    """
    app = FastAPI(title="Mailroom", docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.include_router(health_routes(services))
    app.include_router(approval_routes(services, attempts or FailedAttempts()))
    app.router.routes.append(_mounted(create_api(services, policy or ApiPolicy())))
    app.middleware("http")(_around)
    app.add_exception_handler(StarletteHTTPException, _no_such_page)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(UnavailableError, _not_now)
    return app


def _mounted(api: FastAPI) -> Mount:
    """Return the API's place: whatever is below it is the API's to answer, line breaks in an address included."""
    mount = Mount(API, api)
    mount.path_regex = re.compile(mount.path_regex.pattern, re.DOTALL)
    return mount


async def _around(request: Request, call_next: CallNext) -> Response:
    """Refuse large bodies, add the headers, and log the route: never the address itself."""
    if request.scope["path"].startswith(f"{API}/"):
        # The API has limits, headers and log lines of its own.
        return await call_next(request)
    started = time.perf_counter()
    if request.method == "POST" and not _is_small(request):
        response = message("Too large", "What was sent is too large for this form.", 413)
    else:
        response = await call_next(request)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    route = request.scope.get("route")
    log.info(
        "request",
        method=request.method,
        route=getattr(route, "path", "none"),
        status=response.status_code,
        ms=round((time.perf_counter() - started) * 1000, 1),
    )
    return response


def _is_small(request: Request) -> bool:
    length = request.headers.get("content-length", "")
    return length.isascii() and length.isdigit() and int(length) <= MOST_FORM_BYTES


async def _no_such_page(_request: Request, err: Exception) -> Response:
    status = err.status_code if isinstance(err, HTTPException | StarletteHTTPException) else 404
    if status == 405:
        return message("Not possible", "This page cannot be used that way.", 405)
    return message("Page not found", "There is no such page here.", status)


async def _unreadable(_request: Request, _err: Exception) -> Response:
    return message("Not understood", "What was sent could not be read. Please open the link again.", 422)


async def _not_now(_request: Request, err: Exception) -> Response:
    log.warning("not available", cause=getattr(err, "code", "unknown"))
    words = "Something this page needs does not answer. Nothing was changed; please try again in a minute."
    return message("Not available right now", words, 503, Retry_After="60")
