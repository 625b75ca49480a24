"""The step `approve`: straight through, asked, waiting, decided, or held."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection

from mailroom.approvals.routing import Person, approvers, goes_straight_through, person, substitutes_for
from mailroom.database.approvals import Approval, approvals_of
from mailroom.database.delegations import running_delegations
from mailroom.database.organizations import users_by_email
from mailroom.domain.approval import (
    REMINDER_CLOCK,
    ApprovalState,
    ApprovalSubject,
    ExpireApprovals,
    OpenApproval,
    VoidApprovals,
)
from mailroom.domain.approval_token import make_token, token_hash
from mailroom.domain.effects import SendMail, SetClock, StopClocks
from mailroom.domain.outcome import Advance, Hold, Outcome, Reject, Wait
from mailroom.domain.transaction import Transaction
from mailroom.engine.step import Step, StepContext
from mailroom.settings.customers import ApprovalPolicy

Subjects = Callable[[Connection, Sequence[Transaction], StepContext], Mapping[UUID, ApprovalSubject]]
"""A desk's reading of its own records: what is to be decided, by transaction."""

_NAMESPACE = UUID("0d0f3b1c-8f0e-4b52-9d5e-6a1f5a3f6f21")


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """What the decision needs: the subject as it is now, every question asked so far, and who could be asked.

    `substitutes` are those of people who are away now, by the absent person's id.
    """

    transaction: Transaction
    subject: ApprovalSubject
    asked: tuple[Approval, ...]
    people: Mapping[str, Person]
    substitutes: Mapping[UUID, Person] = field(default_factory=dict)

    @property
    def current(self) -> tuple[Approval, ...]:
        """Return the questions about this very version at this step."""
        return tuple(
            each
            for each in self.asked
            if each.step == self.transaction.step and each.version_hash == self.subject.version_hash
        )


def approve_step(subjects: Subjects, token_key: bytes) -> Step:
    """Return the step; `subjects` comes from the desk, `token_key` signs the tokens."""

    def load(
        connection: Connection, transactions: Sequence[Transaction], context: StepContext
    ) -> dict[UUID, ApprovalFacts]:
        found = subjects(connection, transactions, context)
        asked = approvals_of(connection, [each.id for each in transactions])
        named = {address for rule in context.customer.approvals.rules for address in rule.approvers}
        people = {address: person(row) for address, row in users_by_email(connection, sorted(named)).items()}
        running = {each.user_id: person(each.substitute) for each in reversed(running_delegations(connection))}
        return {
            each.id: ApprovalFacts(each, found[each.id], tuple(asked.get(each.id, ())), people, running)
            for each in transactions
            if each.id in found
        }

    return Step("approve", load, lambda facts, context: decide(facts, context, token_key))


def decide(facts: ApprovalFacts, context: StepContext, token_key: bytes) -> Outcome:
    """Answer for one transaction; pure."""
    decided = next((each for each in facts.current if each.decided_at is not None), None)
    if decided is not None:
        return _decided(facts, decided)
    open_now = [each for each in facts.current if each.state is ApprovalState.OPEN]
    waiting = [each for each in open_now if each.is_open(context.now)]
    if waiting:
        return _still_waiting(facts, waiting, context, token_key)
    if open_now:
        return _expired(open_now, context)
    policy = context.customer.approvals
    if goes_straight_through(policy, facts.subject, facts.transaction.mode):
        return Advance(facts=_version(facts, straight_through=True), effects=_cleared(facts))
    return _asked(facts, context, token_key)


def _decided(facts: ApprovalFacts, approval: Approval) -> Outcome:
    noted = _version(facts, approval=str(approval.id), approver=str(approval.decided_by), channel=approval.channel)
    effects = (StopClocks((REMINDER_CLOCK,)), *_cleared(facts))
    if approval.state is ApprovalState.REJECTED:
        return Reject("rejected_by_approver", facts=noted, effects=effects)
    return Advance(facts=noted, effects=effects)


def _expired(open_now: Sequence[Approval], context: StepContext) -> Outcome:
    """Hold for the owner: an approval never lapses into a yes."""
    first = open_now[0]
    mail = SendMail("approval_expired", context.customer.owner, f"expired:{first.id}", {"approval": str(first.id)})
    return Hold("approval_expired", effects=(ExpireApprovals(), StopClocks((REMINDER_CLOCK,)), mail))


