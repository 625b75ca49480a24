"""Write many rows in one statement. COPY is refused under row-level security, so rows travel as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, TextClause, text


def insert_rows(
    connection: Connection,
    table: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    on_conflict: str = "",
) -> int:
    """Insert rows that all have the same keys; return how many were written.

    `table`, the keys and `on_conflict` (a whole `ON CONFLICT ...` clause) are code, never input.
    Postgres turns each JSON value into its column's type.
    """
    if not rows:
        return 0
    statement = _statement(table, tuple(rows[0]), on_conflict)
    return connection.execute(statement, {"rows": to_json(list(rows))}).rowcount


def to_json(value: Any) -> str:
    """Return JSON text; dates in ISO 8601, amounts and ids as text."""
    return json.dumps(value, default=_plain, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=256)
def _statement(table: str, columns: tuple[str, ...], on_conflict: str) -> TextClause:
    names = ", ".join(columns)
    return text(
        f"INSERT INTO {table} ({names}) SELECT {names} "
        f"FROM jsonb_populate_recordset(NULL::{table}, CAST(:rows AS jsonb)) {on_conflict}"
    )


def _plain(value: Any) -> Any:
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, frozenset | set | tuple):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
