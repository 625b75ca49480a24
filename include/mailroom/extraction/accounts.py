"""Find bank accounts and tax ids, checked by their own check digits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import iban as iban_number
from stdnum.eu import vat
from stdnum.us import rtn

from mailroom.extraction.evidence import Evidence, best
from mailroom.extraction.labels import Match
from mailroom.extraction.pairing import Place, labelled, places
from mailroom.extraction.sheet import Sheet, SheetRow, Slot

_IBAN = re.compile(r"(?<![A-Z0-9])(?=([A-Z]\s?[A-Z]\s?\d\s?\d(?:\s?[A-Z0-9]){11,30}))")
_VAT = re.compile(
    r"(?<![A-Z0-9])((?:AT\s?U|BE|BG|CHE|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|PL|PT|RO|SE|SI|SK|XI)[-\s.]?[A-Z0-9](?:[-\s.]?[A-Z0-9]){6,12})(?![A-Z0-9])"
)
_SWISS = re.compile(r"CHE[-\s]?\d{3}[.\s]?\d{3}[.\s]?\d{3}(?:\s(?:MWST|TVA|IVA))?")
_LOCAL = re.compile(r"[A-Z]{0,3}[-\s]?[A-Z]?\d(?:[-\s./]?\d){6,13}[-\s]?[A-Z]{0,4}\d{0,3}")
_OTHERS = re.compile(
    r"\b(?:ihre?|ihr|your|votre|customer|client|kunden?|su|vs|vostra|uw|klant|nabywc\w+|buyer)\b", re.IGNORECASE
)
_POLISH = re.compile(r"(?<![\dA-Z])\d{2}(?: ?\d{4}){6}(?!\d)")
_DIGITS = re.compile(r"\d[\d -]{6,20}\d")


def bank_account(sheet: Sheet) -> Evidence | None:
    """Return the account to pay into: an IBAN without spaces, or a US routing and account number."""
    return best(list(_ibans(sheet))) or _us_account(sheet)


def other_accounts(sheet: Sheet, chosen: str | None) -> list[str]:
    """Return every other IBAN on the paper, whoever's it is said to be: a forger adds one and leaves the known one."""
    named = (account for row in sheet.rows for account in ibans_in(row.text))
    return [account for account in dict.fromkeys(named) if account != chosen]


def ibans_in(text: str) -> list[str]:
    """Return each valid IBAN in a text, without spaces, once."""
    found = (_longest_valid(match[1]) for match in _IBAN.finditer(text))
    return list(dict.fromkeys(account for account in found if account is not None))


def _ibans(sheet: Sheet) -> Iterator[Evidence]:
    score = 0.97
    for row in sheet.rows:
        text = row.text
        for printed, number in _polish(row):
            slot = next((slot for slot in row.slots if printed in slot.cell.text), row.slots[0])
            start = max(slot.cell.text.find(printed), 0)
            yield Evidence(number, 0.9 * score, slot, start, start + len(printed))
        for match in _IBAN.finditer(text):
            iban = _longest_valid(match[1])
            if iban is None:
                continue
            slot = next((slot for slot in row.slots if match[1][:4] in slot.cell.text), row.slots[0])
            theirs = bool(_OTHERS.search(text[: match.start()]))
            start = max(slot.cell.text.find(match[1][:4]), 0)
            yield Evidence(iban, score * (0.5 if theirs else 1.0), slot, start, None)
            score *= 0.97


def _polish(row: SheetRow) -> Iterator[tuple[str, str]]:
    """Yield Polish account numbers printed without their country: (as printed, IBAN)."""
    for match in _POLISH.finditer(row.text):
        number = f"PL{''.join(match.group().split())}"
        if iban_number.is_valid(number, check_country=False):
            yield match.group(), number


def _longest_valid(text: str) -> str | None:
    """Return the longest valid IBAN that the text starts with (what follows may be the next word)."""
    plain = "".join(text.split())
    for end in range(len(plain), 14, -1):
        if iban_number.is_valid(plain[:end], check_country=False):
            return plain[:end]
    return None


