"""Papers that are not invoices, and files that cannot be read: what a mailbox also receives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from mailroom.demo.paper import InvoicePaper, invoice_pdf
from mailroom.demo.paper_sheet import Column, Sheet

OtherKind = Literal["purchase_order", "goods_received_note", "statement", "reminder", "contract"]
SpoiledKind = Literal["empty", "broken", "encrypted", "mistyped", "too_many_pages", "no_text_layer"]

_TITLES: dict[str, dict[OtherKind, str]] = {
    "en": {
        "purchase_order": "Purchase Order",
        "goods_received_note": "Delivery Note",
        "statement": "Statement of Account",
        "reminder": "Payment Reminder",
        "contract": "Terms and Conditions",
    },
    "de": {
        "purchase_order": "Bestellung",
        "goods_received_note": "Lieferschein",
        "statement": "Kontoauszug",
        "reminder": "Zahlungserinnerung",
        "contract": "Allgemeine Geschäftsbedingungen",
    },
    "fr": {
        "purchase_order": "Bon de commande",
        "goods_received_note": "Bon de livraison",
        "statement": "Relevé de compte",
        "reminder": "Lettre de rappel",
        "contract": "Conditions générales de vente",
    },
}
_CLAUSES = (
    "1. Scope. These terms apply to every delivery and service between the parties; others apply only in writing.",
    "2. Prices. Prices are net of value added tax and are valid for thirty days.",
    "3. Delivery. Dates are binding only when confirmed. Risk passes on handing over to the carrier.",
    "4. Payment. Invoices fall due within thirty days. Late payment bears interest at the statutory rate.",
    "5. Liability. Liability for slight negligence is limited to foreseeable damage.",
    "6. Governing law. The law at the seller's seat governs; the courts there have jurisdiction.",
)


def other_pdf(kind: OtherKind, paper: InvoicePaper) -> bytes:
    """Return a paper of another kind about the same parties and goods; English, German or French."""
    sheet = Sheet("helvetica", 10)
    title = _TITLES.get(paper.language, _TITLES["en"])[kind]
    sender, reader = paper.supplier, paper.customer
    if kind == "purchase_order":
        sender, reader = reader, sender
    sheet.block(50, 60, [sender.name, sender.street, sender.city], bold_first=True)
    sheet.block(50, 130, [reader.name, reader.street, reader.city])
    sheet.text(50, 220, title, size=18, bold=True)
    sheet.text(400, 220, paper.issue_date.isoformat())
    sheet.y = 250
    _BODIES[kind](sheet, paper)
    return sheet.finished()


def spoiled_file(kind: SpoiledKind, paper: InvoicePaper) -> bytes:
    """Return a file that can't be read, of the kind that its fault is named after."""
    good = invoice_pdf(paper)
    if kind == "empty":
        return b""
    if kind == "broken":
        return good[:600]
    if kind == "mistyped":
        return b"<!DOCTYPE html><html><body><h1>Your invoice</h1><p>Please sign in to see it.</p></body></html>"
    if kind == "encrypted":
        locked = Sheet("helvetica", 10, password="locked")  # noqa: S106 - the point of the file
        locked.text(50, 60, f"Invoice {paper.number}")
        return locked.finished()
    sheet = Sheet("helvetica", 10)
    if kind == "no_text_layer":
        sheet.frame(50, 50, 200, 100, fill=0.5)
    for _ in range(205 if kind == "too_many_pages" else 0):
        sheet.text(50, 60, f"Invoice {paper.number}, page {sheet.page}")
        sheet.next_page()
    return sheet.finished()


def _order(sheet: Sheet, paper: InvoicePaper) -> None:
    sheet.text(50, sheet.y, f"Order no. {paper.purchase_order or 'PO-1'}: please supply the following.")
    sheet.y += 20
    rows = [(line.description, str(line.quantity), f"{line.unit_price:.2f}", f"{line.net:.2f}") for line in paper.lines]
    _table(sheet, ("Item", "Qty", "Price", "Amount"), rows)


def _delivery(sheet: Sheet, paper: InvoicePaper) -> None:
    _table(
        sheet,
        ("Item", "Qty ordered", "Qty delivered", ""),
        [_delivered(line.description, line.quantity) for line in paper.lines],
    )
    sheet.text(50, sheet.y + 20, "Received by: ____________________")


def _delivered(description: str, quantity: Decimal) -> tuple[str, str, str, str]:
    return description, str(quantity), str(quantity), ""


def _statement(sheet: Sheet, paper: InvoicePaper) -> None:
    balance, rows = Decimal(0), []
    for index, line in enumerate(paper.lines):
        balance += line.net
        day = paper.issue_date - timedelta(days=30 - index)
        rows.append((day.isoformat(), f"{paper.number}-{index}", f"{line.net:.2f}", f"{balance:.2f}"))
    sheet.text(50, sheet.y, "Opening balance 0.00")
    sheet.y += 16
    _table(sheet, ("Date", "Reference", "Debit", "Balance"), rows)
    sheet.text(50, sheet.y + 16, f"Closing balance {balance:.2f} {paper.currency}")


def _reminder(sheet: Sheet, paper: InvoicePaper) -> None:
    due = paper.due_date or date.fromordinal(paper.issue_date.toordinal() + 30)
    text = (
        f"Our invoice {paper.number} of {paper.issue_date.isoformat()} over {paper.gross_total:.2f} {paper.currency} "
        f"was due on {due.isoformat()} and remains unpaid. Please pay within ten days. A reminder fee may follow."
    )
    sheet.wrapped(50, sheet.y, 480, text)


def _contract(sheet: Sheet, paper: InvoicePaper) -> None:
    for clause in _CLAUSES:
        sheet.y = sheet.wrapped(50, sheet.y, 480, clause) + 8
    sheet.text(50, sheet.y, f"{paper.supplier.name}, {paper.supplier.city}")


def _table(sheet: Sheet, headings: tuple[str, str, str, str], rows: Sequence[tuple[str, str, str, str]]) -> None:
    widths, x, columns = (250.0, 80.0, 80.0, 80.0), 50.0, []
    for heading, width in zip(headings, widths, strict=True):
        columns.append(Column(heading, x, width, "left" if x == 50 else "right"))
        x += width
    sheet.table(columns, rows, style="lines")


_BODIES = {
    "purchase_order": _order,
    "goods_received_note": _delivery,
    "statement": _statement,
    "reminder": _reminder,
    "contract": _contract,
}
