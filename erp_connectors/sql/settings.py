"""The settings of `sql`: which tables and columns of the ledger take which part of a bill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from erp_connectors.bill import BillState, DocumentType
from erp_connectors.errors import SettingsError, SettingsFault
from erp_connectors.settings_reader import SettingsReader, did_you_mean
from erp_connectors.sql.parts import BILL_PARTS, FILE_PARTS, FORMS, LINE_PARTS, Form

SECRETS = ("password", "url")


@dataclass(frozen=True, slots=True)
class Column:
    """One mapped column: the part of the bill it takes and the form it takes it in."""

    name: str
    part: str
    form: Form = "plain"


@dataclass(frozen=True, slots=True)
class TableMapping:
    """One table: mapped columns, constants, and for lines and files the column naming their bill."""

    table: str
    columns: tuple[Column, ...]
    constants: Mapping[str, Any] = field(default_factory=dict)
    bill: str = ""

    def column(self, part: str) -> Column | None:
        """Return the column that takes a part of the bill, if one does."""
        return next((column for column in self.columns if column.part == part), None)

    def required(self, part: str) -> Column:
        """Return the column of a part that the settings had to map; raises `KeyError` for another."""
        column = self.column(part)
        if column is None:
            raise KeyError(part)
        return column

    @property
    def names(self) -> list[str]:
        """Return every column this mapping writes."""
        names = [column.name for column in self.columns] + list(self.constants)
        return [self.bill, *names] if self.bill else names


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole mapping.

    `id` and `key` are columns of the bills' table; `reference` is what people search for there (the key
    column by default). `states` holds the ledger's word for each state in `state_column`; without that
    column every bill is a draft. `currency` is the ledger's only one, when no column holds it.
    `kinds` holds the ledger's words in `kind_column`; without that column credit notes are negative.
    `timeout_seconds` is the most one call may take; `connect_args` go to the driver as they are.
    """

    url: URL
    bills: TableMapping
    lines: TableMapping
    files: TableMapping | None
    id: str
    key: str
    reference: str
    state_column: str | None
    states: Mapping[BillState, Any]
    kind_column: str | None
    kinds: Mapping[DocumentType, Any]
    negative_credit_notes: bool
    currency: str | None
    timeout_seconds: int
    connect_seconds: int
    connect_args: Mapping[str, Any]

    @classmethod
    def read(cls, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> Settings:
        """Return the settings, or raise `SettingsError` with every fault."""
        reader = SettingsReader(settings)
        found = _read(reader, secrets)
        reader.finish()
        return found

    @classmethod
    def faults(cls, settings: Mapping[str, Any]) -> Sequence[SettingsFault]:
        """Return everything that is wrong with these settings; the secret `url` may replace the setting."""
        try:
            cls.read(settings, {} if "url" in settings else {"url": "sqlite://"})
        except SettingsError as err:
            return err.faults
        return ()


def _read(reader: SettingsReader, secrets: Mapping[str, str]) -> Settings:
    url = _url(reader, secrets)
    bills = reader.mapping("bills")
    mapping = _table(bills, BILL_PARTS)
    key = bills.text("key")
    state_column, states = _words(bills, "state", BillState, (BillState.DRAFT, BillState.POSTED))
    kind_column, kinds = _words(bills, "document_type", DocumentType, tuple(DocumentType))
    sign = bills.choice("credit_notes", ("negative", "positive"), "negative")
    if sign == "positive" and kind_column is None:
        bills.fault("credit_notes", "positive credit notes need document_type, or nothing tells them apart")
    currency = reader.text("currency") if reader.has("currency") else None
    _require_parts(bills, mapping, currency)
    found = Settings(
        url=url,
        bills=mapping,
        id=bills.text("id"),
        key=key,
        reference=bills.text("reference", key or "key"),
        state_column=state_column,
        states=states,
        kind_column=kind_column,
        kinds=kinds,
        negative_credit_notes=sign == "negative",
        currency=currency,
        lines=_child(reader.mapping("lines"), LINE_PARTS, ("net",)),
        files=_files(reader, mapping),
        timeout_seconds=reader.seconds("timeout_seconds", 30),
        connect_seconds=reader.seconds("connect_seconds", 10),
        connect_args=_free(reader.mapping("connect_args", required=False)),
    )
    bills.done()
    return found


def _url(reader: SettingsReader, secrets: Mapping[str, str]) -> URL:
    for role in secrets:
        if role not in SECRETS:
            reader.fault("", f"secret {role!r} is not one of {', '.join(SECRETS)}")
    text = secrets.get("url") or reader.text("url")
    reader.has("url")
    try:
        url = make_url(text or "sqlite://")
        url.get_dialect()
    except (ArgumentError, ImportError, ValueError):
        # The text may hold a password, so it is not repeated.
        reader.fault("url", "is not a database URL SQLAlchemy can use, such as postgresql+psycopg://host/name")
        return make_url("sqlite://")
    if url.password and "url" not in secrets:
        reader.fault("url", "holds a password, which belongs under secrets: as password, or the whole url")
    return url.set(password=secrets["password"]) if "password" in secrets else url


def _table(reader: SettingsReader, parts: Mapping[str, type]) -> TableMapping:
    columns = reader.mapping("columns")
    return TableMapping(
        table=reader.text("table"),
        columns=tuple(column for name in columns.names() if (column := _column(columns, name, parts)) is not None),
        constants=_free(reader.mapping("constants", required=False)),
    )


def _column(columns: SettingsReader, name: str, parts: Mapping[str, type]) -> Column | None:
    written = columns.value(name)
    if isinstance(written, str):
        part, form = written, "plain"
    else:
        nested = columns.mapping(name)
        part, form = nested.text("from"), nested.text("as", "plain")
        nested.done()
    if part not in parts:
        if part:
            columns.fault(name, f"{part!r} is no part of a bill here{did_you_mean(part, parts)}")
        return None
    allowed = FORMS[parts[part]]
    if form not in allowed:
        columns.fault(name, f"{part} can be written as {', '.join(allowed)}, not as {form!r}")
        return None
    return Column(name, part, form)


def _child(reader: SettingsReader, parts: Mapping[str, type], required: tuple[str, ...]) -> TableMapping:
    mapping = _table(reader, parts)
    bill = reader.text("bill")
    for part in required:
        if mapping.column(part) is None:
            reader.fault("columns", f"no column takes {part}")
    reader.done()
    return TableMapping(mapping.table, mapping.columns, mapping.constants, bill)


def _files(reader: SettingsReader, bills: TableMapping) -> TableMapping | None:
    if reader.value("attachments") == "none":
        return None
    if not reader.has("attachments"):
        if bills.column("paper") is None:
            reader.fault("attachments", "is missing: name a table, map the part paper in bills, or say none")
        return None
    return _child(reader.mapping("attachments"), FILE_PARTS, ("body",))


def _require_parts(reader: SettingsReader, bills: TableMapping, currency: str | None) -> None:
    for part in ("invoice_number", "issue_date", "gross"):
        if bills.column(part) is None:
            reader.fault("columns", f"no column takes {part}")
    if bills.column("supplier_code") is None and bills.column("supplier_name") is None:
        reader.fault("columns", "no column takes supplier_code or supplier_name")
    if bills.column("currency") is None and currency is None:
        reader.fault("columns", "no column takes currency; write one, or the ledger's only currency beside bills")


def _free(reader: SettingsReader) -> dict[str, Any]:
    return {name: reader.value(name) for name in reader.names()}


def _words(
    reader: SettingsReader, name: str, kind: type[Any], required: tuple[Any, ...]
) -> tuple[str | None, dict[Any, Any]]:
    """Read `{column: status, draft: D, posted: P}`: the ledger's own words for ours."""
    if not reader.has(name):
        return None, {}
    nested = reader.mapping(name)
    words = {ours: nested.value(ours.value) for ours in kind if nested.has(ours.value)}
    for ours in required:
        if ours not in words:
            nested.fault(ours.value, "is missing")
    column = nested.text("column")
    nested.done()
    return column, words
