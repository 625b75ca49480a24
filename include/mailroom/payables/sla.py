"""What SLA rules look at in an invoice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection

from mailroom.clocks.terms import SlaSubject
from mailroom.database.invoice_terms import invoice_terms
from mailroom.domain.money import Money


def sla_subjects(connection: Connection, transaction_ids: Sequence[UUID]) -> Mapping[UUID, SlaSubject]:
    """Return amount and department of each transaction whose invoice was read."""
    return {
        each.transaction_id: SlaSubject(
            Money(each.gross_total, each.currency) if each.gross_total is not None and each.currency else None,
            each.department,
        )
        for each in invoice_terms(connection, transaction_ids)
    }
