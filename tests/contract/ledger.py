"""A ledger's database for the `sql` connector: its tables, what a clerk enters, and ways to break it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

import yaml
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from erp_connectors.interface import Bill, Connector, DocumentType
from erp_connectors.sql import SqlConnector
from erp_connectors.testing import Fault, StoredBill, StoredFile, StoredLine
from tests.contract.commit_proxy import CommitProxy

EXAMPLE = Path(__file__).parents[2] / "config" / "connectors" / "ledger.yaml"
TABLES = """
CREATE TABLE ap_bill (
    id {serial} PRIMARY KEY, mailroom_key VARCHAR(200) UNIQUE,
    supplier_no VARCHAR(20) NOT NULL, supplier_name VARCHAR(60), invoice_no VARCHAR(40) NOT NULL,
    invoice_date DATE NOT NULL, due_date DATE, purchase_order VARCHAR(40), currency CHAR(3) NOT NULL,
    net NUMERIC(12, 2) NOT NULL, tax NUMERIC(12, 2) NOT NULL, gross NUMERIC(12, 2) NOT NULL,
    status CHAR(1) NOT NULL, entered_by VARCHAR(20) NOT NULL);
CREATE TABLE ap_bill_line (
    id {serial} PRIMARY KEY, bill_id INTEGER NOT NULL REFERENCES ap_bill (id), line_no INTEGER NOT NULL,
    description VARCHAR(200), quantity NUMERIC(14, 4), unit_price NUMERIC(14, 4), amount NUMERIC(12, 2) NOT NULL,
    account VARCHAR(20) NOT NULL, tax_code VARCHAR(10), tax_rate NUMERIC(5, 2));
CREATE TABLE ap_bill_file (
    id {serial} PRIMARY KEY, bill_id INTEGER NOT NULL REFERENCES ap_bill (id), position INTEGER NOT NULL,
    filename VARCHAR(200), content_type VARCHAR(100), sha256 CHAR(64), body {bytes} NOT NULL);
"""
BY_HAND = """
INSERT INTO ap_bill (supplier_no, supplier_name, invoice_no, invoice_date, currency, net, tax, gross,
                     status, entered_by)
