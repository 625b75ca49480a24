"""Look up what a bill names in Tryton: supplier, currency, accounts, taxes, journal, payment term, period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from erp_connectors.bill import Bill, BillSearch
from erp_connectors.errors import UploadRefusedError
from erp_connectors.settings_reader import did_you_mean
from erp_connectors.tryton.session import Record, Session
from erp_connectors.tryton.settings import Settings


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency in Tryton and how many decimals its amounts have."""

    id: int
    digits: int


class Books:
    """One company's books; every question is asked anew, since accounts and periods close meanwhile."""

    def __init__(self, session: Session, settings: Settings) -> None:
        self._session = session
        self._settings = settings

    def supplier(self, bill: Bill) -> int:
        """Return the party with the bill's supplier code, or by name when it has none."""
        found = self.parties(bill.supplier_code.strip(), bill.supplier_name.strip())
        called = f"code {bill.supplier_code}" if bill.supplier_code.strip() else "this name"
        if len(found) != 1:
            how_many = "no supplier" if not found else "several suppliers"
            raise UploadRefusedError(f"Tryton has {how_many} with {called}", code="refused")
        return found[0]

    def parties_searched(self, search: BillSearch) -> list[int]:
        """Return the parties a search means, those no longer in use too."""
        return self.parties(search.supplier_code or "", search.supplier_name or "", active_only=False)

    def parties(self, code: str, name: str, *, active_only: bool = True) -> list[int]:
        """Return the parties with this code, else with this name whatever its case."""
        domain: list[Any] = [["code", "=", code]] if code else [["name", "ilike", _as_pattern(name)]]
        if not active_only:
            domain.append(["active", "in", [True, False]])
        rows = self._session.search_read("party.party", domain, ["code", "name"])
        wanted = name.casefold()
        return [
            row["id"]
            for row in rows
            if (row["code"] == code if code else (row["name"] or "").strip().casefold() == wanted)
        ]

    def currency(self, code: str) -> Currency:
        """Return a currency by its code of ISO 4217."""
        rows = self._session.search_read("currency.currency", [["code", "=", code]], ["digits"])
        if not rows:
            raise UploadRefusedError(f"Tryton has no currency {code}", code="set_up")
        return Currency(rows[0]["id"], int(rows[0]["digits"]))

    def accounts(self, bill: Bill) -> dict[str, int]:
        """Return the id of each account the lines name, by the name the bill uses; refuse closed ones."""
        names = {line.account: self._settings.accounts.get(line.account, line.account) for line in bill.lines}
        domain = [["code", "in", sorted(set(names.values()))], ["company", "=", self._session.company]]
        rows = self._session.search_read("account.account", domain, ["code", "name", "closed"])
        usable = {row["code"]: row["id"] for row in rows if not row["closed"]}
        for code in names.values():
            if code not in usable:
                shut = any(row["code"] == code for row in rows)
                sentence = f"account {code} is closed in Tryton" if shut else f"Tryton has no account {code}"
                raise UploadRefusedError(sentence, code="refused")
        return {ours: usable[code] for ours, code in names.items()}

    def taxes(self, bill: Bill) -> dict[str | None, int]:
        """Return the id of each tax the lines name; None stands for lines without a code."""
        codes = {line.tax_code for line in bill.lines}
        names = {code: self._settings.taxes.get(code, code) for code in codes if code}
        if None in codes and bill.tax and self._settings.default_tax:
            return self._taxes_named({**names, None: self._settings.default_tax})
        return self._taxes_named(dict(names))

    def check(self) -> dict[str, str]:
        """See that what the settings name is there; return facts worth showing."""
        named = {**self._settings.taxes, "default_tax": self._settings.default_tax}
        self._taxes_named({ours: name for ours, name in named.items() if name})
        self._check_accounts()
        self.journal()
        self.payment_term()
        company = [["id", "=", self._session.company]]
        rows = self._session.search_read("company.company", company, ["rec_name", "currency.code"])
        return {"company": rows[0]["rec_name"], "currency": rows[0]["currency."]["code"]} if rows else {}

    def journal(self) -> int | None:
        """Return the journal of the settings; None leaves it to Tryton."""
        code = self._settings.journal
        if code is None:
            return None
        domain = [["code", "=", code], ["type", "=", "expense"]]
        return self._one("account.journal", domain, f"journal for expenses with code {code!r}")

    def payment_term(self) -> int | None:
        """Return the payment term of the settings; None when they name none."""
        name = self._settings.payment_term
        if name is None or name == "paper":
            return None
        return self._one("account.invoice.payment_term", [["name", "=", name]], f"payment term {name!r}")

    def refuse_closed_period(self, day: date) -> None:
        """Refuse a bill whose date lies in no open period: Tryton would take the draft, and nobody could post it."""
        domain = [
            ["fiscalyear.company", "=", self._session.company],
            ["type", "=", "standard"],
            ["start_date", "<=", day],
            ["end_date", ">=", day],
        ]
        rows = self._session.search_read("account.period", domain, ["name", "state"])
        if not rows:
            raise UploadRefusedError(f"Tryton has no accounting period for {day.isoformat()}", code="refused")
        if not any(row["state"] == "open" for row in rows):
            raise UploadRefusedError(
                f"the accounting period {rows[0]['name']} of {day.isoformat()} is closed in Tryton", code="refused"
            )

    def _taxes_named(self, names: dict[Any, str]) -> dict[str | None, int]:
        if not names:
            return {}
        domain = [["parent", "=", None], ["company", "=", self._session.company]]
        rows = self._session.search_read("account.tax", domain, ["name"])
        known = {row["name"]: row["id"] for row in rows}
        for name in names.values():
            if name not in known:
                raise UploadRefusedError(f"Tryton has no tax {name!r}{did_you_mean(name, known)}", code="set_up")
        return {ours: known[name] for ours, name in names.items()}

    def _check_accounts(self) -> None:
        codes = set(self._settings.accounts.values())
        domain = [["code", "in", sorted(codes)], ["company", "=", self._session.company]]
        rows = self._session.search_read("account.account", domain, ["code"]) if codes else []
        missing = codes - _texts(rows, "code")
        if missing:
            raise UploadRefusedError(f"Tryton has no account {', '.join(sorted(missing))}", code="set_up")

    def _one(self, model: str, domain: list[Any], called: str) -> int:
        rows = self._session.search_read(model, domain, ["id"])
        if len(rows) != 1:
            raise UploadRefusedError(f"Tryton has {'no' if not rows else 'more than one'} {called}", code="set_up")
        return int(rows[0]["id"])


def _as_pattern(name: str) -> str:
    """Return a pattern that finds the name; signs with a meaning in patterns stand for any one sign."""
    return "".join("_" if sign in "%_\\" else sign for sign in name)


def _texts(rows: Iterable[Record], field: str) -> set[str]:
    return {row[field] for row in rows}
