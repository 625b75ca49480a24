"""Find invoices that were here before, graded (requirements C51 to C53), and ones split under a limit (T12)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from mailroom.database.invoices import Invoice, RegisteredInvoice
from mailroom.domain.finding import Finding, Severity
from mailroom.payables.facts import Facts
from mailroom.payables.rules.numbers import nearly_equal
from mailroom.settings.customers import ApprovalPolicy
from mailroom.settings.payables import ValidateSettings


def duplicates(facts: Facts, settings: ValidateSettings) -> Iterator[Finding]:
    """Find earlier copies: the same file or number blocks, what is merely alike is held."""
    files = facts.others(facts.seen.by_file.get(facts.invoice.file_sha256, ()))
    same_supplier = _of_supplier(facts)
    earlier = [each for each in same_supplier if _live(each) and facts.stands_before(each)]
    copies = [each for each in files if _live(each) and facts.stands_before(each)]
    if copies:
        yield _duplicate(copies[0], "The same file came in before")
        return
    numbered = [each for each in earlier if _same_number(facts.invoice, each.invoice)]
    blocking = [each for each in numbered if _in_scope(facts.invoice, each.invoice, settings)]
    if blocking:
        yield _duplicate(blocking[0], "This supplier's number came in before")
        return
    alike = next((words for each in earlier if (words := _likeness(facts.invoice, each, settings))), None)
    if alike is not None:
        yield alike
    if numbered:
        yield _used_before(numbered[0])
    rejected = [each for each in (*files, *same_supplier) if each.state == "rejected"]
    yield from _rejected_before(facts, rejected)


def _of_supplier(facts: Facts) -> list[RegisteredInvoice]:
    if facts.match.supplier is None:
        return []
    return facts.others(facts.seen.by_supplier.get(facts.match.supplier.id, ()))


def _live(other: RegisteredInvoice) -> bool:
    return other.state != "rejected"


def _same_number(one: Invoice, other: Invoice) -> bool:
    return (
        one.number_normalised is not None
        and one.number_normalised == other.number_normalised
        and one.document_type == other.document_type
    )


def _in_scope(one: Invoice, other: Invoice, settings: ValidateSettings) -> bool:
    if settings.number_scope == "all_time" or one.issue_date is None or other.issue_date is None:
        return True
    return one.issue_date.year == other.issue_date.year


def _duplicate(other: RegisteredInvoice, what: str) -> Finding:
    return Finding(
        "duplicate",
        Severity.BLOCK,
        f"{what}: {_named(other)}. Reject this one, or release it with a reason when it is another bill.",
        expected="an invoice not seen before",
        found=_named(other),
        field="invoice_number",
    )


def _likeness(invoice: Invoice, other: RegisteredInvoice, settings: ValidateSettings) -> Finding | None:
    """Return a finding when two invoices of one supplier are alike in amount, or nearly in number."""
    before = other.invoice
    if invoice.document_type != before.document_type:
        return None
    same_amount = invoice.gross_total == before.gross_total and invoice.currency == before.currency
    apart = _days_apart(invoice, before)
    one, two = invoice.number_normalised, before.number_normalised
    slip = one is not None and two is not None and apart == 0 and nearly_equal(one, two)
    folded = invoice.number_folded is not None and invoice.number_folded == before.number_folded
    if same_amount and apart is not None and apart <= settings.possible_duplicate_days:
        why = f"the same amount within {settings.possible_duplicate_days} days"
    elif same_amount and folded:
        why = "the same amount under a number that reads the same"
    elif folded and apart == 0:
        why = "the same date under a number that reads the same"
    elif slip and same_amount:
        why = "nearly the same number, on the same day"
    else:
        return None
    return Finding(
        "possible_duplicate",
        Severity.HOLD,
        f"It may be a copy of {_named(other)}: {why}. Compare both, then release or reject.",
        expected="an invoice not seen before",
        found=_named(other),
        field="invoice_number",
    )


def _days_apart(one: Invoice, other: Invoice) -> int | None:
    if one.issue_date is None or other.issue_date is None:
        return None
    return abs((one.issue_date - other.issue_date) // timedelta(days=1))


def _used_before(other: RegisteredInvoice) -> Finding:
    return Finding(
        "number_used_before",
        Severity.HOLD,
        f"The supplier used this number in another year: {_named(other)}.",
        expected="a new number",
        found=_named(other),
        field="invoice_number",
    )


def _rejected_before(facts: Facts, rejected: Sequence[RegisteredInvoice]) -> Iterator[Finding]:
    for other in rejected:
        same_file = other.invoice.file_sha256 == facts.invoice.file_sha256
        if same_file or _same_number(facts.invoice, other.invoice):
            yield Finding(
                "rejected_before",
                Severity.HOLD,
                f"It was rejected when it came before as {_named(other)}.",
                expected="an invoice not rejected before",
                found=_named(other),
                field="invoice_number",
            )
            return


def _named(other: RegisteredInvoice) -> str:
    number = other.invoice.invoice_number or "an invoice without number"
    return f"{number} (transaction {other.invoice.transaction_id})"


def split_under_limit(facts: Facts, policy: ApprovalPolicy, settings: ValidateSettings) -> Iterator[Finding]:
    """Find several invoices of one supplier in a day that each stay just under the straight-through limit."""
    gross, limit = facts.invoice.gross_total, policy.straight_through_limit
    if limit is None or policy.currency not in {None, facts.invoice.currency}:
        return
    if gross is None or not limit * settings.split_share <= gross <= limit:
        return
    same_day = [
        each
        for each in _of_supplier(facts)
        if _live(each)
        and each.invoice.currency == facts.invoice.currency
        and each.invoice.issue_date == facts.invoice.issue_date
        and each.invoice.gross_total is not None
        and limit * settings.split_share <= each.invoice.gross_total <= limit
    ]
    if len(same_day) + 1 >= settings.split_count:
        yield Finding(
            "split_under_limit",
            Severity.HOLD,
            f"{len(same_day) + 1} invoices of one supplier and day stay just under the limit of {limit:.2f}.",
            expected=f"one invoice up to {limit:.2f} a day",
            found=f"{len(same_day) + 1} just under it",
            field="gross_total",
        )
