"""Find net, tax and gross: labelled amounts, chosen so that they add up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations, pairwise
from typing import NamedTuple

from mailroom.domain.money import rounded
from mailroom.extraction.evidence import Evidence
from mailroom.extraction.labels import Match
from mailroom.extraction.pairing import Place, amounts_at, labelled, leading_labels, places
from mailroom.extraction.sheet import Amount, Sheet, Slot

ZERO = Decimal(0)
NEAR = Decimal("0.011")
"""Totals may differ by a cent of rounding (EN 16931 rounds each sum)."""
_CONCEPTS = ("net", "tax", "gross", "due", "prepaid", "charge", "discount", "goods")
_UNLABELLED = 0.12
_MOST_TRIED = 14
_INCLUDED = {
    "incl", "inkl", "inklusive", "including", "inclusief", "incluido", "incluida", "compresa", "compreso", "inclusa",
    "inc", "comprise", "inclusive", "einschl", "einschliesslich", "inclus", "incluindo",
}  # fmt: skip
_ROWS_BELOW = 7
_WORDS_BESIDE = 2
_MOST_RATES = 6
_ROWS_APART = 3
_RIGHT_EDGE = 6.0
_HIGHEST_RATE = Decimal("0.5")


class Found(NamedTuple):
    """An amount that a label announces as one of the totals."""

    value: Decimal
    score: float
    slot: Slot | None
    amount: Amount | None


@dataclass(slots=True)
class Totals:
    """The totals chosen; `proved` when net and tax were found to make the gross."""

    net: Found | None = None
    tax: Found | None = None
    gross: Found | None = None
    due: Found | None = None
    prepaid: Decimal = ZERO
    charges: list[Decimal] = field(default_factory=list)
    discounts: list[Decimal] = field(default_factory=list)
    goods: list[Decimal] = field(default_factory=list)
    proved: bool = False

    def evidence(self, name: str) -> Evidence | None:
        """Return the evidence of `net`, `tax`, `gross` or `due`; two decimals."""
        found: Found | None = getattr(self, name)
        if found is None:
            return None
        score = 0.97 if self.proved and name != "due" else min(0.85, 0.8 * found.score)
        value = str(rounded(found.value))
        if found.slot is None or found.amount is None:
            return Evidence(value, score)
        return Evidence(value, score, found.slot, found.amount.start, found.amount.end)


def find_totals(sheet: Sheet, line_sum: Decimal | None, item_rows: set[int]) -> Totals:
    """Return the totals of a document. `line_sum` is what the lines add up to; `item_rows` are the lines' rows."""
    found = {concept: list(_labelled(sheet, concept, item_rows)) for concept in _CONCEPTS}
    _add_summing_rows(sheet, found)
    totals = _solve(sheet, found, line_sum)
    totals.charges = [one.value for one in _distinct(found["charge"])]
    totals.discounts = [abs(one.value) for one in _distinct(found["discount"])]
    totals.goods = [one.value for one in _distinct(found["goods"])]
    _add_due(totals, found)
    return totals


def _add_summing_rows(sheet: Sheet, found: dict[str, list[Found]]) -> None:
    """Add net, tax and gross of rows that a total labels and whose last amount is the sum of two before it."""
    rows = {one.slot.row for one in found["gross"] if one.slot is not None}
    for index in sorted(rows):
        cells = [(slot, amount) for slot in sheet.rows[index].slots for amount in slot.amounts if is_money(amount)]
        for (net_slot, net), (tax_slot, tax) in combinations(cells[:-1], 2):
            fits = 0 < tax.value * net.value <= _HIGHEST_RATE * net.value**2
            if fits and abs(net.value + tax.value - cells[-1][1].value) <= NEAR:
                found["net"].append(Found(net.value, 0.9, net_slot, net))
                found["tax"].append(Found(tax.value, 0.9, tax_slot, tax))


def is_money(amount: Amount) -> bool:
    """Tell whether a number looks like an amount of money."""
    if amount.percent or abs(amount.value) >= 10**9:
        return False
    return amount.decimals == 2 or amount.currency is not None or (amount.decimals == 0 and abs(amount.value) < 10**6)


