"""What a connector is given (a bill, a search) and what it gives back (a receipt, a bill it found)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class DocumentType(StrEnum):
    """Whether the supplier asks for money or gives it back."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class BillState(StrEnum):
    """Where a bill stands in the system, in words every system can be mapped to, or `other`."""

    DRAFT = "draft"
    POSTED = "posted"
    PAID = "paid"
    CANCELLED = "cancelled"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to the bill; the first of a bill is the invoice itself."""

    filename: str
    content_type: str
    body: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """Return the hash of the bytes, in hexadecimal."""
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line. `net` is without tax; `tax_rate` in percent; `account` and `tax_code` are the system's own.

    Discounts are lines with a negative net.
    """

    description: str
    net: Decimal
    account: str
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    tax_rate: Decimal | None = None
    tax_code: str | None = None


@dataclass(frozen=True, slots=True)
class Bill:
    """A supplier's invoice or credit note, ready for a ledger.

    `key` names the bill for ever: the same paper has the same key after a restart, a restored backup or
    a re-read mailbox. `supplier_code` is the supplier's number in the system. Amounts are never negative:
    a credit note says so in `document_type` and carries the amounts printed on it; the connector writes
    the sign its system wants. `net + tax = gross`. With `draft` the system must not act on the bill
    before a person has released it there.
    """

    key: str
    supplier_code: str
    supplier_name: str
    invoice_number: str
    issue_date: date
    currency: str
    net: Decimal
    tax: Decimal
    gross: Decimal
    lines: tuple[BillLine, ...]
    due_date: date | None = None
    purchase_order: str | None = None
    document_type: DocumentType = DocumentType.INVOICE
    attachments: tuple[Attachment, ...] = ()
    draft: bool = True


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that the system holds the bill, made from what was read back out of it.

    `external_id` is the system's own id, `external_reference` what a person there would search for.
    `already_there` means this call added nothing. `evidence` holds at least `gross` (decimal string, as
    printed on the paper, so positive for a credit note too), `currency` and `attachments` (how many are
    stored); ids, codes, amounts and hashes only, for it is kept in the event log.
    """

    external_id: str
    external_reference: str
    state: BillState
    already_there: bool
    evidence: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BillSearch:
    """Look for one supplier's bills: by the supplier's number, or by amount within a span of dates.

    The supplier is matched by code when `supplier_code` is given, else by name, whatever its case. All
    criteria given must match; numbers match as `comparable_number` compares them; both dates belong to
    the span; the amount is gross and positive as on the paper.
    """

    supplier_code: str | None = None
    supplier_name: str | None = None
    invoice_number: str | None = None
    gross: Decimal | None = None
    currency: str | None = None
    issued_from: date | None = None
    issued_to: date | None = None

    def __post_init__(self) -> None:
        if not (self.supplier_code or self.supplier_name):
            raise ValueError("a search for bills needs the supplier's code or name")
        if self.invoice_number is None and self.gross is None:
            raise ValueError("a search for bills needs the supplier's number or the gross amount")


@dataclass(frozen=True, slots=True)
class FoundBill:
    """A bill the system holds, whoever entered it; `key` is None when it is not one of ours."""

    external_id: str
    external_reference: str
    state: BillState
    invoice_number: str
    issue_date: date
    currency: str
    gross: Decimal
    document_type: DocumentType
    key: str | None = None


@dataclass(frozen=True, slots=True)
class ListedSupplier:
    """A supplier as the system holds it; `blocked` ones are not to be paid, or no longer in use.

    `number` is what a bill's `supplier_code` is matched with. `bank_accounts` are IBANs or the country's
    own numbers, without blanks. What the system does not know is empty.
    """

    number: str
    name: str
    blocked: bool = False
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    tax_ids: tuple[str, ...] = ()
    bank_accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Health:
    """What `check` saw: the system in words a person knows, and facts worth showing (`version`: `18.1`)."""

    system: str
    details: Mapping[str, str] = field(default_factory=dict)


def comparable_number(number: str) -> str:
    """Reduce a supplier's number to what survives typing: upper case letters and digits, and no zeros
    that only fill up the first run of digits.

    `inv 0047/26`, `INV-47-26` and `Inv47/26` are one number to a clerk. Zeros further on are kept, since
    `2026/01/11` and `2026/11/01` are two.
    """
    signs = "".join(sign for sign in number.upper() if sign.isalnum())
    digits = re.search(r"\d.*", signs)
    if digits is None:
        return signs
    return signs[: digits.start()] + (digits[0].lstrip("0") or "0")
