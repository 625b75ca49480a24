"""Which transactions a run of the scheduler has touched."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text


def touched_since(connection: Connection, process: str, since: datetime | None) -> list[UUID]:
    """Return the transactions of a process that were moved since a moment (in the last hour without one)."""
    return list(
        connection.execute(
            text(
                """SELECT id FROM transactions WHERE process = :process
                AND updated_at >= coalesce(CAST(:since AS timestamptz), now() - interval '1 hour') ORDER BY id"""
            ),
            {"process": process, "since": since},
        ).scalars()
    )
