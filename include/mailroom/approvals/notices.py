"""Mails about a decision that no step sends: answers to approvers, word to the customer's owner."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection

from mailroom.database.outbox import insert_outbox
from mailroom.database.transactions import database_now
from mailroom.domain.effects import SendMail
from mailroom.engine.common_writers import outbox_row
from mailroom.engine.setup import CustomerSetup
from mailroom.engine.writers import WriterContext


def post_notice(
    connection: Connection, setup: CustomerSetup, organization_id: UUID, transaction_id: UUID | None, mail: SendMail
) -> None:
    """Put a mail into the outbox, in the database transaction that caused it; once per its key and recipient."""
    now = database_now(connection)
    context = WriterContext(connection, organization_id, setup.customer, now, setup.hash)
    insert_outbox(connection, [outbox_row(context, transaction_id, mail, None, "auto")])
