"""Department, account and tax code: from the supplier, else from the customer, else a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mailroom.database.invoices import Invoice
from mailroom.database.suppliers import Supplier
from mailroom.domain.finding import Finding, Severity
from mailroom.settings.customers import CustomerPolicy


def coded(invoice: Invoice, known: Supplier | None, customer: CustomerPolicy) -> Invoice:
    """Return the invoice with the supplier's and the customer's defaults, but for what a person chose."""
    posting = customer.posting
    account = (known.default_account if known else None) or (posting.default_account if posting else None)
    tax_code = (known.default_tax_code if known else None) or (posting.default_tax_code if posting else None)
    department = known.department if known else None
    return replace(
        invoice,
        department=invoice.department if "department" in invoice.chosen else department,
        account=invoice.account if "account" in invoice.chosen else account,
        tax_code=invoice.tax_code if "tax_code" in invoice.chosen else tax_code,
    )


def missing_account(invoice: Invoice, customer: CustomerPolicy) -> Iterator[Finding]:
    """Find an invoice that no default gives an account. A customer that posts nothing needs none."""
    if invoice.account or customer.posting is None:
        return
    yield Finding(
        "no_account",
        Severity.HOLD,
        "Neither the supplier nor the customer's posting settings name an account; correct account.",
        expected="a ledger account",
        found="none",
        field="account",
    )
