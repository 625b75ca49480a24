"""The parts of a bill a column can take, and the forms they can be written in and read back from."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Literal

from erp_connectors.bill import Bill

Form = Literal["plain", "cents", "text", "iso", "compact", "base64"]

BILL_PARTS: dict[str, type] = {
    "invoice_number": str,
    "supplier_code": str,
    "supplier_name": str,
    "purchase_order": str,
    "currency": str,
    "issue_date": date,
    "due_date": date,
    "net": Decimal,
    "tax": Decimal,
    "gross": Decimal,
    "paper": bytes,
    "paper_name": str,
}
LINE_PARTS: dict[str, type] = {
    "position": int,
    "description": str,
    "account": str,
    "tax_code": str,
    "quantity": Decimal,
    "unit_price": Decimal,
    "tax_rate": Decimal,
    "net": Decimal,
}
FILE_PARTS: dict[str, type] = {
    "position": int,
    "filename": str,
    "content_type": str,
    "sha256": str,
    "size": int,
    "body": bytes,
}
# The first form is what is taken when none is written. `cents` counts hundredths as a whole number.
FORMS: dict[type, tuple[Form, ...]] = {
    str: ("plain",),
    int: ("plain",),
    date: ("plain", "iso", "compact"),
    Decimal: ("plain", "cents", "text"),
    bytes: ("plain", "base64"),
}
SIGNED = frozenset({"net", "tax", "gross", "unit_price"})


def bill_parts(bill: Bill, sign: int) -> dict[str, Any]:
    """Return the header's parts; `sign` is -1 where the ledger wants credit notes negative."""
    paper = bill.attachments[0] if bill.attachments else None
    return {
        "invoice_number": bill.invoice_number,
        "supplier_code": bill.supplier_code,
        "supplier_name": bill.supplier_name,
        "purchase_order": bill.purchase_order,
        "currency": bill.currency,
        "issue_date": bill.issue_date,
        "due_date": bill.due_date,
        "net": sign * bill.net,
        "tax": sign * bill.tax,
        "gross": sign * bill.gross,
        "paper": None if paper is None else paper.body,
        "paper_name": None if paper is None else paper.filename,
    }


def line_parts(bill: Bill, sign: int) -> Iterator[dict[str, Any]]:
    """Yield each line's parts. Price and net carry the sign, so quantity times price stays net."""
    for position, line in enumerate(bill.lines, start=1):
        yield {
            "position": position,
            "description": line.description,
            "account": line.account,
            "tax_code": line.tax_code,
            "quantity": line.quantity,
            "unit_price": None if line.unit_price is None else sign * line.unit_price,
            "tax_rate": line.tax_rate,
            "net": sign * line.net,
        }


def file_parts(bill: Bill) -> Iterator[dict[str, Any]]:
    """Yield each file's parts."""
    for position, file in enumerate(bill.attachments, start=1):
        yield {
            "position": position,
            "filename": file.filename,
            "content_type": file.content_type,
            "sha256": file.sha256,
            "size": len(file.body),
            "body": file.body,
        }


def written(value: Any, form: Form) -> Any:
    """Return a part in the form its column takes; raises `ValueError` when the form can't hold it."""
    if value is None or form == "plain":
        return value
    match form:
        case "cents":
            cents = value * 100
            if cents != cents.to_integral_value():
                raise ValueError("has fractions of a cent")
            return int(cents)
        case "text":
            return f"{value:f}"
        case "iso":
            return value.isoformat()
        case "compact":
            return value.strftime("%Y%m%d")
        case "base64":
            return base64.b64encode(value).decode()


def as_text(value: Any) -> Any:
    """Return decimals and dates as text, for a database that has neither; anything else as it is."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


def read_back(value: Any, form: Form, kind: type) -> Any:
    """Return the part a column's value stands for; raises `ValueError` when it stands for none."""
    if value is None:
        return None
    if kind is Decimal:
        return _amount(value, form)
    if kind is date:
        return _day(value, form)
    if kind is bytes:
        return base64.b64decode(value) if form == "base64" else bytes(value)
    return kind(value)


def _amount(value: Any, form: Form) -> Decimal:
    if form == "cents":
        return Decimal(int(value)) / 100
    if isinstance(value, float):
        # Databases without decimals (SQLite) give back the double nearest to what was written;
        # fifteen digits name it, and the connector compares before it commits.
        return Decimal(f"{value:.15g}")
    try:
        return Decimal(str(value).strip())
    except ArithmeticError as err:
        raise ValueError("is not a number") from err


def _day(value: Any, form: Form) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    # `fromisoformat` reads both 2026-03-02 and 20260302.
    return date.fromisoformat(str(value).strip()[: 8 if form == "compact" else 10])


def shown(amount: Decimal) -> str:
    """Return an amount with at least two decimals and no more zeros than that: `1204.10`."""
    digits = f"{amount.normalize():f}"
    decimals = len(digits.partition(".")[2])
    return digits if decimals >= 2 else f"{amount.quantize(Decimal('0.01'), ROUND_HALF_EVEN):f}"
