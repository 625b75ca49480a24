"""What callers are told. Amounts are text with a point, times ISO 8601 in UTC."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

_ID = "0b5a6f7e-1c2d-4e3f-8a9b-0c1d2e3f4a5b"


class ErrorDetail(BaseModel):
    """One field that is wrong."""

    field: str
    message: str


class ErrorTold(BaseModel):
    """What went wrong: a stable code, a sentence, and the id to ask about."""

    code: str
    message: str
    correlation_id: str
    details: list[ErrorDetail] | None = None


class ErrorAnswer(BaseModel):
    """The envelope of every error."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "error": {
                        "code": "not_found",
                        "message": f"there is no transaction {_ID}",
                        "correlation_id": "c0ffee",
                    }
                }
            ]
        }
    )

    error: ErrorTold


class WhoTold(BaseModel):
    """Who the credential stands for."""

    organization: str
    name: str
    role: str
    rights: list[str]
    user: str | None


class TokensTold(BaseModel):
    """An access token and the refresh token that renews it; lifetimes in seconds."""

    access_token: str
    refresh_token: str
    token_type: str = "Bearer"  # noqa: S105 - a word of RFC 6750
    expires_in: int
    refresh_expires_in: int


class TransactionTold(BaseModel):
    """One transaction: where it stands, and what it waits for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": _ID,
                    "process": "accounts_payable",
                    "state": "on_hold",
                    "reason": "bank_details_changed",
                    "step": "validate",
                    "mode": "auto",
                    "reference": "INV-7",
                    "attempts": 0,
                    "due_at": None,
                    "last_error_code": None,
                    "last_error_message": None,
                    "created_at": "2026-11-22T08:15:00Z",
                    "updated_at": "2026-11-22T08:15:09Z",
                }
            ]
        }
    )

    id: UUID
    process: str
    state: str
    reason: str | None
    step: str
    mode: str
    reference: str | None
    attempts: int
    due_at: datetime | None
    last_error_code: str | None
    last_error_message: str | None
    created_at: datetime
    updated_at: datetime


class TransactionPage(BaseModel):
    """Transactions, newest first; `next_cursor` is null on the last page."""

    items: list[TransactionTold]
    next_cursor: str | None


class InvoiceTold(BaseModel):
    """What was read from the document, or corrected by a person."""

    model_config = ConfigDict(from_attributes=True)

    document_type: str
    supplier_number: str | None
    invoice_number: str | None
    issue_date: date | None
    due_date: date | None
    currency: str | None
    net_total: Decimal | None
    tax_total: Decimal | None
    gross_total: Decimal | None
    amount_due: Decimal | None
    vendor_name: str | None
    vendor_tax_id: str | None
    bank_account: str | None
    buyer_name: str | None
    purchase_order: str | None
    department: str | None
    account: str | None
    tax_code: str | None
    confidence: Decimal | None


class DocumentTold(BaseModel):
    """A file of the transaction."""

    model_config = ConfigDict(from_attributes=True)

    id: UUID
    document_type: str
    filename: str | None
    content_type: str
    sha256: str
    size_bytes: int


class FindingTold(BaseModel):
    """What a check found; `block` and `hold` stop, `note` does not."""

    rule: str
    severity: str
    message: str
    expected: str | None
    found: str | None
    released: bool


class StepTold(BaseModel):
    """One execution of a step."""

    step: str
    attempt: int
    outcome: str
    reason: str | None
    started_at: datetime
    ended_at: datetime


class EventTold(BaseModel):
    """One entry of the event log."""

    seq: int
    at: datetime
    kind: str
    actor: str
    facts: dict[str, Any]


class TransactionStory(TransactionTold):
    """One transaction with everything that happened to it."""

    message_id: UUID | None
    invoice: InvoiceTold | None
    documents: list[DocumentTold]
    findings: list[FindingTold]
    steps: list[StepTold]
    events: list[EventTold]


class MovedTold(BaseModel):
    """Where a transaction stands after an action."""

    id: UUID
    state: str
    step: str
    reason: str | None


class StartedTold(BaseModel):
    """What became of a document that was handed in: a transaction for each invoice in it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"message_id": _ID, "disposition": "invoice", "reason": "started_by_api", "transactions": [_ID]}
            ]
        }
    )

    message_id: UUID
    disposition: str
    reason: str
    transactions: list[UUID]


class MessageTold(BaseModel):
    """One message, or one document handed in over the API (mailbox `rest:api`)."""

    id: UUID
    mailbox: str | None
    seen_at: datetime
    sender: str | None
    subject: str | None
    disposition: str | None
    reason: str | None
    rule: str | None


class MessagePage(BaseModel):
    """Messages, newest first."""

    items: list[MessageTold]
    next_cursor: str | None


class PartTold(BaseModel):
    """One part of a message and what it was taken for."""

    path: str
    filename: str | None
    content_type: str
    sha256: str
    size: int
    kind: str
    reason: str | None


class MessageStory(BaseModel):
    """One message with its parts, and the transactions it opened."""

    id: UUID
    seen_at: datetime
    received_at: datetime | None
    disposed_at: datetime | None
    sender: str | None
    recipients: list[str]
    subject: str | None
    message_id: str | None = Field(description="The mail's own Message-ID.")
    size_bytes: int | None
    raw_sha256: str | None
    disposition: str | None
    reason: str | None
    rule: str | None
    related_id: UUID | None
    parts: list[PartTold]
    transactions: list[UUID]


class ApprovalTold(BaseModel):
    """One question to one approver."""

    id: UUID
    transaction_id: UUID
    reference: str | None
    step: str
    state: str
    approver: str
    asked_at: datetime
    expires_at: datetime
    reminders: int
    decided_at: datetime | None
    channel: str | None
    reason: str | None


class ApprovalPage(BaseModel):
    """Approvals, newest first."""

    items: list[ApprovalTold]
    next_cursor: str | None


class ApprovalStory(ApprovalTold):
    """One question with what the approver is shown."""

    subject: dict[str, Any]


class DecisionTold(BaseModel):
    """What became of a decision; only `recorded` has an effect."""

    approval_id: UUID
    answer: str
    message: str


class MailboxTold(BaseModel):
    """A mailbox folder and how reading it goes."""

    name: str
    folder: str
    last_polled_at: datetime | None
    last_success_at: datetime | None
    failures: int
    last_error_code: str | None
    last_error_message: str | None


class MailboxesTold(BaseModel):
    """Every mailbox of the organization's own."""

    items: list[MailboxTold]


class ReportFile(BaseModel):
    """One file of a report and where to get it, relative to this server."""

    name: str
    href: str


class ReportTold(BaseModel):
    """The report of one day: its numbers, and its files."""

    day: date
    made_at: datetime
    figures: dict[str, Any]
    files: list[ReportFile]