VALUES (:supplier_no, :supplier_name, :invoice_no, :invoice_date, :currency, {net}, {tax}, {gross}, 'P', 'clerk')
"""


def mapping() -> dict[str, Any]:
    """Return the settings of the example every customer starts from."""
    return yaml.safe_load(EXAMPLE.read_text())["settings"]


class Ledger:
    """What both databases share; amounts are read as text, so that no float stands in between."""

    serial: ClassVar[str]
    bytes: ClassVar[str]

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine: Engine = create_engine(url, poolclass=NullPool)
        self.run(*TABLES.format(serial=self.serial, bytes=self.bytes).split(";")[:-1])

    def connector(self, **changes: Any) -> Connector:
        return SqlConnector({**mapping(), **changes}, {"url": self.seen_url()})

    def seen_url(self) -> str:
        """Return the URL the connector is given."""
        return self.url

    def run(self, *statements: str) -> None:
        with self.engine.begin() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def rows(self, query: str, **values: Any) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(text(query), values).all())

    def stored(self) -> list[StoredBill]:
        bills = self.rows(
            "SELECT id, invoice_no, supplier_no, CAST(invoice_date AS TEXT), currency, CAST(gross AS TEXT), "
            "CAST(tax AS TEXT), status FROM ap_bill ORDER BY id"
        )
        return [self._stored(*bill) for bill in bills]

    def _stored(
        self, bill: int, number: str, supplier: str, day: str, currency: str, gross: str, tax: str, status: str
    ) -> StoredBill:
        lines = self.rows(
            "SELECT description, CAST(amount AS TEXT) FROM ap_bill_line WHERE bill_id = :bill ORDER BY line_no",
            bill=bill,
        )
        files = self.rows("SELECT filename, body FROM ap_bill_file WHERE bill_id = :bill ORDER BY position", bill=bill)
        return StoredBill(
            invoice_number=number,
            supplier=supplier,
            issue_date=date.fromisoformat(day),
            currency=currency,
            payable=Decimal(gross),
            tax=Decimal(tax),
            draft=status == "D",
            lines=tuple(StoredLine(words, Decimal(amount)) for words, amount in lines),
            files=tuple(StoredFile(name, bytes(body)) for name, body in files),
        )

    def enter_by_hand(self, bill: Bill) -> None:
        sign = "-" if bill.document_type is DocumentType.CREDIT_NOTE else ""
        amounts = {name: f"{sign}{getattr(bill, name)}" for name in ("net", "tax", "gross")}
        with self.engine.begin() as connection:
            connection.execute(
                text(BY_HAND.format(**amounts)),
                {
                    "supplier_no": bill.supplier_code,
                    "supplier_name": bill.supplier_name,
                    "invoice_no": bill.invoice_number,
                    "invoice_date": bill.issue_date.isoformat(),
                    "currency": bill.currency,
                },
            )


class SqliteLedger(Ledger):
    """A ledger in one file. The driver's commit can be made to act and then fail."""

    serial = "INTEGER"
    bytes = "BLOB"

    def __init__(self, path: Path) -> None:
        super().__init__(f"sqlite:///{path}")
        self.path = path

    def connector(self, **changes: Any) -> Connector:
        return super().connector(**{"connect_args": {"factory": DoubtfulConnection}, **changes})

    @contextmanager
    def inject(self, fault: Fault) -> Iterator[None]:
        if fault is Fault.UNREACHABLE:
            away = self.path.with_suffix(".away")
            self.path.rename(away)
            yield
            away.rename(self.path)
        elif fault is Fault.REFUSES:
            self.run(
                "CREATE TRIGGER closed BEFORE INSERT ON ap_bill BEGIN SELECT RAISE(ABORT, 'period 3 is closed'); END"
            )
            yield
            self.run("DROP TRIGGER closed")
        else:
            DoubtfulConnection.acts = fault is Fault.ANSWER_LOST
            DoubtfulConnection.fails = True
            yield
            DoubtfulConnection.fails = False


class DoubtfulConnection(sqlite3.Connection):
    """Commits, or does not, and then reports that the disk failed."""

    fails: ClassVar[bool] = False
    acts: ClassVar[bool] = True

    def commit(self) -> None:
        if not self.fails:
            super().commit()
            return
        (super().commit if self.acts else super().rollback)()
        failure = sqlite3.OperationalError("disk I/O error")
        failure.sqlite_errorname = "SQLITE_IOERR_FSYNC"
        raise failure


class PostgresLedger(Ledger):
    """A ledger on a real Postgres, reached by the connector through a proxy that can lose messages."""

    serial = "SERIAL"
    bytes = "BYTEA"

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.proxy = CommitProxy(make_url(url).port or 5432)

    def seen_url(self) -> str:
        return make_url(self.url).set(port=self.proxy.port).render_as_string(hide_password=False)

    def close(self) -> None:
        self.proxy.stop()

    @contextmanager
    def inject(self, fault: Fault) -> Iterator[None]:
        if fault is Fault.UNREACHABLE:
            self.proxy.refusing = True
            yield
            self.proxy.refusing = False
        elif fault is Fault.REFUSES:
            self.run(
                "CREATE FUNCTION closed() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'period 3 is closed'; END $$",
                "CREATE TRIGGER closed BEFORE INSERT ON ap_bill FOR EACH ROW EXECUTE FUNCTION closed()",
            )
            yield
            self.run("DROP TRIGGER closed ON ap_bill", "DROP FUNCTION closed()")
        else:
            self.proxy.at_commit = "lose_answer" if fault is Fault.ANSWER_LOST else "lose_request"
            yield
            self.proxy.at_commit = "forward"
