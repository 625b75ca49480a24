"""Who is asked: the first rule that fits, less everybody who may not decide this one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from mailroom.domain.approval import ApprovalSubject
from mailroom.settings.customers import ApprovalPolicy, ApproverRule

APPROVING_ROLES = frozenset({"approver", "officer", "admin"})
"""Roles that may decide. A clerk prepares and never approves (segregation of duties)."""


@dataclass(frozen=True, slots=True)
class Person:
    """An active user. `limit` is the highest amount they may approve; None means any."""

    id: UUID
    email: str
    name: str
    role: str
    limit: Decimal | None = None


def person(row: Mapping[str, Any]) -> Person:
    """Read a user's row."""
    return Person(row["id"], row["email"].lower(), row["name"], row["role"], row["approval_limit"])


def comparable_amount(subject: ApprovalSubject, policy: ApprovalPolicy) -> Decimal | None:
    """Return the amount that limits are compared with; None when it cannot be compared with them.

    A credit note counts by its size. An amount that is unknown or in another currency is above every limit.
    """
    if subject.amount is None or policy.currency not in {None, subject.amount.currency}:
        return None
    return abs(subject.amount.amount)


def fitting_rule(policy: ApprovalPolicy, subject: ApprovalSubject, step: str) -> ApproverRule | None:
    """Return the first rule whose every condition holds."""
    amount = comparable_amount(subject, policy)
    return next((rule for rule in policy.rules if _fits(rule, subject, step, amount)), None)


def approvers(
    policy: ApprovalPolicy, subject: ApprovalSubject, step: str, people: Mapping[str, Person]
) -> tuple[Person, ...]:
    """Return who is to be asked, in the rule's order; empty when nobody may decide.

    `people` are the organization's active users by address. Nobody approves what they brought in (T12).
    """
    rule = fitting_rule(policy, subject, step)
    if rule is None:
        return ()
    amount = comparable_amount(subject, policy)
    submitters = {address.lower() for address in subject.submitters}
    named = [people[address] for address in dict.fromkeys(rule.approvers) if address in people]
    return tuple(each for each in named if each.email not in submitters and may_approve(each, amount))


def substitutes_for(
    asked: Iterable[UUID], substitutes: Mapping[UUID, Person], subject: ApprovalSubject, policy: ApprovalPolicy
) -> tuple[Person, ...]:
    """Return who is to be asked besides `asked`, following each delegation to its end and never in a circle.

    `substitutes` are the delegations that run now, by who is away. A substitute decides with their own role and
    limit, and never about what they brought in (T12); their own substitute is asked for them then.
    """
    amount = comparable_amount(subject, policy)
    submitters = {address.lower() for address in subject.submitters}
    seen, found = set(asked), []
    for absent in tuple(seen):
        standing_in = substitutes.get(absent)
        while standing_in is not None and standing_in.id not in seen:
            seen.add(standing_in.id)
            if standing_in.email not in submitters and may_approve(standing_in, amount):
                found.append(standing_in)
            standing_in = substitutes.get(standing_in.id)
    return tuple(sorted(found, key=lambda each: each.email))


def may_approve(someone: Person, amount: Decimal | None) -> bool:
    """Tell whether a role and a limit allow this amount (None: above every limit)."""
    if someone.role not in APPROVING_ROLES:
        return False
    return someone.limit is None or (amount is not None and amount <= someone.limit)


def goes_straight_through(policy: ApprovalPolicy, subject: ApprovalSubject, mode: str) -> bool:
    """Tell whether nobody needs to be asked: mode auto, under the limit, read with confidence, nothing open."""
    amount = comparable_amount(subject, policy)
    if mode != "auto" or policy.straight_through_limit is None or amount is None or subject.confidence is None:
        return False
    return (
        amount <= policy.straight_through_limit
        and subject.confidence > policy.straight_through_confidence
        and not subject.stops
    )


def _fits(rule: ApproverRule, subject: ApprovalSubject, step: str, amount: Decimal | None) -> bool:
    same_place = rule.step == step and rule.department in {None, subject.department}
    same_supplier = rule.supplier in {None, subject.supplier_number}
    high_enough = rule.above is None or amount is None or amount > rule.above
    low_enough = rule.up_to is None or (amount is not None and amount <= rule.up_to)
    return same_place and same_supplier and high_enough and low_enough
