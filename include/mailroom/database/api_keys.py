"""API keys: found by hash as `mailroom_dispatch`, read and written as `mailroom_app`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

_USABLE = "k.revoked_at IS NULL AND k.expires_at > now() AND (k.user_id IS NULL OR u.status = 'active')"


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key that may be used now, and the person it belongs to, if it is a person's."""

    id: UUID
    organization_id: UUID
    name: str
    prefix: str
    role: str
    user_id: UUID | None
    user_email: str | None
    user_role: str | None


def organization_of_key(connection: Connection, key_hash: str) -> tuple[UUID, UUID] | None:
    """Return (organization, key) of a key's hash, or None; a suspended organization has none.

    Run as `mailroom_dispatch`, which sees nothing else of a key.
    """
    row = connection.execute(
        text(
            """SELECT k.organization_id, k.id FROM api_keys k
            JOIN organizations o ON o.id = k.organization_id AND o.status = 'active' WHERE k.key_hash = :hash"""
        ),
        {"hash": key_hash},
    ).one_or_none()
    return None if row is None else (row.organization_id, row.id)


def is_active(connection: Connection, organization_id: UUID) -> bool:
    """Tell whether an organization is active. Run as `mailroom_dispatch`."""
    row = connection.execute(
        text("SELECT 1 FROM organizations WHERE id = :id AND status = 'active'"), {"id": organization_id}
    ).one_or_none()
    return row is not None


def usable_key(connection: Connection, key_id: UUID) -> ApiKey | None:
    """Return a key unless it has expired, was revoked, or its person was. That it is used is noted once a minute."""
    row = connection.execute(
        text(
            f"""SELECT k.id, k.organization_id, k.name, k.prefix, k.role, k.user_id, u.email AS user_email,
                u.role AS user_role, k.last_used_at IS NULL OR k.last_used_at < now() - interval '1 minute' AS stale
            FROM api_keys k LEFT JOIN users u ON u.id = k.user_id WHERE k.id = :id AND {_USABLE}"""
        ),
        {"id": key_id},
    ).one_or_none()
    if row is None:
        return None
    values = dict(row._mapping)
    if values.pop("stale"):
        connection.execute(text("UPDATE api_keys SET last_used_at = now() WHERE id = :id"), {"id": key_id})
    return ApiKey(**values)


def add_api_key(
    connection: Connection,
    organization_id: UUID,
    *,
    name: str,
    prefix: str,
    key_hash: str,
    role: str,
    user_id: UUID | None,
    expires_at: datetime,
    created_by: str,
) -> UUID:
    """Keep a new key's hash; return its id."""
    key: UUID = connection.execute(
        text(
            """INSERT INTO api_keys (organization_id, name, prefix, key_hash, role, user_id, expires_at, created_by)
            VALUES (:organization, :name, :prefix, :hash, :role, :user, :expires, :by) RETURNING id"""
        ),
        {
            "organization": organization_id,
            "name": name,
            "prefix": prefix,
            "hash": key_hash,
            "role": role,
            "user": user_id,
            "expires": expires_at,
            "by": created_by,
        },
    ).scalar_one()
    return key


def list_api_keys(connection: Connection) -> list[dict[str, Any]]:
    """Return this organization's keys, newest first: everything but the hash."""
    rows = connection.execute(
        text(
            f"""SELECT k.id, k.name, k.prefix, k.role, u.email AS "user", k.created_at, k.created_by, k.expires_at,
                k.last_used_at, k.revoked_at, CASE WHEN {_USABLE} THEN 'active' WHEN k.revoked_at IS NOT NULL
                    THEN 'revoked' WHEN k.expires_at <= now() THEN 'expired' ELSE 'user_revoked' END AS status
            FROM api_keys k LEFT JOIN users u ON u.id = k.user_id ORDER BY k.created_at DESC, k.id"""
        )
    )
    return [dict(row._mapping) for row in rows]


def revoke_api_key(connection: Connection, name: str, revoked_by: str) -> list[UUID]:
    """Revoke the key of this id, prefix or name, at once; return the ids (none: there is no such valid key)."""
    return list(
        connection.execute(
            text(
                """UPDATE api_keys SET revoked_at = now(), revoked_by = :by
                WHERE revoked_at IS NULL AND (id::text = :name OR prefix = :name OR name = :name) RETURNING id"""
            ),
            {"name": name, "by": revoked_by},
        ).scalars()
    )
