"""Facts about mail: dispositions, parts, and what is to be sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Disposition(StrEnum):
    """Where one message ended; every message ever seen has exactly one (reliability I1)."""

    INVOICE = "invoice"
    PURCHASE_ORDER = "purchase_order"
    GOODS_RECEIVED_NOTE = "goods_received_note"
    CREDIT_NOTE = "credit_note"
    STATEMENT = "statement"
    PAY_STUB = "pay_stub"
    APPROVAL_REPLY = "approval_reply"
    REPLY = "reply"
    BANK_CHANGE_REQUEST = "bank_change_request"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    DUPLICATE = "duplicate"
    REMINDER = "reminder"
    IGNORED = "ignored"
    UNIDENTIFIED = "unidentified"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to send along: bytes live in the object store under `key`."""

    key: str
    filename: str
    content_type: str


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """A mail ready to send. `message_id` is stable: a second send carries the same one.

    `attachments` are (filename, content type, bytes); `headers` are added as they are.
    """

    message_id: str
    sender: str
    recipient: str
    subject: str
    text: str
    html: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)
    attachments: tuple[tuple[str, str, bytes], ...] = ()
