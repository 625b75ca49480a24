from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroom.database.documents import Document
from mailroom.database.invoices import Invoice
from mailroom.domain.document import DocumentType, ExtractedDocument, FieldValue, Line
from mailroom.payables.reading import amount_of, currency_of, date_of, invoice_of, with_totals
from mailroom.payables.version import version_hash

INVOICE = Invoice(uuid4(), "sha", invoice_number="7", gross_total=Decimal("119.00"), currency="EUR", vendor_name="A")


@pytest.mark.parametrize("value", [None, "", "abc", "NaN", "Infinity", "1e40", "1.005", "12,50"])
def test_what_is_no_exact_amount_is_none(value: str | None):
    assert amount_of(value) is None


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_an_amount_keeps_every_cent(amount: Decimal):
    assert amount_of(str(amount)) == amount


def test_dates_and_currencies_are_taken_in_one_form_only():
    assert date_of("2026-11-22") == date(2026, 11, 22)
    assert date_of("22.11.2026") is None
    assert date_of("2026-02-30") is None
    assert currency_of("eur") == "EUR"
    assert currency_of("€") is None


@pytest.mark.parametrize(
    ("given_totals", "expected"),
    [
        (("100.00", "19.00", None), ("100.00", "19.00", "119.00")),
        ((None, "19.00", "119.00"), ("100.00", "19.00", "119.00")),
        (("100.00", None, "119.00"), ("100.00", "19.00", "119.00")),
        ((None, None, "119.00"), ("119.00", "0.00", "119.00")),
        (("100.00", None, None), ("100.00", None, None)),
        ((None, None, None), (None, None, None)),
    ],
)
def test_the_third_of_three_totals_follows_from_two(given_totals, expected):
    def amounts(texts):
        return tuple(None if text is None else Decimal(text) for text in texts)

    net, tax, gross = amounts(given_totals)
    found = with_totals(replace(INVOICE, net_total=net, tax_total=tax, gross_total=gross))

    assert (found.net_total, found.tax_total, found.gross_total) == amounts(expected)


@pytest.mark.parametrize(
    "change",
    [
        {"gross_total": Decimal("119.01")},
        {"currency": "USD"},
        {"vendor_name": "B"},
        {"supplier_number": "S-1"},
        {"bank_account": "DE89370400440532013000"},
        {"lines": (Line("a", net="1.00"),)},
        {"invoice_number": "8"},
        {"document_type": "credit_note"},
    ],
)
def test_whatever_an_approver_saw_makes_another_version(change):
    assert version_hash(replace(INVOICE, **change)) != version_hash(INVOICE)


def test_what_nobody_decides_on_leaves_the_version():
    same = replace(INVOICE, confidence=Decimal("0.5"), registered_seq=9, gross_total=Decimal("119.0"))
    assert version_hash(same) == version_hash(INVOICE)


def test_confidence_is_that_of_the_weakest_key_field():
    fields = {
        "invoice_number": FieldValue("7", 0.99, "layout"),
        "gross_total": FieldValue("1.00", 0.61, "layout"),
        "purchase_order": FieldValue("PO", 0.10, "layout"),
    }
    document = Document(uuid4(), uuid4(), "invoice", "a.pdf", "application/pdf", "sha", 1, "key")
    found = invoice_of(uuid4(), document, ExtractedDocument(DocumentType.INVOICE, (1,), fields), None)

    assert found.confidence == Decimal("0.61")
