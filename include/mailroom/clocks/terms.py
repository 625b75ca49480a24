"""Which terms hold for one transaction, and the clocks they set: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from mailroom.clocks.business_calendar import BusinessCalendar
from mailroom.domain.approval import REMINDER_CLOCK
from mailroom.domain.clock import ESCALATE_CLOCK, FAIL_CLOCK, FOLLOW_UP_CLOCK
from mailroom.domain.effects import SetClock
from mailroom.domain.money import Money
from mailroom.domain.transaction import State
from mailroom.settings.sla import SlaPolicy, SlaRule


@dataclass(frozen=True, slots=True)
class SlaSubject:
    """What rules look at besides state and reason; None where it is not known."""

    amount: Money | None = None
    department: str | None = None


@dataclass(frozen=True, slots=True)
class SlaTerms:
    """The terms of one transaction. `follow_ups` None leaves reminders to the approvals policy."""

    follow_ups: int | None
    follow_up_hours: float
    escalate_after_hours: float
    fail_after_hours: float
    escalate_to: str | None = None


def terms_of(policy: SlaPolicy, subject: SlaSubject, state: State, reason: str | None) -> SlaTerms:
    """Return the first fitting rule's terms, filled up from the policy."""
    rule = next((rule for rule in policy.rules if _fits(rule, policy, subject, state, reason)), SlaRule())
    return SlaTerms(
        follow_ups=policy.follow_ups if rule.follow_ups is None else rule.follow_ups,
        follow_up_hours=rule.follow_up_hours or policy.follow_up_hours,
        escalate_after_hours=rule.escalate_after_hours or policy.escalate_after_hours,
        fail_after_hours=rule.fail_after_hours or policy.fail_after_hours,
        escalate_to=rule.escalate_to,
    )


def clocks_of(
    terms: SlaTerms, calendar: BusinessCalendar, state: State, *, received_at: datetime, now: datetime, failed: bool
) -> list[SetClock]:
    """Return the clocks of a transaction that begins to wait or rest `now`.

    What has `failed` is escalated already and does not fail again. Approvers are reminded by the clocks of
    their requests, unless the terms say how often.
    """
    told = {"escalate_to": terms.escalate_to} if terms.escalate_to else {}
    clocks = [SetClock(ESCALATE_CLOCK, calendar.add_hours(now, terms.escalate_after_hours), policy=told)]
    if not failed:
        clocks.append(SetClock(FAIL_CLOCK, calendar.add_hours(received_at, terms.fail_after_hours), policy=told))
    count = terms.follow_ups or 0
    kind = REMINDER_CLOCK if state is State.AWAITING_APPROVAL else FOLLOW_UP_CLOCK
    return clocks + [
        SetClock(kind, calendar.add_hours(now, terms.follow_up_hours * level), level, {"most": count})
        for level in range(1, count + 1)
    ]


def _fits(rule: SlaRule, policy: SlaPolicy, subject: SlaSubject, state: State, reason: str | None) -> bool:
    amount = _comparable(policy, subject)
    return (
        rule.department in {None, subject.department}
        and (not rule.reasons or reason in rule.reasons)
        and (not rule.states or state.value in rule.states)
        and (rule.above is None or amount is None or amount > rule.above)
        and (rule.up_to is None or (amount is not None and amount <= rule.up_to))
    )


def _comparable(policy: SlaPolicy, subject: SlaSubject) -> Decimal | None:
    """Return the amount's size, or None when it is unknown or in another currency: above every limit."""
    if subject.amount is None or policy.currency not in {None, subject.amount.currency}:
        return None
    return abs(subject.amount.amount)
