"""Answers to requests with an Idempotency-Key, written in the commit of what they tell about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from mailroom.database.bulk import to_json


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What was answered to a request of this hash."""

    request_hash: str
    status: int
    body: dict[str, Any]


def claim_request(
    connection: Connection, organization_id: UUID, caller: UUID, key: str, request_hash: str
) -> KeptAnswer | None:
    """Take a key for this request, or return what was answered to the first one with it.

    A second request with the same key waits here until the first has committed or rolled back.
    """
    parameters = {"organization": organization_id, "caller": caller, "key": key, "hash": request_hash}
    taken = connection.execute(
        text(
            """INSERT INTO kept_answers (organization_id, caller, key, request_hash)
            VALUES (:organization, :caller, :key, :hash) ON CONFLICT DO NOTHING"""
        ),
        parameters,
    ).rowcount
    if taken:
        return None
    known = kept_answer(connection, caller, key)
    assert known is not None
    return known


def kept_answer(connection: Connection, caller: UUID, key: str) -> KeptAnswer | None:
    """Return what was answered to the first request with this key, or None."""
    row = connection.execute(
        text("SELECT request_hash, status, body FROM kept_answers WHERE caller = :caller AND key = :key"),
        {"caller": caller, "key": key},
    ).one_or_none()
    return None if row is None else KeptAnswer(row.request_hash, row.status, row.body)


def keep_answer(connection: Connection, caller: UUID, key: str, status: int, body: dict[str, Any]) -> dict[str, Any]:
    """Keep what is answered to a claimed request; return the body as it will be read back."""
    kept: dict[str, Any] = connection.execute(
        text(
            """UPDATE kept_answers SET status = :status, body = CAST(:body AS jsonb)
            WHERE caller = :caller AND key = :key RETURNING body"""
        ),
        {"caller": caller, "key": key, "status": status, "body": to_json(body)},
    ).scalar_one()
    return kept


def forget_answers(connection: Connection, hours: float) -> int:
    """Remove answers older than this; return how many."""
    return connection.execute(
        text("DELETE FROM kept_answers WHERE created_at < now() - make_interval(secs => :seconds)"),
        {"seconds": hours * 3600},
    ).rowcount
