"""Read from an out-of-office reply until when its writer is away: dates in eight languages, nothing guessed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from mailroom.approvals.reply_text import new_text
from mailroom.domain.approval_token import without_tokens
from mailroom.domain.rfc822 import Mail
from mailroom.extraction.dates import MONTHS, PrintedDate, printed_dates
from mailroom.extraction.tokens import key_of

LONGEST = timedelta(days=180)
"""An absence that would last longer is taken for a misreading."""

_LONGEST_TEXT = 4000
_BEFORE, _AFTER = 45, 40
_RETURNS = re.compile(
    r"\b(?:back|return(?:s|ing)?|again|available from|as of|zuruck|wieder|ab(?: dem)?|retour|reviens|reprend\w*|"
    r"a partir du|des le|vuelt[ao]|vuelvo|regres\w*|a partir del?|rientr\w*|torn\w*|nuovamente|dal|terug|weer|vanaf|"
    r"wrac\w*|powrot\w*|ponownie|od(?: dnia)?|volt[ao]\w*|retorn\w*|novamente|a partir de)\b"
)
_LASTS = re.compile(
    r"\b(?:until|till?|through|thru|to|up to|including|bis(?: zum| einschliesslich| inklusive)*|jusqu\W{0,2}(?:au|a)?|"
    r"au|hasta(?: el)?|al|fino(?: al| a)?|tot(?: en met)?|t m|do(?: dnia)?|wlacznie do|ate(?: ao?| o)?|a)\b"
    r"|[-\u2013\u2014]\s*$"
)
_NAMED = re.compile(r"(?<![\d.,/-])(\d{1,2})(?:st|nd|rd|th|er|\.|º)?\s*(?:de |of )?([^\W\d_]{3,12})(?!\s*\d{4})", re.I)
_NAMED_FIRST = re.compile(r"(?<![^\W_])([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?!\d|[.,:]?\s*\d{4}|:\d)", re.I)
_SHORT = re.compile(r"(?<![\d.,/-])(\d{1,2})([./])(\d{1,2})(?:\.(?!\d)|(?![\d.,/:-]|\s?[./]\s?\d))")


def last_day_away(mail: Mail, today: date) -> date | None:
    """Return the last day of the absence, or None when the mail does not say it clearly.

    A day of return is the day after. A date before `today` or too far ahead counts for nothing.
    """
    text = f"{without_tokens(mail.subject)}\n{new_text(mail)}"[:_LONGEST_TEXT]
    lasts, returns = [], []
    for found in _dates(text, today):
        day = _reading(found, today)
        kind = None if day is None else _kind(text, found)
        if day is not None and kind == "lasts":
            lasts.append(day)
        elif day is not None and kind == "returns":
            returns.append(day - timedelta(days=1))
    last = max(lasts, default=None) or min(returns, default=None)
    return last if last is not None and today <= last <= today + LONGEST else None


def _kind(text: str, found: PrintedDate) -> str | None:
    """Tell what the words next to a date make of it: the nearest before it, else those after it."""
    before = _plain(text[max(0, found.start - _BEFORE) : found.start].rpartition("\n\n")[2])
    clues = [(match.end(), "returns") for match in _RETURNS.finditer(before)]
    clues += [(match.end(), "lasts") for match in _LASTS.finditer(before)]
    after = _plain(re.split(r"[.;!?\n]\s", text[found.end : found.end + _AFTER], maxsplit=1)[0])
    if clues:
        return max(clues)[1]
    return "returns" if _RETURNS.search(after) else None


def _dates(text: str, today: date) -> list[PrintedDate]:
    """Return dates with a year, and those without one as the next such day."""
    found = printed_dates(text)
    taken = [range(each.start, each.end) for each in found]

    def free(match: re.Match[str]) -> bool:
        return not any(match.start() < place.stop and place.start < match.end() for place in taken)

    for pattern, day, month in ((_NAMED, 1, 2), (_NAMED_FIRST, 2, 1)):
        for match in filter(free, pattern.finditer(text)):
            number = MONTHS.get(key_of(match[month]))
            made = _next(today, number, int(match[day])) if number else None
            if made:
                found.append(PrintedDate(match.start(), match.end(), made, made))
                taken.append(range(match.start(), match.end()))
    for match in filter(free, _SHORT.finditer(text)):
        first, second = int(match[1]), int(match[3])
        day_first = _next(today, second, first)
        month_first = _next(today, first, second) if match[2] == "/" else None
        if day_first or month_first:
            found.append(PrintedDate(match.start(), match.end(), day_first, month_first, match[2]))
    return sorted(found, key=lambda each: each.start)


def _next(today: date, month: int, day: int) -> date | None:
    """Return the next such day, a week ago at the earliest: an absence may have begun."""
    for year in (today.year, today.year + 1):
        try:
            made = date(year, month, day)
        except ValueError:
            continue
        if made >= today - timedelta(days=7):
            return made
    return None


def _reading(found: PrintedDate, today: date) -> date | None:
    """Return the earlier of a date's readings that is not over."""
    return min((day for day in (found.day_first, found.month_first) if day and day >= today), default=None)


def _plain(text: str) -> str:
    """Return lower case without accents."""
    spelled = unicodedata.normalize("NFKD", text.lower().replace("ł", "l").replace("ß", "ss"))
    return "".join(letter for letter in spelled if not unicodedata.combining(letter))
