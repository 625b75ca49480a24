"""A person's fix of an invoice: correct a field, or release a finding with a reason; then it is checked again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from mailroom.database.events import append_events
from mailroom.database.findings import findings_of, release
from mailroom.database.invoices import Invoice, add_correction, registered_invoices, save_invoices
from mailroom.database.suppliers import supplier_by_number
from mailroom.database.transactions import database_now
from mailroom.domain.errors import NotAllowedError, RejectedInputError, UnknownIdError
from mailroom.domain.event import Event
from mailroom.domain.transaction import RESTING, State, Transaction
from mailroom.engine.process import Process
from mailroom.engine.reentry import continue_at, locked
from mailroom.payables.reading import amount_of, currency_of, date_of, text_of
from mailroom.payables.rules.numbers import folded_number, normalised_number
from mailroom.payables.version import version_hash

VoidApprovals = Callable[[Connection, UUID], Any]
"""Voids a transaction's open questions (`database.approvals.void_approvals`)."""

_READERS: Mapping[str, Callable[[str | None], Any]] = {
    "invoice_number": text_of,
    "issue_date": date_of,
    "due_date": date_of,
    "currency": currency_of,
    "net_total": amount_of,
    "tax_total": amount_of,
    "gross_total": amount_of,
    "vendor_name": text_of,
    "vendor_tax_id": text_of,
    "bank_account": text_of,
    "buyer_name": text_of,
    "purchase_order": text_of,
    "department": text_of,
    "account": text_of,
    "tax_code": text_of,
}
CORRECTABLE = ("supplier_number", *_READERS)
"""Fields a person may correct. Amounts are decimals with a point, dates ISO 8601; empty text clears a field."""

_EXAMPLES: Mapping[Callable[[str | None], Any], str] = {date_of: "2026-11-22", amount_of: "1234.50", currency_of: "EUR"}


@dataclass(frozen=True, slots=True)
class Hand:
    """Who acts and why, and what the event log's chain needs."""

    actor: str
    reason: str
    audit_key: bytes

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise RejectedInputError("say why: a change without a reason is not taken", code="no_reason")


def correct_fields(
    connection: Connection,
    transaction_id: UUID,
    changes: Mapping[str, str],
    hand: Hand,
    process: Process,
    void_approvals: VoidApprovals,
) -> Invoice:
    """Correct fields of an invoice, void every open question about it, and check it again (I8).

    Values stay out of the event log. Raises `RejectedInputError` for a field or value that cannot be,
    `NotAllowedError` when the transaction's state allows no change, `UnknownIdError` for another id.
    """
    transaction = _changeable(connection, transaction_id)
    known = registered_invoices(connection, [transaction_id], lock=False).get(transaction_id)
    if known is None:
        raise NotAllowedError(f"transaction {transaction_id} has no invoice to correct yet", code="no_invoice")
    before = known.invoice
    invoice = before
    for field, value in changes.items():
        invoice = _corrected(connection, invoice, field, value)
    invoice = replace(
        invoice,
        number_normalised=normalised_number(invoice.invoice_number),
        number_folded=folded_number(invoice.invoice_number),
        chosen=tuple(sorted({*invoice.chosen, *changes})),
    )
    invoice = replace(invoice, version_hash=version_hash(invoice))
    _write(connection, transaction, before, invoice, changes, hand)
    void_approvals(connection, transaction_id)
    continue_at(connection, transaction, process, "validate", audit_key=hand.audit_key, actor=hand.actor)
    return invoice


def release_findings(
    connection: Connection, transaction_id: UUID, rules: Sequence[str], hand: Hand, process: Process
) -> tuple[str, ...]:
    """Let findings pass with a reason and go on at the first step that found one; return the steps.

    A finding stops again when what was found changes. Raises `UnknownIdError` when one is not open.
    """
    transaction = _changeable(connection, transaction_id)
    steps = [step for rule in rules for step in _released(connection, transaction, rule, hand)]
    order = [step.name for step in process.steps]
    # A finding kept from a later step must not carry the transaction past the one it stands at.
    target = min((step for step in (*steps, transaction.step) if step in order), key=order.index)
    continue_at(
        connection, transaction, process, target, audit_key=hand.audit_key, actor=hand.actor, reason=hand.reason
    )
    return tuple(dict.fromkeys(steps))


def _released(connection: Connection, transaction: Transaction, rule: str, hand: Hand) -> list[str]:
    steps = release(connection, transaction.id, rule, actor=hand.actor, reason=hand.reason.strip())
    if not steps:
        kept = findings_of(connection, [transaction.id]).get(transaction.id, ())
        listed = ", ".join(each.finding.rule for each in kept if not each.is_released) or "none"
        raise UnknownIdError(f"transaction {transaction.id} has no open finding {rule!r}; open are {listed}")
    event = Event(
        "finding_released",
        database_now(connection),
        hand.actor,
        transaction.id,
        facts={"rule": rule, "steps": sorted(set(steps))},
    )
    append_events(connection, transaction.organization_id, hand.audit_key, [event])
    return steps


def _changeable(connection: Connection, transaction_id: UUID) -> Transaction:
    """Return the locked transaction when a person may change it: resting, or waiting for an approval."""
    transaction = locked(connection, transaction_id)
    if transaction.state not in RESTING | {State.AWAITING_APPROVAL}:
        raise NotAllowedError(
            f"transaction {transaction_id} is {transaction.state}; only one that is held, escalated or waiting "
            "for an approval can be changed",
            code="wrong_state",
        )
    return transaction


def _corrected(connection: Connection, invoice: Invoice, field: str, value: str) -> Invoice:
    if field == "supplier_number":
        supplier = supplier_by_number(connection, value.strip())
        if supplier is None:
            raise RejectedInputError(f"there is no supplier {value.strip()!r}", code="unknown_supplier")
        return replace(invoice, supplier_id=supplier.id, supplier_number=supplier.number)
    reader = _READERS.get(field)
    if reader is None:
        raise RejectedInputError(
            f"{field!r} cannot be corrected; fields are {', '.join(CORRECTABLE)}", code="unknown_field"
        )
    found = reader(value)
    if found is None and value.strip():
        example = _EXAMPLES.get(reader)
        hint = f"; write it like {example}" if example else ""
        raise RejectedInputError(f"{value!r} is no {field.replace('_', ' ')}{hint}", code="bad_value")
    changed: dict[str, Any] = {field: found}
    return replace(invoice, **changed)


def _write(
    connection: Connection,
    transaction: Transaction,
    before: Invoice,
    invoice: Invoice,
    changes: Mapping[str, str],
    hand: Hand,
) -> None:
    now = database_now(connection)
    facts = {"fields": sorted(changes), "version": invoice.version_hash}
    event = Event("invoice_corrected", now, hand.actor, transaction.id, facts=facts)
    (seq,) = append_events(connection, transaction.organization_id, hand.audit_key, [event])
    for field in changes:
        add_correction(
            connection,
            transaction.organization_id,
            transaction.id,
            field=field,
            old_value=_plain(getattr(before, field)),
            new_value=_plain(getattr(invoice, field)),
            actor=hand.actor,
            reason=hand.reason.strip(),
        )
    save_invoices(connection, transaction.organization_id, [replace(invoice, registered_seq=seq)], now)


def _plain(value: Any) -> str | None:
    return None if value is None else str(value)
