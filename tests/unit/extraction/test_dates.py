from datetime import date

import pytest

from mailroom.extraction.dates import is_day_first, printed_dates, proves_order


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-07",
        "7.3.2024",
        "07.03.24",
        "07/03/2024",
        "7 March 2024",
        "7th March 2024",
        "March 7, 2024",
        "Mar 7 2024",
        "07-Mar-2024",
        "7. März 2024",
        "7 mars 2024",
        "7 de marzo de 2024",
        "7 marzo 2024",
        "7 maart 2024",
        "7 mrt. 2024",
        "7 marca 2024",
        "7 de março de 2024",
    ],
)
def test_a_date_is_read_in_every_language(text):
    (printed,) = printed_dates(text)

    assert printed.read(day_first=True) == date(2024, 3, 7)


@pytest.mark.parametrize(
    "text", ["1er février 2024", "1 lutego 2024", "1 fevereiro 2024", "1 feb 2024", "Feb. 1, 2024"]
)
def test_the_first_of_february_too(text):
    (printed,) = printed_dates(text)

    assert printed.read(day_first=True) == date(2024, 2, 1)


@pytest.mark.parametrize("text", ["31.02.2024", "1.2.34", "12/2024", "192.168.1.10", "Tel. 030 12 34 56", "1/2/3/4"])
def test_what_is_no_date_is_none(text):
    assert printed_dates(text) == []


def test_one_date_that_allows_only_one_order_settles_all():
    dates = printed_dates("03/04/2024 12/25/2024")

    assert is_day_first(dates, default=True) is False


def test_a_full_stop_means_the_day_comes_first():
    assert is_day_first(printed_dates("03.04.2024"), default=False) is True


def test_a_usual_term_between_two_dates_proves_their_order():
    """5 April to 5 May 2024 are 30 days; 4 May to 5 May would be one."""
    issued, due = printed_dates("05/04/2024 05/05/2024")

    assert proves_order(issued, due) is True
