"""Organizations and their people. Creating one needs the owner's connection."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text


def add_organization(owner: Connection, slug: str, name: str) -> UUID:
    """Create an organization and the head of its event chain; return its id. Run as the schema's owner."""
    organization_id: UUID = owner.execute(
        text("INSERT INTO organizations (slug, name) VALUES (:slug, :name) RETURNING id"), {"slug": slug, "name": name}
    ).scalar_one()
    owner.execute(text("INSERT INTO chain_heads (organization_id) VALUES (:id)"), {"id": organization_id})
    return organization_id


def list_organizations(owner: Connection) -> list[dict[str, Any]]:
    """Return every organization. Run as the schema's owner."""
    rows = owner.execute(text("SELECT id, slug, name, status, created_at FROM organizations ORDER BY slug"))
    return [dict(row._mapping) for row in rows]


def set_organization_status(owner: Connection, slug: str, status: str) -> bool:
    """Suspend, close or reactivate an organization; False when there is none of that slug."""
    done = owner.execute(
        text("UPDATE organizations SET status = :status, updated_at = now() WHERE slug = :slug"),
        {"slug": slug, "status": status},
    )
    return done.rowcount == 1


def add_user(
    connection: Connection,
    organization_id: UUID,
    *,
    email: str,
    name: str,
    role: str,
    department: str | None = None,
    approval_limit: Decimal | None = None,
) -> UUID:
    """Add a person, or bring a known one (same address) up to date; return the id."""
    user_id: UUID = connection.execute(
        text(
            """INSERT INTO users (organization_id, email, name, role, department, approval_limit)
            VALUES (:organization, lower(:email), :name, :role, :department, :approval_limit)
            ON CONFLICT (organization_id, lower(email)) DO UPDATE SET name = excluded.name, role = excluded.role,
                department = excluded.department, approval_limit = excluded.approval_limit, status = 'active',
                updated_at = now()
            RETURNING id"""
        ),
        {
            "organization": organization_id,
            "email": email,
            "name": name,
            "role": role,
            "department": department,
            "approval_limit": approval_limit,
        },
    ).scalar_one()
    return user_id


def list_users(connection: Connection) -> list[dict[str, Any]]:
    """Return this organization's people."""
    rows = connection.execute(
        text("SELECT id, email, name, role, department, approval_limit, status FROM users ORDER BY email")
    )
    return [dict(row._mapping) for row in rows]


def revoke_user(connection: Connection, email: str) -> bool:
    """Take a person's access; False when there is none of that address."""
    done = connection.execute(
        text("UPDATE users SET status = 'revoked', updated_at = now() WHERE email = lower(:email)"), {"email": email}
    )
    return done.rowcount == 1


def users_by_email(connection: Connection, emails: list[str]) -> dict[str, dict[str, Any]]:
    """Return active people by address."""
    rows = connection.execute(
        text(
            """SELECT id, email, name, role, department, approval_limit FROM users
            WHERE status = 'active' AND lower(email) = ANY(:emails)"""
        ),
        {"emails": [email.lower() for email in emails]},
    )
    return {row.email.lower(): dict(row._mapping) for row in rows}
