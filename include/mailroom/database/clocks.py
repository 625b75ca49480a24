"""SLA clocks: one row per subject, kind and level; each fires once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from mailroom.database.bulk import insert_rows
from mailroom.domain.slices import Claim

_DUE = """due_at <= now() AND fired_at IS NULL AND stopped_at IS NULL AND kind = ANY(:kinds)
    AND (leased_until IS NULL OR leased_until < now())"""


@dataclass(frozen=True, slots=True)
class DueClock:
    """A clock that has fallen due."""

    id: UUID
    transaction_id: UUID
    kind: str
    level: int
    started_at: datetime
    due_at: datetime
    policy: dict[str, Any]


def set_clocks(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Set clocks: organization_id, transaction_id, kind, level, due_at, policy. An earlier one is replaced."""
    insert_rows(
        connection,
        "sla_clocks",
        rows,
        on_conflict="""ON CONFLICT (transaction_id, kind, level) DO UPDATE SET due_at = excluded.due_at,
            policy = excluded.policy, started_at = now(), fired_at = NULL, stopped_at = NULL, leased_until = NULL,
            fence = sla_clocks.fence + 1""",
    )


def stop_clocks(connection: Connection, transaction_ids: Sequence[UUID], kinds: Sequence[str] = ()) -> None:
    """Stop clocks that have not fired; every kind when none is named."""
    connection.execute(
        text(
            """UPDATE sla_clocks SET stopped_at = now() WHERE transaction_id = ANY(:ids)
            AND fired_at IS NULL AND stopped_at IS NULL AND (CAST(:kinds AS text[]) = '{}' OR kind = ANY(:kinds))"""
        ),
        {"ids": list(transaction_ids), "kinds": list(kinds)},
    )


def claim_clocks(
    connection: Connection,
    kinds: Sequence[str],
    most: int,
    *,
    lease_seconds: float,
    organization_id: UUID | None = None,
) -> list[Claim]:
    """Lease due clocks of some kinds, of one organization or of every one. Run as `mailroom_dispatch`."""
    rows = connection.execute(
        text(
            f"""WITH due AS (
                SELECT id FROM sla_clocks WHERE {_DUE}
                    AND (CAST(:organization AS uuid) IS NULL OR organization_id = :organization)
                ORDER BY due_at LIMIT :most FOR UPDATE SKIP LOCKED)
            UPDATE sla_clocks c SET leased_until = now() + make_interval(secs => :lease), fence = c.fence + 1
            FROM due WHERE c.id = due.id RETURNING c.organization_id, c.id, c.kind AS step, c.fence"""
        ),
        {"kinds": list(kinds), "most": most, "lease": lease_seconds, "organization": organization_id},
    )
    return [Claim(row.organization_id, row.id, row.step, row.fence) for row in rows]


def organizations_with_due_clocks(connection: Connection, kinds: Sequence[str]) -> list[UUID]:
    """Return whose clocks of these kinds are due. Run as `mailroom_dispatch`."""
    rows = connection.execute(
        text(f"SELECT DISTINCT organization_id FROM sla_clocks WHERE {_DUE}"), {"kinds": list(kinds)}
    )
    return list(rows.scalars())


def fire_clock(connection: Connection, claim: Claim) -> DueClock | None:
    """Mark a claimed clock fired and return it; None when it was stopped or fired by somebody else."""
    row = connection.execute(
        text(
            """UPDATE sla_clocks SET fired_at = now(), leased_until = NULL
            WHERE id = :id AND fence = :fence AND fired_at IS NULL AND stopped_at IS NULL
            RETURNING id, transaction_id, kind, level, started_at, due_at, policy"""
        ),
        {"id": claim.id, "fence": claim.fence},
    ).one_or_none()
    return None if row is None else DueClock(**row._mapping)
