"""The sample ledger as its clerk sees it: read past the connector, straight from the ledger's tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import psycopg
from psycopg.rows import class_row

_BILLS = """SELECT b.id, b.supplier_no, b.supplier_name, b.invoice_no, b.invoice_date, b.currency, b.net, b.tax,
        b.gross, b.status,
        (SELECT count(*) FROM ap_bill_line l WHERE l.bill_id = b.id) AS lines,
        (SELECT count(*) FROM ap_bill_file f WHERE f.bill_id = b.id) AS files
    FROM ap_bill b ORDER BY b.id"""


@dataclass(frozen=True, slots=True)
class LedgerBill:
    """One bill as it stands in the ledger; status D is a draft, P posted, Z paid, X cancelled."""

    id: int
    supplier_no: str
    supplier_name: str
    invoice_no: str
    invoice_date: date
    currency: str
    net: Decimal
    tax: Decimal
    gross: Decimal
    status: str
    lines: int
    files: int


def ledger_bills(url: str, password: str) -> list[LedgerBill]:
    """Return every bill of the ledger, oldest first; `url` is SQLAlchemy's."""
    address = url.replace("+psycopg", "", 1)
    with (
        psycopg.connect(address, password=password, connect_timeout=5) as connection,
        connection.cursor(row_factory=class_row(LedgerBill)) as cursor,
    ):
        return cursor.execute(_BILLS).fetchall()


def as_text(bills: Sequence[LedgerBill]) -> str:
    """Return the bills as a table in plain text."""
    head = ("bill", "supplier", "invoice", "date", "net", "tax", "gross", "", "status", "lines", "files")
    rows = [
        (
            str(each.id), f"{each.supplier_no} {each.supplier_name}", each.invoice_no, each.invoice_date.isoformat(),
            f"{each.net:,.2f}", f"{each.tax:,.2f}", f"{each.gross:,.2f}", each.currency, each.status, str(each.lines),
            str(each.files),
        )
        for each in bills
    ]  # fmt: skip
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    right = {0, 4, 5, 6, 9, 10}
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in (head, *rows)
    )