def _labelled(sheet: Sheet, concept: str, item_rows: set[int]) -> Iterator[Found]:
    for slot, match in labelled(sheet, concept):
        if slot.row in item_rows:
            continue
        if concept != "tax" or (not _is_included(slot, match) and not _is_of_adjustment(sheet, slot)):
            yield from _amounts_of(sheet, slot, match, match.weight(concept), item_rows)
    if concept == "gross":
        for slot, match in labelled(sheet, "tax"):
            if slot.row not in item_rows and _is_included(slot, match):
                yield from _amounts_of(sheet, slot, match, 0.6, item_rows)


def _counts_something(slot: Slot, amount: Amount) -> bool:
    """Tell whether a whole number counts the word behind it: `net 30 days`."""
    rest = slot.cell.text[amount.end :].lstrip()
    return amount.decimals == 0 and amount.currency is None and rest[:3].isalpha() and not rest[:3].isupper()


def _is_of_adjustment(sheet: Sheet, slot: Slot) -> bool:
    """Tell whether a tax only describes the discount or charge that its row is about."""
    if slot.place == 0 or not any(is_money(amount) for one in sheet.rows[slot.row].slots for amount in one.amounts):
        return False
    first = list(leading_labels(sheet.rows[slot.row].slots[0]))[:1]
    return any(match.weight("discount") or match.weight("charge") for match in first)


def _is_included(slot: Slot, match: Match) -> bool:
    """Tell whether a tax is only said to be included: `total incl. 19 % VAT 220.00` names no tax."""
    keys = [token.key for token in slot.tokens[: match.first] if any(map(str.isalpha, token.key))]
    return bool(keys) and keys[-1] in _INCLUDED


def _amounts_of(sheet: Sheet, slot: Slot, match: Match, weight: float, item_rows: set[int]) -> Iterator[Found]:
    """Yield a label's amounts: the last of its row first, those below only when the row has none."""
    heading = sum(1 for token in slot.tokens if token.key) - (match.last - match.first) <= _WORDS_BESIDE
    beside: list[tuple[Place, Amount]] = []
    below: list[tuple[Place, Amount]] = []
    for place in places(sheet, slot, match, rows_below=_ROWS_BELOW):
        same_row = place.slot.row == slot.row
        if not same_row and place.slot.row in item_rows:
            break
        for amount in amounts_at(place):
            if not same_row and not heading:
                continue
            if is_money(amount) and not _counts_something(place.slot, amount):
                (beside if same_row else below).append((place, amount))
    lead = 1.0 if match.first == 0 else 0.93
    if beside:
        for distance, (place, amount) in enumerate(reversed(beside)):
            score = weight * lead * (1.0 if distance == 0 else 0.6) * _dress(amount)
            yield Found(amount.value, score, place.slot, amount)
    elif below:
        yield from _column(below, weight * lead)


def _column(below: list[tuple[Place, Amount]], weight: float) -> Iterator[Found]:
    """Yield the amounts under a heading: the first, and each that is the sum of those above it.

    Where rates have a row each and no row sums them up, their sum is a candidate too.
    """
    total = ZERO
    for count, (place, amount) in enumerate(below):
        summed = count > 1 and abs(amount.value - total) <= NEAR
        if summed:
            yield Found(amount.value, weight * _dress(amount), place.slot, amount)
            return
        yield Found(amount.value, weight * (0.68 if count == 0 else 0.4) * _dress(amount), place.slot, amount)
        if count == 1 and abs(amount.value - total) <= NEAR:
            return
        total += amount.value
    if len(below) > 1:
        yield Found(total, 0.45 * weight, None, None)


def _dress(amount: Amount) -> float:
    return 1.0 if amount.decimals == 2 else 0.9 if amount.currency else 0.7


def _distinct(found: list[Found]) -> list[Found]:
    """Return one per place, the surest."""
    by_place: dict[tuple[int, int], Found] = {}
    for one in found:
        if one.slot is not None and one.score >= 0.5:
            key = (one.slot.row, one.slot.place)
            if key not in by_place or by_place[key].score < one.score:
                by_place[key] = one
    return list(by_place.values())


