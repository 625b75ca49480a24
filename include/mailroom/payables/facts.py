"""What `validate` knows about one invoice, and how its rules are told about the rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from mailroom.database.findings import KeptFinding
from mailroom.database.invoices import Invoice, RegisteredInvoice
from mailroom.payables.rules.supplier_match import SupplierBook, SupplierKeys, SupplierMatch

PASSED = frozenset({"validated", "awaiting_approval", "approved", "uploading", "uploaded", "completed"})
"""States of invoices that were checked and let through."""


def keys_of(registered: RegisteredInvoice) -> SupplierKeys:
    """Return what tells whose invoice it is."""
    invoice = registered.invoice
    return SupplierKeys(invoice.vendor_name, invoice.vendor_tax_id, invoice.bank_account, registered.sender)


def match_of(registered: RegisteredInvoice, book: SupplierBook) -> SupplierMatch:
    """Return whose invoice it is: the supplier a person chose, else the one its keys point to."""
    if "supplier_number" in registered.invoice.chosen:
        return SupplierMatch(book.by_id(registered.invoice.supplier_id))
    return book.match(keys_of(registered))


@dataclass
class SeenInvoices:
    """Invoices like those of a slice, by file and by supplier."""

    by_file: dict[str, list[RegisteredInvoice]] = field(default_factory=lambda: defaultdict(list))
    by_supplier: dict[UUID, list[RegisteredInvoice]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def collected(cls, invoices: Iterable[RegisteredInvoice], book: SupplierBook) -> SeenInvoices:
        """Sort invoices; one that was not let through yet is matched to today's suppliers anew."""
        seen = cls()
        for each in sorted(invoices, key=lambda one: one.invoice.registered_seq):
            seen.by_file[each.invoice.file_sha256].append(each)
            supplier_id = each.invoice.supplier_id
            if each.state not in PASSED:
                supplier = match_of(each, book).supplier
                supplier_id = supplier.id if supplier else supplier_id
            if supplier_id is not None:
                seen.by_supplier[supplier_id].append(each)
        return seen


@dataclass(frozen=True, slots=True)
class Facts:
    """One invoice to check: its mail's addresses, its supplier, what was seen before, what was released."""

    registered: RegisteredInvoice
    match: SupplierMatch
    book: SupplierBook
    seen: SeenInvoices
    today: date
    mode: str
    kept: Sequence[KeptFinding] = ()

    @property
    def invoice(self) -> Invoice:
        """Return the invoice."""
        return self.registered.invoice

    def others(self, invoices: Sequence[RegisteredInvoice]) -> list[RegisteredInvoice]:
        """Return those of other transactions, the earliest first."""
        return [each for each in invoices if each.invoice.transaction_id != self.invoice.transaction_id]

    def stands_before(self, other: RegisteredInvoice) -> bool:
        """Tell whether `other` is the first of the two and this one the copy.

        Events of an organization commit in the order of their numbers, so whoever loads later sees every
        invoice registered earlier: of two copies, wherever they are worked on, one sees the other. What was
        let through already stands before everything that was not.
        """
        return other.state in PASSED or other.invoice.registered_seq < self.invoice.registered_seq
