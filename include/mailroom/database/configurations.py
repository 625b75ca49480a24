"""Each customer's configurations that were good enough to work with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from mailroom.database.bulk import to_json


def latest_configuration(connection: Connection) -> tuple[str, dict[str, Any]] | None:
    """Return (hash, body) of the configuration this organization last worked with, or None."""
    row = connection.execute(text("SELECT hash, body FROM configurations ORDER BY used_at DESC LIMIT 1")).one_or_none()
    return None if row is None else (row.hash, row.body)


def keep_configuration(connection: Connection, organization_id: UUID, digest: str, body: dict[str, Any]) -> None:
    """Keep a configuration as the one last worked with."""
    connection.execute(
        text(
            """INSERT INTO configurations (organization_id, hash, body)
            VALUES (:o, :hash, CAST(:body AS jsonb))
            ON CONFLICT (organization_id, hash) DO UPDATE SET used_at = now()"""
        ),
        {"o": organization_id, "hash": digest, "body": to_json(body)},
    )
