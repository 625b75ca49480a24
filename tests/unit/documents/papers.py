"""One plain invoice that tests read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from mailroom.demo.paper import InvoicePaper, PaperLine, Party, invoice_pdf


def an_invoice(**changes: object) -> InvoicePaper:
    facts: dict[str, object] = {
        "supplier": Party(
            "Nordlicht Bürobedarf GmbH",
            "Hafenstraße 12",
            "20457 Hamburg",
            "Deutschland",
            tax_id="DE136695976",
            email="rechnung@nordlicht.example",
            iban="DE89370400440532013000",
        ),
        "customer": Party("Kunden AG Mitte", "Kundenstraße 15", "69876 Frankfurt", "Deutschland"),
        "number": "RE-2024-0317",
        "issue_date": date(2024, 3, 7),
        "due_date": date(2024, 4, 6),
        "lines": (
            PaperLine("Kopierpapier A4 80 g, Karton", Decimal(10), Decimal("4.75"), Decimal(19)),
            PaperLine("Fachbuch Einkauf", Decimal(2), Decimal("30.00"), Decimal(7)),
        ),
    }
    return InvoicePaper(**(facts | changes))  # type: ignore[arg-type]


def an_invoice_pdf(**changes: object) -> bytes:
    return invoice_pdf(an_invoice(**changes))
