"""Take a decision: once, by the right person, about the version they saw (reliability I8, I16, F19)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from mailroom.approvals.routing import APPROVING_ROLES
from mailroom.database.approvals import Approval, get_approval, write_decision
from mailroom.database.events import append_events
from mailroom.database.session import Database
from mailroom.database.transactions import database_now, get_transaction, wake
from mailroom.domain.approval import ApprovalState, Decision
from mailroom.domain.errors import UnknownIdError
from mailroom.domain.event import Event
from mailroom.domain.transaction import FINAL, RESTING, Transaction

LONGEST_REASON = 2000


class Answer(StrEnum):
    """What became of a decision. Only `RECORDED` has an effect."""

    RECORDED = "recorded"
    REPEATED = "repeated"
    ALREADY_DECIDED = "already_decided"
    EXPIRED = "expired"
    VOID = "void"
    MOVED_ON = "moved_on"
    WRONG_PERSON = "wrong_person"
    NO_AUTHORITY = "no_authority"


MESSAGES = {
    Answer.RECORDED: "Your decision has been recorded.",
    Answer.REPEATED: "You have already decided this; your first decision stands.",
    Answer.ALREADY_DECIDED: "This has already been decided; the first decision stands.",
    Answer.EXPIRED: "The time to decide is over; nothing was decided.",
    Answer.VOID: "This was changed after you were asked, so the request is void. If it still needs you, "
    "there is a new request in your mail.",
    Answer.MOVED_ON: "This is not waiting for a decision any more.",
    Answer.WRONG_PERSON: "Only the person who was asked can decide this.",
    Answer.NO_AUTHORITY: "You are not entitled to decide this any more.",
}


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """The answer, its sentence, and the approval as it was found."""

    answer: Answer
    approval: Approval

    @property
    def recorded(self) -> bool:
        """Tell whether this decision has taken effect."""
        return self.answer is Answer.RECORDED

    @property
    def message(self) -> str:
        """Return the sentence for the person who decided."""
        return MESSAGES[self.answer]


def record_decision(
    database: Database,
    organization_id: UUID,
    approval_id: UUID,
    decision: Decision,
    *,
    channel: str,
    actor: str,
    reason: str | None,
    evidence: dict[str, Any],
    audit_key: bytes,
    message_id: UUID | None = None,
) -> DecisionResult:
    """Record one decision and wake the transaction. Whatever comes second is noted and changes nothing.

    `actor` is the address of who decides, proved by the caller (`channel` says how: link, mail, staff).
    `evidence` (checks, hashes) is kept with the approval. Raises `UnknownIdError` for an id that is not
    this organization's.
    """
    with database.organization(organization_id) as connection:
        return decide_locked(
            connection,
            approval_id,
            decision,
            channel=channel,
            actor=actor,
            reason=reason,
            evidence=evidence,
            audit_key=audit_key,
            message_id=message_id,
        )


def decide_locked(
    connection: Connection,
    approval_id: UUID,
    decision: Decision,
    *,
    channel: str,
    actor: str,
    reason: str | None,
    evidence: dict[str, Any],
    audit_key: bytes,
    message_id: UUID | None = None,
) -> DecisionResult:
    """Do what `record_decision` does inside an open database transaction of the organization."""
    transaction, approval = _locked(connection, approval_id)
    if message_id is not None and approval.message_id == message_id:
        # The same mail once more, after a crash between this commit and the ledger's.
        return DecisionResult(Answer.RECORDED, approval)
    now = database_now(connection)
    answer = _verdict(transaction, approval, actor, now)
    facts = {
        "approval": str(approval.id),
        "approver": str(approval.approver_id),
        "decision": decision.value,
        "channel": channel,
        "version": approval.version_hash,
    }
    kind = "approval_decided"
    if answer is Answer.RECORDED:
        write_decision(
            connection,
            approval,
            ApprovalState.APPROVED if decision is Decision.APPROVE else ApprovalState.REJECTED,
            channel=channel,
            reason=(reason or "").strip()[:LONGEST_REASON] or None,
            evidence=evidence,
            message_id=message_id,
        )
    else:
        kind, facts = "decision_ignored", {**facts, "code": answer.value}
    who = f"user:{approval.approver_id}" if answer is not Answer.WRONG_PERSON else channel
    event = Event(kind, now, who, transaction.id, message_id, facts)
    append_events(connection, approval.organization_id, audit_key, [event])
    if answer is Answer.RECORDED:
        wake(connection, [transaction.id])
    return DecisionResult(answer, approval)


def _locked(connection: Connection, approval_id: UUID) -> tuple[Transaction, Approval]:
    """Lock the transaction, then read the approval: two decisions in one second come one after the other."""
    found = get_approval(connection, approval_id)
    transaction = None if found is None else get_transaction(connection, found.transaction_id, lock=True)
    approval = get_approval(connection, approval_id)
    if transaction is None or approval is None:
        raise UnknownIdError(f"there is no approval {approval_id}")
    return transaction, approval


def _verdict(transaction: Transaction, approval: Approval, actor: str, now: datetime) -> Answer:
    if actor.strip().lower() != approval.approver_email.lower():
        return Answer.WRONG_PERSON
    closed = {
        ApprovalState.APPROVED: Answer.REPEATED,
        ApprovalState.REJECTED: Answer.REPEATED,
        ApprovalState.SUPERSEDED: Answer.ALREADY_DECIDED,
        ApprovalState.VOID: Answer.VOID,
        ApprovalState.EXPIRED: Answer.EXPIRED,
    }
    if approval.state in closed:
        return closed[approval.state]
    if now >= approval.expires_at:
        return Answer.EXPIRED
    if transaction.step != approval.step or transaction.state in FINAL | RESTING:
        return Answer.MOVED_ON
    if approval.approver_status != "active" or approval.approver_role not in APPROVING_ROLES:
        return Answer.NO_AUTHORITY
    return Answer.RECORDED
