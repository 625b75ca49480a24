"""Read bills out of the ledger: by key, and by what a clerk would have typed."""

from __future__ import annotations

import contextlib
import operator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, Select, func, literal, select

from erp_connectors.bill import (
    BillSearch,
    BillState,
    DocumentType,
    FoundBill,
    Receipt,
    comparable_number,
)
from erp_connectors.errors import UploadRefusedError
from erp_connectors.sql.parts import BILL_PARTS, as_text, read_back, shown, written
from erp_connectors.sql.settings import Settings
from erp_connectors.sql.tables import Tables


@dataclass(frozen=True, slots=True)
class Entry:
    """A bill as the ledger holds it; `gross` is positive, as on the paper."""

    id: Any
    key: str | None
    reference: str
    state: BillState
    document_type: DocumentType
    invoice_number: str
    issue_date: date
    currency: str
    gross: Decimal


def entry_by_key(connection: Connection, key: str, settings: Settings, tables: Tables) -> Entry | None:
    """Return the bill with exactly this key, whatever the database's collation thinks equal."""
    query = _entries(settings, tables).where(tables.bills.columns[settings.key] == key)
    found = (_entry(row, settings) for row in connection.execute(query))
    return next((entry for entry in found if entry.key == key), None)


def receipt_of(
    connection: Connection, entry: Entry, settings: Settings, tables: Tables, *, already_there: bool
) -> Receipt:
    """Return the receipt, with what the ledger holds of lines and files counted there."""
    evidence = {
        "invoice_number": entry.invoice_number,
        "gross": shown(entry.gross),
        "currency": entry.currency,
        "lines": str(_count(connection, tables.lines, settings.lines.bill, entry.id)),
        "attachments": str(_files(connection, entry, settings, tables)),
    }
    return Receipt(str(entry.id), entry.reference, entry.state, already_there, evidence)


def search_entries(connection: Connection, search: BillSearch, settings: Settings, tables: Tables) -> list[FoundBill]:
    """Return the supplier's bills that match; numbers and amounts are compared here, not by the database."""
    query = _of_supplier(connection, _entries(settings, tables), search, settings, tables)
    dated = settings.bills.required("issue_date")
    column = tables.bills.columns[dated.name]
    for day, is_bound in ((search.issued_from, operator.ge), (search.issued_to, operator.le)):
        if day is not None:
            bound = written(day, dated.form)
            query = query.where(is_bound(column, as_text(bound) if tables.plain_text else bound))
    entries = (_entry(row, settings) for row in connection.execute(query))
    return [_found(entry) for entry in entries if _matches(entry, search)]


def _entries(settings: Settings, tables: Tables) -> Select[Any]:
    columns, bills = tables.bills.columns, settings.bills
    chosen = {"id": settings.id, "key": settings.key, "reference": settings.reference}
    for part in ("invoice_number", "issue_date", "gross", "currency"):
        column = bills.column(part)
        if column is not None:
            chosen[part] = column.name
    if settings.state_column is not None:
        chosen["state"] = settings.state_column
    if settings.kind_column is not None:
        chosen["kind"] = settings.kind_column
    return select(*(columns[name].label(f"entry_{part}") for part, name in chosen.items()))


def _entry(row: Row[Any], settings: Settings) -> Entry:
    raw = {name.removeprefix("entry_"): value for name, value in row._mapping.items()}
    gross = _part(raw, "gross", settings)
    key = raw["key"]
    return Entry(
        id=raw["id"],
        key=None if key is None else str(key).rstrip(),
        reference=str(raw["reference"] if raw["reference"] is not None else raw["id"]),
        state=_word(settings.states, raw["state"], BillState.OTHER) if "state" in raw else BillState.DRAFT,
        document_type=_kind(raw, gross, settings),
        invoice_number=_part(raw, "invoice_number", settings),
        issue_date=_part(raw, "issue_date", settings),
        currency=str(raw.get("currency") or settings.currency or "").strip(),
        gross=abs(gross),
    )


def _part(raw: dict[str, Any], part: str, settings: Settings) -> Any:
    column = settings.bills.required(part)
    with contextlib.suppress(TypeError, ValueError):
        value = read_back(raw[part], column.form, BILL_PARTS[part])
        if value is not None:
            return value
    raise UploadRefusedError(
        f"bill {raw['id']} of the ledger holds no usable {part.replace('_', ' ')} in column "
        f"{settings.bills.table}.{column.name}",
        code="set_up",
    )


def _kind(raw: dict[str, Any], gross: Decimal, settings: Settings) -> DocumentType:
    by_sign = DocumentType.CREDIT_NOTE if gross < 0 else DocumentType.INVOICE
    return _word(settings.kinds, raw["kind"], by_sign) if "kind" in raw else by_sign


def _word(words: Any, found: Any, otherwise: Any) -> Any:
    return next((ours for ours, theirs in words.items() if str(found).strip() == str(theirs)), otherwise)


def _of_supplier(
    connection: Connection, query: Select[Any], search: BillSearch, settings: Settings, tables: Tables
) -> Select[Any]:
    columns = tables.bills.columns
    code, name = settings.bills.column("supplier_code"), settings.bills.column("supplier_name")
    if search.supplier_code and code is not None:
        return query.where(columns[code.name] == search.supplier_code)
    if search.supplier_name and name is not None:
        # Databases differ in which letters they can fold, so the spellings in use are compared here.
        wanted = search.supplier_name.strip().casefold()
        used = connection.execute(select(columns[name.name]).distinct()).scalars()
        spellings = [text for text in used if text is not None and str(text).strip().casefold() == wanted]
        return query.where(columns[name.name].in_(spellings))
    known = "code" if code is not None else "name"
    raise UploadRefusedError(f"this ledger knows suppliers by {known} only", code="set_up")


def _matches(entry: Entry, search: BillSearch) -> bool:
    if search.currency is not None and entry.currency != search.currency:
        return False
    if search.gross is not None and entry.gross != search.gross:
        return False
    return search.invoice_number is None or (
        comparable_number(entry.invoice_number) == comparable_number(search.invoice_number)
    )


def _found(entry: Entry) -> FoundBill:
    return FoundBill(
        external_id=str(entry.id),
        external_reference=entry.reference,
        state=entry.state,
        invoice_number=entry.invoice_number,
        issue_date=entry.issue_date,
        currency=entry.currency,
        gross=entry.gross,
        document_type=entry.document_type,
        key=entry.key,
    )


def _files(connection: Connection, entry: Entry, settings: Settings, tables: Tables) -> int:
    if settings.files is not None and tables.files is not None:
        return _count(connection, tables.files, settings.files.bill, entry.id)
    paper = settings.bills.column("paper")
    if paper is None:
        return 0
    columns = tables.bills.columns
    kept = select(literal(1)).where(columns[settings.id] == entry.id, columns[paper.name].is_not(None))
    return len(connection.execute(kept).all())


def _count(connection: Connection, table: Any, owner: str, bill_id: Any) -> int:
    query = select(func.count()).select_from(table).where(table.columns[owner] == bill_id)
    return int(connection.execute(query).scalar_one())
