"""Put bills into Example Erp: translate between Mailroom's contract and the system's words."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from erp_connectors.interface import (
    Bill,
    BillState,
    Feature,
    Health,
    NotReachableError,
    OutcomeUnknownError,
    Receipt,
    UploadRefusedError,
)
from erp_connectors.unusable import refuse_unusable
from example_erp.ledger import AwayError, Entry, Ledger, RefusedError, SilentError
from example_erp.settings import Settings


class ExampleErpConnector:
    """Enter each bill in Example Erp. What the claims below mean is in erp_connectors/interface.py."""

    accepts_key: ClassVar[bool] = True
    finds_by_key: ClassVar[bool] = True
    features: ClassVar[frozenset[Feature]] = frozenset()
    Settings = Settings

    def __init__(self, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> None:
        self._ledger = Ledger(Settings.read(settings, secrets))

    def check(self) -> Health:
        """See that the system answers; write nothing."""
        with _translated():
            return Health("Example Erp", {"version": self._ledger.version()})

    def upload(self, bill: Bill) -> Receipt:
        """Enter the bill with its lines and files, all or nothing."""
        refuse_unusable(bill)
        lines = [(line.description, line.account, str(line.net)) for line in bill.lines]
        files = [(file.filename, file.body) for file in bill.attachments]
        with _translated():
            entry, is_new = self._ledger.add(_row(bill), lines, files)
        same = (entry.number, entry.kind, entry.currency, Decimal(entry.gross))
        if same != (bill.invoice_number, bill.document_type.value, bill.currency, bill.gross):
            raise UploadRefusedError(f"this key is there as another bill, {entry.number}", code="key_conflict")
        return _receipt(entry, already_there=not is_new)

    def find(self, key: str) -> Receipt | None:
        """Return the bill with this key, or None when it surely is not there."""
        with _translated():
            entry = self._ledger.by_key(key)
        return None if entry is None else _receipt(entry, already_there=True)

    def close(self) -> None:
        """Do nothing: no connection is held open between calls."""


def _row(bill: Bill) -> dict[str, str]:
    return {
        "key": bill.key,
        "number": bill.invoice_number,
        "supplier": bill.supplier_code,
        "issued": bill.issue_date.isoformat(),
        "currency": bill.currency,
        "net": str(bill.net),
        "tax": str(bill.tax),
        "gross": str(bill.gross),
        "kind": bill.document_type.value,
        "state": (BillState.DRAFT if bill.draft else BillState.POSTED).value,
    }


def _receipt(entry: Entry, *, already_there: bool) -> Receipt:
    evidence = {"gross": entry.gross, "currency": entry.currency, "attachments": str(entry.files)}
    return Receipt(str(entry.id), entry.number, BillState(entry.state), already_there, evidence)


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """Turn the system's errors into what happens next."""
    try:
        yield
    except AwayError as err:
        raise NotReachableError(f"Example Erp cannot be reached: {err}") from err
    except RefusedError as err:
        raise UploadRefusedError(f"Example Erp refused the bill: {err}") from err
    except SilentError as err:
        raise OutcomeUnknownError(f"Example Erp did not answer after the bill was sent: {err}") from err
