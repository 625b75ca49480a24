"""Suppliers and the bank accounts a person has trusted. An account is never added without saying who did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

_COLUMNS = """id, number, name, aliases, email_domains, tax_ids, email, phone, department, default_account,
    default_tax_code, status"""
_WITH_ACCOUNTS = f"""SELECT {_COLUMNS}, ARRAY(SELECT account FROM supplier_bank_accounts b
    WHERE b.supplier_id = suppliers.id ORDER BY trusted_at, account) AS accounts FROM suppliers"""


@dataclass(frozen=True, slots=True)
class Supplier:
    """A supplier as on file. `accounts` are the trusted bank accounts, without blanks, oldest first."""

    id: UUID
    number: str
    name: str
    aliases: tuple[str, ...] = ()
    email_domains: tuple[str, ...] = ()
    tax_ids: tuple[str, ...] = ()
    email: str | None = None
    phone: str | None = None
    department: str | None = None
    default_account: str | None = None
    default_tax_code: str | None = None
    status: str = "active"
    accounts: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Return the name and the aliases."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class TrustedAccount:
    """A bank account on file, and who put it there when."""

    account: str
    trusted_by: str
    trusted_at: datetime


def all_suppliers(connection: Connection) -> list[Supplier]:
    """Return every supplier of this organization with its trusted accounts, by number."""
    return [_supplier(row) for row in connection.execute(text(f"{_WITH_ACCOUNTS} ORDER BY number"))]


def supplier_by_number(connection: Connection, number: str) -> Supplier | None:
    """Return one supplier, or None when this organization has no such."""
    row = connection.execute(text(f"{_WITH_ACCOUNTS} WHERE number = :number"), {"number": number}).one_or_none()
    return None if row is None else _supplier(row)


def trusted_accounts(connection: Connection, supplier_id: UUID) -> list[TrustedAccount]:
    """Return a supplier's trusted accounts, oldest first."""
    rows = connection.execute(
        text(
            """SELECT account, trusted_by, trusted_at FROM supplier_bank_accounts WHERE supplier_id = :id
            ORDER BY trusted_at, account"""
        ),
        {"id": supplier_id},
    )
    return [TrustedAccount(**row._mapping) for row in rows]


def save_supplier(connection: Connection, organization_id: UUID, values: dict[str, Any]) -> tuple[UUID, bool]:
    """Add a supplier or bring a known number up to date; return its id and whether it is new.

    `values` holds number and name and any other column; columns not named keep what they hold.
    Bank accounts are no column: see `trust_account`.
    """
    columns = sorted(values)
    changed = ", ".join(f"{name} = excluded.{name}" for name in columns if name != "number")
    row = connection.execute(
        text(
            f"""INSERT INTO suppliers (organization_id, {", ".join(columns)})
            VALUES (:organization_id, {", ".join(f":{name}" for name in columns)})
            ON CONFLICT (organization_id, number) DO UPDATE SET {changed}, updated_at = now()
            RETURNING id, xmax = 0 AS is_new"""
        ),
        {**values, "organization_id": organization_id},
    ).one()
    return row.id, row.is_new


def trust_account(
    connection: Connection, organization_id: UUID, supplier_id: UUID, account: str, *, actor: str
) -> bool:
    """Put a bank account on file; False when it is there already. The caller appends the event."""
    done = connection.execute(
        text(
            """INSERT INTO supplier_bank_accounts (organization_id, supplier_id, account, trusted_by)
            VALUES (:organization, :supplier, :account, :actor)
            ON CONFLICT (organization_id, supplier_id, account) DO NOTHING"""
        ),
        {"organization": organization_id, "supplier": supplier_id, "account": account, "actor": actor},
    )
    return done.rowcount == 1


def _supplier(row: Any) -> Supplier:
    values = dict(row._mapping)
    lists: Sequence[str] = ("aliases", "email_domains", "tax_ids", "accounts")
    return Supplier(**{**values, **{name: tuple(values[name]) for name in lists}})
