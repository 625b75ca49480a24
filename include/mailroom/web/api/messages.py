"""Messages: everything that ever came in, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from mailroom.database.messages import message_by_id, search_messages
from mailroom.database.pages import Mark
from mailroom.database.transactions import transactions_of_message
from mailroom.domain.errors import UnknownIdError
from mailroom.domain.mail import Disposition
from mailroom.web.api.asked import MessageSearch
from mailroom.web.api.paging import MOMENT_UID_AND_ID, Cursor, Limit, listed
from mailroom.web.api.principal import Parts, Principal, Reader
from mailroom.web.api.told import MessagePage, MessageStory
from mailroom.web.services import ApiServices

router = APIRouter(prefix="/messages", tags=["messages"])

_ORDER = ("seen_at", "uid", "id")


@router.get("", response_model=MessagePage, summary="List messages")
def list_messages(
    who: Reader,
    services: Parts,
    disposition: Annotated[Disposition | None, Query(description="Only these.")] = None,
    since: Annotated[datetime | None, Query(description="Seen at or after.")] = None,
    until: Annotated[datetime | None, Query(description="Seen before.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Return messages, newest first, a page at a time. Words are looked for by POST /messages/search."""
    filters = {"disposition": disposition and disposition.value, "since": since, "until": until}
    return _listed(services, who, filters, cursor, limit)


@router.post("/search", response_model=MessagePage, summary="Look for messages")
def search(who: Reader, services: Parts, asked: MessageSearch) -> dict[str, Any]:
    """Return messages whose sender, subject or Message-ID holds these words."""
    filters = {"search": asked.search, "disposition": asked.disposition}
    return _listed(services, who, filters, asked.cursor, asked.limit)


@router.get("/{message_id}", response_model=MessageStory, summary="One message with its parts")
def show(who: Reader, services: Parts, message_id: UUID) -> dict[str, Any]:
    """Return one message: its rule, its reason, its parts, the transactions it opened."""
    with services.database.organization(who.organization_id) as connection:
        row = message_by_id(connection, message_id)
        if row is None:
            raise UnknownIdError(f"there is no message {message_id}")
        return {**row, "transactions": transactions_of_message(connection, message_id)}


def _listed(
    services: ApiServices, who: Principal, filters: dict[str, Any], cursor: str | None, limit: int
) -> dict[str, Any]:
    def rows(after: Mark | None, most: int) -> list[dict[str, Any]]:
        with services.database.organization(who.organization_id) as connection:
            return search_messages(connection, after=after, limit=most, **filters)

    return listed(rows, _ORDER, MOMENT_UID_AND_ID, cursor, limit)
