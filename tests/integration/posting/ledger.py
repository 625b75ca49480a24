"""An accounting system in memory that a test can break; what it holds is the truth about what was posted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from erp_connectors.interface import (
    Bill,
    BillSearch,
    BillState,
    Feature,
    FoundBill,
    Health,
    Receipt,
    comparable_number,
)

Fault = Callable[[Bill], None]
"""Called before or after the ledger takes a bill; raises what goes wrong."""


class Ledger:
    """Keeps every bill it is sent. `before` and `after` are popped, one for each upload."""

    accepts_key: ClassVar[bool] = False
    finds_by_key: ClassVar[bool] = True
    features: ClassVar[frozenset[Feature]] = frozenset()

    def __init__(self, settings: Mapping[str, Any] | None = None, secrets: Mapping[str, str] | None = None) -> None:
        self.bills: list[Bill] = []
        self.by_hand: list[FoundBill] = []
        self.before: list[Fault] = []
        self.after: list[Fault] = []
        self.calls: list[str] = []
        self.looking: list[Exception] = []
        self._lock = threading.Lock()

    def check(self) -> Health:
        return Health("a ledger in memory")

    def upload(self, bill: Bill) -> Receipt:
        self.calls.append("upload")
        if self.before:
            self.before.pop(0)(bill)
        with self._lock:
            self.bills.append(bill)
            number = len(self.bills)
        if self.after:
            self.after.pop(0)(bill)
        return self._receipt(bill, number)

    def find(self, key: str) -> Receipt | None:
        self.calls.append("find")
        if self.looking:
            raise self.looking.pop(0)
        for number, bill in enumerate(self.bills, start=1):
            if bill.key == key:
                return self._receipt(bill, number, already_there=True)
        return None

    def search_bills(self, search: BillSearch) -> Sequence[FoundBill]:
        wanted = comparable_number(search.invoice_number or "")
        return [each for each in self.by_hand if comparable_number(each.invoice_number) == wanted]

    def close(self) -> None:
        """Nothing is open."""

    @staticmethod
    def _receipt(bill: Bill, number: int, *, already_there: bool = False) -> Receipt:
        evidence = {"gross": str(bill.gross), "currency": bill.currency, "attachments": str(len(bill.attachments))}
        state = BillState.DRAFT if bill.draft else BillState.POSTED
        return Receipt(str(number), f"BILL-{number}", state, already_there, evidence)


class KeylessLedger(Ledger):
    """Neither guards keys nor finds by them."""

    finds_by_key: ClassVar[bool] = False


class SearchableLedger(Ledger):
    """Also tells about bills that were entered by hand."""

    features: ClassVar[frozenset[Feature]] = frozenset({Feature.SEARCH_BILLS})


def raises(error: Exception) -> Fault:
    """Return a fault that raises."""

    def fault(_bill: Bill) -> None:
        raise error

    return fault
