"""What clocks are asked when they fall due: whose they are, what has fired, put one off. Run as `mailroom_app`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from mailroom.domain.slices import Claim


def clock_transaction(connection: Connection, claim: Claim) -> UUID | None:
    """Return the transaction of a claimed clock that is still to fire, or None."""
    transaction_id: UUID | None = connection.execute(
        text(
            """SELECT transaction_id FROM sla_clocks
            WHERE id = :id AND fence = :fence AND fired_at IS NULL AND stopped_at IS NULL"""
        ),
        {"id": claim.id, "fence": claim.fence},
    ).scalar()
    return transaction_id


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


def put_off_clock(connection: Connection, claim: Claim, due_at: datetime) -> None:
    """Make a claimed clock due later."""
    connection.execute(
        text("UPDATE sla_clocks SET due_at = :due, leased_until = NULL WHERE id = :id AND fence = :fence"),
        {"id": claim.id, "fence": claim.fence, "due": due_at},
    )