def _solve(sheet: Sheet, found: dict[str, list[Found]], line_sum: Decimal | None) -> Totals:
    """Choose the net, tax and gross that fit best together."""
    grosses = _ranked(
        found["gross"] + [Found(one.value, one.score * 0.9, one.slot, one.amount) for one in found["due"]]
    )
    nets = _ranked(found["net"])
    taxes = _ranked(found["tax"] + _tax_sums(found["tax"]))
    rates = {amount.value for slot in sheet.slots() for amount in slot.amounts if amount.percent}
    loose = _loose_amounts(sheet)
    for one in [*found["charge"], *found["discount"], *found["prepaid"]]:
        if one.score >= 0.6:
            loose.pop(one.value, None)
    extras = _extras(found)
    choices: list[tuple[float, Totals]] = []
    for gross in grosses:
        for net in [*nets, *_goods_as_net(found, line_sum, gross)]:
            is_line_sum = line_sum is not None and abs(net.value - line_sum) <= NEAR
            tax = _difference(gross, net, taxes, loose, is_line_sum=is_line_sum)
            tax = tax or _beside_extras(gross, net, taxes, extras)
            if tax:
                score = gross.score + net.score + tax.score + _rate_bonus(net.value, tax.value, rates)
                choices.append((score + 0.4 * is_line_sum, Totals(net, tax, gross, proved=True)))
        for tax in taxes:
            rest = loose.get(gross.value - tax.value)
            if rest and tax.value and abs(tax.value) <= _HIGHEST_RATE * abs(rest.value):
                score = gross.score + tax.score + _UNLABELLED + _rate_bonus(rest.value, tax.value, rates)
                choices.append((score, Totals(rest, tax, gross, proved=True)))
    if choices:
        return max(choices, key=lambda choice: choice[0])[1]
    return _by_rate(taxes, loose, rates) or _unproved(nets, taxes, grosses, line_sum, rates)


def _by_rate(taxes: list[Found], loose: dict[Decimal, Found], rates: set[Decimal]) -> Totals | None:
    """Return totals that no label names: a labelled tax that is a printed rate of one amount and makes another."""
    for tax in taxes:
        for value, net in loose.items():
            gross = loose.get(value + tax.value)
            if gross and tax.score >= 0.6 and _rate_bonus(value, tax.value, rates) and _are_stacked(net, tax, gross):
                return Totals(net, tax, gross, proved=True)
    return None


def _are_stacked(*found: Found) -> bool:
    """Tell whether amounts stand right-aligned below each other, a few rows apart at most."""
    for upper, lower in pairwise(found):
        if upper.slot is None or lower.slot is None or upper.amount is None or lower.amount is None:
            return False
        near = 0 < lower.slot.row - upper.slot.row <= _ROWS_APART and upper.slot.page == lower.slot.page
        if not near or abs(upper.amount.x1 - lower.amount.x1) > _RIGHT_EDGE:
            return False
    return True


def _ranked(found: list[Found]) -> list[Found]:
    """Return the best of each value, the surest first; of equals the lower on the page."""
    by_value: dict[Decimal, Found] = {}
    for one in found:
        known = by_value.get(one.value)
        if known is None or one.score >= known.score:
            by_value[one.value] = one
    return sorted(by_value.values(), key=lambda one: -one.score)[:_MOST_TRIED]


def _tax_sums(taxes: list[Found]) -> list[Found]:
    """Return the sum of the tax rows, one amount a row, when there are several rates."""
    rows = [one for one in _distinct(taxes) if one.score >= 0.6 and one.value]
    sure = [one for one in rows if one.score >= 0.85]
    chosen = (sure if len(sure) > 1 else rows)[:_MOST_RATES]
    sign = sum(one.value > 0 for one in chosen) * 2 - len(chosen)
    chosen = [one for one in chosen if one.value * sign >= 0]
    sums = [Found(_sum(chosen), 0.8, None, None)] if len(chosen) > 1 else []
    for size in range(2, len(chosen)):
        sums += [Found(_sum(some), 0.3, None, None) for some in combinations(chosen, size)]
    return sums


def _sum(found: Sequence[Found]) -> Decimal:
    return sum((one.value for one in found), ZERO)


def _loose_amounts(sheet: Sheet) -> dict[Decimal, Found]:
    loose: dict[Decimal, Found] = {}
    for slot in sheet.slots():
        for amount in slot.amounts:
            if amount.decimals == 2 and not amount.percent:
                loose[amount.value] = Found(amount.value, _UNLABELLED, slot, amount)
    return loose


