"""Write bills into a ledger's own tables, each in one transaction, guarded by a unique key."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import Connection, create_engine
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.pool import NullPool

from erp_connectors.bill import Bill, BillSearch, FoundBill, Health, Receipt
from erp_connectors.errors import NotReachableError, UploadRefusedError
from erp_connectors.interface import Feature
from erp_connectors.sql import failures
from erp_connectors.sql.deadline import deadline, watch_connections
from erp_connectors.sql.entries import Entry, entry_by_key, receipt_of, search_entries
from erp_connectors.sql.rows import Rows, compare, rows_of, write
from erp_connectors.sql.settings import Settings
from erp_connectors.sql.tables import Tables, load_tables
from erp_connectors.unusable import refuse_unusable


class SqlConnector:
    """Put bills into the tables that the settings map; see `erp_connectors.sql.settings.Settings`.

    Each call has a connection of its own: a pooled one that died overnight would cost an attempt.
    """

    accepts_key: ClassVar[bool] = True
    finds_by_key: ClassVar[bool] = True
    features: ClassVar[frozenset[Feature]] = frozenset({Feature.SEARCH_BILLS})
    Settings = Settings

    def __init__(self, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> None:
        self._settings = Settings.read(settings, secrets)
        self._engine = create_engine(self._settings.url, poolclass=NullPool, connect_args=_limits(self._settings))
        watch_connections(self._engine)
        self._loading = threading.Lock()
        self._loaded: Tables | None = None

    def check(self) -> Health:
        """See that the database answers and that its tables fit the mapping."""
        with self._session() as connection:
            self._loaded = load_tables(connection, self._settings)
            version = ".".join(str(part) for part in connection.dialect.server_version_info or ())
        files = "kept" if self._settings.files or self._settings.bills.column("paper") else "not kept"
        return Health(self._engine.dialect.name, {"version": version, "files": files})

    def upload(self, bill: Bill) -> Receipt:
        """Insert the bill with its lines and files in one transaction; see `Connector.upload`."""
        refuse_unusable(bill)
        self._refuse_what_the_ledger_has_not(bill)
        with self._session() as connection:
            tables = self._tables(connection)
            rows = rows_of(bill, self._settings, tables)
            there = entry_by_key(connection, bill.key, self._settings, tables)
            if there is None:
                try:
                    return self._insert(connection, bill, rows, tables)
                except IntegrityError as err:
                    connection.rollback()
                    there = entry_by_key(connection, bill.key, self._settings, tables)
                    if there is None:
                        raise failures.before_commit(err) from err
            _refuse_other_bill(bill, there)
            return receipt_of(connection, there, self._settings, tables, already_there=True)

    def find(self, key: str) -> Receipt | None:
        """Return the bill with this key as the ledger holds it now."""
        with self._session() as connection:
            tables = self._tables(connection)
            there = entry_by_key(connection, key, self._settings, tables)
            if there is None:
                return None
            return receipt_of(connection, there, self._settings, tables, already_there=True)

    def search_bills(self, search: BillSearch) -> Sequence[FoundBill]:
        """Return the supplier's bills that match, those entered by hand included."""
        with self._session() as connection:
            return search_entries(connection, search, self._settings, self._tables(connection))

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _insert(self, connection: Connection, bill: Bill, rows: Rows, tables: Tables) -> Receipt:
        try:
            bill_id = write(connection, rows, self._settings, tables)
        except (TypeError, ValueError) as err:
            raise failures.of_value(err) from err
        compare(connection, bill_id, rows, self._settings, tables)
        entry = entry_by_key(connection, bill.key, self._settings, tables)
        if entry is None:
            raise UploadRefusedError(
                f"column {self._settings.bills.table}.{self._settings.key} does not keep the key as it is",
                code="too_long",
            )
        receipt = receipt_of(connection, entry, self._settings, tables, already_there=False)
        try:
            connection.commit()
        except IntegrityError:
            raise
        except DBAPIError as err:
            raise failures.at_commit(err) from err
        return receipt

    def _refuse_what_the_ledger_has_not(self, bill: Bill) -> None:
        settings = self._settings
        if settings.currency is not None and bill.currency != settings.currency:
            raise UploadRefusedError(
                f"this ledger holds {settings.currency} only, the bill is in {bill.currency}", code="refused"
            )
        if settings.state_column is None and not bill.draft:
            raise UploadRefusedError("this ledger has no states, so every bill in it is a draft", code="refused")
        if settings.files is None and settings.bills.column("paper") and len(bill.attachments) > 1:
            raise UploadRefusedError(
                f"this ledger keeps one file a bill, and the bill has {len(bill.attachments)}", code="refused"
            )

    @contextlib.contextmanager
    def _session(self) -> Iterator[Connection]:
        """Connect, and translate what goes wrong before a commit; whatever is not committed is undone."""
        self._require_file()
        with deadline(self._settings.timeout_seconds) as limit:
            try:
                connection = self._engine.connect()
            except DBAPIError as err:
                raise failures.on_connecting(err) from err
            with connection:
                try:
                    yield connection
                except DBAPIError as err:
                    raise failures.before_commit(err) from err
                except StatementError as err:
                    raise failures.of_value(err) from err
                finally:
                    limit.lift()

    def _require_file(self) -> None:
        # SQLite would make an empty database in place of one on a disk that is not mounted.
        url = self._engine.url
        path = url.database if url.get_backend_name() == "sqlite" else None
        if path and not path.startswith("file:") and not Path(path).exists():
            raise NotReachableError(f"the database file {path} is not there")

    def _tables(self, connection: Connection) -> Tables:
        with self._loading:
            if self._loaded is None:
                self._loaded = load_tables(connection, self._settings)
            return self._loaded


def _limits(settings: Settings) -> dict[str, Any]:
    """Return the driver's own time limits, where we know how they are called."""
    if settings.url.get_backend_name() == "sqlite":
        return {"timeout": settings.connect_seconds, **settings.connect_args}
    if settings.url.get_driver_name() in {"psycopg", "psycopg2"}:
        return {"connect_timeout": settings.connect_seconds, **settings.connect_args}
    return dict(settings.connect_args)


def _refuse_other_bill(bill: Bill, there: Entry) -> None:
    same = (
        bill.invoice_number == there.invoice_number
        and bill.document_type is there.document_type
        and bill.currency == there.currency
        and bill.gross == there.gross
    )
    if not same:
        raise UploadRefusedError(f"this key is in the ledger as another bill, {there.reference}", code="key_conflict")
