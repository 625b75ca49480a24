"""A person's word about a bill: it is in the accounting system."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection

from mailroom.database.events import append_events
from mailroom.database.posting import confirm_by_hand
from mailroom.database.transactions import database_now
from mailroom.domain.errors import NotAllowedError, RejectedInputError
from mailroom.domain.event import Event
from mailroom.domain.transaction import RESTING
from mailroom.engine.process import Process
from mailroom.engine.reentry import continue_at, locked
from mailroom.posting.sending import NAME


def record_posted(
    connection: Connection,
    transaction_id: UUID,
    external_reference: str,
    process: Process,
    *,
    actor: str,
    reason: str,
    audit_key: bytes,
) -> None:
    """Take a bill for posted that a person found in the system, and go on without sending it.

    For a lost answer that nothing can look up, and for a bill entered by hand. Raises `NotAllowedError`
    when the transaction does not rest at its upload or nothing was about to be posted.
    """
    reference = external_reference.strip()
    if not reference or not reason.strip():
        raise RejectedInputError("name the bill's reference in the accounting system, and say why", code="no_reason")
    transaction = locked(connection, transaction_id)
    at_upload = transaction.state in RESTING and transaction.step == NAME
    if not at_upload or not confirm_by_hand(connection, transaction_id, reference):
        raise NotAllowedError(
            f"transaction {transaction_id} is {transaction.state} at {transaction.step!r}; nothing of it waits to be "
            "taken for posted",
            code="wrong_state",
        )
    now = database_now(connection)
    event = Event("posting_confirmed", now, actor, transaction_id, facts={"external_reference": reference})
    append_events(connection, transaction.organization_id, audit_key, [event])
    continue_at(connection, transaction, process, NAME, audit_key=audit_key, actor=actor, reason=reason)