def _goods_as_net(found: dict[str, list[Found]], line_sum: Decimal | None, gross: Found) -> list[Found]:
    """Return the lines' sum as a net that no label names, with a goods total that says the same."""
    extra = [Found(one.value, 0.5 * one.score, one.slot, one.amount) for one in found["goods"] if one.score > 0.6]
    taxed = any(one.score >= 0.5 and one.value for one in found["tax"])
    if line_sum is not None and (gross.value != line_sum or not taxed):
        same = gross.value == line_sum
        extra.append(Found(line_sum, 0.3, gross.slot if same else None, gross.amount if same else None))
    return extra


def _difference(
    gross: Found, net: Found, taxes: list[Found], loose: dict[Decimal, Found], *, is_line_sum: bool
) -> Found | None:
    """Return the tax that makes `net` into `gross`: labelled, or standing unlabelled on the page, or none."""
    wanted = gross.value - net.value
    if abs(wanted) > _HIGHEST_RATE * abs(net.value) or wanted * net.value < 0:
        return None
    for tax in taxes:
        if abs(tax.value - wanted) <= NEAR:
            return tax
    if wanted == 0:
        return Found(ZERO, 0.0 if not taxes else -0.5, None, None)
    if wanted in loose and wanted * gross.value > 0 and (net.score >= 0.5 or is_line_sum):
        return loose[wanted]
    return None


def _extras(found: dict[str, list[Found]]) -> set[Decimal]:
    """Return what charges and discounts may add to a net that does not hold them."""
    charges = _sum(_distinct(found["charge"]))
    discounts = sum((abs(one.value) for one in _distinct(found["discount"])), ZERO)
    return {charges, -discounts, charges - discounts} - {ZERO}


def _beside_extras(gross: Found, net: Found, taxes: list[Found], extras: set[Decimal]) -> Found | None:
    """Return the labelled tax when net, tax and charges or discounts make the gross."""
    for extra in extras:
        wanted = gross.value - net.value - extra
        for tax in taxes:
            if abs(tax.value - wanted) <= NEAR and tax.score >= 0.6:
                return tax._replace(score=tax.score - 0.3)
    return None


def _rate_bonus(net: Decimal, tax: Decimal, rates: set[Decimal]) -> float:
    """Reward a tax that is a printed rate of the net."""
    if not net or not tax:
        return 0.0
    return 0.5 if any(abs(net * rate / 100 - tax) <= Decimal("0.02") for rate in rates) else 0.0


def _unproved(
    nets: list[Found],
    taxes: list[Found],
    grosses: list[Found],
    line_sum: Decimal | None,
    rates: set[Decimal],
) -> Totals:
    gross = grosses[0] if grosses else None
    net = nets[0] if nets and nets[0].score >= 0.6 else None
    tax = taxes[0] if taxes and taxes[0].score >= 0.6 else None
    if gross and net is None and not taxes and line_sum is not None and abs(line_sum - gross.value) <= NEAR:
        return Totals(gross, Found(ZERO, 0.5, None, None), gross, proved=True)
    if gross and net and abs(net.value) > abs(gross.value):
        net = None
    if gross and net and tax and _rate_bonus(net.value, tax.value, rates):
        return Totals(net, tax)  # the tax fits the net: the other total lacks a retention or a payment
    if gross and net and tax:
        wanted = gross.value - net.value
        tax = Found(wanted, 0.6, None, None) if _rate_bonus(net.value, wanted, rates) else None
    return Totals(net, tax, gross)


def _add_due(totals: Totals, found: dict[str, list[Found]]) -> None:
    """Set the amount due: the gross less what was paid, or what a label calls so."""
    dues = _ranked(found["due"])
    prepaid = [one for one in _ranked(found["prepaid"]) if one.score >= 0.6]
    gross = totals.gross
    for paid in prepaid:
        for due in dues:
            if gross and abs(gross.value - abs(paid.value) - due.value) <= NEAR:
                totals.due, totals.prepaid = due, abs(paid.value)
                return
    if dues and dues[0].score >= 0.6:
        totals.due = dues[0]
    elif (gross and not prepaid) or (gross and len(prepaid) == 1 and prepaid[0].value == 0):
        totals.due = Found(gross.value, 0.85, gross.slot, gross.amount)
