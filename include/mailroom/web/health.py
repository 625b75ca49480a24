"""GET /live: the process runs. GET /health: can it work, and is the work done in time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, PlainTextResponse

from mailroom.database.health import last_poll
from mailroom.database.outbox import unsent_since
from mailroom.database.transactions import database_now
from mailroom.domain.errors import UnavailableError
from mailroom.web.services import WebServices

LATE = timedelta(minutes=15)
"""How long a mail may wait to be sent, and a mailbox to be read, before it is somebody's business."""


def health_routes(services: WebServices) -> APIRouter:
    """Return the routes. /health is 503 with the same body when something is wrong: for alarms.

    /live is 200 as long as requests are answered: for what restarts processes or takes them out of rotation.
    Late mail is no reason for either.
    """
    router = APIRouter()

    @router.api_route("/live", methods=["GET", "HEAD"])
    async def live() -> PlainTextResponse:
        return PlainTextResponse("live")

    @router.api_route("/health", methods=["GET", "HEAD"])
    def health() -> JSONResponse:
        body = health_of(services)
        return JSONResponse(body, status_code=200 if body["status"] == "ok" else 503)

    return router


def health_of(services: WebServices) -> dict[str, Any]:
    """Return the state of things: database, oldest unsent mail and last poll (seconds), and what is wrong."""
    try:
        with services.database.dispatch() as connection:
            now, unsent, polled = database_now(connection), unsent_since(connection), last_poll(connection)
    except UnavailableError:
        return {"status": "down", "database": "unreachable", "problems": ["database_unreachable"]}
    problems = []
    if unsent is not None and now - unsent > LATE:
        problems.append("mail_not_sent")
    if polled is not None and now - polled > LATE:
        problems.append("mailboxes_not_read")
    return {
        "status": "degraded" if problems else "ok",
        "database": "ok",
        "oldest_unsent_mail_seconds": _age(now, unsent),
        "last_poll_seconds": _age(now, polled),
        "problems": problems,
    }


def _age(now: datetime, then: datetime | None) -> float | None:
    return None if then is None else round(max(0.0, (now - then).total_seconds()), 1)
