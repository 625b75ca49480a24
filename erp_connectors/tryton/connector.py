"""Put bills into Tryton as supplier invoices, over JSON-RPC.

Tryton has no field that refuses a second bill with the same key, so `accepts_key` is not claimed: the key
stands in the bill's comment, is looked up before anything is written, and clears up a lost answer. Of two
writers at the same moment only the caller can keep one back.
"""

from __future__ import annotations

import contextlib
import secrets as random
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, ClassVar

from erp_connectors.bill import (
    Bill,
    BillSearch,
    BillState,
    DocumentType,
    FoundBill,
    Health,
    ListedSupplier,
    Receipt,
)
from erp_connectors.errors import NotReachableError, OutcomeUnknownError, UploadRefusedError
from erp_connectors.interface import Feature
from erp_connectors.tryton import files
from erp_connectors.tryton.books import Books
from erp_connectors.tryton.draft import draw_up, similar_domain
from erp_connectors.tryton.entries import Entry, entry_by_id, entry_by_key, receipt_of, search_entries
from erp_connectors.tryton.session import Record, Session
from erp_connectors.tryton.settings import Settings
from erp_connectors.tryton.suppliers import listed_suppliers
from erp_connectors.unusable import refuse_unusable

_INVOICE = "model.account.invoice"
# Tryton's own span for calling two bills with one number similar.
_SIMILAR_WITHIN = timedelta(days=60)


class TrytonConnector:
    """Enter each bill as a draft supplier invoice with its lines, taxes and files; post it when asked to."""

    accepts_key: ClassVar[bool] = False
    finds_by_key: ClassVar[bool] = True
    features: ClassVar[frozenset[Feature]] = frozenset({Feature.SEARCH_BILLS, Feature.LIST_SUPPLIERS})
    Settings = Settings

    def __init__(self, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> None:
        self._settings = Settings.read(settings, secrets)
        self._session = Session(self._settings)
        self._books = Books(self._session, self._settings)

    def check(self) -> Health:
        """See that Tryton answers, lets us in, and has what the settings name."""
        version = self._session.series()
        return Health("Tryton", {"version": version, **self._books.check()})

    def upload(self, bill: Bill) -> Receipt:
        """Enter the bill with its files, or find it entered; see `Connector.upload`."""
        refuse_unusable(bill)
        there = entry_by_key(self._session, bill.key)
        if there is not None:
            _refuse_other_bill(bill, there)
            attached = files.attach(self._session, there)
            if there.state is BillState.DRAFT and not bill.draft:
                self._session.call(f"{_INVOICE}.post", [there.id], acts=True)
                there = self._read_back(there.id)
            return receipt_of(there, attached, already_there=True)
        return self._enter(bill)

    def find(self, key: str) -> Receipt | None:
        """Return the bill with this key as Tryton holds it now, its files moved to it if its writer could not."""
        there = entry_by_key(self._session, key)
        if there is None:
            return None
        return receipt_of(there, files.attach(self._session, there), already_there=True)

    def search_bills(self, search: BillSearch) -> Sequence[FoundBill]:
        """Return the supplier's bills that match, those entered by hand included."""
        return search_entries(self._session, search, self._books.parties_searched(search))

    def list_suppliers(self) -> Sequence[ListedSupplier]:
        """Return every supplier, with tax numbers, mail addresses and bank accounts."""
        return listed_suppliers(self._session, self._settings.suppliers)

    def close(self) -> None:
        """Sign out."""
        self._session.close()

    def _enter(self, bill: Bill) -> Receipt:
        upload = random.token_hex(4)
        values = draw_up(bill, upload, self._session, self._books, self._settings)
        self._refuse_similar(values)
        files.stage(self._session, bill.attachments, values["party"], bill.key, upload)
        try:
            (number,) = self._session.call(f"{_INVOICE}.create", [values], acts=True)
        except (UploadRefusedError, NotReachableError):
            files.discard(self._session, values["party"], bill.key, upload)
            raise
        with _sent():
            entry = self._read_back(number)
        self._complete(bill, entry, upload)
        with _sent():
            entry = entry if bill.draft else self._read_back(number)
            attached = files.attach(self._session, entry)
        if attached != len(bill.attachments):
            raise OutcomeUnknownError("the bill is in Tryton and not all of its files are with it")
        return receipt_of(entry, attached, already_there=False)

    def _complete(self, bill: Bill, entry: Entry, upload: str) -> None:
        """See that Tryton holds the bill as it is, and post it if asked to; else take it back."""
        try:
            _refuse_changed(bill, entry)
            if not bill.draft:
                self._session.call(f"{_INVOICE}.post", [entry.id], acts=True)
        except (UploadRefusedError, NotReachableError):
            with _sent():
                self._session.call(f"{_INVOICE}.delete", [entry.id], acts=True)
            files.discard(self._session, entry.party, bill.key, upload)
            raise

    def _refuse_similar(self, values: Record) -> None:
        """Refuse what Tryton would warn of only when somebody validates the draft."""
        domain = similar_domain(values, _SIMILAR_WITHIN)
        rows = self._session.search_read("account.invoice", domain, ["rec_name"], page=1)
        if rows:
            raise UploadRefusedError(
                f"Tryton holds a bill of this supplier with this number already, {rows[0]['rec_name']}",
                code="duplicate",
            )

    def _read_back(self, number: int) -> Entry:
        entry = entry_by_id(self._session, number)
        if entry is None:
            raise OutcomeUnknownError("the bill was entered in Tryton and is not there any more")
        return entry


@contextlib.contextmanager
def _sent() -> Iterator[None]:
    """Once the bill is in Tryton no later failure means that nothing was sent."""
    try:
        yield
    except (UploadRefusedError, NotReachableError) as err:
        raise OutcomeUnknownError(f"the bill is in Tryton, and what followed failed: {err.message}") from err


def _refuse_other_bill(bill: Bill, there: Entry) -> None:
    same = (
        bill.invoice_number.strip() == there.reference
        and bill.document_type is there.document_type
        and bill.currency == there.currency
        and bill.gross == abs(there.gross)
    )
    if not same:
        raise UploadRefusedError(
            f"this key is in Tryton as another bill, {there.external_reference}", code="key_conflict"
        )


def _refuse_changed(bill: Bill, entry: Entry) -> None:
    sign = -1 if bill.document_type is DocumentType.CREDIT_NOTE else 1
    if (entry.net, entry.tax, entry.gross) != (sign * bill.net, sign * bill.tax, sign * bill.gross):
        raise UploadRefusedError("Tryton comes to other amounts than the paper's, so the bill was taken back")
    if entry.key != bill.key or entry.reference != bill.invoice_number.strip() or entry.lines != len(bill.lines):
        raise UploadRefusedError("Tryton does not keep the bill as it was sent, so it was taken back", code="too_long")
