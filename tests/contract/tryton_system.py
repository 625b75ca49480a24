"""A real Tryton for the `tryton` connector: what it holds, what a clerk enters, and ways to break it."""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import yaml

from erp_connectors.interface import Bill, Connector, DocumentType, ListedSupplier
from erp_connectors.testing import Fault, StoredBill, StoredFile, StoredLine
from erp_connectors.tryton import TrytonConnector
from tests.servers.tcp_proxy import TcpProxy
from tests.servers.tryton.rpc import Clerk
from tests.servers.tryton.server import TrytonServer
from tests.servers.tryton.template import DATABASE, PASSWORD

EXAMPLE = Path(__file__).parents[2] / "config" / "connectors" / "tryton.yaml"
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_BILLS = """
SELECT invoice.id, invoice.reference, party.code, invoice.invoice_date, currency.code, invoice.state
FROM account_invoice AS invoice JOIN party_party AS party ON party.id = invoice.party
JOIN currency_currency AS currency ON currency.id = invoice.currency ORDER BY invoice.id
"""
_LINES = "SELECT description, quantity, unit_price FROM account_invoice_line WHERE invoice = ? ORDER BY id"
_TAXES = "SELECT amount FROM account_invoice_tax WHERE invoice = ?"
_FILES = "SELECT name, data FROM ir_attachment WHERE resource = 'account.invoice,' || ? ORDER BY id"


class CallProxy(TcpProxy):
    """Forwards everything but the call that names a method: it, or its answer, can be lost.

    `lose_answer`: the server acts and answers, the client's connection is reset instead. `lose_request`: the
    server never sees the call. `hang`: the server acts, and the client is left waiting on an open connection.
    """

    def __init__(self, target: int) -> None:
        super().__init__(target)
        self.method = b"model.account.invoice.create"
        self.at_call: Literal["forward", "lose_answer", "lose_request", "hang"] = "forward"

    def _forward(self, client: socket.socket, server: socket.socket, swallow: bool) -> None:
        losing = False
        while not self._stopping.is_set():
            readable, _, _ = select.select([client, server], [], [], 0.1)
            for end in readable:
                chunk = end.recv(1 << 20)
                if not chunk or (end is server and losing):
                    if chunk and self.at_call == "hang":
                        assert not client.recv(1), "the client gave up by itself"
                    return
                if end is client and self.at_call != "forward" and self.method in chunk:
                    losing = True
                    if self.at_call == "lose_request":
                        return
                (server if end is client else client).sendall(chunk)


