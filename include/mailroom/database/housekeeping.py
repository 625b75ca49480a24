"""What upkeep asks: which files have a row, and which work has stalled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, text


def known_hashes(connection: Connection, hashes: Sequence[str]) -> set[str]:
    """Return those of these hashes that a message, a part of one, or a document has."""
    rows = connection.execute(
        text(
            """SELECT h FROM unnest(CAST(:hashes AS text[])) AS h
            WHERE EXISTS (SELECT 1 FROM messages WHERE raw_sha256 = h)
                OR EXISTS (SELECT 1 FROM documents WHERE sha256 = h)
                OR EXISTS (SELECT 1 FROM messages WHERE parts @> jsonb_build_array(jsonb_build_object('sha256', h)))"""
        ),
        {"hashes": list(hashes)},
    )
    return set(rows.scalars())


def known_transactions(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Return those of these ids that are transactions."""
    rows = connection.execute(
        text("SELECT id::text FROM transactions WHERE id = ANY(CAST(:ids AS uuid[]))"), {"ids": list(ids)}
    )
    return set(rows.scalars())


def stalled(connection: Connection, hours: float) -> list[dict[str, Any]]:
    """Return transactions that have been due for so many hours and were not moved."""
    rows = connection.execute(
        text(
            """SELECT id, process, step, due_at FROM transactions
            WHERE due_at < now() - make_interval(secs => :seconds) AND deleted_at IS NULL ORDER BY due_at LIMIT 100"""
        ),
        {"seconds": hours * 3600},
    )
    return [dict(row._mapping) for row in rows]
