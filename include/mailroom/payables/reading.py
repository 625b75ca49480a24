"""From what readers found to the invoice as the desk understands it: values checked, never guessed."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID

from mailroom.database.documents import Document
from mailroom.database.invoices import Invoice
from mailroom.domain.document import DocumentType, ExtractedDocument, Line
from mailroom.payables.rules.numbers import folded_number, normalised_number
from mailroom.payables.version import version_hash

_LARGEST = Decimal(10) ** 15
_KEY_FIELDS = ("invoice_number", "issue_date", "gross_total", "currency")
_LONGEST = 500
ZERO = Decimal(0)


def text_of(value: str | None) -> str | None:
    """Return text that any system can store: no control characters, not endless; None when nothing is left."""
    clean = "".join(" " if unicodedata.category(sign) in {"Cc", "Cs"} else sign for sign in value or "")
    return " ".join(clean.split())[:_LONGEST] or None


def amount_of(value: str | None) -> Decimal | None:
    """Return an amount, or None when it is none, is beyond any ledger or has parts of a cent."""
    try:
        amount = Decimal(value or "")
    except InvalidOperation:
        return None
    if not amount.is_finite() or abs(amount) >= _LARGEST or amount != amount.quantize(Decimal("0.01")):
        return None
    return amount.quantize(Decimal("0.01"))


def date_of(value: str | None) -> date | None:
    """Return a date written in ISO 8601, or None."""
    try:
        return date.fromisoformat(value or "")
    except ValueError:
        return None


def currency_of(value: str | None) -> str | None:
    """Return a currency code of three letters, or None."""
    code = (value or "").strip().upper()
    return code if len(code) == 3 and code.isascii() and code.isalpha() else None


def invoice_of(
    transaction_id: UUID, document: Document, found: ExtractedDocument, customer_named: str | None
) -> Invoice:
    """Return the invoice a document holds. Credit notes carry positive amounts, whatever sign is printed."""
    number = text_of(found.value("invoice_number"))
    invoice = Invoice(
        transaction_id=transaction_id,
        file_sha256=document.sha256,
        document_id=document.id,
        document_type=found.document_type.value,
        invoice_number=number,
        number_normalised=normalised_number(number),
        number_folded=folded_number(number),
        issue_date=date_of(found.value("issue_date")),
        due_date=date_of(found.value("due_date")),
        currency=currency_of(found.value("currency")),
        net_total=amount_of(found.value("net_total")),
        tax_total=amount_of(found.value("tax_total")),
        gross_total=amount_of(found.value("gross_total")),
        amount_due=amount_of(found.value("amount_due")),
        vendor_name=text_of(found.value("vendor_name")),
        vendor_tax_id=text_of(found.value("vendor_tax_id")),
        bank_account=text_of(found.value("bank_account")),
        remit_to=text_of(found.value("remit_to")),
        buyer_name=text_of(found.value("buyer_name")),
        customer_named=customer_named,
        purchase_order=text_of(found.value("purchase_order")),
        lines=tuple(_line(line) for line in found.lines),
        checks=found.checks,
        confidence=_confidence(found),
    )
    if found.document_type is DocumentType.CREDIT_NOTE:
        invoice = _turned(invoice)
    invoice = with_totals(invoice)
    return replace(invoice, version_hash=version_hash(invoice))


def with_totals(invoice: Invoice) -> Invoice:
    """Fill in the one of net, tax and gross that the other two tell; a lone gross total bears no tax."""
    net, tax, gross = invoice.net_total, invoice.tax_total, invoice.gross_total
    if gross is None and net is not None and tax is not None:
        gross = net + tax
    if gross is not None and net is None and tax is None:
        tax = ZERO.quantize(Decimal("0.01"))
    if gross is not None and net is None and tax is not None:
        net = gross - tax
    if gross is not None and tax is None and net is not None:
        tax = gross - net
    return replace(invoice, net_total=net, tax_total=tax, gross_total=gross)


def _turned(invoice: Invoice) -> Invoice:
    if invoice.gross_total is None or invoice.gross_total >= 0:
        return invoice
    return replace(
        invoice,
        net_total=_negated(invoice.net_total),
        tax_total=_negated(invoice.tax_total),
        gross_total=_negated(invoice.gross_total),
        amount_due=_negated(invoice.amount_due),
        lines=tuple(_turned_line(line) for line in invoice.lines),
    )


def _negated(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else -amount


def _turned_line(line: Line) -> Line:
    net = amount_of(line.net)
    return line if net is None else replace(line, net=str(-net))


def _line(line: Line) -> Line:
    return Line(
        text_of(line.description), text_of(line.quantity), text_of(line.unit_price), text_of(line.net),
        text_of(line.tax_rate),
    )  # fmt: skip


def _confidence(found: ExtractedDocument) -> Decimal:
    """Return the least confidence among the key fields that were found; 0 when none was."""
    known = [found.fields[name].confidence for name in _KEY_FIELDS if name in found.fields]
    return Decimal(str(round(min(known, default=0.0), 4)))
