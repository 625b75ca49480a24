"""Numbers as clerks type them, amounts as receipts show them, searches that would find everything."""

from __future__ import annotations

from decimal import Decimal

import pytest

from erp_connectors.interface import BillSearch, comparable_number
from erp_connectors.sql.parts import shown


@pytest.mark.parametrize(
    ("one", "other"),
    [("INV-0047/26", "inv 47/26"), ("000123", "123"), ("RE 2026.17", "re-2026-17"), ("Ärz 7", "ÄRZ007")],
)
def test_one_number_typed_in_two_ways_is_one_number(one, other):
    assert comparable_number(one) == comparable_number(other)


@pytest.mark.parametrize(
    ("one", "other"), [("2026/01/11", "2026/11/01"), ("A3411", "003411"), ("INV-7", "INV-70"), ("0", "")]
)
def test_two_numbers_stay_two(one, other):
    assert comparable_number(one) != comparable_number(other)


@pytest.mark.parametrize("criteria", [{"invoice_number": "7"}, {"supplier_code": "S-1"}, {}])
def test_a_search_names_a_supplier_and_something_of_the_bill(criteria):
    with pytest.raises(ValueError, match="a search for bills needs"):
        BillSearch(**criteria)


@pytest.mark.parametrize(
    ("amount", "text"),
    [("119", "119.00"), ("1204.1", "1204.10"), ("1204.100", "1204.10"), ("0.005", "0.005"), ("1E+3", "1000.00")],
)
def test_amounts_are_shown_with_cents_and_nothing_lost(amount, text):
    assert shown(Decimal(amount)) == text
