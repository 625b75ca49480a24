"""Real PDFs through the sandbox, the readers and the desk."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from mailroom.demo.paper import LAYOUTS, InvoicePaper, PaperLine, Party, invoice_pdf
from mailroom.documents.sandbox import SandboxPool
from mailroom.extraction.ladder import WARM_MODULES, extract
from tests.integration.payables.desk import TODAY, Desk, policy

SUPPLIER = Party(
    "Nordlicht Papier GmbH",
    "Hafenstr. 5",
    "20457 Hamburg",
    "Germany",
    tax_id="DE136695976",
    email="billing@nordlicht.example",
    iban="DE89370400440532013000",
)
CUSTOMER = Party("Acme Kitchens GmbH", "Kochweg 1", "10115 Berlin", "Germany")
PAPER = InvoicePaper(
    SUPPLIER,
    CUSTOMER,
    "RE-2026-0815",
    TODAY - timedelta(days=3),
    (
        PaperLine("Copy paper", Decimal(4), Decimal("25.00"), Decimal(19)),
        PaperLine("Toner", Decimal(1), Decimal("80.50"), Decimal(19)),
    ),
    due_date=TODAY + timedelta(days=27),
    language="de",
    locale="de_DE",
    layout=LAYOUTS["classic"],
)


@pytest.fixture
def reading(desk: Desk) -> Iterator[Desk]:
    """Return a desk that reads real files."""
    desk.customer = policy(name="Acme Kitchens GmbH")
    desk.read_file = extract
    with SandboxPool(1, warm_modules=WARM_MODULES) as pool:
        desk.pool = pool
        yield desk


def test_a_real_invoice_is_read_checked_and_found_in_order(reading: Desk):
    key = reading.receive(invoice_pdf(PAPER))
    reading.run()

    assert reading.findings(key) == {}
    (invoice,) = reading.rows("SELECT * FROM invoices")
    # 4 x 25.00 + 80.50 = 180.50; 19 % of it is 34.295, rounded half up 34.30.
    assert (invoice.net_total, invoice.tax_total, invoice.gross_total) == (
        Decimal("180.50"),
        Decimal("34.30"),
        Decimal("214.80"),
    )
    assert reading.state(key)[0] in {"completed", "awaiting_approval"}


def test_a_real_invoice_of_another_customer_is_held(reading: Desk):
    other = replace(PAPER, customer=Party("Globex Clinics Ltd", "1 High Street", "London", "United Kingdom"))
    key = reading.receive(invoice_pdf(other))
    reading.run()

    assert reading.state(key) == ("on_hold", "wrong_customer")


def test_a_customer_named_anywhere_on_the_paper_is_named(reading: Desk):
    """The reader takes one buyer; the paper may name the customer elsewhere, as for a branch (S3-011)."""
    other = replace(PAPER, customer=Party("Branch Two", "2 High Street", "London", "United Kingdom"),
                    note="Ordered by Acme Kitchens GmbH")  # fmt: skip
    key = reading.receive(invoice_pdf(other))
    reading.run()

    assert "wrong_customer" not in reading.findings(key)


def test_a_changed_account_on_real_paper_is_stopped(reading: Desk):
    forged = replace(PAPER, supplier=replace(SUPPLIER, iban="NL91ABNA0417164300"))
    key = reading.receive(invoice_pdf(forged))
    reading.run()

    assert reading.state(key) == ("on_hold", "bank_details_changed")


@pytest.mark.parametrize("words", ["Your payment: ", "For our clients only, "])
def test_a_second_account_beside_the_trusted_one_is_held(reading: Desk, words: str):
    key = reading.receive(invoice_pdf(replace(PAPER, note=f"{words}NL91 ABNA 0417 1643 00")))
    reading.run()

    assert reading.state(key)[0] == "on_hold"
    assert {"another_account_named", "bank_details_changed"} & set(reading.findings(key))


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "empty_file"), (b"%PDF-1.7\nnot really", "broken_file"), (b"MZ\x90\x00 a program", "not_a_pdf")],
)
def test_a_file_that_is_no_invoice_at_all_is_held_with_a_reason(reading: Desk, content: bytes, reason: str):
    key = reading.receive(content)
    reading.run()

    assert reading.state(key) == ("on_hold", reason)
