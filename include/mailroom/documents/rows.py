"""Words to rows to cells: what stands on one line, and where a line is broken by a column's gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mailroom.documents.text_layer import Page, Word

_CELL_GAP = 0.75
"""Space between two words, in word heights, from which they stand in two columns."""
_SAME_ROW = 0.5
_WIDE_LETTERS = 5
_WIDEST_LETTER_GAP = 1.6


@dataclass(slots=True)
class Cell:
    """Words that belong together on one line, with their common box."""

    words: list[Word]
    text: str
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def height(self) -> float:
        """Return the height of the line box in points."""
        return self.bottom - self.top


@dataclass(slots=True)
class Row:
    """Cells on one line, from left to right; `page` counts from 1."""

    page: int
    cells: list[Cell]
    top: float
    bottom: float

    @property
    def text(self) -> str:
        """Return the whole line."""
        return " ".join(cell.text for cell in self.cells)


def rows_of(page: Page) -> list[Row]:
    """Group a page's words into rows from top to bottom; text set sideways is left out."""
    upright = [word for word in page.words if not _is_sideways(word)]
    rows: list[list[Word]] = []
    low = high = 0.0
    for word in sorted(upright, key=lambda word: word.top + word.bottom):
        overlap = min(high, word.bottom) - max(low, word.top)
        if rows and overlap > _SAME_ROW * min(high - low, word.bottom - word.top):
            rows[-1].append(word)
        else:
            rows.append([word])
            low, high = word.top, word.bottom
    return [_row(page.number, words) for words in rows]


def _is_sideways(word: Word) -> bool:
    return len(word.text) > 3 and word.bottom - word.top > 1.6 * (word.x1 - word.x0)


def _row(page: int, words: list[Word]) -> Row:
    words.sort(key=lambda word: word.x0)
    words = _joined_letters(words)
    cells: list[Cell] = []
    start = 0
    for index in range(1, len(words) + 1):
        if index == len(words) or _breaks(words[index - 1], words[index]):
            cells.append(cell_of(words[start:index]))
            start = index
    return Row(page, cells, min(cell.top for cell in cells), max(cell.bottom for cell in cells))


def _joined_letters(words: list[Word]) -> list[Word]:
    """Join letters set wide apart into one word: `I N V O I C E`."""
    joined: list[Word] = []
    start = 0
    while start < len(words):
        end = start
        while end < len(words) and len(words[end].text) == 1 and words[end].text.isalpha():
            if end > start and words[end].x0 - words[end - 1].x1 > _WIDEST_LETTER_GAP * words[end].size:
                break
            end += 1
        if end - start >= _WIDE_LETTERS:
            run = words[start:end]
            text = "".join(word.text for word in run)
            top, bottom = min(word.top for word in run), max(word.bottom for word in run)
            joined.append(Word(text, run[0].x0, top, run[-1].x1, bottom))
            start = end
        else:
            joined.append(words[start])
            start += 1
    return joined


def _breaks(left: Word, right: Word) -> bool:
    height = min(left.bottom - left.top, right.bottom - right.top)
    return right.x0 - left.x1 > _CELL_GAP * height


def cell_of(words: Sequence[Word]) -> Cell:
    """Return the cell made of these words."""
    return Cell(
        list(words),
        " ".join(word.text for word in words),
        min(word.x0 for word in words),
        min(word.top for word in words),
        max(word.x1 for word in words),
        max(word.bottom for word in words),
    )
