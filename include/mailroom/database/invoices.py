"""Invoices as the desk understands them, and the earlier ones that a new one is compared with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from mailroom.database.bulk import insert_rows
from mailroom.domain.document import Check, Line


@dataclass(frozen=True, slots=True)
class Invoice:
    """One invoice. `supplier_number` comes from the supplier's own row.

    `customer_named` is what on the paper names the customer, when the buyer's field did not.
    `chosen` names the fields a person set. `registered_seq` orders invoices of one organization by when
    their identity became known.
    """

    transaction_id: UUID
    file_sha256: str
    document_id: UUID | None = None
    document_type: str = "invoice"
    supplier_id: UUID | None = None
    supplier_number: str | None = None
    invoice_number: str | None = None
    number_normalised: str | None = None
    number_folded: str | None = None
    issue_date: date | None = None
    due_date: date | None = None
    currency: str | None = None
    net_total: Decimal | None = None
    tax_total: Decimal | None = None
    gross_total: Decimal | None = None
    amount_due: Decimal | None = None
    vendor_name: str | None = None
    vendor_tax_id: str | None = None
    bank_account: str | None = None
    remit_to: str | None = None
    buyer_name: str | None = None
    customer_named: str | None = None
    purchase_order: str | None = None
    department: str | None = None
    account: str | None = None
    tax_code: str | None = None
    lines: tuple[Line, ...] = ()
    checks: tuple[Check, ...] = ()
    chosen: tuple[str, ...] = ()
    confidence: Decimal | None = None
    version_hash: str = ""
    registered_seq: int = 0


@dataclass(frozen=True, slots=True)
class RegisteredInvoice:
    """An invoice with its transaction: state, when it came in, who sent it and where answers go.

    `flags` are the screening rules its mail also matched, by name.
    """

    invoice: Invoice
    state: str
    reference: str | None
    created_at: datetime
    sender: str | None
    reply_to: str | None
    flags: tuple[str, ...] = ()


_STORED = tuple(field.name for field in fields(Invoice) if field.name != "supplier_number")
# A new identity is a new registration; the same one read again keeps its place in the queue.
_IDENTITY = (
    "document_type",
    "file_sha256",
    "number_normalised",
    "issue_date",
    "currency",
    "gross_total",
    "vendor_name",
    "vendor_tax_id",
    "bank_account",
)
_SAME = " AND ".join(f"invoices.{name} IS NOT DISTINCT FROM excluded.{name}" for name in _IDENTITY)
_ON_CONFLICT = f"""ON CONFLICT (transaction_id) DO UPDATE SET {
    ", ".join(f"{name} = excluded.{name}" for name in _STORED if name not in {"transaction_id", "registered_seq"})
}, registered_seq = CASE WHEN {_SAME} THEN invoices.registered_seq ELSE excluded.registered_seq END,
    updated_at = excluded.updated_at"""
_SELECT = f"""SELECT {", ".join(f"i.{name}" for name in _STORED)}, s.number AS supplier_number, t.state, t.reference,
    t.created_at, coalesce(m.sender, t.inputs ->> 'sender', t.inputs ->> 'reply_to') AS sender,
    coalesce(t.inputs ->> 'answers_to', t.inputs ->> 'reply_to') AS reply_to,
    coalesce(t.inputs -> 'screening' -> 'flags', '[]') AS flags
    FROM invoices i JOIN transactions t ON t.id = i.transaction_id
    LEFT JOIN suppliers s ON s.id = i.supplier_id LEFT JOIN messages m ON m.id = t.message_id"""
_EARLIER = text(
    f"""{_SELECT} WHERE t.deleted_at IS NULL AND t.state <> 'cancelled' AND i.transaction_id IN (
        SELECT transaction_id FROM invoices WHERE file_sha256 = ANY(:files)
        UNION SELECT transaction_id FROM invoices WHERE number_folded = ANY(:numbers)
        UNION SELECT transaction_id FROM invoices WHERE gross_total = ANY(:amounts)
            AND issue_date BETWEEN :first AND :last
        UNION SELECT transaction_id FROM invoices WHERE issue_date = ANY(:days)
            AND gross_total BETWEEN :least AND :most)"""
)


def save_invoices(connection: Connection, organization_id: UUID, invoices: Sequence[Invoice], now: datetime) -> None:
    """Write invoices whole, one row per transaction; see `_IDENTITY` for what keeps `registered_seq`."""
    rows = [
        {
            **{name: value for name, value in asdict(each).items() if name in _STORED},
            "organization_id": organization_id,
            "updated_at": now,
        }
        for each in invoices
    ]
    insert_rows(connection, "invoices", rows, on_conflict=_ON_CONFLICT)


def registered_invoices(
    connection: Connection, transaction_ids: Sequence[UUID], *, lock: bool = False
) -> dict[UUID, RegisteredInvoice]:
    """Return invoices by transaction; those not read yet are absent."""
    rows = connection.execute(
        text(f"{_SELECT} WHERE i.transaction_id = ANY(:ids) {'FOR UPDATE OF i' if lock else ''}"),
        {"ids": list(transaction_ids)},
    )
    return {row.transaction_id: _registered(row) for row in rows}


def invoices_like(
    connection: Connection,
    invoices: Sequence[Invoice],
    *,
    first: date,
    last: date,
    least: Decimal,
    most: Decimal,
) -> list[RegisteredInvoice]:
    """Return every invoice that could repeat or split one of these, they themselves included.

    Same file, same folded number, same amount dated from `first` to `last`, or of the same day with a
    gross from `least` to `most`. Cancelled and deleted ones are absent; rejected ones are there.
    """
    rows = connection.execute(
        _EARLIER,
        {
            "files": [each.file_sha256 for each in invoices],
            "numbers": [each.number_folded for each in invoices if each.number_folded],
            "amounts": [each.gross_total for each in invoices if each.gross_total is not None],
            "days": [each.issue_date for each in invoices if each.issue_date is not None],
            "first": first,
            "last": last,
            "least": least,
            "most": most,
        },
    )
    return [_registered(row) for row in rows]


def add_correction(
    connection: Connection,
    organization_id: UUID,
    transaction_id: UUID,
    *,
    field: str,
    old_value: str | None,
    new_value: str | None,
    actor: str,
    reason: str,
) -> None:
    """Keep what a person changed, and why; values stay out of the event log."""
    connection.execute(
        text(
            """INSERT INTO corrections (organization_id, transaction_id, field, old_value, new_value, actor, reason)
            VALUES (:organization, :transaction, :field, :old, :new, :actor, :reason)"""
        ),
        {
            "organization": organization_id,
            "transaction": transaction_id,
            "field": field,
            "old": old_value,
            "new": new_value,
            "actor": actor,
            "reason": reason,
        },
    )


def correctors(connection: Connection, transaction_ids: Sequence[UUID]) -> dict[UUID, set[str]]:
    """Return who corrected each transaction's invoice, and who handed it in; people by their mail address."""
    rows = connection.execute(
        text(
            """SELECT h.transaction_id, coalesce('user:' || u.email, h.actor) AS actor FROM (
                SELECT transaction_id, actor FROM corrections WHERE transaction_id = ANY(:ids)
                UNION SELECT id, inputs ->> 'started_by' FROM transactions
                    WHERE id = ANY(:ids) AND inputs ->> 'started_by' IS NOT NULL) AS h
            LEFT JOIN users u ON 'user:' || u.id = h.actor"""
        ),
        {"ids": list(transaction_ids)},
    )
    found: dict[UUID, set[str]] = defaultdict(set)
    for row in rows:
        found[row.transaction_id].add(row.actor)
    return found


def _registered(row: Any) -> RegisteredInvoice:
    values = dict(row._mapping)
    around = {name: values.pop(name) for name in ("state", "reference", "created_at", "sender", "reply_to")}
    around["flags"] = tuple(values.pop("flags"))
    values["lines"] = tuple(Line(**line) for line in values["lines"])
    values["chosen"] = tuple(values["chosen"])
    values["checks"] = tuple(Check(**check) for check in values["checks"])
    return RegisteredInvoice(Invoice(**values), **around)
