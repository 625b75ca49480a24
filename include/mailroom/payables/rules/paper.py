"""Checks of the paper itself: what must be there, sums, dates, and whether it is addressed to the customer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from rapidfuzz import fuzz

from mailroom.database.invoices import Invoice
from mailroom.domain.finding import Finding, Severity
from mailroom.domain.money import rounded
from mailroom.payables.reading import amount_of
from mailroom.payables.rules.accounts import same_tax_id
from mailroom.payables.rules.names import is_named_in, name_words
from mailroom.settings.customers import CustomerPolicy
from mailroom.settings.payables import ValidateSettings

ZERO = Decimal(0)
_OLDEST_YEARS = 10
_NAME_LIKENESS = 92


def missing_fields(invoice: Invoice) -> Iterator[Finding]:
    """Find required fields that are not on the paper; a number without a digit ("N/A") is none."""
    required = {
        "invoice number": invoice.number_normalised,
        "issue date": invoice.issue_date,
        "currency": invoice.currency,
        "gross total": invoice.gross_total,
        "supplier's name": invoice.vendor_name or invoice.supplier_id,
    }
    missing = [name for name, value in required.items() if value is None]
    if missing:
        listed = ", ".join(missing)
        yield Finding(
            "missing_fields",
            Severity.HOLD,
            f"The invoice shows no {listed}; enter what the paper says or ask the supplier.",
            expected=", ".join(required),
            found=f"no {listed}",
            field=missing[0].replace(" ", "_"),
        )


def totals(invoice: Invoice, settings: ValidateSettings) -> Iterator[Finding]:
    """Find amounts that do not add up: net and tax against gross, lines against net."""
    net, tax, gross = invoice.net_total, invoice.tax_total, invoice.gross_total
    if gross is not None and gross <= 0:
        yield Finding(
            "implausible_amount",
            Severity.HOLD,
            "The total to pay is not above zero; check the paper.",
            expected="more than 0.00",
            found=f"{gross:.2f}",
            field="gross_total",
        )
    if net is not None and tax is not None and gross is not None and abs(net + tax - gross) > settings.rounding:
        yield Finding(
            "totals_do_not_add_up",
            Severity.HOLD,
            "Net and tax do not add up to the gross total.",
            expected=f"{net:.2f} + {tax:.2f} = {net + tax:.2f}",
            found=f"{gross:.2f}",
            field="gross_total",
        )
    yield from _lines(invoice, settings)
    if invoice.amount_due is not None and gross is not None and invoice.amount_due != gross:
        yield Finding(
            "amount_due_differs",
            Severity.NOTE,
            "The amount due differs from the invoice's total, as with a deposit or an older balance.",
            expected=f"{gross:.2f}",
            found=f"{invoice.amount_due:.2f}",
            field="amount_due",
        )


def lines_total(invoice: Invoice) -> Decimal | None:
    """Return the sum of the lines' net amounts, or None when a line shows none."""
    amounts = [amount_of(line.net) for line in invoice.lines]
    if not amounts or any(each is None for each in amounts):
        return None
    return sum((each for each in amounts if each is not None), ZERO)


def _lines(invoice: Invoice, settings: ValidateSettings) -> Iterator[Finding]:
    total = lines_total(invoice)
    goal = invoice.net_total if invoice.net_total is not None else invoice.gross_total
    # The reader saw charges and discounts between the lines and the net, which are no lines.
    told = {check.result for check in invoice.checks if check.rule in {"lines_sum_to_net", "lines_sum_to_gross"}}
    if total is None or goal is None or "pass" in told:
        return
    allowed = max(settings.rounding, Decimal("0.01") * len(invoice.lines))
    fits = [each for each in (goal, invoice.gross_total) if each is not None and abs(total - each) <= allowed]
    if not fits:
        yield Finding(
            "lines_do_not_add_up",
            Severity.HOLD,
            "The lines do not add up to the net total; look for freight, a discount or a line not read.",
            expected=f"{rounded(goal):.2f}",
            found=f"{rounded(total):.2f}",
            field="lines",
        )


def dates(invoice: Invoice, today: date, settings: ValidateSettings) -> Iterator[Finding]:
    """Find dates that cannot be right, and invoices that come late."""
    issued, due = invoice.issue_date, invoice.due_date
    if issued is None:
        return
    latest = today + timedelta(days=settings.future_days)
    oldest = today - timedelta(days=366 * _OLDEST_YEARS)
    if not oldest <= issued <= latest:
        yield Finding(
            "implausible_date",
            Severity.HOLD,
            "The issue date lies in the future or far back; check how the date was read.",
            expected=f"{oldest} to {latest}",
            found=str(issued),
            field="issue_date",
        )
    elif issued < today - timedelta(days=settings.old_days):
        yield Finding(
            "old_invoice",
            Severity.HOLD,
            f"The invoice is more than {settings.old_days} days old; make sure it was not paid already.",
            expected=f"not before {today - timedelta(days=settings.old_days)}",
            found=str(issued),
            field="issue_date",
        )
    if due is not None and not issued <= due <= issued + timedelta(days=settings.longest_term_days):
        yield Finding(
            "implausible_due_date",
            Severity.HOLD,
            "The due date lies before the issue date or very far behind it.",
            expected=f"{issued} to {issued + timedelta(days=settings.longest_term_days)}",
            found=str(due),
            field="due_date",
        )


def addressee(invoice: Invoice, customer: CustomerPolicy) -> Iterator[Finding]:
    """Find an invoice that does not name the customer: not ours, or not genuine (requirements S3-011)."""
    if invoice.customer_named or names_customer(invoice.buyer_name, customer):
        return
    yield Finding(
        "wrong_customer",
        Severity.HOLD,
        "The invoice is addressed to somebody else."
        if invoice.buyer_name
        else "The invoice names no customer of ours.",
        expected=" or ".join((customer.name, *customer.name_aliases)),
        found=invoice.buyer_name or "no buyer",
        field="buyer_name",
    )


def names_customer(text: str | None, customer: CustomerPolicy) -> str | None:
    """Return the customer's name, alias or tax id that a text holds, or None.

    A text as short as a name may also differ from it by a slip of the reader.
    """
    if not text:
        return None
    for name in (customer.name, *customer.name_aliases):
        if is_named_in(name, text):
            return name
        spoken, known = " ".join(name_words(text)), " ".join(name_words(name))
        if len(known) > 5 and fuzz.ratio(spoken, known) >= _NAME_LIKENESS:
            return name
    squeezed = text.split()
    return next((each for each in customer.tax_ids if any(same_tax_id(word, each) for word in squeezed)), None)
