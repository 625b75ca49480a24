"""Take a decision: once, by the right person, about the version they saw (reliability I8, I16, F19)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from mailroom.approvals.notices import post_notice
from mailroom.approvals.routing import APPROVING_ROLES, Person, comparable_amount, may_approve
from mailroom.database.approvals import Approval, get_approval, write_decision
from mailroom.database.events import append_events
from mailroom.database.session import Database
from mailroom.database.transactions import database_now, get_transaction, wake
from mailroom.domain.approval import ApprovalState, Decision
from mailroom.domain.effects import SendMail
from mailroom.domain.errors import UnknownIdError
from mailroom.domain.event import Event
from mailroom.domain.transaction import FINAL, RESTING, Transaction
from mailroom.engine.setup import CustomerSetup
from mailroom.settings.customers import ApprovalPolicy

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
    OVER_LIMIT = "over_limit"


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
    Answer.OVER_LIMIT: "This amount is above what you may approve by now, so nothing was decided. Whoever looks after "
    "these invoices has been told.",
}


_LOST_AUTHORITY = frozenset({Answer.NO_AUTHORITY, Answer.OVER_LIMIT})


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
    setup: CustomerSetup,
    channel: str,
    actor: str,
    reason: str | None,
    evidence: dict[str, Any],
    audit_key: bytes,
    message_id: UUID | None = None,
) -> DecisionResult:
    """Record one decision and wake the transaction. Whatever comes second is noted and changes nothing.

    `actor` is the address of who decides, proved by the caller (`channel` says how: link, mail, staff).
    Role and limit count as they are now; when they no longer suffice, the customer's owner is told.
    `evidence` (checks, hashes) is kept with the approval. Raises `UnknownIdError` for an id that is not
    this organization's.
    """
    with database.organization(organization_id) as connection:
        return decide_locked(
            connection,
            approval_id,
            decision,
            setup=setup,
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
    setup: CustomerSetup,
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
    answer = _verdict(transaction, approval, setup.customer.approvals, actor, now)
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
            reason=storable(reason or "")[:LONGEST_REASON] or None,
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
    elif answer in _LOST_AUTHORITY:
        post_notice(connection, setup, approval.organization_id, transaction.id, _to_the_owner(approval, answer, setup))
    return DecisionResult(answer, approval)


def storable(words: str) -> str:
    """Return a person's words as Postgres takes them: no NUL, no lone surrogates."""
    return words.replace("\x00", " ").encode("utf-8", "replace").decode().strip()


def _locked(connection: Connection, approval_id: UUID) -> tuple[Transaction, Approval]:
    """Lock the transaction, then read the approval: two decisions in one second come one after the other."""
    found = get_approval(connection, approval_id)
    transaction = None if found is None else get_transaction(connection, found.transaction_id, lock=True)
    approval = get_approval(connection, approval_id)
    if transaction is None or approval is None:
        raise UnknownIdError(f"there is no approval {approval_id}")
    return transaction, approval


def _to_the_owner(approval: Approval, answer: Answer, setup: CustomerSetup) -> SendMail:
    """Tell whoever runs this that the one who was asked may not decide: nobody else knows it."""
    context = {
        "approval": str(approval.id),
        "approver": approval.approver_email,
        "over_limit": answer is Answer.OVER_LIMIT,
        "limit": None if approval.approver_limit is None else str(approval.approver_limit),
    }
    key = f"approval_refused:{approval.id}:{answer.value}"
    return SendMail("approval_refused", setup.customer.owner, key, context)


def _verdict(transaction: Transaction, approval: Approval, policy: ApprovalPolicy, actor: str, now: datetime) -> Answer:
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
    someone = Person(
        approval.approver_id,
        approval.approver_email,
        approval.approver_name,
        approval.approver_role,
        approval.approver_limit,
    )
    allowed = may_approve(someone, comparable_amount(approval.subject, policy))
    return Answer.RECORDED if allowed else Answer.OVER_LIMIT
