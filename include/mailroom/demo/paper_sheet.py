"""A sheet of paper to draw on: text from the top left, tables that wrap and run over pages."""

from __future__ import annotations

import importlib.util
import io
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONTS = {
    "helvetica": ("Helvetica", "Helvetica-Bold"),
    "times": ("Times-Roman", "Times-Bold"),
    "dejavu": ("DejaVuSans", "DejaVuSans-Bold"),
}
_SHEETS = {"a4": A4, "letter": LETTER}
_BOTTOM = 90
_REGISTERING = threading.Lock()


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column: heading, left edge and width in points, and `left`, `right` or `center`."""

    heading: str
    x: float
    width: float
    align: str = "left"


class Sheet:
    """A PDF in the making; `y` is the pen's distance from the top of the page."""

    def __init__(self, font: str, size: float, paper: str = "a4", password: str | None = None) -> None:
        self._buffer = io.BytesIO()
        lock = StandardEncryption(password, strength=128) if password else None
        self.width, self.height = _SHEETS[paper]
        self._canvas = Canvas(self._buffer, pagesize=_SHEETS[paper], invariant=1, encrypt=lock)
        self._plain, self._bold = _registered(font)
        self.size = size
        self.y = 50.0
        self.page = 1

    def text(
        self, x: float, y: float, text: str, *, size: float | None = None, bold: bool = False, align: str = "left"
    ) -> None:
        """Write one line with its baseline at `y` from the top."""
        self._canvas.setFont(self._bold if bold else self._plain, size or self.size)
        place = {"left": self._canvas.drawString, "right": self._canvas.drawRightString}
        place.get(align, self._canvas.drawCentredString)(x, self.height - y, text)

    def block(
        self, x: float, y: float, lines: Sequence[str], *, bold_first: bool = False, align: str = "left"
    ) -> float:
        """Write lines below each other; returns the y below them."""
        for index, line in enumerate(lines):
            self.text(x, y, line, bold=bold_first and index == 0, align=align)
            y += self.size * 1.35
        return y

    def rule(self, x0: float, x1: float, y: float) -> None:
        """Draw a thin horizontal line."""
        self._canvas.setLineWidth(0.5)
        self._canvas.line(x0, self.height - y, x1, self.height - y)

    def frame(self, x: float, y: float, width: float, height: float, *, fill: float | None = None) -> None:
        """Draw a rectangle from its top left corner; `fill` is a grey from 0 to 1."""
        if fill is not None:
            self._canvas.setFillGray(fill)
        self._canvas.setLineWidth(0.5)
        self._canvas.rect(
            x, self.height - y - height, width, height, stroke=int(fill is None), fill=int(fill is not None)
        )
        self._canvas.setFillGray(0)

    def wrapped(self, x: float, y: float, width: float, text: str) -> float:
        """Write a paragraph; returns the y below it."""
        return self.block(x, y, simpleSplit(text, self._plain, self.size, width))

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]], *, style: str) -> None:
        """Draw a table at the pen, over as many pages as it takes, its headings on each.

        `style` is `grid`, `lines`, `shaded` or `plain`.
        """
        self._heading(columns, style)
        for row in rows:
            cells = [
                simpleSplit(text, self._plain, self.size, column.width - 6) or [""]
                for text, column in zip(row, columns, strict=True)
            ]
            height = max(len(lines) for lines in cells) * self.size * 1.25 + 5
            if self.y + height > self.height - _BOTTOM:
                self.next_page()
                self._heading(columns, style)
            self._row(columns, cells, height, style)

    def next_page(self) -> None:
        """Start a new page with the pen near its top."""
        self._canvas.showPage()
        self.page += 1
        self.y = 60.0

    def need(self, height: float) -> None:
        """Start a new page when less than `height` is left."""
        if self.y + height > self.height - _BOTTOM + 20:
            self.next_page()

    def finished(self) -> bytes:
        """Return the PDF."""
        self._canvas.save()
        return self._buffer.getvalue()

    def _heading(self, columns: Sequence[Column], style: str) -> None:
        first, last = columns[0], columns[-1]
        height = self.size + 8
        if style == "shaded":
            self.frame(first.x, self.y, last.x + last.width - first.x, height, fill=0.88)
        for column in columns:
            self.text(_anchor(column), self.y + self.size + 2, column.heading, bold=True, align=column.align)
            if style == "grid":
                self.frame(column.x, self.y, column.width, height)
        self.y += height
        if style == "lines":
            self.rule(first.x, last.x + last.width, self.y)

    def _row(self, columns: Sequence[Column], cells: Sequence[Sequence[str]], height: float, style: str) -> None:
        for column, lines in zip(columns, cells, strict=True):
            for index, line in enumerate(lines):
                y = self.y + self.size * (1 + 1.25 * index) + 2
                self.text(_anchor(column), y, line, align=column.align)
            if style == "grid":
                self.frame(column.x, self.y, column.width, height)
        self.y += height
        if style == "lines":
            self.rule(columns[0].x, columns[-1].x + columns[-1].width, self.y)


def _anchor(column: Column) -> float:
    if column.align == "right":
        return column.x + column.width - 3
    return column.x + (3 if column.align == "left" else column.width / 2)


def _registered(font: str) -> tuple[str, str]:
    """Return the plain and bold font names; DejaVu (every European letter) comes with matplotlib."""
    names = FONTS[font]
    if font != "dejavu":
        return names
    with _REGISTERING:
        if names[1] in pdfmetrics.getRegisteredFontNames():
            return names
        spec = importlib.util.find_spec("matplotlib")
        folder = Path(str(spec.origin if spec else "")).parent / "mpl-data" / "fonts" / "ttf"
        for name in names:
            pdfmetrics.registerFont(TTFont(name, folder / f"{name}.ttf"))
    return names
