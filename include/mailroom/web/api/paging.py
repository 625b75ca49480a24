"""Cursors: where a list goes on, as text that callers pass back and never read."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from mailroom.database.pages import Mark
from mailroom.domain.errors import RejectedInputError
from mailroom.web.api.policy import LONGEST_LIST

Limit = Annotated[int, Query(ge=1, le=LONGEST_LIST, description="How many rows a page has at most.")]
Cursor = Annotated[str | None, Query(max_length=300, description="`next_cursor` of the page before.")]

MOMENT_AND_ID = (datetime.fromisoformat, UUID)
MOMENT_UID_AND_ID = (datetime.fromisoformat, int, UUID)


def listed(
    rows: Callable[[Mark | None, int], Sequence[dict[str, Any]]],
    columns: Sequence[str],
    types: Sequence[Callable[[Any], Any]],
    cursor: str | None,
    limit: int,
) -> dict[str, Any]:
    """Return one page of rows and the cursor of the next, None after the last.

    `rows` takes where to begin and how many; `columns` are the ordering ones, `types` read them from a cursor.
    """
    found = rows(None if cursor is None else _mark(cursor, types), limit + 1)
    items = list(found[:limit])
    after = [items[-1][column] for column in columns] if len(found) > limit else None
    return {"items": items, "next_cursor": None if after is None else _cursor(after)}


def _cursor(values: Sequence[Any]) -> str:
    said = json.dumps([value.isoformat() if isinstance(value, datetime) else str(value) for value in values])
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def _mark(cursor: str, types: Sequence[Callable[[Any], Any]]) -> Mark:
    try:
        said = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        mark = tuple(read(value) for read, value in zip(types, said, strict=True))
        if mark[0].tzinfo is None or not all(-(2**63) <= each < 2**63 for each in mark if isinstance(each, int)):
            raise ValueError("no moment")
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise RejectedInputError("this is no cursor of this list; begin without one", code="bad_cursor") from None
    return mark
