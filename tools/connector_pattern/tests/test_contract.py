"""The suite decides whether ExampleErpConnector is a connector; this file brings the system it is tried on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from example_erp import ExampleErpConnector
from example_erp.ledger import Ledger, SilentError, create
from example_erp.settings import Settings

from erp_connectors.testing import ConnectorContract, Fault, StoredBill, StoredFile, StoredLine

CLOSED = "CREATE TRIGGER closed BEFORE INSERT ON bill BEGIN SELECT RAISE(ABORT, 'period 3 is closed'); END"


class ExampleErp:
    """An empty system, looked at and broken past the connector."""

    def __init__(self, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._file = file
        self._monkeypatch = monkeypatch
        create(Settings(file))

    def connector(self) -> ExampleErpConnector:
        """Return a new connector to it."""
        return ExampleErpConnector({"file": str(self._file)}, {})

    def stored(self) -> list[StoredBill]:
        """Return every bill it holds."""
        bills = self._rows("SELECT id, number, supplier, issued, currency, gross, tax, state, kind FROM bill")
        return [self._stored(*bill) for bill in bills]

    def _stored(self, bill: int, number: str, supplier: str, day: str, *more: str) -> StoredBill:
        currency, gross, tax, state, kind = more
        sign = -1 if kind == "credit_note" else 1
        lines = self._rows("SELECT description, net FROM line WHERE bill = ? ORDER BY position", bill)
        files = self._rows("SELECT name, body FROM file WHERE bill = ? ORDER BY position", bill)
        return StoredBill(
            invoice_number=number,
            supplier=supplier,
            issue_date=date.fromisoformat(day),
            currency=currency,
            payable=sign * Decimal(gross),
            tax=sign * Decimal(tax),
            draft=state == "draft",
            lines=tuple(StoredLine(words, sign * Decimal(net)) for words, net in lines),
            files=tuple(StoredFile(name, body) for name, body in files),
        )

    @contextmanager
    def inject(self, fault: Fault) -> Iterator[None]:
        """Break it as the fault says until the block ends."""
        away = self._file.with_suffix(".away")
        if fault is Fault.UNREACHABLE:
            self._file.rename(away)
            yield
            away.rename(self._file)
        elif fault is Fault.REFUSES:
            self._rows(CLOSED)
            yield
            self._rows("DROP TRIGGER closed")
        else:
            self._monkeypatch.setattr(Ledger, "_commit", _commit_and_stay_silent)
            yield
            self._monkeypatch.undo()

    def _rows(self, statement: str, *values: object) -> list[Any]:
        with closing(sqlite3.connect(self._file)) as connection, connection:
            return connection.execute(statement, values).fetchall()


def _commit_and_stay_silent(_ledger: Ledger, connection: sqlite3.Connection) -> None:
    connection.commit()
    raise SilentError("no answer")


class TestExampleErpKeepsTheContract(ConnectorContract):
    """Every promise of a connector, on the system above."""

    connector_class = ExampleErpConnector
    faults = frozenset({Fault.UNREACHABLE, Fault.ANSWER_LOST, Fault.REFUSES})

    @pytest.fixture
    def system(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ExampleErp:
        """Return an empty system."""
        return ExampleErp(tmp_path / "ledger.sqlite", monkeypatch)
