"""The ledger's tables as they are, held against the mapping."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Date,
    DateTime,
    Inspector,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    event,
    inspect,
)
from sqlalchemy.exc import NoSuchTableError

from erp_connectors.errors import UploadRefusedError
from erp_connectors.settings_reader import did_you_mean
from erp_connectors.sql.settings import Settings, TableMapping


@dataclass(frozen=True, slots=True)
class Tables:
    """The reflected tables; `files` is None where the ledger keeps none.

    `plain_text`: SQLite has neither decimals nor dates; it takes both as text, without a detour over
    floats, and gives back whatever was put in.
    """

    bills: Table
    lines: Table
    files: Table | None
    plain_text: bool


def load_tables(connection: Connection, settings: Settings) -> Tables:
    """Reflect the mapped tables and see that they fit the mapping.

    Raises `UploadRefusedError` (`set_up`) naming every table and column that is missing, a key that no
    unique index guards, and columns that must be filled and are not mapped.
    """
    inspector = inspect(connection)
    faults: list[str] = []
    bill_columns = {settings.id, settings.key, settings.reference}
    bill_columns |= {name for name in (settings.state_column, settings.kind_column) if name}
    bills = _reflect(connection, inspector, settings.bills, bill_columns, faults)
    lines = _reflect(connection, inspector, settings.lines, set(), faults)
    files = None
    if settings.files is not None:
        files = _reflect(connection, inspector, settings.files, set(), faults)
    if bills is not None and not _is_unique(inspector, bills, settings.key):
        faults.append(
            f"column {settings.bills.table}.{settings.key} needs a unique index of its own, "
            "or the same bill could be written twice"
        )
    if faults or bills is None or lines is None:
        raise UploadRefusedError(f"the ledger does not fit its settings: {'; '.join(faults)}", code="set_up")
    return Tables(bills, lines, files, connection.dialect.name == "sqlite")


def _reflect(
    connection: Connection, inspector: Inspector, mapping: TableMapping, also: set[str], faults: list[str]
) -> Table | None:
    schema, _, name = mapping.table.rpartition(".")
    metadata = MetaData()
    if connection.dialect.name == "sqlite":
        event.listen(metadata, "column_reflect", _pass_on)
    try:
        table = Table(name, metadata, schema=schema or None, autoload_with=connection, resolve_fks=False)
    except NoSuchTableError:
        hint = did_you_mean(name, inspector.get_table_names(schema or None))
        faults.append(f"table {mapping.table} is not there{hint}")
        return None
    written = {*mapping.names, *also}
    there = table.columns.keys()
    faults.extend(
        f"table {mapping.table} has no column {name}{did_you_mean(name, there)}"
        for name in sorted(written - set(there))
    )
    faults.extend(
        f"column {mapping.table}.{name} must be filled and nothing is mapped to it"
        for name in _left_empty(table, written)
    )
    return table


def _left_empty(table: Table, written: set[str]) -> Iterator[str]:
    for column in table.columns:
        numbered = column.primary_key and isinstance(column.type, Integer)
        filled = column.nullable or column.server_default is not None or column.identity is not None
        if not (filled or numbered or column.computed is not None or column.name in written):
            yield column.name


def _is_unique(inspector: Inspector, table: Table, column: str) -> bool:
    """Tell whether one column alone is unique in every row (an index over part of the rows is not that)."""
    if inspector.get_pk_constraint(table.name, table.schema)["constrained_columns"] == [column]:
        return True
    constraints = inspector.get_unique_constraints(table.name, table.schema)
    if any(constraint["column_names"] == [column] for constraint in constraints):
        return True
    # SQLite hides the index that a UNIQUE written beside its column makes.
    hidden = {"include_auto_indexes": True} if inspector.dialect.name == "sqlite" else {}
    return any(
        index["unique"]
        and index["column_names"] == [column]
        and not any(option.endswith("_where") for option in index.get("dialect_options", {}))
        for index in inspector.get_indexes(table.name, table.schema, **hidden)
    )


def _pass_on(_inspector: Inspector, _table: Table, column: Any) -> None:
    """Give SQLite's decimals and dates a type that passes values on as they are."""
    if isinstance(column["type"], (Numeric, Date, DateTime)):
        column["type"] = String()


def width_fault(column: Column[Any], value: Any) -> str | None:
    """Return why a column can't take a value in full, or None; the value itself is not repeated."""
    if isinstance(value, str) and isinstance(column.type, String):
        longest = column.type.length
        if longest is not None and len(value) > longest:
            return f"has {len(value)} characters, and column {column.table.name}.{column.name} takes {longest}"
    if value is None and not column.nullable and column.server_default is None:
        return f"is missing, and column {column.table.name}.{column.name} must be filled"
    return None
