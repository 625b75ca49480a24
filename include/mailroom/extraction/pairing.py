"""Pair a label with its values: behind it in its cell, to its right, or below it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mailroom.extraction.dates import PrintedDate
from mailroom.extraction.labels import Match
from mailroom.extraction.sheet import Amount, Sheet, Slot

_LEAD_WORDS = 3
"""Words that may stand before a label in its cell without making it part of a sentence."""
_EDGE = 7.0
"""Points by which left, right or middle of a value may miss its label's and still stand under it."""


class Place(NamedTuple):
    """Where a label's value may be: a slot, the offsets to look between, and how close (0 to 1)."""

    slot: Slot
    start: int
    end: int
    closeness: float


def leading_labels(slot: Slot) -> Iterator[Match]:
    """Yield the labels of a cell that announce something: at its start, or after a value or a colon.

    A label right behind another only describes it (`Total (incl. VAT)`).
    """
    free_from = 0
    for match in slot.labels:
        between = slot.cell.text[free_from : match.start]
        has_value = any(letter.isdigit() for letter in between)
        if (
            match.first == 0
            or has_value
            or (free_from == 0 and match.first <= _LEAD_WORDS)
            or (free_from and slot.tokens[match.first - 1].colon)
        ):
            yield match
        free_from = match.end


def labelled(sheet: Sheet, concept: str) -> list[tuple[Slot, Match]]:
    """Return the cells and labels that announce `concept`, in reading order."""
    if sheet.leading is None:
        sheet.leading = {}
        for slot in sheet.slots():
            if slot.labels:
                for match in leading_labels(slot):
                    for name in match.concepts:
                        sheet.leading.setdefault(name, []).append((slot, match))
    return sheet.leading.get(concept, [])


def places(sheet: Sheet, slot: Slot, match: Match, *, rows_below: int = 3) -> Iterator[Place]:
    """Yield where the value of a label may stand, nearest first."""
    end = _end_of_own_part(slot, match)
    if slot.cell.text[match.end : end].strip(" :.#-()"):
        yield Place(slot, match.end, end, 1.0)
    row = sheet.rows[slot.row]
    if end == len(slot.cell.text):
        closeness = 0.97
        for right in row.slots[slot.place + 1 :]:
            if right.labels and right.labels[0].first == 0 and not _is_value(right):
                break
            yield Place(right, 0, len(right.cell.text), closeness)
            closeness *= 0.97
    yield from _below(sheet, slot, match, rows_below)


def _is_value(slot: Slot) -> bool:
    """Tell whether a cell is a value although it starts like a label (`No. 123`)."""
    first = slot.labels[0]
    return first.weight("number") in {0.25, 0.3} or (
        first.weight("order") > 0 and any(map(str.isdigit, slot.cell.text))
    )


def _end_of_own_part(slot: Slot, match: Match) -> int:
    """Return where the next announcing label begins, or the end of the cell."""
    for following in slot.labels:
        if following.first >= match.last and following.start > match.end:
            between = slot.cell.text[match.end : following.start]
            if any(letter.isdigit() for letter in between):
                return following.start
    return len(slot.cell.text)


def _below(sheet: Sheet, slot: Slot, match: Match, count: int) -> Iterator[Place]:
    closeness = 0.9
    for row in sheet.below(sheet.rows[slot.row], count):
        aligned = [(under, offset) for under in row.slots if (offset := _aligned(slot, match, under)) is not None]
        for under, offset in sorted(aligned, key=lambda pair: _off(slot, match, pair[0])):
            if under.labels and under.labels[0].first == 0 and not _is_value(under):
                return
            yield Place(under, offset, len(under.cell.text), closeness)
        closeness *= 0.8


def _off(slot: Slot, match: Match, under: Slot) -> float:
    """Return by how many points the best aligned edge or middle of a value misses its label's."""
    x0, x1 = _edges(slot, match)
    cell = under.cell
    return min(abs(cell.x0 - x0), abs(cell.x1 - x1), abs(cell.x0 + cell.x1 - x0 - x1) / 2)


def _edges(slot: Slot, match: Match) -> tuple[float, float]:
    """Return the edges of a label, to the end of its cell when no value follows there."""
    alone = match.first == 0 and not any(map(str.isdigit, slot.cell.text[match.end :]))
    return match.x0, slot.cell.x1 if alone else match.x1


def _aligned(slot: Slot, match: Match, under: Slot) -> int | None:
    """Return the offset in `under` from which its text stands under the label, None when it does not."""
    cell = under.cell
    x0, x1 = _edges(slot, match)
    if cell.x1 < x0 - _EDGE or cell.x0 > x1 + _EDGE:
        return None
    if abs(cell.x0 - x0) < _EDGE or abs(cell.x1 - x1) < _EDGE or abs(cell.x0 + cell.x1 - x0 - x1) < 2 * _EDGE:
        return 0
    if cell.x0 < x0 - _EDGE:
        inside = [token for token in under.tokens if token.x1 > x0 - 2]
        return inside[0].start if inside and inside[0].x0 < x1 else None
    return 0 if slot.cell.x1 >= cell.x0 else None


def amounts_at(place: Place) -> list[Amount]:
    """Return the amounts at a place, left to right."""
    return [amount for amount in place.slot.amounts if place.start <= amount.start < place.end]


def date_at(place: Place, *, within: int = 24) -> PrintedDate | None:
    """Return the first date at a place when it begins within so many characters."""
    for printed in place.slot.dates:
        if place.start <= printed.start < place.end:
            return printed if printed.start - place.start <= within else None
    return None
