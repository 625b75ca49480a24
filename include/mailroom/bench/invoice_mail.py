"""Invoice mails for benchmarks: about 40 KB each, a one-page PDF with a logo, text and HTML."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from email.message import EmailMessage
from functools import cache

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

SIZE = 40_000
"""Bytes of a whole mail, nearly."""
_LOGO = (96, 70)
_LINES = 18


def invoice_mails(count: int, prefix: str) -> Iterator[bytes]:
    """Yield mails with numbers of their own; the prefix keeps one run's apart from another's."""
    for number in range(count):
        yield invoice_mail(f"{prefix}-{number:05d}")


def invoice_mail(number: str) -> bytes:
    """Return one mail of about `SIZE` bytes."""
    mail = EmailMessage()
    mail["From"] = "Nordlicht Papier <billing@nordlicht.example>"
    mail["To"] = "invoices@bench.example"
    mail["Subject"] = f"Invoice {number}"
    mail["Date"] = "Mon, 02 Mar 2026 09:00:00 +0000"
    mail["Message-ID"] = f"<{number}@nordlicht.example>"
    text = f"Please find attached our invoice {number}.\n\nKind regards\nNordlicht Papier GmbH\n"
    mail.set_content(text)
    mail.add_alternative(f"<html><body><p>{text}</p></body></html>", subtype="html")
    mail.add_attachment(_pdf(number), maintype="application", subtype="pdf", filename=f"{number}.pdf")
    return mail.as_bytes()


def _pdf(number: str) -> bytes:
    out = io.BytesIO()
    page = Canvas(out, pagesize=A4, invariant=1)
    page.drawImage(_logo(), 400, 740, 120, 60)
    page.setFont("Helvetica-Bold", 18)
    page.drawString(60, 780, "INVOICE")
    page.setFont("Helvetica", 9)
    head = ["Nordlicht Papier GmbH", "Hafenstr. 4, 24103 Kiel", "VAT id DE136695976", "", "Bill to: Bench Kitchens Ltd"]
    head += [f"Invoice number: {number}", "Invoice date: 2 March 2026", "Due date: 1 April 2026"]
    for place, line in enumerate(head):
        page.drawString(60, 750 - 12 * place, line)
    for place in range(_LINES):
        top = 620 - 14 * place
        page.drawString(60, top, f"{place + 1}   Copy paper A4, 80 g, box of five reams")
        page.drawRightString(540, top, f"{10 + place}.00")
    page.drawRightString(540, 620 - 14 * _LINES, "Total EUR 333.00")
    page.drawString(60, 80, "IBAN DE89 3704 0044 0532 0130 00")
    page.save()
    return out.getvalue()


@cache
def _logo() -> ImageReader:
    """Return a picture that does not compress, as a photograph would not: it makes the mail's size."""
    from PIL import Image

    width, height = _LOGO
    noise = random.Random(1).randbytes(width * height * 3)  # noqa: S311 - a picture, no secret
    return ImageReader(Image.frombytes("RGB", _LOGO, noise))
