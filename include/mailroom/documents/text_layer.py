"""Words with positions from a PDF's text layer, by pypdfium2, in the page as a reader sees it.

Runs in a sandbox child only. A box for every character costs 1.4 times the bare text.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from mailroom.documents.faults import MAX_PAGES, Fault, unreadable

_WORD_GAP = 0.22
"""Space between two characters, in font sizes, from which they belong to two words."""
_BREAKING = frozenset(" \t\r\n\x00\x02\xa0\u2002\u2003\u2007\u2009\u202f\u3000\ufeff\u200b")
_LIGATURES = str.maketrans(
    {chr(0xFB00 + place): text for place, text in enumerate(("ff", "fi", "fl", "ffi", "ffl", "ft", "st"))}
)
_LEAST_CHARACTERS = 12


class Word(NamedTuple):
    """A word and its box in points from the page's top left; `size` is its height."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def size(self) -> float:
        """Return the height of the line box, about 1.1 to 1.3 font sizes."""
        return self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Page:
    """One page: number from 1, width and height in points after rotation and crop, words in reading order."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]

    def text(self) -> str:
        """Return the words with spaces."""
        return " ".join(word.text for word in self.words)


@contextmanager
def opened(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """Open a PDF; raises `RejectedInputError` (encrypted, broken, empty, too_many_pages)."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as err:
        locked = getattr(err, "err_code", None) in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}
        raise unreadable(Fault.ENCRYPTED if locked else Fault.BROKEN) from err
    try:
        if len(document) > MAX_PAGES:
            raise unreadable(Fault.TOO_MANY_PAGES, pages=len(document), limit=MAX_PAGES)
        if len(document) == 0:
            raise unreadable(Fault.BROKEN)
        yield document
    finally:
        document.close()


def read_pages(document: pypdfium2.PdfDocument, first: int | None = None) -> list[Page]:
    """Return the words of the first `first` pages (all by default), closing each page as it is done.

    Raises `RejectedInputError` (no_text_layer) when those pages carry hardly a word.
    """
    pages = [_read_page(document, index) for index in range(min(len(document), first or MAX_PAGES))]
    if sum(len(word.text) for page in pages for word in page.words) < _LEAST_CHARACTERS:
        raise unreadable(Fault.NO_TEXT_LAYER)
    return pages


def _read_page(document: pypdfium2.PdfDocument, index: int) -> Page:
    try:
        page = document[index]
    except pypdfium2.PdfiumError as err:
        raise unreadable(Fault.BROKEN) from err
    try:
        text_page = page.get_textpage()
        try:
            view = _View(page)
            words = tuple(view.place(word) for word in _words(text_page.raw, view.is_upside_down) if view.shows(word))
            return Page(index + 1, view.width, view.height, words)
        finally:
            text_page.close()
    finally:
        page.close()


class _View:
    """Turns PDF coordinates (origin bottom left, before rotation) into the page as shown."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        left, bottom, right, top = page.get_cropbox()
        media = page.get_mediabox()
        self.left, self.bottom = max(left, media[0]), max(bottom, media[1])
        self.right, self.top = min(right, media[2]), min(top, media[3])
        self.rotation = page.get_rotation()
        width, height = self.right - self.left, self.top - self.bottom
        self.width, self.height = (height, width) if self.rotation in {90, 270} else (width, height)

    @property
    def is_upside_down(self) -> bool:
        """Tell whether upright text runs to the left in PDF coordinates."""
        return bool(self.rotation == 180)

    def shows(self, word: Word) -> bool:
        """Tell whether the middle of the word lies inside the crop box."""
        x, y = (word.x0 + word.x1) / 2, (word.top + word.bottom) / 2
        return bool(self.left <= x <= self.right and self.bottom <= y <= self.top)

    def place(self, word: Word) -> Word:
        """Return the word with its box from the top left; on entry `top` is the higher y of the PDF."""
        text, x0, top, x1, bottom = word
        if not text.isascii():
            text = text.translate(_LIGATURES)
        if self.rotation == 0:
            return Word(text, x0 - self.left, self.top - top, x1 - self.left, self.top - bottom)
        if self.rotation == 90:
            return Word(text, bottom - self.bottom, x0 - self.left, top - self.bottom, x1 - self.left)
        if self.rotation == 180:
            return Word(text, self.right - x1, bottom - self.bottom, self.right - x0, top - self.bottom)
        return Word(text, self.top - top, self.right - x1, self.top - bottom, self.right - x0)


def _words(text_page: Any, backwards: bool) -> Iterator[Word]:
    """Yield words in content order, boxes in PDF coordinates; `backwards` when lines run to the left."""
    unicode_of, box_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox
    box = pdfium.FS_RECTF()
    pointer = ctypes.byref(box)
    letters: list[str] = []
    x0 = top = x1 = bottom = 0.0
    for index in range(pdfium.FPDFText_CountChars(text_page)):
        letter = chr(unicode_of(text_page, index))
        if letter in _BREAKING:
            if letters:
                yield Word("".join(letters), x0, top, x1, bottom)
                letters = []
            continue
        box_of(text_page, index, pointer)
        left, right, upper, lower = box.left, box.right, box.top, box.bottom
        if letters:
            if upper == top and lower == bottom:  # most letters stand on the line of the one before
                size = top - bottom
                gap = x0 - right if backwards else left - x1
                joins = -size < gap < _WORD_GAP * size
            else:
                joins = _joins(x0, x1, top, bottom, left, right, upper, lower, backwards)
            if joins:
                letters.append(letter)
                x0, x1 = (x0 if x0 < left else left), (x1 if x1 > right else right)
                top, bottom = (top if top > upper else upper), (bottom if bottom < lower else lower)
                continue
            yield Word("".join(letters), x0, top, x1, bottom)
        letters = [letter]
        x0, x1, top, bottom = left, right, upper, lower
    if letters:
        yield Word("".join(letters), x0, top, x1, bottom)


def _joins(
    x0: float,
    x1: float,
    top: float,
    bottom: float,
    left: float,
    right: float,
    upper: float,
    lower: float,
    backwards: bool,
) -> bool:
    """Tell whether a character continues the word before it: same line (either direction), small gap."""
    size = max(top - bottom, upper - lower, 1.0)
    if min(top, upper) - max(bottom, lower) > 0.4 * min(top - bottom, upper - lower):
        return -size < (x0 - right if backwards else left - x1) < _WORD_GAP * size
    sideways = min(x1, right) - max(x0, left) > 0.4 * min(x1 - x0, right - left)
    return sideways and max(lower - top, bottom - upper) < _WORD_GAP * (right - left)
