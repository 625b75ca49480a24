"""Read bills out of Tryton: by key, and by what a clerk would have typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from erp_connectors.bill import BillSearch, BillState, DocumentType, FoundBill, Receipt, comparable_number
from erp_connectors.tryton.draft import mark_pattern, read_mark
from erp_connectors.tryton.session import Domain, Record, Session

_STATES = {
    "draft": BillState.DRAFT,
    "posted": BillState.POSTED,
    "paid": BillState.PAID,
    "cancelled": BillState.CANCELLED,
}
_FIELDS = (
    "number",
    "reference",
    "state",
    "invoice_date",
    "accounting_date",
    "create_date",
    "total_amount",
    "tax_amount",
    "untaxed_amount",
    "currency.code",
    "currency.digits",
    "comment",
    "party",
    "lines",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A bill as Tryton holds it; amounts signed as there, so a credit note's are negative.

    `state` is Tryton's `validated` as `other`: numbered and looked at, not in the ledger yet.
    """

    id: int
    party: int
    number: str | None
    reference: str
    state: BillState
    day: date
    currency: str
    net: Decimal
    tax: Decimal
    gross: Decimal
    lines: int
    key: str | None
    upload: str | None

    @property
    def document_type(self) -> DocumentType:
        """Return what the sign says it is."""
        return DocumentType.CREDIT_NOTE if self.gross < 0 else DocumentType.INVOICE

    @property
    def external_reference(self) -> str:
        """Return what people in Tryton search for: its own number once it has one, else the supplier's."""
        return self.number or self.reference or str(self.id)


def entry_by_id(session: Session, number: int) -> Entry | None:
    """Return a bill by Tryton's id."""
    return next(iter(_entries(session, [["id", "=", number]])), None)


def entry_by_key(session: Session, key: str) -> Entry | None:
    """Return the bill with exactly this key; of two, which only two writers at once can make, the first."""
    domain = [["company", "=", session.company], ["type", "=", "in"], ["comment", "like", mark_pattern(key)]]
    found = [entry for entry in _entries(session, domain) if entry.key == key]
    return next((entry for entry in found if entry.state is not BillState.CANCELLED), next(iter(found), None))


def search_entries(session: Session, search: BillSearch, parties: list[int]) -> list[FoundBill]:
    """Return the suppliers' bills that match.

    A draft without a date, such as Tryton makes from a purchase order, may be the bill of any day: it is
    found by its amount, with the day it was made.
    """
    if not parties:
        return []
    domain: Domain = [["company", "=", session.company], ["type", "=", "in"], ["party", "in", parties]]
    span = [["invoice_date", is_bound, day] for is_bound, day in _bounds(search) if day is not None]
    if span:
        domain.append(["OR", ["invoice_date", "=", None], span])
    if search.invoice_number is not None:
        domain.append(["reference", "ilike", _number_pattern(search.invoice_number)])
    entries = _entries(session, domain)
    return [_found(entry) for entry in entries if _matches(entry, search)]


def receipt_of(entry: Entry, files: int, *, already_there: bool) -> Receipt:
    """Return the receipt of a bill that was read back."""
    evidence = {
        "invoice_number": entry.reference,
        "gross": str(abs(entry.gross)),
        "currency": entry.currency,
        "lines": str(entry.lines),
        "attachments": str(files),
    }
    return Receipt(str(entry.id), entry.external_reference, entry.state, already_there, evidence)


def _entries(session: Session, domain: Domain) -> list[Entry]:
    return [_entry(row) for row in session.search_read("account.invoice", domain, _FIELDS)]


def _entry(row: Record) -> Entry:
    unit = Decimal(1).scaleb(-int(row["currency."]["digits"]))
    key, upload = read_mark(row["comment"]) or (None, None)
    return Entry(
        id=row["id"],
        party=row["party"],
        number=row["number"],
        reference=row["reference"] or "",
        state=_STATES.get(row["state"], BillState.OTHER),
        day=row["invoice_date"] or row["accounting_date"] or row["create_date"],
        currency=row["currency."]["code"],
        net=Decimal(row["untaxed_amount"]).quantize(unit),
        tax=Decimal(row["tax_amount"]).quantize(unit),
        gross=Decimal(row["total_amount"]).quantize(unit),
        lines=len(row["lines"]),
        key=key,
        upload=upload,
    )


def _bounds(search: BillSearch) -> tuple[tuple[str, date | None], tuple[str, date | None]]:
    return (">=", search.issued_from), ("<=", search.issued_to)


def _number_pattern(number: str) -> str:
    """Return a pattern that finds every way to type a number, and more: letters and digits in this order."""
    signs = [sign for sign in comparable_number(number) if sign.isascii()]
    return f"%{'%'.join(signs)}%" if signs else "%"


def _matches(entry: Entry, search: BillSearch) -> bool:
    if search.currency is not None and entry.currency != search.currency:
        return False
    if search.gross is not None and abs(entry.gross) != search.gross:
        return False
    return search.invoice_number is None or (
        comparable_number(entry.reference) == comparable_number(search.invoice_number)
    )


def _found(entry: Entry) -> FoundBill:
    return FoundBill(
        external_id=str(entry.id),
        external_reference=entry.external_reference,
        state=entry.state,
        invoice_number=entry.reference,
        issue_date=entry.day,
        currency=entry.currency,
        gross=abs(entry.gross),
        document_type=entry.document_type,
        key=entry.key,
    )
