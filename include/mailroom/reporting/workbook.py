"""The report as an XLSX workbook and as CSV files. No cell starts as a formula (T27)."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from mailroom.reporting.cells import cell_text
from mailroom.reporting.tables import Cell, Kind, Table

_FORMATS = {
    Kind.COUNT: "#,##0",
    Kind.AMOUNT: "#,##0.00",
    Kind.DAYS: "0.0",
    Kind.TIME: "yyyy-mm-dd hh:mm",
}
_HEAD_FILL = PatternFill("solid", start_color="1F3A5F")
_HEAD_FONT = Font(bold=True, color="FFFFFF")
_LINE = Border(bottom=Side("thin", color="D9DEE5"))
_SERIES = ("B4572E", "D9A441", "3D6FB4")


def workbook_bytes(tables: Sequence[Table], *, title: str, made_at: datetime) -> bytes:
    """Return an XLSX file with one sheet per table; numbers are numbers, dates are dates."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.title = title
    book.properties.creator = "Mailroom"
    book.properties.created = book.properties.modified = made_at.replace(tzinfo=None)
    for table in tables:
        sheet = book.create_sheet(table.title)
        _write_sheet(sheet, table)
        if table.name == "ageing":
            _add_chart(sheet, "Open invoices by age", last_column=4)
        elif table.name == "balance":
            _add_chart(sheet, "Mails by disposition", last_column=2, skip_last=True)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def csv_bytes(table: Table) -> bytes:
    """Return a CSV file in UTF-8 with a byte-order mark, so that spreadsheets read its letters right."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([cell_text(column.heading) for column in table.columns])
    for row in table.rows:
        writer.writerow([_plain(value) for value in row])
    return written.getvalue().encode("utf-8-sig")


def _plain(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return cell_text(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def _write_sheet(sheet: Worksheet, table: Table) -> None:
    for place, column in enumerate(table.columns, start=1):
        head = _cell(sheet, 1, place)
        _set_text(head, column.heading)
        head.fill, head.font = _HEAD_FILL, _HEAD_FONT
        head.alignment = Alignment(vertical="center", horizontal="left" if column.kind is Kind.TEXT else "right")
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.row_dimensions[1].height = 22
    for number, row in enumerate(table.rows, start=2):
        for place, (column, value) in enumerate(zip(table.columns, row, strict=True), start=1):
            _write_cell(_cell(sheet, number, place), value, column.kind)
    sheet.freeze_panes = "A2"
    sheet.sheet_view.showGridLines = False
    if table.rows:
        sheet.auto_filter.ref = sheet.dimensions
    else:
        _set_text(_cell(sheet, 2, 1), "Nothing here")
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


def _cell(sheet: Worksheet, row: int, column: int) -> SheetCell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, SheetCell), "no cells are merged here"
    return cell


def _write_cell(cell: SheetCell, value: Cell, kind: Kind) -> None:
    cell.border = _LINE
    if isinstance(value, str):
        _set_text(cell, value)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        return
    cell.value = value
    cell.alignment = Alignment(vertical="top")
    if kind is Kind.AMOUNT and isinstance(value, int):
        cell.number_format = _FORMATS[Kind.COUNT]
    elif kind in _FORMATS:
        cell.number_format = _FORMATS[kind]


def _set_text(cell: SheetCell, text: str) -> None:
    """Write text as text, whatever it starts with; spreadsheets keep it so when it is edited."""
    cell.value = cell_text(text)
    cell.data_type = "s"


def _add_chart(sheet: Worksheet, title: str, *, last_column: int, skip_last: bool = False) -> None:
    last_row = sheet.max_row - (1 if skip_last else 0)
    if last_row < 2 or sheet.max_column < 2 or not isinstance(sheet.cell(2, 2).value, int):
        return
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "stacked", 100, 60
    chart.title, chart.height, chart.width = title, 8, 18
    values = Reference(sheet, min_col=2, max_col=last_column, min_row=1, max_row=last_row)
    chart.add_data(values, titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=last_row))
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.scaling.orientation = "maxMin"
    for series, colour in zip(chart.series, _SERIES, strict=False):
        series.graphicalProperties.solidFill = colour
    if last_column == 2:
        chart.legend = None
    sheet.add_chart(chart, f"{get_column_letter(sheet.max_column + 2)}2")
