"""Delegations: who decides for whom, and when. Run as `mailroom_app`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class Delegation:
    """One stretch of time in which somebody's requests go to a substitute as well.

    `substitute` is the substitute's row: id, email, name, role, approval_limit.
    """

    id: UUID
    user_id: UUID
    user_email: str
    user_name: str
    substitute: dict[str, Any]
    starts_at: datetime
    ends_at: datetime
    source: str


_SELECT = """SELECT d.id, d.user_id, u.email AS user_email, u.name AS user_name, d.starts_at, d.ends_at, d.source,
        jsonb_build_object('id', s.id, 'email', s.email, 'name', s.name, 'role', s.role) AS substitute,
        s.id AS substitute_id, s.approval_limit
    FROM delegations d JOIN users u ON u.id = d.user_id JOIN users s ON s.id = d.substitute_id
    WHERE d.ended_at IS NULL AND s.status = 'active'"""


def running_delegations(connection: Connection) -> list[Delegation]:
    """Return those that run now, with active substitutes, the newest first."""
    rows = connection.execute(
        text(f"{_SELECT} AND d.starts_at <= now() AND d.ends_at > now() ORDER BY d.created_at DESC, d.id")
    )
    return [_delegation(row) for row in rows]


def delegations_between(connection: Connection, starts_at: datetime, ends_at: datetime) -> list[Delegation]:
    """Return those that run at some time within a stretch."""
    rows = connection.execute(
        text(f"{_SELECT} AND d.starts_at < :ends AND d.ends_at > :starts ORDER BY d.created_at DESC, d.id"),
        {"starts": starts_at, "ends": ends_at},
    )
    return [_delegation(row) for row in rows]


def lock_person(connection: Connection, user_id: UUID) -> None:
    """Let nobody else begin a delegation of this person until the end of the database transaction."""
    # NO KEY: rows that refer to the person can still be written.
    connection.execute(text("SELECT 1 FROM users WHERE id = :id FOR NO KEY UPDATE"), {"id": user_id})


def insert_delegation(
    connection: Connection,
    organization_id: UUID,
    *,
    user_id: UUID,
    substitute_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    source: str,
    created_by: str,
    message_id: UUID | None = None,
) -> UUID:
    """Begin a delegation; return its id."""
    delegation_id: UUID = connection.execute(
        text(
            """INSERT INTO delegations (organization_id, user_id, substitute_id, starts_at, ends_at, source, created_by,
                message_id)
            VALUES (:organization, :user, :substitute, :starts, :ends, :source, :by, :message) RETURNING id"""
        ),
        {
            "organization": organization_id,
            "user": user_id,
            "substitute": substitute_id,
            "starts": starts_at,
            "ends": ends_at,
            "source": source,
            "by": created_by,
            "message": message_id,
        },
    ).scalar_one()
    return delegation_id


def end_delegation(connection: Connection, delegation_id: UUID) -> bool:
    """End one now; False when there is none of this id that has not ended."""
    done = connection.execute(
        text("UPDATE delegations SET ended_at = now() WHERE id = :id AND ended_at IS NULL AND ends_at > now()"),
        {"id": delegation_id},
    )
    return done.rowcount == 1


def list_delegations(connection: Connection, *, over_too: bool = False) -> list[dict[str, Any]]:
    """Return delegations for people, the latest first; those that are over when asked for."""
    rows = connection.execute(
        text(
            """SELECT d.id, u.email AS approver, s.email AS substitute, d.starts_at, d.ends_at, d.source, d.created_by,
                d.ended_at
            FROM delegations d JOIN users u ON u.id = d.user_id JOIN users s ON s.id = d.substitute_id
            WHERE :over OR (d.ended_at IS NULL AND d.ends_at > now()) ORDER BY d.starts_at DESC, d.id"""
        ),
        {"over": over_too},
    )
    return [dict(row._mapping) for row in rows]


def asked_transactions(connection: Connection, user_id: UUID) -> list[UUID]:
    """Return the transactions with an open question to a person."""
    rows = connection.execute(
        text("SELECT DISTINCT transaction_id FROM approvals WHERE approver_id = :user AND state = 'open'"),
        {"user": user_id},
    )
    return list(rows.scalars())


def _delegation(row: Any) -> Delegation:
    columns = dict(row._mapping)
    limit, key = columns.pop("approval_limit"), columns.pop("substitute_id")
    return Delegation(**{**columns, "substitute": {**columns["substitute"], "id": key, "approval_limit": limit}})
