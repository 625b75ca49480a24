"""What an approver is shown about an invoice, and the version the answer is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection

from mailroom.database.documents import Document, documents_of
from mailroom.database.findings import KeptFinding, findings_of
from mailroom.database.invoices import Invoice, RegisteredInvoice, correctors, registered_invoices
from mailroom.domain.approval import ApprovalSubject
from mailroom.domain.finding import Finding, Severity
from mailroom.domain.mail import Attachment
from mailroom.domain.money import Money
from mailroom.domain.transaction import Transaction
from mailroom.engine.step import StepContext
from mailroom.payables.version import version_hash


def approval_subjects(
    connection: Connection, transactions: Sequence[Transaction], _context: StepContext
) -> Mapping[UUID, ApprovalSubject]:
    """Return what is to be decided for each transaction whose invoice was read."""
    ids = [each.id for each in transactions]
    documents, kept, hands = documents_of(connection, ids), findings_of(connection, ids), correctors(connection, ids)
    return {
        key: subject_of(each, documents.get(key, ()), kept.get(key, ()), hands.get(key, set()))
        for key, each in registered_invoices(connection, ids).items()
    }


def subject_of(
    registered: RegisteredInvoice,
    documents: Sequence[Document],
    kept: Sequence[KeptFinding],
    hands: Iterable[str] = (),
) -> ApprovalSubject:
    """Return one invoice's subject; `hands` are those who corrected it.

    A finding that a clerk released is shown with the reason and still keeps the invoice from going straight
    through. Whoever sent, corrected or released an invoice is a submitter and may not approve it.
    """
    invoice = registered.invoice
    known = invoice.gross_total is not None and invoice.currency is not None
    return ApprovalSubject(
        version_hash=version_hash(invoice),
        amount=Money(invoice.gross_total, invoice.currency) if known else None,  # type: ignore[arg-type]
        payee=invoice.vendor_name,
        supplier_number=invoice.supplier_number,
        department=invoice.department,
        reference=invoice.invoice_number,
        fields=shown_fields(invoice),
        findings=tuple(_shown(each) for each in kept if each.step == "validate"),
        confidence=invoice.confidence,
        attachments=tuple(
            Attachment(each.object_key, each.filename or "invoice.pdf", each.content_type)
            for each in documents
            if each.id == invoice.document_id
        ),
        submitters=frozenset(
            _address(each)
            for each in (registered.sender, registered.reply_to, *hands, *(one.released_by for one in kept))
            if each
        ),
    )


def _address(actor: str) -> str:
    """Return a person's mail address from an actor such as `user:name@example.com`."""
    return actor.rpartition(":")[2].strip().lower()


def _shown(kept: KeptFinding) -> Finding:
    finding = kept.finding
    if not kept.is_released:
        return finding
    message = f"{finding.message} Released by {kept.released_by}: {kept.released_reason}"
    severity = Severity.NOTE if finding.severity is Severity.NOTE else Severity.HOLD
    return Finding(finding.rule, severity, message, finding.expected, finding.found, finding.field)


def shown_fields(invoice: Invoice) -> tuple[tuple[str, str], ...]:
    """Return what was read as (label, value), as people see it; what is empty is left out."""
    amounts = {
        "Net": invoice.net_total,
        "Tax": invoice.tax_total,
        "Total": invoice.gross_total,
    }
    shown = {
        "Supplier": invoice.vendor_name,
        "Supplier number": invoice.supplier_number,
        "Invoice number": invoice.invoice_number,
        "Document": invoice.document_type.replace("_", " "),
        "Issue date": invoice.issue_date and invoice.issue_date.isoformat(),
        "Due date": invoice.due_date and invoice.due_date.isoformat(),
        **{label: f"{value:,.2f} {invoice.currency or ''}".strip() for label, value in amounts.items() if value},
        "Pay to": invoice.bank_account,
        "Purchase order": invoice.purchase_order,
        "Department": invoice.department,
        "Account": invoice.account,
        "Tax code": invoice.tax_code,
    }
    return tuple((label, str(value)) for label, value in shown.items() if value)
