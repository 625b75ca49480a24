"""From an approved invoice to the bill that is posted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection

from mailroom.database.documents import Document, documents_of
from mailroom.database.invoices import Invoice, registered_invoices
from mailroom.database.suppliers import Supplier, all_suppliers
from mailroom.domain.finding import Finding, Severity
from mailroom.domain.transaction import Transaction
from mailroom.engine.step import StepContext
from mailroom.payables.reading import amount_of
from mailroom.payables.rules.paper import lines_total
from mailroom.payables.version import version_hash
from mailroom.posting.bills import Bill, BillLine, BillToPost, DocumentType, StoredFile, bill_key


def bills(
    connection: Connection, transactions: Sequence[Transaction], context: StepContext
) -> Mapping[UUID, BillToPost | Finding]:
    """Return each transaction's bill, or the finding that keeps one from being made."""
    ids = [each.id for each in transactions]
    invoices, documents = registered_invoices(connection, ids), documents_of(connection, ids)
    suppliers = {each.id: each for each in all_suppliers(connection)}
    organization = context.customer.organization
    return {
        key: bill_of(each.invoice, _supplier_of(each.invoice, suppliers), documents.get(key, ()), organization)
        for key, each in invoices.items()
    }


def _supplier_of(invoice: Invoice, suppliers: Mapping[UUID, Supplier]) -> Supplier | None:
    return suppliers.get(invoice.supplier_id) if invoice.supplier_id else None


def bill_of(
    invoice: Invoice, supplier: Supplier | None, documents: Sequence[Document], organization: str
) -> BillToPost | Finding:
    """Return the bill of one invoice; `organization` is the slug."""
    net, tax, gross = invoice.net_total, invoice.tax_total, invoice.gross_total
    if supplier is None or supplier.status == "blocked":
        return _incomplete("supplier_blocked" if supplier else "unknown_supplier", "supplier that is active")
    if invoice.account is None:
        return _incomplete("no_account", "ledger account")
    number, currency, issued = invoice.invoice_number, invoice.currency, invoice.issue_date
    if number is None or currency is None or issued is None or net is None or tax is None or gross is None:
        return _incomplete("missing_fields", "number, date, currency or total")
    bill = Bill(
        key=bill_key(
            organization, supplier.number, invoice.document_type, invoice.number_normalised or number, issued, gross,
            currency,
        ),
        supplier_code=supplier.number,
        supplier_name=supplier.name,
        invoice_number=number,
        issue_date=issued,
        due_date=invoice.due_date,
        currency=currency,
        net=net,
        tax=gross - net,
        gross=gross,
        lines=_lines(invoice, net, invoice.account),
        purchase_order=invoice.purchase_order,
        document_type=DocumentType.CREDIT_NOTE if invoice.document_type == "credit_note" else DocumentType.INVOICE,
    )  # fmt: skip
    return BillToPost(bill, version_hash(invoice), _files(invoice, documents))


def _incomplete(rule: str, what: str) -> Finding:
    return Finding(rule, Severity.HOLD, f"The bill has no {what}; correct the invoice, then continue at validate.")


def _lines(invoice: Invoice, net: Decimal, account: str) -> tuple[BillLine, ...]:
    """Return the paper's lines when they make up the net total, else one line for all of it."""
    if lines_total(invoice) != net:
        description = f"Invoice {invoice.invoice_number}"
        return (BillLine(description, net, account, tax_code=invoice.tax_code),)
    return tuple(
        BillLine(
            line.description or f"Line {position}",
            amount_of(line.net) or Decimal("0.00"),
            account,
            quantity=_number(line.quantity),
            unit_price=_number(line.unit_price),
            tax_rate=_number(line.tax_rate),
            tax_code=invoice.tax_code,
        )
        for position, line in enumerate(invoice.lines, start=1)
    )


def _number(value: str | None) -> Decimal | None:
    try:
        number = Decimal(value) if value else None
    except ArithmeticError:
        return None
    return number if number is not None and number.is_finite() else None


def _files(invoice: Invoice, documents: Sequence[Document]) -> tuple[StoredFile, ...]:
    """Return the invoice's own file."""
    return tuple(
        StoredFile(each.object_key, each.filename or f"invoice-{position}", each.content_type, each.sha256)
        for position, each in enumerate(documents, start=1)
        if each.id == invoice.document_id
    )
