"""Amounts as printed anywhere: `1,234.56`, `1.234,56`, `1 234,56`, `1'234.50`, `(12.00)`, `12,00-`, `€ 5`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

_SYMBOL = (
    r"US\$|CA\$|AU\$|NZ\$|HK\$|C\$|A\$|R\$|[$€£¥₹₺₴₽]|zł|Kč|Ft|kr\.?|лв|lei|EUR|USD|GBP|CHF|PLN|CAD|AUD|CZK|SEK"
    r"|NOK|DKK|BRL|INR|JPY|HUF|RON|NZD|SGD|ZAR|MXN|HKD|CNY|TRY|AED|eur|Eur|Euro|euro"
)
AMOUNT = re.compile(
    rf"(?<![\w.,/#@:°-])(?P<open>\()?(?P<sign>[-−–+])?\s?(?P<before>{_SYMBOL})?\s?(?P<inner>[-−–])?\s?"
    r"(?P<number>\d{1,3}(?:[ \u00a0\u202f]\d{3})+[.,]\d{1,2}|\d[\d.,'’]*\d|\d)"
    rf"(?P<dash>[.,](?:-|–|—)+)?(?:\s?(?P<after>{_SYMBOL})(?![\w])|\s?(?P<percent>%))?(?P<trailing>-(?!\w))?(?P<close>\))?(?![\w@/]|[-:]\w)"
)
SYMBOLS = {
    "$": "USD", "US$": "USD", "CA$": "CAD", "C$": "CAD", "AU$": "AUD", "A$": "AUD", "NZ$": "NZD", "HK$": "HKD",
    "R$": "BRL", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₺": "TRY", "₴": "UAH", "₽": "RUB", "zł": "PLN",
    "Kč": "CZK", "Ft": "HUF", "kr": "SEK", "kr.": "DKK", "лв": "BGN", "lei": "RON", "eur": "EUR", "Eur": "EUR",
    "Euro": "EUR", "euro": "EUR",
}  # fmt: skip
_GROUP = re.compile(r"[ \u00a0\u202f'’]")


@dataclass(frozen=True, slots=True)
class Printed:
    """An amount's text with its place in the cell: `number` has no spaces, the rest says how it was dressed."""

    start: int
    end: int
    number: str
    negative: bool
    currency: str | None
    percent: bool
    spaced: bool
    dashed: bool


def printed_amounts(text: str) -> list[Printed]:
    """Return every number in `text` that may be an amount, a quantity or a rate."""
    found = []
    for match in AMOUNT.finditer(text):
        symbol = match["before"] or match["after"]
        found.append(
            Printed(
                start=match.start(),
                end=match.end(),
                number=_GROUP.sub("", match["number"]),
                negative=bool(match["sign"] and match["sign"] != "+")
                or bool(match["inner"] or match["trailing"])
                or bool(match["open"] and match["close"] and not match["after"]),
                currency=SYMBOLS.get(symbol, symbol) if symbol else None,
                percent=bool(match["percent"]),
                spaced=" " in match["number"],
                dashed=bool(match["dash"]),
            )
        )
    return found


def decimal_mark(numbers: Iterable[str], *, default: str) -> str:
    """Return `.` or `,`: the mark before the cents on this document, by majority of the clear cases."""
    votes = {".": 0, ",": 0}
    for number in numbers:
        mark, weight = _clear_mark(number)
        if mark:
            votes[mark] += weight
    if votes["."] == votes[","]:
        return default
    return "." if votes["."] > votes[","] else ","


def _clear_mark(number: str) -> tuple[str, int]:
    point, comma = number.rfind("."), number.rfind(",")
    if point >= 0 and comma >= 0:
        return (".", 3) if point > comma else (",", 3)
    place, mark = (point, ".") if point >= 0 else (comma, ",")
    if place < 0:
        return "", 0
    if number.count(mark) > 1:
        return ("," if mark == "." else "."), 2
    return (mark, 1) if len(number) - place - 1 == 2 else ("", 0)


def value_of(number: str, mark: str) -> Decimal | None:
    """Return the value of a printed number; `mark` decides what only the document can tell (`1.234`)."""
    point, comma = number.rfind("."), number.rfind(",")
    if point >= 0 and comma >= 0:
        mark = "." if point > comma else ","
    elif point >= 0 or comma >= 0:
        own = "." if point >= 0 else ","
        digits = len(number) - max(point, comma) - 1
        if number.count(own) > 1 or (digits == 3 and own != mark and max(point, comma) <= 3 and number[0] != "0"):
            mark = "," if own == "." else "."
        else:
            mark = own
    plain = number.replace("'", "").replace("’", "").replace("," if mark == "." else ".", "").replace(mark, ".")
    return Decimal(plain) if plain.count(".") <= 1 and len(plain) <= 15 else None
