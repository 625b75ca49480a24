"""What other desks ask about invoices: amount and department, by transaction. Run as `mailroom_app`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class InvoiceTerms:
    """The gross total and the department of one invoice, as far as they are known."""

    transaction_id: UUID
    gross_total: Decimal | None
    currency: str | None
    department: str | None


def invoice_terms(connection: Connection, transaction_ids: Sequence[UUID]) -> list[InvoiceTerms]:
    """Return the terms of each transaction whose invoice was read."""
    rows = connection.execute(
        text("SELECT transaction_id, gross_total, currency, department FROM invoices WHERE transaction_id = ANY(:ids)"),
        {"ids": list(transaction_ids)},
    )
    return [InvoiceTerms(**row._mapping) for row in rows]
