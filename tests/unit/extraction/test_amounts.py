from decimal import Decimal

import pytest

from mailroom.extraction.amounts import decimal_mark, printed_amounts, value_of


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("1,234.56", ".", "1234.56"),
        ("1.234,56", ",", "1234.56"),
        ("1 234,56", ",", "1234.56"),
        ("1'234.50", ".", "1234.50"),
        ("1’234.50", ".", "1234.50"),
        ("12,34,567.00", ".", "1234567.00"),
        ("0,75", ".", "0.75"),
        ("1.234", ",", "1234"),
        ("1.234", ".", "1.234"),
        ("5,000", ",", "5.000"),
        ("5,000", ".", "5000"),
        ("1.234.567", ".", "1234567"),
        ("0.125", ",", "0.125"),
    ],
)
def test_a_number_is_read_in_its_document_s_locale(text, mark, value):
    (printed,) = printed_amounts(text)

    assert value_of(printed.number, mark) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "currency", "negative"),
    [
        ("€ 12,50", "EUR", False),
        ("12,50 €", "EUR", False),
        ("US$1,204.00", "USD", False),
        ("-£9.32", "GBP", True),
        ("€ -9,32", "EUR", True),
        ("(45.00)", None, True),
        ("45,00-", None, True),
        ("1 230,00 zł", "PLN", False),
        ("CHF 120.–", "CHF", False),
    ],
)
def test_a_currency_and_a_sign_are_read_wherever_they_stand(text, currency, negative):
    (printed,) = printed_amounts(text)

    assert (printed.currency, printed.negative) == (currency, negative)


@pytest.mark.parametrize(
    "text", ["IBAN DE89370400440532013000", "info@shop24.example", "www.shop24.example", "A4", "B-12/7"]
)
def test_numbers_inside_words_are_no_amounts(text):
    assert printed_amounts(text) == []


def test_a_rate_is_told_from_an_amount():
    rate, amount = printed_amounts("VAT 20% 9.34")

    assert (rate.percent, amount.percent) == (True, False)


def test_the_decimal_mark_is_the_one_most_clear_numbers_use():
    assert decimal_mark(["12,50", "1.000", "3,99", "2.50"], default=".") == ","
    assert decimal_mark(["1,000", "2,000.00"], default=",") == "."
    assert decimal_mark(["1000", "12"], default=",") == ","
