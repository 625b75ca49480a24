from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailroom.payables.rules.numbers import folded_number, nearly_equal, normalised_number


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("INV-47-26", "inv 0047/26"),
        ("RE 2026-0815", "2026/0815"),
        ("Rechnung Nr. 12", "12"),
        ("A-003411", "A3411"),
        ("Ｎ°１２", "12"),
        ("0", "000"),
    ],
)
def test_zeros_prefixes_and_separators_do_not_make_a_number_new(one: str, other: str):
    assert normalised_number(one) == normalised_number(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("2026/01/11", "2026/11/01"), ("A-100", "B-100"), ("INV-100", "INV-1000"), ("10-1", "1-01-2")],
)
def test_what_tells_numbers_apart_is_kept(one: str, other: str):
    assert normalised_number(one) != normalised_number(other)


@pytest.mark.parametrize("number", [None, "", "N/A", "none", "---", "  ", "siehe unten"])
def test_a_number_without_a_digit_is_no_number(number: str | None):
    assert normalised_number(number) is None
    assert folded_number(number) is None


def test_a_letter_series_and_signs_that_look_alike_fold_to_one_candidate():
    # frappe/erpnext#2412: 003411 and A3411 passed as two invoices.
    assert folded_number("003411") == folded_number("A3411")
    assert folded_number("INV-1O01") == folded_number("INV-1001")


@given(st.text(alphabet="0123456789", min_size=1, max_size=12), st.sampled_from(["", "INV-", "inv. ", "No. ", "00"]))
def test_a_generic_prefix_never_changes_the_number(digits: str, prefix: str):
    assert normalised_number(prefix + digits) == (digits.lstrip("0") or "0")


@given(st.text(max_size=40))
def test_a_normalised_number_is_its_own_normal_form(number: str):
    once = normalised_number(number)
    assert once is None or once.isalnum()


@pytest.mark.parametrize(
    ("one", "other", "near"), [("1234", "1243", True), ("1234", "12345", True), ("1234", "4321", False)]
)
def test_one_slip_makes_numbers_nearly_equal(one: str, other: str, near: bool):
    assert nearly_equal(one, other) is near
