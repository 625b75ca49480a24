"""A bill as rows of the ledger's tables, and rows held against the bill they came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Column as TableColumn
from sqlalchemy import Connection, Table, insert, select

from erp_connectors.bill import Bill, BillState, DocumentType
from erp_connectors.errors import UploadRefusedError
from erp_connectors.sql.parts import (
    BILL_PARTS,
    FILE_PARTS,
    LINE_PARTS,
    as_text,
    bill_parts,
    file_parts,
    line_parts,
    read_back,
    written,
)
from erp_connectors.sql.settings import Settings, TableMapping
from erp_connectors.sql.tables import Tables, width_fault

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """What will be inserted, by column name; the column naming the bill is filled in at the insert."""

    bill: Row
    lines: Sequence[Row]
    files: Sequence[Row]


def rows_of(bill: Bill, settings: Settings, tables: Tables) -> Rows:
    """Return the bill's rows; raises `UploadRefusedError` naming every value its column can't hold."""
    sign = -1 if bill.document_type is DocumentType.CREDIT_NOTE and settings.negative_credit_notes else 1
    faults: list[str] = []
    header = _row(bill_parts(bill, sign), settings.bills, tables.bills, "", faults)
    header[settings.key] = bill.key
    _note(faults, "key", width_fault(tables.bills.columns[settings.key], bill.key))
    if settings.state_column is not None:
        header[settings.state_column] = settings.states[BillState.DRAFT if bill.draft else BillState.POSTED]
    if settings.kind_column is not None:
        header[settings.kind_column] = settings.kinds[bill.document_type]
    lines = [
        _row(parts, settings.lines, tables.lines, f" of line {parts['position']}", faults)
        for parts in line_parts(bill, sign)
    ]
    files = _file_rows(bill, settings, tables, faults)
    if faults:
        raise UploadRefusedError(f"the ledger cannot hold the bill: {'; '.join(faults)}", code="too_long")
    rows = Rows(header, lines, files)
    return _in_plain_text(rows) if tables.plain_text else rows


def _in_plain_text(rows: Rows) -> Rows:
    def converted(row: Row) -> Row:
        return {name: as_text(value) for name, value in row.items()}

    return Rows(converted(rows.bill), [converted(row) for row in rows.lines], [converted(row) for row in rows.files])


def _file_rows(bill: Bill, settings: Settings, tables: Tables, faults: list[str]) -> list[Row]:
    if settings.files is None or tables.files is None:
        return []
    return [
        _row(parts, settings.files, tables.files, f" of file {parts['position']}", faults) for parts in file_parts(bill)
    ]


def write(connection: Connection, rows: Rows, settings: Settings, tables: Tables) -> Any:
    """Insert all rows and return the bill's id; the header goes first, so a known key stops at once."""
    connection.execute(insert(tables.bills), rows.bill)
    columns = tables.bills.columns
    found = connection.execute(select(columns[settings.id]).where(columns[settings.key] == rows.bill[settings.key]))
    bill_id = found.scalar_one()
    connection.execute(insert(tables.lines), [{**row, settings.lines.bill: bill_id} for row in rows.lines])
    if settings.files is not None and tables.files is not None and rows.files:
        connection.execute(insert(tables.files), [{**row, settings.files.bill: bill_id} for row in rows.files])
    return bill_id


def compare(connection: Connection, bill_id: Any, rows: Rows, settings: Settings, tables: Tables) -> None:
    """Read everything back before the commit; raises `UploadRefusedError` when a column changed a value.

    Databases round, cut and pad without a word: a FLOAT loses cents, MySQL outside strict mode cuts text.
    """
    _compare_table(connection, tables.bills, settings.bills, BILL_PARTS, settings.id, bill_id, [rows.bill])
    _compare_table(connection, tables.lines, settings.lines, LINE_PARTS, settings.lines.bill, bill_id, rows.lines)
    if settings.files is not None and tables.files is not None:
        _compare_table(connection, tables.files, settings.files, FILE_PARTS, settings.files.bill, bill_id, rows.files)


def _compare_table(
    connection: Connection,
    table: Table,
    mapping: TableMapping,
    parts: Mapping[str, type],
    owner: str,
    bill_id: Any,
    rows: Sequence[Row],
) -> None:
    chosen = [table.columns[column.name] for column in mapping.columns]
    stored = connection.execute(select(*chosen).where(table.columns[owner] == bill_id)).all()
    for place, column in enumerate(mapping.columns):
        kind = parts[column.part]
        meant = Counter(_comparable(read_back(row[column.name], column.form, kind)) for row in rows)
        try:
            kept = Counter(_comparable(read_back(row[place], column.form, kind)) for row in stored)
        except (TypeError, ValueError):
            kept = Counter()
        if kept != meant:
            raise UploadRefusedError(
                f"column {mapping.table}.{column.name} does not keep the {_named(column.part)} as it is; "
                "nothing was written",
                code="too_long",
            )


def _row(parts: Mapping[str, Any], mapping: TableMapping, table: Table, where: str, faults: list[str]) -> Row:
    row: Row = dict(mapping.constants)
    for column in mapping.columns:
        name = f"{_named(column.part)}{where}"
        try:
            value = written(parts[column.part], column.form)
        except ValueError as err:
            faults.append(f"the {name} {err}, and column {mapping.table}.{column.name} counts cents")
            continue
        row[column.name] = value
        _note(faults, name, width_fault(_column(table, column.name), value))
    return row


def _column(table: Table, name: str) -> TableColumn[Any]:
    return table.columns[name]


def _note(faults: list[str], name: str, fault: str | None) -> None:
    if fault is not None:
        faults.append(f"the {name} {fault}")


def _named(part: str) -> str:
    return part.replace("_", " ")


def _comparable(value: Any) -> Any:
    # CHAR columns pad with blanks; 1.50 and 1.5 are one amount.
    if isinstance(value, str):
        return value.rstrip()
    return value.normalize() if isinstance(value, Decimal) else value
