"""List Tryton's suppliers."""

from __future__ import annotations

from typing import Any

from erp_connectors.bill import ListedSupplier
from erp_connectors.errors import UploadRefusedError
from erp_connectors.tryton.session import Domain, Record, Session

_FIELDS = ["code", "name", "active", "identifiers.code", "contact_mechanisms.type", "contact_mechanisms.value"]
_ACCOUNTS = ["bank_accounts.numbers.number"]


def listed_suppliers(session: Session, category: str | None) -> list[ListedSupplier]:
    """Return every party with a code, or those of a category; parties no longer in use are blocked.

    Bank accounts are Tryton's module `bank`; without it suppliers have none.
    """
    domain: Domain = [["code", "!=", None], ["active", "in", [True, False]]]
    if category is not None:
        domain.append(["categories.name", "=", category])
    fields = [*_FIELDS, *(_ACCOUNTS if _has_bank(session) else [])]
    rows = session.search_read("party.party", domain, fields)
    own = _own_party(session)
    return [_supplier(row) for row in rows if row["id"] != own]


def _has_bank(session: Session) -> bool:
    try:
        session.call("model.bank.account.search_count", [])
    except UploadRefusedError as err:
        if err.code == "set_up":
            return False
        raise
    return True


def _own_party(session: Session) -> int:
    rows = session.search_read("company.company", [["id", "=", session.company]], ["party"])
    return int(rows[0]["party"]) if rows else 0


def _supplier(row: Record) -> ListedSupplier:
    contacts = row.get("contact_mechanisms.") or []
    return ListedSupplier(
        number=row["code"],
        name=row["name"] or row["code"],
        blocked=not row["active"],
        emails=_values(contacts, "email"),
        phones=(*_values(contacts, "phone"), *_values(contacts, "mobile")),
        tax_ids=tuple(each["code"] for each in row.get("identifiers.") or [] if each["code"]),
        bank_accounts=tuple(dict.fromkeys(_account_numbers(row))),
    )


def _values(contacts: list[Any], kind: str) -> tuple[str, ...]:
    return tuple(each["value"] for each in contacts if each["type"] == kind and each["value"])


def _account_numbers(row: Record) -> list[str]:
    return [
        "".join(number["number"].split())
        for account in row.get("bank_accounts.") or []
        for number in account.get("numbers.") or []
        if number["number"]
    ]
