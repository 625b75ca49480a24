"""The checks every connector makes before it sends anything."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from decimal import Decimal

from erp_connectors.bill import Bill
from erp_connectors.errors import UploadRefusedError

LONGEST_KEY = 200
# ISO 4217 knows no currency with more than four decimals (CLF, UYW).
MOST_DECIMALS = 4
LARGEST_AMOUNT = Decimal(10) ** 15


def refuse_unusable(bill: Bill) -> None:
    """Raise `UploadRefusedError` (`unusable_bill`) naming everything that keeps the bill out of any ledger.

    Only what holds for every system is checked here: identity, amounts that are exact and add up, text
    that can be stored. Values themselves are not repeated in the message.
    """
    faults = [*_identity_faults(bill), *_amount_faults(bill), *_line_faults(bill), *_text_faults(bill)]
    if faults:
        raise UploadRefusedError(f"the bill cannot be used: {'; '.join(faults)}", code="unusable_bill")


def _identity_faults(bill: Bill) -> Iterator[str]:
    if not bill.key.strip() or bill.key != bill.key.strip():
        yield "its key is blank or has blanks around it"
    if len(bill.key) > LONGEST_KEY:
        yield f"its key has {len(bill.key)} characters, at most {LONGEST_KEY} are allowed"
    if not bill.invoice_number.strip():
        yield "it has no invoice number"
    if not (bill.supplier_code.strip() or bill.supplier_name.strip()):
        yield "it has no supplier"
    if not (len(bill.currency) == 3 and bill.currency.isascii() and bill.currency.isupper()):
        yield "its currency is not a code of ISO 4217"
    for file in bill.attachments:
        if not file.filename.strip():
            yield "one of its files has no name"


def _amount_faults(bill: Bill) -> Iterator[str]:
    faults = []
    for name in ("net", "tax", "gross"):
        amount = getattr(bill, name)
        fault = _number_fault(amount)
        if fault is None and amount < 0:
            fault = "is negative; a credit note carries positive amounts and says what it is"
        if fault is None and -amount.as_tuple().exponent > MOST_DECIMALS:
            fault = f"has more than {MOST_DECIMALS} decimals"
        if fault is not None:
            faults.append(f"its {name} {fault}")
    yield from faults
    if not faults and bill.net + bill.tax != bill.gross:
        yield "its net and tax do not add up to its gross"


def _line_faults(bill: Bill) -> Iterator[str]:
    if not bill.lines:
        yield "it has no lines"
    for position, line in enumerate(bill.lines, start=1):
        for name in ("net", "quantity", "unit_price", "tax_rate"):
            amount = getattr(line, name)
            fault = None if amount is None and name != "net" else _number_fault(amount)
            if fault is not None:
                yield f"the {name.replace('_', ' ')} of line {position} {fault}"
        if not line.account.strip():
            yield f"line {position} has no account"


def _number_fault(amount: object) -> str | None:
    if not isinstance(amount, Decimal):
        return f"is a {type(amount).__name__}, not a decimal"
    if not amount.is_finite():
        return "is not a number"
    if abs(amount) >= LARGEST_AMOUNT:
        return "is beyond any ledger"
    return None


def _text_faults(bill: Bill) -> Iterator[str]:
    texts = {
        "key": bill.key,
        "supplier code": bill.supplier_code,
        "supplier name": bill.supplier_name,
        "invoice number": bill.invoice_number,
        "purchase order": bill.purchase_order or "",
    }
    for position, line in enumerate(bill.lines, start=1):
        texts[f"description of line {position}"] = line.description
        texts[f"account of line {position}"] = line.account
        texts[f"tax code of line {position}"] = line.tax_code or ""
    for position, file in enumerate(bill.attachments, start=1):
        texts[f"name of file {position}"] = file.filename
    for name, text in texts.items():
        if any(_unstorable(sign) for sign in text):
            yield f"the {name} holds control characters or broken text"


def _unstorable(sign: str) -> bool:
    # Cs: lone surrogates, which no encoding carries; Cc: NUL and its like, which Postgres refuses.
    return unicodedata.category(sign) in {"Cs", "Cc"} and sign not in "\t\n\r"