class Tryton:
    """The company of the template, reached by the connector through a proxy that can lose messages."""

    def __init__(self, server: TrytonServer) -> None:
        server.restore()
        self.server = server
        self.proxy = CallProxy(server.port)

    def close(self) -> None:
        self.proxy.stop()

    def connector(self, **changes: Any) -> Connector:
        settings = yaml.safe_load(EXAMPLE.read_text())["settings"]
        here = {"url": f"http://127.0.0.1:{self.proxy.port}", "database": DATABASE}
        return TrytonConnector({**settings, **here, **changes}, {"password": PASSWORD})

    def clerk(self, login: str = "mailroom") -> Clerk:
        """Return somebody signed in, past proxy and connector."""
        return Clerk(self.server.port, login)

    def stored(self) -> list[StoredBill]:
        with self.server.sql() as database:
            return [self._stored(database, *bill) for bill in database.execute(_BILLS).fetchall()]

    def _stored(
        self, database: Any, number: int, reference: str, supplier: str, day: str, currency: str, state: str
    ) -> StoredBill:
        lines = tuple(
            StoredLine(words, (Decimal(str(quantity)) * _amount(price)).quantize(Decimal("0.01")))
            for words, quantity, price in database.execute(_LINES, (number,))
        )
        tax = sum((_amount(amount) for (amount,) in database.execute(_TAXES, (number,))), Decimal(0))
        return StoredBill(
            invoice_number=reference,
            supplier=supplier,
            issue_date=date.fromisoformat(day),
            currency=currency,
            payable=sum((line.payable for line in lines), tax),
            tax=tax,
            draft=state == "draft",
            lines=lines,
            files=tuple(StoredFile(name, bytes(body)) for name, body in database.execute(_FILES, (number,))),
        )

    def files_left_over(self) -> int:
        """Return how many attachments belong to no bill."""
        with self.server.sql() as database:
            found = database.execute("SELECT count(*) FROM ir_attachment WHERE resource NOT LIKE 'account.invoice,%'")
            return int(found.fetchone()[0])

    def run(self, statement: str, *values: object) -> None:
        """Change the database past Tryton."""
        with self.server.sql() as database:
            database.execute(statement, values)

    @contextmanager
    def inject(self, fault: Fault) -> Iterator[None]:
        if fault is Fault.UNREACHABLE:
            self.proxy.refusing = True
            yield
            self.proxy.refusing = False
        elif fault is Fault.REFUSES:
            self.run("UPDATE account_account SET closed = 1 WHERE code = '6800'")
            yield
            self.run("UPDATE account_account SET closed = 0 WHERE code = '6800'")
        elif fault is Fault.ASKS_TO_WAIT:
            self.proxy.canned = [BUSY]
            yield
            self.proxy.canned = []
        else:
            self.proxy.at_call = "lose_answer" if fault is Fault.ANSWER_LOST else "lose_request"
            yield
            self.proxy.at_call = "forward"

    def enter_by_hand(self, bill: Bill) -> None:
        clerk, sign = self.clerk(), -1 if bill.document_type is DocumentType.CREDIT_NOTE else 1
        party = clerk.one("party.party", "code", bill.supplier_code)
        (address,) = clerk.call("party.address.search", [["party", "=", party]])
        currency = clerk.one("currency.currency", "code", bill.currency)
        shared = {"company": 1, "currency": currency}
        tax_account = clerk.one("account.account", "code", "1576")
        line = {
            **shared,
            "type": "line",
            "account": clerk.one("account.account", "code", "6800"),
            "quantity": sign,
            "unit_price": bill.net,
            "description": "By hand",
        }
        tax = {"account": tax_account, "base": sign * bill.net, "amount": sign * bill.tax, "description": "Tax"}
        invoice = {
            **shared,
            "type": "in",
            "party": party,
            "invoice_address": address,
            "account": clerk.one("account.account", "code", "1600"),
            "journal": clerk.one("account.journal", "code", "EXP"),
            "reference": bill.invoice_number,
            "invoice_date": bill.issue_date,
            "lines": [["create", [line]]],
            "taxes": [["create", [{**tax, "manual": True}]]],
        }
        clerk.call("account.invoice.create", [invoice])

    def enter_supplier(self, supplier: ListedSupplier) -> None:
        clerk = self.clerk("admin")
        contacts = [{"type": "email", "value": each} for each in supplier.emails]
        contacts += [{"type": "phone", "value": each} for each in supplier.phones]
        party = {
            "code": supplier.number,
            "name": supplier.name,
            "active": not supplier.blocked,
            "addresses": [["create", [{}]]],
            "identifiers": [["create", [{"type": "eu_vat", "code": each} for each in supplier.tax_ids]]],
            "contact_mechanisms": [["create", contacts]],
            "categories": [["add", [clerk.one("party.category", "name", "Suppliers")]]],
        }
        (owner,) = clerk.call("party.party.create", [party])
        (bank,) = clerk.call("bank.search", [])
        for number in supplier.bank_accounts:
            numbers = [{"type": "iban", "number": number}]
            account = {"bank": bank, "owners": [["add", [owner]]], "numbers": [["create", numbers]]}
            clerk.call("bank.account.create", [account])


def _amount(value: Any) -> Decimal:
    """Return an amount, which Tryton writes into SQLite as bytes that spell it."""
    return Decimal(value.decode() if isinstance(value, bytes) else str(value))
