"""Where mails stand: each message with what became of it and the transactions it made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class StandingRow:
    """One message, and one of its transactions when it made any."""

    message_id: str
    disposition: str | None
    reason: str | None
    transaction_id: UUID | None
    reference: str | None
    state: str | None
    why: str | None


def standings(connection: Connection, message_ids: Sequence[str]) -> list[StandingRow]:
    """Return the standing of mails by Message-ID, in the order their invoices stood in them."""
    rows = connection.execute(
        text(
            """SELECT m.message_id, m.disposition, m.reason, t.id AS transaction_id, t.reference, t.state,
                coalesce(t.reason, t.last_error_code) AS why
            FROM messages m LEFT JOIN transactions t ON t.message_id = m.id AND t.deleted_at IS NULL
            WHERE m.message_id = ANY(:ids) ORDER BY m.seen_at, m.uid, CAST(t.inputs ->> 'number_in_mail' AS integer)"""
        ),
        {"ids": list(message_ids)},
    )
    return [StandingRow(**row._mapping) for row in rows]


def mailboxes_read_since(connection: Connection, moment: datetime) -> set[str]:
    """Return the mailboxes of which a folder was read without a fault after a moment."""
    rows = connection.execute(text("SELECT name FROM mailboxes WHERE last_success_at >= :at"), {"at": moment})
    return set(rows.scalars())


def mails_recorded_since(connection: Connection, template: str, moment: datetime) -> list[str]:
    """Return the recipients of mails of one template that were recorded after a moment."""
    rows = connection.execute(
        text("SELECT recipient FROM outbox WHERE template = :template AND created_at >= :at ORDER BY recipient"),
        {"template": template, "at": moment},
    )
    return list(rows.scalars())
