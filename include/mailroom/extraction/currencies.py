"""Tell the currency of a paper from symbols, codes and context."""

from __future__ import annotations

import re
from collections import defaultdict

from mailroom.extraction.amounts import SYMBOLS
from mailroom.extraction.evidence import Evidence
from mailroom.extraction.sheet import Sheet, Slot

_CODES = {
    "EUR", "USD", "GBP", "CHF", "PLN", "CAD", "AUD", "NZD", "CZK", "SEK", "NOK", "DKK", "HUF", "RON", "BGN", "BRL",
    "MXN", "INR", "JPY", "CNY", "HKD", "SGD", "ZAR", "TRY", "AED", "SAR", "ILS", "UAH", "KRW", "THB", "MYR", "ARS",
    "CLP", "COP", "PEN", "ISK",
}  # fmt: skip
_CODE = re.compile(r"(?<![A-Za-z])([A-Z]{3})(?![A-Za-z])")
_LONE_SYMBOL = re.compile(r"[€£]|zł")
_ANNOUNCES = re.compile(
    r"(?:currency|wahrung|währung|devise|moneda|divisa|valuta|waluta|moeda|betr[äa]ge in|amounts in|montants en"
    r"|importes en|importi in|bedragen in|kwoty w|valores em)",
    re.IGNORECASE,
)
_DOLLARS = (
    ("AUD", re.compile(r"\bABN\b|\bBSB\b.*\bABN\b|Australia\b")),
    ("CAD", re.compile(r"\bCanada\b|\bHST\b|\bQST\b|\bPST\b|[A-Z]\d[A-Z] \d[A-Z]\d")),
    ("NZD", re.compile(r"New Zealand")),
    ("SGD", re.compile(r"Singapore")),
)
_CONTEXT = (
    ("EUR", re.compile(r"\b(?:DE|AT|FR|ES|IT|NL|BE|PT|IE|LU|FI)\d{2}[ ]?(?:[A-Z0-9]{4}[ ]?){3,}")),
    (
        "USD",
        re.compile(
            r"\b(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT"
            r"|V[AT]|W[AIVY]),? \d{5}(?:-\d{4})?\b"
        ),
    ),
    ("EUR", re.compile(r"\b(?:DE\d{9}|ATU\d{8}|FR[0-9A-Z]{2}\d{9}|IT\d{11}|NL\d{9}B\d{2}|BE0\d{9}|PT\d{9})\b")),
    ("PLN", re.compile(r"\bNIP\b|złot")),
    (
        "GBP",
        re.compile(
            r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b|\bGB\d{9}\b|\bGB\d{2}[ ]?[A-Z]{4}|United Kingdom|sort code",
            re.IGNORECASE,
        ),
    ),
    ("CHF", re.compile(r"\bCHE-\d|\bCH\d{2}[ ]?\d{4}")),
)


def currency(sheet: Sheet, total: tuple[Slot, int] | None) -> Evidence | None:
    """Return the currency code; `total` is the slot and offset of the gross total, whose dress counts most."""
    votes: dict[str, float] = defaultdict(float)
    places: dict[str, tuple[Slot, int, int]] = {}
    for slot in sheet.slots():
        for amount in slot.amounts:
            if amount.currency:
                is_total = total is not None and slot is total[0]
                votes[amount.currency] += 5.0 if is_total else 1.0
                places.setdefault(amount.currency, (slot, amount.start, amount.end))
        for symbol in _LONE_SYMBOL.findall(slot.cell.text) if not slot.amounts else ():
            votes[SYMBOLS[symbol]] += 3.0 if total is not None and slot.row == total[0].row else 0.5
            at = slot.cell.text.index(symbol)
            places.setdefault(SYMBOLS[symbol], (slot, at, at + len(symbol)))
        for match in _CODE.finditer(slot.cell.text):
            code = match[1]
            if code in _CODES:
                near = total is not None and slot.row == total[0].row
                votes[code] += 4.0 if near or _ANNOUNCES.search(sheet.rows[slot.row].text) else 0.8
                places.setdefault(code, (slot, match.start(), match.end()))
    if not votes:
        return _from_context(sheet)
    code = max(votes, key=lambda name: votes[name])
    slot, start, end = places[code]
    share = votes[code] / sum(votes.values())
    if code == "USD" and slot.cell.text[start:end].find("USD") < 0 and "US$" not in slot.cell.text:
        code = _which_dollar(sheet, votes)
    return Evidence(code, 0.6 + 0.38 * share, slot, start, end)


def _which_dollar(sheet: Sheet, votes: dict[str, float]) -> str:
    """Tell whose dollar a bare `$` is."""
    for code in ("CAD", "AUD", "NZD", "SGD", "HKD", "MXN"):
        if votes.get(code):
            return code
    text = "\n".join(row.text for row in sheet.rows)
    if votes.get("USD", 0) and re.search(r"\bUSD\b", text):
        return "USD"
    return next((code for code, pattern in _DOLLARS if pattern.search(text)), "USD")


def _from_context(sheet: Sheet) -> Evidence | None:
    text = "\n".join(row.text for row in sheet.rows)
    for code, pattern in _CONTEXT:
        if pattern.search(text):
            return Evidence(code, 0.6)
    return None
