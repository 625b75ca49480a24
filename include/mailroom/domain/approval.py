"""What a person is asked to decide, and the effects that open and void the questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from mailroom.domain.finding import Finding, Severity
from mailroom.domain.mail import Attachment
from mailroom.domain.money import Money

REMINDER_CLOCK = "approval_reminder"
"""The kind of clock that reminds approvers; its level is the reminder's number."""


class Decision(StrEnum):
    """What an approver may answer."""

    APPROVE = "approve"
    REJECT = "reject"


class ApprovalState(StrEnum):
    """Where one question to one approver stands; only `OPEN` can be decided."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    VOID = "void"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class ApprovalSubject:
    """What is to be decided on, in the words a person reads; a desk makes it from its own records.

    `version_hash` covers amount, payee, bank account and lines: another hash is another question (reliability
    I8). `fields` are (label, value) in the order shown. `findings` are the open ones only. `attachments` is
    the document itself. `submitters` are the mail addresses that brought it in: none of them may approve it.
    """

    version_hash: str
    amount: Money | None = None
    payee: str | None = None
    supplier_number: str | None = None
    department: str | None = None
    reference: str | None = None
    fields: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    confidence: Decimal | None = None
    attachments: tuple[Attachment, ...] = ()
    submitters: frozenset[str] = frozenset()

    @property
    def stops(self) -> bool:
        """Tell whether a finding is open that needs a person."""
        return any(each.severity is not Severity.NOTE for each in self.findings)


@dataclass(frozen=True, slots=True)
class OpenApproval:
    """Ask one approver about one version. The token itself is never kept, only its hash."""

    approval_id: UUID
    step: str
    approver_id: UUID
    token_hash: str
    expires_at: datetime
    subject: ApprovalSubject


@dataclass(frozen=True, slots=True)
class VoidApprovals:
    """Void a transaction's open questions about any version but `keep` (every version when None)."""

    keep: str | None = None


@dataclass(frozen=True, slots=True)
class ExpireApprovals:
    """Close a transaction's open questions whose time is over."""
