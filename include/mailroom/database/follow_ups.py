"""What clocks are asked when they fall due: whose they are, what has fired, put one off. Run as `mailroom_app`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from mailroom.domain.clock import FOLLOW_UP_CLOCK
from mailroom.domain.slices import Claim
from mailroom.domain.transaction import RESTING


def waiting_clock(connection: Connection, claim: Claim) -> tuple[UUID, datetime] | None:
    """Return transaction and due time of a claimed clock that is still to fire, or None."""
    row = connection.execute(
        text(
            """SELECT transaction_id, due_at FROM sla_clocks
            WHERE id = :id AND fence = :fence AND fired_at IS NULL AND stopped_at IS NULL"""
        ),
        {"id": claim.id, "fence": claim.fence},
    ).one_or_none()
    return None if row is None else (row.transaction_id, row.due_at)


def later_level_due(connection: Connection, transaction_id: UUID, kind: str, level: int) -> bool:
    """Tell whether a higher level of the same clock is due too, as after an outage."""
    return bool(
        connection.execute(
            text(
                """SELECT EXISTS (SELECT 1 FROM sla_clocks WHERE transaction_id = :id AND kind = :kind
                AND level > :level AND due_at <= now() AND stopped_at IS NULL)"""
            ),
            {"id": transaction_id, "kind": kind, "level": level},
        ).scalar()
    )


def fired_before(connection: Connection, transaction_ids: Sequence[UUID], kind: str) -> set[UUID]:
    """Return the transactions whose clock of this kind has fired."""
    rows = connection.execute(
        text(
            """SELECT transaction_id FROM sla_clocks
            WHERE transaction_id = ANY(:ids) AND kind = :kind AND fired_at IS NOT NULL"""
        ),
        {"ids": list(transaction_ids), "kind": kind},
    )
    return set(rows.scalars())


def followed_up_transactions(connection: Connection, most: int) -> tuple[list[dict[str, Any]], int]:
    """Return resting transactions whose owner is to be reminded, longest first, and how many there are in all."""
    rows = connection.execute(
        text(
            """SELECT t.id, t.reference, t.state, t.reason, t.step, t.updated_at, count(*) OVER () AS total
            FROM transactions t
            WHERE t.state = ANY(:resting) AND t.deleted_at IS NULL AND EXISTS (SELECT 1 FROM sla_clocks c
                WHERE c.transaction_id = t.id AND c.kind = :kind AND c.stopped_at IS NULL)
            ORDER BY t.updated_at, t.id LIMIT :most"""
        ),
        {"resting": sorted(state.value for state in RESTING), "kind": FOLLOW_UP_CLOCK, "most": most},
    )
    found = [dict(row._mapping) for row in rows]
    return found, found[0]["total"] if found else 0


def put_off_clock(connection: Connection, claim: Claim, due_at: datetime) -> None:
    """Make a claimed clock due later."""
    connection.execute(
        text("UPDATE sla_clocks SET due_at = :due, leased_until = NULL WHERE id = :id AND fence = :fence"),
        {"id": claim.id, "fence": claim.fence, "due": due_at},
    )
