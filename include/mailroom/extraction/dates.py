"""Dates as printed in eight languages, numeric ones with their order proved or inferred."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mailroom.extraction.tokens import key_of

_NAMES = """
    january jan januar janner janv janvier enero ene gennaio gen januari stycznia sty styczen janeiro
    ; february feb februar fevr fevrier febrero febbraio februari febr lutego lut luty fevereiro fev
    ; march mar marz mrz mars marzo maart mrt marca marzec marco
    ; april apr avr avril abril abr aprile kwietnia kwi kwiecien
    ; may mai mayo may maggio mag mei maja maj maio
    ; june jun juni juin junio giugno giu czerwca cze czerwiec junho
    ; july jul juli juil juillet julio luglio lug lipca lip lipiec julho
    ; august aug aout agosto ago augustus sierpnia sie sierpien
    ; september sep sept septembre septiembre settembre set wrzesnia wrz wrzesien setembro
    ; october oct oktober okt octobre octubre ottobre ott pazdziernika paz pazdziernik outubro out
    ; november nov novembre noviembre listopada lis listopad novembro
    ; december dec dezember dez decembre diciembre dic dicembre grudnia gru grudzien dezembro
"""
MONTHS = {name: number for number, names in enumerate(_NAMES.split(";"), 1) for name in names.split()}
_NUMERIC = re.compile(r"(?<![\d.,/-])(\d{4}|\d{1,2})\s?([./-])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?![\d/]|[.,-]\d)")
_NAMED_MIDDLE = re.compile(
    r"(?<![\d.,])(\d{1,2})(?:st|nd|rd|th|er|º|°|ª)?[\s./-]*(?:de |of |d')?\s?([^\W\d_]{3,12})"
    r"[\s.,/'-]*(?:de |del |do )?\s?(\d{4}|\d{2})(?!\d)"
)
_NAMED_FIRST = re.compile(r"(?<![^\W_])([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)")
_USUAL_TERMS = {0, 7, 8, 10, 14, 15, 20, 21, 28, 30, 31, 45, 60, 61, 90}


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date's place in its text; `day_first` and `month_first` are its readings, None where impossible."""

    start: int
    end: int
    day_first: date | None
    month_first: date | None
    mark: str = ""

    @property
    def is_ambiguous(self) -> bool:
        """Tell whether the order of day and month matters and is open."""
        return self.day_first is not None and self.month_first is not None and self.day_first != self.month_first

    def read(self, *, day_first: bool) -> date:
        """Return the date in the given order, or in the only possible one."""
        found = (self.day_first or self.month_first) if day_first else (self.month_first or self.day_first)
        assert found is not None
        return found


def printed_dates(text: str) -> list[PrintedDate]:
    """Return every date in `text`, in order of place."""
    found = [date_ for match in _NUMERIC.finditer(text) if (date_ := _numeric(match))]
    if any(letter.isalpha() for letter in text):
        found += _all_named(_NAMED_MIDDLE, text, (1, 2, 3))
        found += _all_named(_NAMED_FIRST, text, (2, 1, 3))
    return sorted(found, key=lambda printed: printed.start)


def is_day_first(dates: Iterable[PrintedDate], *, default: bool) -> bool:
    """Tell the order of day and month: proved by a date that allows only one, else inferred.

    A full stop or a hyphen between numbers is written with the day first nearly everywhere.
    """
    numeric = [printed for printed in dates if printed.mark]
    day = sum(printed.month_first is None for printed in numeric)
    month = sum(printed.day_first is None for printed in numeric)
    if day != month:
        return day > month
    return default or any(printed.mark == "." for printed in numeric)


def proves_order(issued: PrintedDate, due: PrintedDate) -> bool | None:
    """Tell the order in which two ambiguous dates lie a usual payment term apart; None when both or neither do."""
    usual = [(due.read(day_first=order) - issued.read(day_first=order)).days in _USUAL_TERMS for order in (True, False)]
    return None if usual[0] == usual[1] else usual[0]


def _numeric(match: re.Match[str]) -> PrintedDate | None:
    first, mark, second, third = match.groups()
    if len(first) == 4:
        made = _date(int(first), int(second), int(third)) if len(third) == 2 else None
        return PrintedDate(match.start(), match.end(), made, made) if made else None
    if len(third) == 2 and mark == "." and len(first) == 1 and len(second) == 1:
        return None  # 1.2.34 is a version or a section
    year = int(third) + (2000 if len(third) == 2 else 0)
    day_first, month_first = _date(year, int(second), int(first)), _date(year, int(first), int(second))
    if not day_first and not month_first:
        return None
    return PrintedDate(match.start(), match.end(), day_first, month_first, mark)


def _all_named(pattern: re.Pattern[str], text: str, places: tuple[int, int, int]) -> list[PrintedDate]:
    """Return the dates with a month's name; a match that is none gives its second half another chance."""
    found, start = [], 0
    while match := pattern.search(text, start):
        made = _named(match, *places)
        if made:
            found.append(made)
        start = match.end() if made else match.end(1)
    return found


def _named(match: re.Match[str], day: int, month: int, year: int) -> PrintedDate | None:
    number = MONTHS.get(key_of(match[month]))
    if number is None:
        return None
    made = _date(int(match[year]) + (2000 if len(match[year]) == 2 else 0), number, int(match[day]))
    return PrintedDate(match.start(), match.end(), made, made) if made else None


def _date(year: int, month: int, day: int) -> date | None:
    """Return the date when it exists and lies where invoices are dated."""
    try:
        return date(year, month, day) if 1990 <= year <= 2079 else None
    except ValueError:
        return None
