"""The version of an invoice: what an approver saw is what is posted (reliability I8)."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal

from mailroom.database.invoices import Invoice


def version_hash(invoice: Invoice) -> str:
    """Return SHA-256 over type, number, date, currency, amounts, payee, bank account and lines.

    The payee is the supplier's number once the supplier is known, else the name on the paper.
    """
    body = {
        "type": invoice.document_type,
        "number": invoice.invoice_number,
        "issued": invoice.issue_date and invoice.issue_date.isoformat(),
        "currency": invoice.currency,
        "net": _plain(invoice.net_total),
        "tax": _plain(invoice.tax_total),
        "gross": _plain(invoice.gross_total),
        "payee": invoice.supplier_number or f"name:{invoice.vendor_name}",
        "bank_account": invoice.bank_account,
        "lines": [line.as_json() for line in invoice.lines],
    }
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"
