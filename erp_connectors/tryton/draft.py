"""Draw up a bill as Tryton wants it: one record with its lines and taxes, so that one call writes all of it."""

from __future__ import annotations

import json
import re
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from erp_connectors.bill import Bill, BillLine, DocumentType
from erp_connectors.errors import UploadRefusedError
from erp_connectors.tryton.books import Books, Currency
from erp_connectors.tryton.session import Record, Session
from erp_connectors.tryton.settings import Settings

# Tryton's price_digits, unless a company has configured more.
_PRICE_DECIMALS = 4
_MARK = re.compile(r'^Mailroom (".*") ([0-9a-f]{8})$', re.MULTILINE)


def mark(key: str, upload: str) -> str:
    """Return the line of the bill's comment that names it for ever, and the upload its files belong to."""
    return f"Mailroom {json.dumps(key, ensure_ascii=False)} {upload}"


def mark_pattern(key: str) -> str:
    """Return a search pattern for the mark; it finds too much rather than too little."""
    written = json.dumps(key, ensure_ascii=False)
    return "%Mailroom " + "".join("_" if sign in "%_\\" else sign for sign in written) + "%"


def read_mark(comment: str | None) -> tuple[str, str] | None:
    """Return key and upload out of a comment, whatever people wrote around them; None when it has no mark."""
    for found in _MARK.finditer((comment or "").replace("\r\n", "\n")):
        try:
            return json.loads(found[1]), found[2]
        except ValueError:
            continue
    return None


def draw_up(bill: Bill, upload: str, session: Session, books: Books, settings: Settings) -> Record:
    """Return the values of the invoice; asks Tryton for what it would fill in, and writes nothing.

    The tax is the paper's. Tryton reckons its own, line by line; the difference, cents as a rule, goes
    into the largest tax line, as a clerk would correct it.
    """
    currency = books.currency(bill.currency)
    _refuse_what_tryton_cannot_hold(bill, currency)
    books.refuse_closed_period(bill.issue_date)
    sign = -1 if bill.document_type is DocumentType.CREDIT_NOTE else 1
    head = {
        "type": "in",
        "company": session.company,
        "currency": currency.id,
        "party": books.supplier(bill),
        "invoice_date": bill.issue_date,
    }
    lines = _lines(bill, sign, currency, session, books)
    proposed = session.call(
        "model.account.invoice.on_change", {**head, "lines": lines, "taxes": []}, ["lines", "party", "type"]
    )
    for field, called in (("account", "account payable"), ("invoice_address", "address")):
        if not proposed.get(field):
            raise UploadRefusedError(f"the supplier has no {called} in Tryton", code="refused")
    filled = {name: proposed.get(name) for name in ("account", "invoice_address", "party_tax_identifier", "journal")}
    return {
        **head,
        **filled,
        **_terms(bill, books, proposed.get("payment_term"), settings),
        "journal": books.journal() or filled["journal"],
        "reference": bill.invoice_number,
        "description": f"Purchase order {bill.purchase_order}" if bill.purchase_order else None,
        "comment": mark(bill.key, upload),
        "lines": [["create", [{**line, "taxes": [["add", line["taxes"]]]} for line in lines]]],
        "taxes": [["create", _taxes(proposed, sign * bill.tax)]],
    }


def _refuse_what_tryton_cannot_hold(bill: Bill, currency: Currency) -> None:
    unit = Decimal(1).scaleb(-currency.digits)
    amounts = (bill.net, bill.tax, bill.gross, *(line.net for line in bill.lines))
    if any(amount != amount.quantize(unit) for amount in amounts):
        raise UploadRefusedError(
            f"an amount has more than the {currency.digits} decimals that Tryton keeps for {bill.currency}",
            code="too_long",
        )
    if sum((line.net for line in bill.lines), Decimal(0)) != bill.net:
        raise UploadRefusedError(
            "the lines do not add up to the net amount, and Tryton knows no amount but that of its lines",
            code="refused",
        )


def _lines(bill: Bill, sign: int, currency: Currency, session: Session, books: Books) -> list[Record]:
    accounts, taxes = books.accounts(bill), books.taxes(bill)
    lines = []
    for line in bill.lines:
        quantity, price = _quantity(line, currency)
        tax = taxes.get(line.tax_code)
        lines.append(
            {
                "type": "line",
                "company": session.company,
                "currency": currency.id,
                "account": accounts[line.account],
                "quantity": float(sign * quantity),
                "unit_price": price,
                "description": line.description,
                "taxes": [] if tax is None else [tax],
            }
        )
    return lines


def _quantity(line: BillLine, currency: Currency) -> tuple[Decimal, Decimal]:
    """Return quantity and unit price that Tryton multiplies to exactly the line's net.

    Where the paper's do not, for a discount, a price per hundred or a price with many decimals, one piece
    costs the net. A quantity is a float in Tryton, so it must be one that survives as such.
    """
    quantity, price = line.quantity, line.unit_price
    if quantity is None or price is None:
        return Decimal(1), line.net
    fits = (
        Decimal(str(float(quantity))) == quantity
        and price == round(price, _PRICE_DECIMALS)
        and (quantity * price).quantize(Decimal(1).scaleb(-currency.digits), ROUND_HALF_EVEN) == line.net
    )
    return (quantity, price) if fits else (Decimal(1), line.net)


def _taxes(proposed: Record, wanted: Decimal) -> list[Record]:
    """Return the tax lines Tryton proposes, made to add up to the paper's tax (signed)."""
    added = [values for _, values in (proposed.get("taxes") or {}).get("add", [])]
    fields = ("tax", "account", "base", "amount", "description", "legal_notice", "sequence")
    taxes = [{**{name: tax.get(name) for name in fields}, "manual": False} for tax in added]
    difference = wanted - sum((tax["amount"] for tax in taxes), Decimal(0))
    if difference and not taxes:
        raise UploadRefusedError(
            "the bill has tax and none of its lines has a tax code; name one there, or default_tax in the settings",
            code="refused",
        )
    if difference:
        largest = max(taxes, key=lambda tax: abs(tax["base"]))
        largest["amount"] += difference
    return taxes


def _terms(bill: Bill, books: Books, suppliers_own: int | None, settings: Settings) -> Record:
    """Return what decides when the bill is due: a payment term, or the date on the paper."""
    term = books.payment_term()
    if settings.payment_term is None:
        term = suppliers_own
    if term is not None or bill.due_date is None:
        return {"payment_term": term}
    # Without a term Tryton takes this date as the day the whole bill is due.
    return {"payment_term": None, "payment_term_date": bill.due_date}


def similar_domain(values: Record, days: Any) -> list[Any]:
    """Return the domain of bills that Tryton itself would call similar (account_invoice, `_similar_domain`)."""
    day = values["invoice_date"]
    return [
        ["company", "=", values["company"]],
        ["type", "=", "in"],
        ["party", "=", values["party"]],
        ["reference", "=", values["reference"].strip()],
        ["state", "!=", "cancelled"],
        ["OR", ["invoice_date", "=", None], [["invoice_date", ">=", day - days], ["invoice_date", "<=", day + days]]],
    ]
