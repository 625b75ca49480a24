"""The demo's own check of the ledger finds what must not be."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from mailroom.demo.bills import LedgerBill
from mailroom.demo.story import Telling, first_mails
from mailroom.demo.verdict import ledger_faults

MAILS = first_mails(Telling(1, datetime(2026, 3, 2, 9, tzinfo=UTC)))
EXPECTED = [each for mail in MAILS for each in mail.invoices]


def bill(number: str, gross: Decimal, currency: str) -> LedgerBill:
    return LedgerBill(
        1, "70010", "Nordlicht", number, date(2026, 3, 1), currency, gross, Decimal(0), gross, "D", lines=1, files=1
    )


RIGHT = [bill(each.number, each.total.amount, each.total.currency) for each in EXPECTED if each.state == "completed"]


def test_each_approved_invoice_once_is_right():
    assert len(RIGHT) == 5
    assert ledger_faults(RIGHT, MAILS) == []


@pytest.mark.parametrize(
    "bills",
    [
        RIGHT[1:],
        [*RIGHT, RIGHT[0]],
        [replace(RIGHT[0], gross=RIGHT[0].gross + Decimal("0.01")), *RIGHT[1:]],
        [replace(RIGHT[0], status="P"), *RIGHT[1:]],
        [replace(RIGHT[0], files=0), *RIGHT[1:]],
    ],
    ids=["missing", "twice", "a cent more", "posted, no draft", "without its file"],
)
def test_a_ledger_that_differs_is_told(bills: list[LedgerBill]):
    assert len(ledger_faults(bills, MAILS)) == 1


def test_a_held_invoice_in_the_ledger_is_told():
    held = next(each for each in EXPECTED if each.reason == "bank_details_changed")
    paid = bill(held.number, held.total.amount, held.total.currency)

    assert ledger_faults([*RIGHT, paid], MAILS) == [f"{held.number} is in the ledger and must not be"]
