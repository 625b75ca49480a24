"""Bring suppliers up to date, and put bank accounts on file: each account is an event that names who did it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Connection

from mailroom.database.events import append_events
from mailroom.database.suppliers import save_supplier, supplier_by_number, trust_account
from mailroom.database.transactions import database_now
from mailroom.domain.errors import RejectedInputError, UnknownIdError
from mailroom.domain.event import Event
from mailroom.payables.rules.accounts import filed_account_fault, normal_account
from mailroom.payables.supplier_file import BadRow, SupplierRow


@dataclass
class ImportReport:
    """What an import did. `untrusted` are (line, supplier number) whose new accounts were left out."""

    added: int = 0
    changed: int = 0
    bad: list[BadRow] = field(default_factory=list)
    untrusted: list[tuple[int, str]] = field(default_factory=list)


def import_suppliers(
    connection: Connection,
    organization_id: UUID,
    rows: Iterable[SupplierRow | BadRow],
    *,
    actor: str,
    audit_key: bytes,
) -> ImportReport:
    """Write good rows and report bad ones.

    A new supplier's accounts are trusted, each by an event. A known supplier never gets another account
    this way: whoever can change a file could change where money goes. See `add_account`.
    """
    report = ImportReport()
    events: list[Event] = []
    now = database_now(connection)
    for row in rows:
        if isinstance(row, BadRow):
            report.bad.append(row)
            continue
        number = row.values["number"]
        supplier_id, is_new = save_supplier(connection, organization_id, row.values)
        report.added += is_new
        report.changed += not is_new
        facts = {"supplier": number, "new": is_new, "columns": sorted(row.values)}
        events.append(Event("supplier_imported", now, actor, facts=facts))
        if is_new:
            for account in row.accounts:
                trust_account(connection, organization_id, supplier_id, account, actor=actor)
                events.append(Event("supplier_account_trusted", now, actor, facts={"supplier": number}))
        elif _unknown(connection, number, row.accounts):
            report.untrusted.append((row.line, number))
    append_events(connection, organization_id, audit_key, events)
    return report


def add_account(
    connection: Connection, organization_id: UUID, number: str, account: str, *, actor: str, audit_key: bytes
) -> bool:
    """Trust one more bank account of a supplier; False when it is on file already.

    Raises `UnknownIdError` for an unknown supplier, `RejectedInputError` for an account that cannot exist.
    """
    supplier = supplier_by_number(connection, number)
    if supplier is None:
        raise UnknownIdError(f"there is no supplier {number!r}")
    fault = filed_account_fault(account)
    if fault:
        raise RejectedInputError(f"the account cannot exist: {fault}", code="bad_account")
    if not trust_account(connection, organization_id, supplier.id, normal_account(account), actor=actor):
        return False
    now = database_now(connection)
    event = Event("supplier_account_trusted", now, actor, facts={"supplier": number})
    append_events(connection, organization_id, audit_key, [event])
    return True


def _unknown(connection: Connection, number: str, accounts: tuple[str, ...]) -> bool:
    supplier = supplier_by_number(connection, number)
    known = {normal_account(each) for each in supplier.accounts} if supplier else set()
    return not set(accounts) <= known