def _us_account(sheet: Sheet) -> Evidence | None:
    routings = [found for found in _labelled_digits(sheet, "routing") if rtn.is_valid(found.value)]
    routing = best(routings)
    if routing is None:
        return None
    account = best([found for found in _labelled_digits(sheet, "account") if found.value != routing.value])
    if account is None:
        return None
    score = min(routing.score, account.score)
    return Evidence(f"{routing.value} {account.value}", score, account.slot, account.start, account.end)


def _labelled_digits(sheet: Sheet, concept: str) -> Iterator[Evidence]:
    for slot, match in labelled(sheet, concept):
        for place in places(sheet, slot, match, rows_below=1):
            found = _DIGITS.search(place.slot.cell.text, place.start, place.end)
            if found:
                digits = "".join(filter(str.isdigit, found.group()))
                yield Evidence(digits, 0.9 * place.closeness, place.slot, found.start(), found.end())
                break


def tax_ids(sheet: Sheet) -> list[Evidence]:
    """Return every tax id on the paper with where it stands: labelled ones, and valid VAT ids without a label."""
    found: dict[tuple[int, int, int], Evidence] = {}
    for slot in sheet.slots():
        for match in slot.labels:
            weight = match.weight("tax_id")
            if weight:
                for evidence in _labelled_id(sheet, slot, match, weight):
                    assert evidence.slot is not None
                    found.setdefault((evidence.slot.row, evidence.slot.place, evidence.start), evidence)
        swiss = _SWISS.search(slot.cell.text)
        if swiss:
            found.setdefault((slot.row, slot.place, swiss.start()), Evidence(swiss.group(), 0.85, slot, *swiss.span()))
        for match_ in _VAT.finditer(slot.cell.text):
            key = (slot.row, slot.place, match_.start())
            if key not in found and vat.is_valid(match_[1]):
                found[key] = Evidence(match_[1].strip(), 0.7, slot, match_.start(), match_.end())
    return list(found.values())


def is_theirs(sheet: Sheet, evidence: Evidence) -> bool:
    """Tell whether the words before a value call it the reader's (`Ihre USt-IdNr.`)."""
    slot = evidence.slot
    if slot is None:
        return False
    row = sheet.rows[slot.row]
    before = slot.cell.text[: evidence.start]
    if not before.strip() and slot.place:
        before = row.slots[slot.place - 1].cell.text
    return bool(_OTHERS.search(before))


def _labelled_id(sheet: Sheet, slot: Slot, match: Match, weight: float) -> Iterator[Evidence]:
    for place in places(sheet, slot, match, rows_below=1):
        read = _read_id(place)
        if read:
            value, start, end, valid = read
            if weight < 0.8 and not valid:
                return
            score = (0.95 if valid else 0.85) * weight * place.closeness
            yield Evidence(value, score, place.slot, start, end)
            return


def _read_id(place: Place) -> tuple[str, int, int, bool] | None:
    text = place.slot.cell.text
    swiss = _SWISS.search(text, place.start)
    if swiss:
        return swiss.group(), swiss.start(), swiss.end(), True
    found = _VAT.search(text, place.start, place.end)
    if found and found.start() - place.start < 14:
        value = _trimmed(found[1])
        return value, found.start(), found.start() + len(value), vat.is_valid(value)
    local = _LOCAL.search(text, place.start, place.end)
    if local and local.start() - place.start < 10:
        amount = any(one.start <= local.start() < one.end and one.decimals for one in place.slot.amounts)
        if not amount and not any(one.start <= local.start() < one.end for one in place.slot.dates):
            return local.group().strip(), local.start(), local.end(), False
    return None


def _trimmed(text: str) -> str:
    """Cut what the pattern took from the next word: keep the longest valid id, else the first run of digits."""
    for end in range(len(text), 8, -1):
        if vat.is_valid(text[:end]):
            return text[:end].strip()
    parts = text.split()
    kept = parts[0]
    for part in parts[1:]:
        if not any(map(str.isdigit, part)):
            break
        kept += f" {part}"
    return kept
