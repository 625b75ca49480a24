"""Bills on their way to an accounting system: the connectors' own words, and what posting adds to them.

Desks make bills from here; only posting talks to connectors.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Connection

from erp_connectors.interface import Bill, BillLine, Connector, DocumentType
from mailroom.domain.finding import Finding
from mailroom.domain.transaction import Transaction
from mailroom.engine.step import StepContext
from mailroom.settings.customers import CustomerPolicy

__all__ = [
    "Bill",
    "BillLine",
    "BillToPost",
    "Bills",
    "ConnectorFor",
    "DocumentType",
    "StoredFile",
    "bill_key",
    "request_hash",
]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file to post along; its bytes are in the object store under `key`."""

    key: str
    filename: str
    content_type: str
    sha256: str


@dataclass(frozen=True, slots=True)
class BillToPost:
    """A bill without its files' bytes; `version_hash` is the version an approval must name (I8)."""

    bill: Bill
    version_hash: str
    files: tuple[StoredFile, ...]


Bills = Callable[[Connection, Sequence[Transaction], StepContext], Mapping[UUID, BillToPost | Finding]]
"""A desk's bills by transaction, or the finding that keeps one from being made."""

ConnectorFor = Callable[[CustomerPolicy], tuple[str, Connector]]
"""The configured name and the open connector of a customer; cached by who gives it."""


def bill_key(
    organization: str,
    supplier_number: str,
    document_type: str,
    number: str,
    issue_date: date,
    gross: Decimal,
    currency: str,
) -> str:
    """Return the name of a bill for ever: the same for the same paper after a restore or a re-read mailbox.

    `organization` is the slug, `number` the normalised one; nothing in it comes from a run.
    """
    parts = [organization, supplier_number, document_type, number, issue_date.isoformat(), f"{gross:.2f}", currency]
    return "mr-" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:40]


def request_hash(to_post: BillToPost) -> str:
    """Return SHA-256 over what is posted, whether as a draft or not."""
    bill = to_post.bill
    body = {
        "key": bill.key,
        "version": to_post.version_hash,
        "supplier": bill.supplier_code,
        "number": bill.invoice_number,
        "gross": f"{bill.gross:.2f}",
        "lines": [[line.description, f"{line.net:.2f}", line.account, line.tax_code] for line in bill.lines],
        "files": [file.sha256 for file in to_post.files],
    }
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
