"""What a connector's author brings to the suite: the system itself, looked at past the connector."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from erp_connectors.bill import Bill, ListedSupplier
from erp_connectors.interface import Connector


class Fault(StrEnum):
    """A way to break the system while a connector talks to it."""

    UNREACHABLE = "unreachable"
    """Nobody answers, for any call."""
    ANSWER_LOST = "answer_lost"
    """The system acts on the next upload; its answer never arrives. Looking up works again at once."""
    REQUEST_LOST = "request_lost"
    """The next upload is sent, is not acted upon, and no answer comes; the connector can't tell."""
    REFUSES = "refuses"
    """The system refuses the next bill by a rule of its own, such as a closed period."""
    ASKS_TO_WAIT = "asks_to_wait"
    """The system is busy and asks to be left alone for two seconds."""


@dataclass(frozen=True, slots=True)
class StoredLine:
    """A line as the system holds it. `payable` is signed: what the line adds to what we owe, without tax."""

    description: str
    payable: Decimal


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as the system would give it to a person; the name as far as the system keeps it."""

    filename: str
    body: bytes


@dataclass(frozen=True, slots=True)
class StoredBill:
    """A bill as the system holds it. `payable` and `tax` are signed: a credit note's are negative.

    `draft` is true while the system would not act on it. Lines and files are in order.
    """

    invoice_number: str
    supplier: str
    issue_date: date
    currency: str
    payable: Decimal
    tax: Decimal
    draft: bool
    lines: tuple[StoredLine, ...]
    files: tuple[StoredFile, ...]


class SystemUnderTest(Protocol):
    """A running system with an empty ledger; the fixture `system` makes one for each test."""

    def connector(self) -> Connector:
        """Return a new connector to it; a test may ask for several."""
        ...

    def stored(self) -> Sequence[StoredBill]:
        """Return every bill it holds, read without the connector under test (SQL, the system's own API)."""
        ...

    def inject(self, fault: Fault) -> AbstractContextManager[None]:
        """Break it as `fault` says until the block ends."""
        ...

    def enter_by_hand(self, bill: Bill) -> None:
        """Enter a bill as a clerk would, without a key. Needed with the feature `search_bills` only."""
        ...

    def enter_supplier(self, supplier: ListedSupplier) -> None:
        """Put a supplier on file, beside S-100. Needed with the feature `list_suppliers` only."""
        ...
