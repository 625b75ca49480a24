from __future__ import annotations

import pytest

from mailroom.payables.rules.accounts import (
    account_country,
    account_fault,
    filed_account_fault,
    normal_account,
    same_tax_id,
    tax_id_country,
    tax_id_fault,
)

# The example IBANs of the SWIFT IBAN registry; routing number of the Federal Reserve Bank of Boston.
IBANS = ["DE89 3704 0044 0532 0130 00", "GB29 NWBK 6016 1331 9268 19", "FR14 2004 1010 0505 0001 3M02 606"]
ROUTING = "011000015"


@pytest.mark.parametrize("iban", IBANS)
def test_registered_example_ibans_can_exist(iban: str):
    assert account_fault(iban) is None
    assert account_country(iban) == iban[:2]


@pytest.mark.parametrize("iban", IBANS)
@pytest.mark.parametrize("place", [2, 3, 8, -1])
def test_one_wrong_digit_is_found(iban: str, place: int):
    compact = iban.replace(" ", "")
    sign = compact[place]
    other = str((int(sign) + 1) % 10) if sign.isdigit() else "X"
    wrong = compact[:place] + other + (compact[place + 1 :] if place != -1 else "")

    assert account_fault(wrong) is not None


def test_a_routing_number_has_its_check_digit():
    assert account_fault(f"{ROUTING} 123456789") is None
    assert account_fault("011000016 123456789") is not None


@pytest.mark.parametrize("account", ["12345678", "20-00-00 12345678", "BE", ""])
def test_what_is_neither_cannot_be_told(account: str):
    assert account_fault(account) is None


def test_blanks_and_case_do_not_make_an_account_another():
    assert normal_account("de89 3704-0044 0532 0130 00") == "DE89370400440532013000"


def test_a_vat_id_is_the_same_with_and_without_its_country():
    assert same_tax_id("DE 136 695 976", "136695976")
    assert not same_tax_id("DE136695976", "DE136695977")


def test_a_vat_id_has_its_check_digit():
    # DE136695976 is the example of python-stdnum and of the German tax office's description.
    assert tax_id_fault("DE136695976") is None
    assert tax_id_fault("DE136695977") is not None
    assert tax_id_fault("12-3456789") is None


def test_greece_writes_el():
    assert tax_id_country("EL094259216") == "GR"
    assert tax_id_country("12-3456789") is None


@pytest.mark.parametrize("account", ["garbage", "", "see contract", "12-3", "١٢٣٤٥"])
def test_words_are_no_account_to_put_on_file(account: str):
    assert filed_account_fault(account) is not None


@pytest.mark.parametrize("account", [*IBANS, f"{ROUTING} 12345678", "12345678"])
def test_an_account_is_put_on_file(account: str):
    assert filed_account_fault(account) is None
