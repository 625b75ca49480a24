"""Take suppliers over from a system that lists them: the same rows as from a file, checked by the same rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from mailroom.payables.rules.accounts import filed_account_fault, normal_account
from mailroom.payables.supplier_file import BadRow, SupplierRow


class SupplierOnFile(Protocol):
    """A supplier as an accounting system holds it; what it does not know is empty."""

    @property
    def number(self) -> str:
        """Return the supplier's number there."""
        ...

    @property
    def name(self) -> str:
        """Return the supplier's name."""
        ...

    @property
    def blocked(self) -> bool:
        """Tell whether the supplier is blocked, or no longer in use."""
        ...

    @property
    def emails(self) -> Sequence[str]:
        """Return mail addresses, the main one first."""
        ...

    @property
    def phones(self) -> Sequence[str]:
        """Return telephone numbers, the main one first."""
        ...

    @property
    def tax_ids(self) -> Sequence[str]:
        """Return tax numbers."""
        ...

    @property
    def bank_accounts(self) -> Sequence[str]:
        """Return bank accounts."""
        ...


def listed_supplier_rows(listed: Iterable[SupplierOnFile]) -> Iterator[SupplierRow | BadRow]:
    """Yield a row for each supplier of the list, in its order; `line` counts from 1.

    What the system does not know leaves what is on file here. A mail address gives no mail domain: half the
    world writes from the same few.
    """
    seen: set[str] = set()
    for line, each in enumerate(listed, start=1):
        number, name = each.number.strip(), each.name.strip()
        if not number or not name:
            yield BadRow(line, f"it has no {'number' if not number else 'name'}")
        elif number in seen:
            yield BadRow(line, f"number {number} stands in the list before")
        elif fault := next((found for account in each.bank_accounts if (found := filed_account_fault(account))), None):
            yield BadRow(line, f"a bank account of {number} cannot exist: {fault}")
        else:
            seen.add(number)
            accounts = tuple(dict.fromkeys(normal_account(account) for account in each.bank_accounts))
            yield SupplierRow(line, _values(each, number, name), tuple(account for account in accounts if account))


def _values(each: SupplierOnFile, number: str, name: str) -> dict[str, Any]:
    known = {"tax_ids": list(each.tax_ids), "email": next(iter(each.emails), None)}
    known["phone"] = next(iter(each.phones), None)
    status = "blocked" if each.blocked else "active"
    return {"number": number, "name": name, "status": status, **{what: value for what, value in known.items() if value}}
