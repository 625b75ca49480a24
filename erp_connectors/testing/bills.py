"""Bills to test with."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from erp_connectors.bill import Attachment, Bill, BillLine, ListedSupplier


def a_pdf(text: str = "INV-7", filename: str = "invoice.pdf") -> Attachment:
    """Return a one-page PDF that holds `text`, written out by hand so that nothing need be installed."""
    content = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode("latin-1", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    )
    # The comment's bytes above 127 tell transports, and this suite, that a PDF is not text.
    body, offsets = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\r\n\x00\n", []
    for number, part in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    end = b"trailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    return Attachment(filename, "application/pdf", body + b"xref\n0 5\n0000000000 65535 f \n" + table + end)


def a_line(net: str = "100.00", **changes: Any) -> BillLine:
    """Return a line of one piece, with the parts named in `changes` replaced."""
    parts: dict[str, Any] = {
        "description": "Printer paper A4",
        "net": Decimal(net),
        "account": "6800",
        "quantity": Decimal(1),
        "unit_price": Decimal(net),
        "tax_rate": Decimal(19),
        "tax_code": "VSt19",
    }
    return BillLine(**{**parts, **changes})


def a_bill(number: str = "INV-7", net: str = "100.00", tax: str = "19.00", **changes: Any) -> Bill:
    """Return a draft bill with one line and one PDF; its gross is net + tax unless `changes` says else."""
    parts: dict[str, Any] = {
        "key": f"key-{number}",
        "supplier_code": "S-100",
        "supplier_name": "Paper Mill Ltd",
        "invoice_number": number,
        "issue_date": date(2026, 3, 2),
        "due_date": date(2026, 4, 1),
        "currency": "EUR",
        "net": Decimal(net),
        "tax": Decimal(tax),
        "gross": Decimal(net) + Decimal(tax),
        "lines": (a_line(net),),
        "attachments": (a_pdf(number),),
    }
    return Bill(**{**parts, **changes})


def a_supplier(number: str = "K-900", **changes: Any) -> ListedSupplier:
    """Return a supplier of whom one of everything is known; the account is the IBAN registry's example."""
    parts: dict[str, Any] = {
        "number": number,
        "name": "Kiosk & Paper",
        "emails": ("billing@kiosk.example",),
        "phones": ("+49301234567",),
        "tax_ids": ("DE136695976",),
        "bank_accounts": ("DE89370400440532013000",),
    }
    return ListedSupplier(**{**parts, **changes})
