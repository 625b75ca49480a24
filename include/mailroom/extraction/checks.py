"""Check a reading by arithmetic and form: each check passes, fails or cannot tell, with both values."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mailroom.domain.document import Check, FieldValue
from mailroom.extraction.items import Items
from mailroom.extraction.totals import Totals

_CENT = Decimal("0.011")


def checks_of(fields: dict[str, FieldValue], items: Items, totals: Totals) -> tuple[Check, ...]:
    """Return every check of a document; `cannot_tell` where a value is missing."""
    return (
        _net_plus_tax(fields, totals),
        _lines_sum(fields, items, totals),
        _lines_multiply(items),
        _due(fields, totals),
        *_dates(fields),
    )


def _amount(fields: dict[str, FieldValue], name: str) -> Decimal | None:
    found = fields.get(name)
    return Decimal(found.value) if found else None


def _compared(rule: str, expected: Decimal | None, found: Decimal | None, tolerance: Decimal = _CENT) -> Check:
    if expected is None or found is None:
        return Check(rule, "cannot_tell")
    result = "pass" if abs(expected - found) <= tolerance else "fail"
    return Check(rule, result, f"{expected:.2f}", f"{found:.2f}")


def _net_plus_tax(fields: dict[str, FieldValue], totals: Totals) -> Check:
    """Compare net and tax with the gross; charges or discounts may stand between them."""
    rule = "net_plus_tax_is_gross"
    net, tax, gross = (_amount(fields, name) for name in ("net_total", "tax_total", "gross_total"))
    if net is None or tax is None or gross is None:
        return Check(rule, "cannot_tell")
    for extra in possible_extras(totals):
        if abs(net + tax + extra - gross) <= _CENT:
            return _compared(rule, net + tax + extra, gross)
    return _compared(rule, net + tax, gross)


def _lines_sum(fields: dict[str, FieldValue], items: Items, totals: Totals) -> Check:
    """Compare the lines with the net (or the gross, when lines include tax), with or without charges."""
    gross_lines = bool(items.items) and items.items[0].is_gross
    total = _amount(fields, "gross_total" if gross_lines else "net_total")
    lines = items.sum()
    rule = "lines_sum_to_gross" if gross_lines else "lines_sum_to_net"
    if lines is None or total is None:
        return Check(rule, "cannot_tell")
    for extra in possible_extras(totals):
        if abs(lines + extra - total) <= _CENT:
            return _compared(rule, total, lines + extra)
    gross = _amount(fields, "gross_total")
    if gross is not None and abs(lines - gross) <= _CENT:
        return _compared("lines_sum_to_gross", gross, lines)
    return _compared(rule, total, lines)


def possible_extras(totals: Totals) -> Iterator[Decimal]:
    """Yield what may lie between the lines and the net: nothing, all charges, less all discounts, both."""
    charges, discounts = sum(totals.charges, Decimal(0)), sum(totals.discounts, Decimal(0))
    yield Decimal(0)
    yield charges - discounts
    yield charges
    yield -discounts


def _lines_multiply(items: Items) -> Check:
    results = [item.multiplies() for item in items.items]
    told = [result for result in results if result is not None]
    if not told:
        return Check("quantity_times_price", "cannot_tell")
    result = "pass" if all(told) else "fail"
    return Check("quantity_times_price", result, f"{len(told)} lines", f"{sum(told)} lines")


def _due(fields: dict[str, FieldValue], totals: Totals) -> Check:
    gross, due = _amount(fields, "gross_total"), _amount(fields, "amount_due")
    return _compared("gross_less_prepaid_is_due", None if gross is None else gross - totals.prepaid, due)


def _dates(fields: dict[str, FieldValue]) -> Iterator[Check]:
    issued, due = fields.get("issue_date"), fields.get("due_date")
    if issued is None or due is None:
        yield Check("due_not_before_issue", "cannot_tell")
        return
    result = "pass" if issued.value <= due.value else "fail"
    yield Check("due_not_before_issue", result, f">= {issued.value}", due.value)
