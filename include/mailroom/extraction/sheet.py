"""A document ready for rules: its rows and cells with labels, amounts and dates found once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from mailroom.documents.rows import Cell, rows_of
from mailroom.documents.text_layer import Page
from mailroom.extraction.amounts import Printed, decimal_mark, printed_amounts, value_of
from mailroom.extraction.dates import PrintedDate, printed_dates
from mailroom.extraction.labels import Match, find_labels
from mailroom.extraction.tokens import Token, tokens_of

_SPACED_GAP = 0.45
"""Widest space inside `1 234,56`, in line heights; wider ones part two columns."""


class Amount(NamedTuple):
    """A number on the sheet: its value, how many decimals it shows, its dress and its place in the slot."""

    value: Decimal
    decimals: int
    currency: str | None
    percent: bool
    start: int
    end: int
    x0: float
    x1: float


@dataclass(slots=True)
class Slot:
    """A cell on the sheet with what was found in it; `row` is its row's index in the sheet."""

    page: int
    row: int
    place: int
    cell: Cell
    tokens: list[Token]
    labels: list[Match]
    amounts: list[Amount] = field(default_factory=list)
    dates: list[PrintedDate] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the cell's text."""
        return self.cell.text

    def box(self, start: int = 0, end: int | None = None) -> tuple[float, float, float, float]:
        """Return the box of the text from `start` to `end` (offsets in the cell's text)."""
        last = len(self.cell.text) if end is None else end
        inside = [token for token in self.tokens if token.start < last and token.end > start]
        x0 = inside[0].x0 if inside else self.cell.x0
        x1 = inside[-1].x1 if inside else self.cell.x1
        return (x0, self.cell.top, x1, self.cell.bottom)


@dataclass(slots=True)
class SheetRow:
    """The slots of one line, from left to right."""

    page: int
    index: int
    top: float
    bottom: float
    slots: list[Slot]

    @property
    def text(self) -> str:
        """Return the whole line."""
        return " ".join(slot.cell.text for slot in self.slots)


@dataclass(slots=True)
class Sheet:
    """All rows of a document from top to bottom, page after page.

    `leading` holds the announcing labels by concept once `pairing.labelled` was asked.
    """

    pages: list[Page]
    rows: list[SheetRow]
    mark: str = "."
    leading: dict[str, list[tuple[Slot, Match]]] | None = None

    def slots(self) -> Iterator[Slot]:
        """Yield every slot in reading order."""
        for row in self.rows:
            yield from row.slots

    def below(self, row: SheetRow, count: int, *, gap: float = 2.4) -> Iterator[SheetRow]:
        """Yield up to `count` rows under `row` on its page, ending at a gap of `gap` line heights."""
        above = row
        for following in self.rows[row.index + 1 : row.index + 1 + count]:
            height = max(above.bottom - above.top, 6.0)
            if following.page != row.page or following.top - above.bottom > gap * height:
                return
            yield following
            above = following


def sheet_of(pages: list[Page]) -> Sheet:
    """Return the sheet of a document's pages."""
    sheet = Sheet(pages, [])
    for page in pages:
        for row in rows_of(page):
            index = len(sheet.rows)
            slots = []
            for place, cell in enumerate(row.cells):
                tokens = tokens_of(cell.words)
                slots.append(Slot(page.number, index, place, cell, tokens, find_labels(tokens)))
            sheet.rows.append(SheetRow(page.number, index, row.top, row.bottom, slots))
    _find_numbers(sheet)
    return sheet


def _find_numbers(sheet: Sheet) -> None:
    """Fill in dates and amounts; the decimal mark is the one most amounts of the document use."""
    printed = []
    for slot in sheet.slots():
        text = slot.cell.text
        if not any(letter.isdigit() for letter in text):
            continue
        slot.dates = printed_dates(text)
        taken = [(found.start, found.end) for found in slot.dates]
        free = [
            amount
            for amount in printed_amounts(text)
            if not any(start < amount.end and amount.start < end for start, end in taken)
        ]
        if free:
            printed.append((slot, free))
    sheet.mark = decimal_mark((amount.number for _, found in printed for amount in found), default=".")
    for slot, found in printed:
        for amount in found:
            _add_amount(slot, amount, sheet.mark)


def _add_amount(slot: Slot, printed: Printed, mark: str) -> None:
    number, start = printed.number, printed.start
    if printed.spaced and not _is_close(slot, printed.start, printed.end):
        number = slot.cell.text[printed.start : printed.end].split()[-1]
        start = printed.end - len(number)
        number = number.strip("()-−–€$£zł% ")
    value = value_of(number, mark)
    if value is None:
        return
    x0, _, x1, _ = slot.box(start, printed.end)
    fraction = number.rpartition("," if "," in number and number.rfind(",") > number.rfind(".") else ".")[2]
    decimals = len(fraction) if value != value.to_integral_value() or value.as_tuple().exponent else 0
    slot.amounts.append(
        Amount(
            -value if printed.negative else value,
            2 if printed.dashed else decimals,
            printed.currency,
            printed.percent,
            start,
            printed.end,
            x0,
            x1,
        )
    )


def _is_close(slot: Slot, start: int, end: int) -> bool:
    inside = [token for token in slot.tokens if token.start < end and token.end > start and token.key]
    height = slot.cell.height
    return all(right.x0 - left.x1 < _SPACED_GAP * height for left, right in pairwise(inside))
