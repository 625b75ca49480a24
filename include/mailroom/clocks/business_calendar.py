"""Business days of one customer: weekdays less holidays and closed days, in their time zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
import structlog

from mailroom.domain.errors import ConfigurationError
from mailroom.settings.customers import CalendarPolicy, CustomerPolicy

log = structlog.get_logger()

_CLOSED = re.compile(r"(?:(\d{4})-)?(\d{2})-(\d{2})")
_LONGEST_CLOSURE = 366


class BusinessCalendar:
    """Answers for whole days: an hour counts when its day is a business day.

    `policy.closed` holds dates (`2026-12-24`) or days of every year (`12-24`). Raises `ConfigurationError`
    for a country, subdivision or date that is none.
    """

    def __init__(self, policy: CalendarPolicy, zone: ZoneInfo) -> None:
        self._weekend = frozenset(policy.weekend)
        self._closed = frozenset(_closed_day(day) for day in policy.closed)
        self._holidays = _holidays_of(policy.country, policy.subdivision)
        self._zone = zone

    def is_business_day(self, day: date) -> bool:
        """Tell whether people work on this day."""
        if day.weekday() in self._weekend or (self._holidays is not None and day in self._holidays):
            return False
        return not self._closed & {(day.year, day.month, day.day), (None, day.month, day.day)}

    def is_business_time(self, moment: datetime) -> bool:
        """Tell whether a moment falls on a business day, by the customer's clock."""
        return self.is_business_day(moment.astimezone(self._zone).date())

    def next_morning(self, moment: datetime, at: time) -> datetime:
        """Return `at` (local time) on the first business day after `moment`, in UTC."""
        day = self._next_business_day(moment.astimezone(self._zone).date())
        return datetime.combine(day, at, self._zone).astimezone(UTC)

    def first_morning(self, moment: datetime, at: time) -> datetime:
        """Return the first `at` (local time) of a business day that is not before `moment`, in UTC."""
        local = moment.astimezone(self._zone)
        if self.is_business_day(local.date()) and local.time() <= at:
            return datetime.combine(local.date(), at, self._zone).astimezone(UTC)
        return self.next_morning(moment, at)

    def add_days(self, moment: datetime, days: int) -> datetime:
        """Return the same local time `days` business days later, in UTC.

        Counted from a day off, the first business day is day one.
        """
        local = moment.astimezone(self._zone)
        day = local.date()
        for _ in range(days):
            day = self._next_business_day(day)
        return datetime.combine(day, local.time(), self._zone).astimezone(UTC)

    def add_hours(self, moment: datetime, hours: float) -> datetime:
        """Return the moment when `hours` have passed on business days, in UTC.

        Real hours: a day on which the clocks change has 23 or 25 of them.
        """
        left, at = timedelta(hours=hours), moment.astimezone(UTC)
        while True:
            day = at.astimezone(self._zone).date()
            midnight = datetime.combine(day + timedelta(days=1), time(), self._zone).astimezone(UTC)
            if self.is_business_day(day):
                if left <= midnight - at:
                    return at + left
                left -= midnight - at
            else:
                midnight = self.next_morning(at, time())
            at = midnight

    def _next_business_day(self, day: date) -> date:
        for distance in range(1, _LONGEST_CLOSURE + 1):
            found = day + timedelta(days=distance)
            if self.is_business_day(found):
                return found
        raise ConfigurationError("the calendar has no business day in a whole year", code="no_business_day")


@lru_cache(maxsize=256)
def business_calendar(policy: CalendarPolicy, zone: ZoneInfo) -> BusinessCalendar:
    """Return a customer's calendar; made once per policy."""
    return BusinessCalendar(policy, zone)


def three_business_days_on(customer: CustomerPolicy, now: datetime) -> datetime:
    """Return the end of a customer's third business day from now: how long an absence without a date lasts."""
    calendar = calendar_of(customer)
    return calendar.next_morning(calendar.add_days(now, 2), time())


def calendar_of(customer: CustomerPolicy) -> BusinessCalendar:
    """Return the customer's calendar, or plain weekdays when theirs cannot be read: work goes on meanwhile."""
    try:
        return business_calendar(customer.calendar, customer.zone)
    except ConfigurationError as err:
        log.error("calendar not used, weekdays stand in", organization=customer.organization, cause=err.code)
        return business_calendar(CalendarPolicy(weekend=customer.calendar.weekend), customer.zone)


def _closed_day(text: str) -> tuple[int | None, int, int]:
    match = _CLOSED.fullmatch(text)
    try:
        if match is None:
            raise ValueError(text)
        year = int(match[1]) if match[1] else None
        day = date(year or 2024, int(match[2]), int(match[3]))
    except ValueError as err:
        message = f"closed day {text!r} is no date; write it like 2026-12-24, or 12-24 for every year"
        raise ConfigurationError(message, code="closed_day") from err
    return year, day.month, day.day


def _holidays_of(country: str | None, subdivision: str | None) -> holidays.HolidayBase | None:
    if country is None:
        return None
    try:
        return holidays.country_holidays(country, subdiv=subdivision)
    except (NotImplementedError, KeyError) as err:
        where = country if subdivision is None else f"{country}-{subdivision}"
        message = f"no public holidays are known for {where!r}; use ISO codes such as DE and BY"
        raise ConfigurationError(message, code="unknown_country") from err
