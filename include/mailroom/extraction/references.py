"""Find the numbers a paper goes by: its own and the purchase order's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailroom.extraction.evidence import Evidence, best
from mailroom.extraction.labels import Match
from mailroom.extraction.pairing import Place, labelled, places
from mailroom.extraction.sheet import Sheet, Slot
from mailroom.extraction.tokens import key_of

_LONGEST = 32
_PIECE = re.compile(r"\S+")
_JOINT = re.compile(r"[/_\\|-]|[A-Z]{1,5}|\d{1,6}[A-Z]{0,2}")
_PHONE = re.compile(r"\+\d|\(\d|\d+@|@|www\.|https?:")
_FILLERS = {"", "no", "nr", "von", "of", "n", "is", "er", "numer", "number"}
_STOPS = {
    "vom",
    "from",
    "dated",
    "du",
    "del",
    "van",
    "z",
    "de",
    "date",
    "le",
    "of",
    "von",
    "da",
    "dnia",
    "seite",
    "page",
    "datum",
    "am",
    "d",
    "en",
    "em",
}


def invoice_number(sheet: Sheet) -> Evidence | None:
    """Return the paper's own number: labelled as such, else written behind its title."""
    found = list(_labelled(sheet, "number"))
    strong = [evidence for evidence in found if evidence.score > 0.6]
    titled = list(_titled(sheet, dated=False))
    return best(strong or [*titled, *found]) or best(list(_titled(sheet, dated=True)))


def purchase_order(sheet: Sheet) -> Evidence | None:
    """Return the buyer's order number."""
    return best([evidence for evidence in _labelled(sheet, "order") if evidence.score > 0.3])


def _labelled(sheet: Sheet, concept: str) -> Iterator[Evidence]:
    for slot, match in labelled(sheet, concept):
        weight = match.weight(concept)
        alone = match.first == 0 and all(other.weight(concept) for other in slot.labels)
        if weight >= 0.35 or alone:
            yield from _first_identifier(sheet, slot, match, weight, concept)


def _first_identifier(sheet: Sheet, slot: Slot, match: Match, weight: float, concept: str) -> Iterator[Evidence]:
    for place in places(sheet, slot, match, rows_below=2):
        read = identifier_at(place, loose=concept == "order")
        if read:
            value, start, end = read
            score = 0.96 * weight * place.closeness * (1.0 if slot.page == 1 else 0.93)
            score *= _shape(value, place, start)
            yield Evidence(value, score, place.slot, start, end)
            return
        if place.slot.row > slot.row and any(map(str.isdigit, place.slot.cell.text)):
            return


def _titled(sheet: Sheet, *, dated: bool) -> Iterator[Evidence]:
    """Yield numbers behind a title: `Invoice INV/2023/0008`, `Rechnung # RE-20171118/506`.

    `dated` takes numbers that read like a date too (`Faktura 7/01/2024`).
    """
    for slot in sheet.slots():
        for match in slot.labels:
            if not match.weight("title") or match.first > 1:
                continue
            place = Place(slot, _numbered_from(slot, match), len(slot.cell.text), 1.0)
            read = identifier_at(place, loose=False, dated=dated)
            if not read and not slot.cell.text[match.end :].strip(" :.#"):
                following = sheet.rows[slot.row].slots[slot.place + 1 : slot.place + 2]
                place = Place(following[0], 0, len(following[0].cell.text), 0.8) if following else place
                read = identifier_at(place, loose=False)
            if read and (dated or not place.slot.dates):
                value, start, end = read
                yield Evidence(value, 0.8 * place.closeness * _shape(value, place, start), place.slot, start, end)
            elif read and read[2] <= place.slot.dates[0].start:
                yield Evidence(read[0], 0.85 * place.closeness, place.slot, read[1], read[2])


def _numbered_from(slot: Slot, title: Match) -> int:
    """Return where the number of a title begins: behind `No.` when the title goes on until there."""
    numbers = [match for match in slot.labels if match.weight("number") and match.first >= title.last]
    return numbers[0].end if numbers else title.end


def identifier_at(place: Place, *, loose: bool, dated: bool = False) -> tuple[str, int, int] | None:
    """Read an identifier at a place: (text, start, end), or None.

    It holds a digit and is no date, amount, phone number or address; short pieces that belong to it
    (`FT 2024/123`, `12 / 2024`) are joined. `loose` lets one word stand before it.
    """
    text = place.slot.cell.text
    skipped = 0
    for piece in _PIECE.finditer(text, place.start, place.end):
        word = piece.group().strip(":;,()[]")
        if key_of(word) in _FILLERS and not any(map(str.isdigit, word)):
            continue
        if not any(map(str.isdigit, word)):
            joined = _joined(text, piece.start(), place.end) if _JOINT.fullmatch(word) else None
            if joined and any(map(str.isdigit, joined[0])):
                return joined
            skipped += 1
            if skipped > (1 if loose else 0) or key_of(word) in _STOPS:
                return None
            continue
        if _is_something_else(place.slot, piece.start(), word, dated=dated):
            return None
        return _joined(text, piece.start(), place.end)
    return None


def _joined(text: str, start: int, limit: int) -> tuple[str, int, int]:
    """Join the pieces of one identifier from `start` on."""
    parts: list[str] = []
    end = start
    for piece in _PIECE.finditer(text, start, limit):
        word = piece.group()
        bare = word.strip(":;,.()[]#*")
        if parts:
            linked = parts[-1][-1] in "/-_\\" or bare[:1] in "/-_\\" if bare else False
            letters = not any(map(str.isdigit, "".join(parts)))
            digits = bare.isdigit() and parts[-1].isdigit() and len(bare) >= 3 and len(parts[-1]) >= 2
            if not bare or not (linked or letters or digits) or key_of(bare) in _STOPS:
                break
        if not bare:
            break
        parts.append(bare)
        end = piece.start() + word.index(bare[0]) + len(bare)
        if word[-1] in ",;)":
            break
    value = " ".join(parts).strip()
    return value[:_LONGEST], start + len(text[start:end]) - len(text[start:end].lstrip("#:([ ")), end


def _is_something_else(slot: Slot, start: int, word: str, *, dated: bool) -> bool:
    if not dated and any(printed.start <= start < printed.end for printed in slot.dates):
        return True
    if _PHONE.search(slot.cell.text[start : start + 12]) or len(word) > _LONGEST:
        return True
    money = [amount for amount in slot.amounts if amount.start <= start + 1 < amount.end]
    return any(amount.currency or amount.percent or amount.decimals == 2 for amount in money)


def _shape(value: str, place: Place, start: int) -> float:
    """Return how well a text looks like a document number, 0 to 1."""
    digits = sum(map(str.isdigit, value))
    if digits < 2 and len(value) < 4:
        return 0.55
    if start - place.start > 12:
        return 0.8
    return 1.0