def _still_waiting(
    facts: ApprovalFacts, waiting: Sequence[Approval], context: StepContext, token_key: bytes
) -> Outcome:
    """Go on waiting; ask the substitute of whoever has turned out to be away."""
    policy = context.customer.approvals
    known = {each.approver_id for each in facts.current}
    also = substitutes_for((each.approver_id for each in waiting), facts.substitutes, facts.subject, policy)
    chosen = [someone for someone in also if someone.id not in known]
    expires_at = context.now + timedelta(hours=policy.link_hours)
    until = [each.expires_at for each in waiting] + [expires_at] * bool(chosen)
    opened, mails = _questions(facts, chosen, expires_at, token_key)
    noted = _version(facts, asked=len(chosen)) if chosen else {}
    return Wait(min(until), effects=(*_cleared(facts), *opened, *mails), facts=noted)


def _questions(
    facts: ApprovalFacts, chosen: Sequence[Person], expires_at: datetime, token_key: bytes
) -> tuple[list[OpenApproval], list[SendMail]]:
    opened = [_question(facts, someone, expires_at, token_key) for someone in chosen]
    return opened, [_request(question, someone) for question, someone in zip(opened, chosen, strict=True)]


def _asked(facts: ApprovalFacts, context: StepContext, token_key: bytes) -> Outcome:
    policy = context.customer.approvals
    chosen = approvers(policy, facts.subject, facts.transaction.step, facts.people)
    shadow = facts.transaction.mode == "shadow"
    if shadow and goes_straight_through(policy, facts.subject, "auto"):
        return Advance(facts=_version(facts, shadow=True, would_ask=0))
    if not chosen:
        if shadow:
            return Advance(facts=_version(facts, shadow=True, would_hold="no_approver"))
        return Hold("no_approver", effects=_cleared(facts))
    expires_at = context.now + timedelta(hours=policy.link_hours)
    chosen += substitutes_for((each.id for each in chosen), facts.substitutes, facts.subject, policy)
    opened, mails = _questions(facts, chosen, expires_at, token_key)
    if shadow:
        # The outbox keeps a shadow's mails unsent: they tell whom it would have asked.
        return Advance(facts=_version(facts, shadow=True, would_ask=len(chosen)), effects=tuple(mails))
    reminders = _reminders(policy, context.now, expires_at)
    effects: tuple[Any, ...] = (*_cleared(facts), *opened, *mails, *reminders)
    return Wait(expires_at, effects=effects, facts=_version(facts, asked=len(chosen)))


def _question(facts: ApprovalFacts, someone: Person, expires_at: datetime, token_key: bytes) -> OpenApproval:
    """Make the question to one approver; the same facts make the same one, a new round another."""
    transaction, version = facts.transaction, facts.subject.version_hash
    asked_before = sum(1 for each in facts.current if each.approver_id == someone.id)
    approval_id = uuid5(_NAMESPACE, f"{transaction.id}:{transaction.step}:{version}:{someone.id}:{asked_before}")
    token = make_token(token_key, approval_id, transaction.id, version, someone.email)
    return OpenApproval(approval_id, transaction.step, someone.id, token_hash(token), expires_at, facts.subject)


def _request(question: OpenApproval, someone: Person) -> SendMail:
    """Return the request mail. It names the approval; the token is made again when the mail is sent."""
    return SendMail(
        "approval_request",
        someone.email,
        f"approval:{question.approval_id}",
        {"approval": str(question.approval_id)},
    )


def _reminders(policy: ApprovalPolicy, now: datetime, expires_at: datetime) -> list[SetClock]:
    times = [now + timedelta(hours=policy.reminder_hours * number) for number in range(1, policy.max_reminders + 1)]
    return [SetClock(REMINDER_CLOCK, due_at, level) for level, due_at in enumerate(times, 1) if due_at < expires_at]


def _cleared(facts: ApprovalFacts) -> tuple[VoidApprovals, ...]:
    """Void what was asked about a version that is no more (I8)."""
    version = facts.subject.version_hash
    stale = any(each.state is ApprovalState.OPEN and each.version_hash != version for each in facts.asked)
    return (VoidApprovals(keep=version),) if stale else ()


def _version(facts: ApprovalFacts, **more: Any) -> dict[str, Any]:
    return {"version": facts.subject.version_hash, **more}
