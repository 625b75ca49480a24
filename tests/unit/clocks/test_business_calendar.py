"""Business days and hours; the expected dates are from printed calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from mailroom.clocks.business_calendar import BusinessCalendar
from mailroom.domain.errors import ConfigurationError
from mailroom.settings.customers import CalendarPolicy

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")


def a_calendar(zone: ZoneInfo = BERLIN, **policy: object) -> BusinessCalendar:
    return BusinessCalendar(CalendarPolicy(**{"country": "DE", "subdivision": "BY", **policy}), zone)  # type: ignore[arg-type]


def at(*parts: int, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime(*parts, tzinfo=zone)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("day", "business"),
    [
        (date(2026, 4, 2), True),  # Maundy Thursday
        (date(2026, 4, 3), False),  # Good Friday
        (date(2026, 4, 6), False),  # Easter Monday
        (date(2026, 6, 4), False),  # Corpus Christi, a holiday in Bavaria
        (date(2026, 10, 3), False),  # a Saturday and Unity Day
        (date(2026, 3, 7), False),  # a Saturday
        (date(2026, 3, 9), True),
    ],
)
def test_weekends_and_holidays_of_the_country_are_days_off(day: date, business: bool):
    assert a_calendar().is_business_day(day) is business


def test_a_holiday_of_one_state_is_a_business_day_in_another():
    assert a_calendar(subdivision="BE").is_business_day(date(2026, 6, 4))


def test_closed_days_are_of_one_year_or_of_every_year():
    calendar = a_calendar(closed=("2026-12-23", "12-24"))

    assert not calendar.is_business_day(date(2026, 12, 23))
    assert calendar.is_business_day(date(2027, 12, 23))
    assert not calendar.is_business_day(date(2027, 12, 24))


def test_another_weekend():
    calendar = BusinessCalendar(CalendarPolicy(weekend=(4, 5)), ZoneInfo("Asia/Riyadh"))

    assert not calendar.is_business_day(date(2026, 3, 6))  # a Friday
    assert calendar.is_business_day(date(2026, 3, 8))  # a Sunday


def test_two_business_days_after_maundy_thursday_is_the_wednesday_after_easter():
    assert a_calendar().add_days(at(2026, 4, 2, 15), 2) == at(2026, 4, 8, 15)


def test_the_time_of_day_stays_when_the_clocks_change():
    # Summer time begins in Berlin on 29 March 2026.
    found = a_calendar().add_days(at(2026, 3, 27, 9), 1)

    assert found == datetime(2026, 3, 30, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        (at(2026, 3, 2, 10), 5, at(2026, 3, 2, 15)),
        (at(2026, 3, 6, 20), 8, at(2026, 3, 9, 4)),  # Friday evening, over the weekend
        (at(2026, 3, 7, 12), 1, at(2026, 3, 9, 1)),  # from a Saturday: Monday's first hour
        (at(2026, 4, 2, 12), 36, at(2026, 4, 8, 0)),  # 12 h on Thursday, 24 h on the Tuesday after Easter
    ],
)
def test_only_hours_of_business_days_count(start: datetime, hours: float, end: datetime):
    assert a_calendar().add_hours(start, hours) == end


def test_a_day_on_which_the_clocks_change_has_23_hours():
    # A business week of seven days; the night to 8 March 2026 loses an hour in New York.
    calendar = BusinessCalendar(CalendarPolicy(weekend=()), NEW_YORK)

    assert calendar.add_hours(at(2026, 3, 8, 0, zone=NEW_YORK), 23) == at(2026, 3, 9, 0, zone=NEW_YORK)


def test_the_next_morning_skips_days_off():
    assert a_calendar().next_morning(at(2026, 4, 3, 11), time(8)) == at(2026, 4, 7, 8)


def test_the_day_is_the_customers_not_the_servers():
    # 23:30 UTC on Friday is Saturday in Berlin and still Friday in New York.
    moment = datetime(2026, 3, 6, 23, 30, tzinfo=UTC)

    assert not a_calendar().is_business_time(moment)
    assert BusinessCalendar(CalendarPolicy(country="US"), NEW_YORK).is_business_time(moment)


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        ({"country": "XX", "subdivision": None}, "unknown_country"),
        ({"subdivision": "ZZ"}, "unknown_country"),
        ({"closed": ("24.12.",)}, "closed_day"),
        ({"closed": ("2026-02-30",)}, "closed_day"),
    ],
)
def test_a_wrong_calendar_is_named(policy: dict[str, object], code: str):
    with pytest.raises(ConfigurationError) as caught:
        a_calendar(**policy)
    assert caught.value.code == code


def test_a_calendar_without_business_days_is_refused():
    calendar = BusinessCalendar(CalendarPolicy(weekend=(0, 1, 2, 3, 4, 5, 6)), BERLIN)

    with pytest.raises(ConfigurationError):
        calendar.next_morning(at(2026, 3, 2, 10), time(8))
