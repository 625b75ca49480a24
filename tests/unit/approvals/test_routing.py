"""Who is asked: rules by department, supplier, amount and step; roles, limits, submitters."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from mailroom.approvals.routing import Person, approvers, goes_straight_through
from mailroom.domain.approval import ApprovalSubject
from mailroom.domain.finding import Finding, Severity
from mailroom.domain.money import Money
from mailroom.settings.customers import ApprovalPolicy

HEAD, CLERK, CFO = "head@acme.example", "clerk@acme.example", "cfo@acme.example"


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def a_subject(**changes: Any) -> ApprovalSubject:
    return ApprovalSubject(**{"version_hash": "v1", "amount": eur("500"), "confidence": Decimal("0.99"), **changes})


def a_policy(*rules: dict[str, Any], **changes: Any) -> ApprovalPolicy:
    return ApprovalPolicy(**{"currency": "EUR", "rules": rules, **changes})


def people(**limits: str | None) -> dict[str, Person]:
    """Return Head, Clerk and CFO; `limits` by name."""
    roles = {HEAD: "approver", CLERK: "clerk", CFO: "admin"}
    found = {}
    for address, role in roles.items():
        limit = limits.get(address.partition("@")[0])
        found[address] = Person(uuid4(), address, address, role, Decimal(limit) if limit else None)
    return found


def asked(policy: ApprovalPolicy, subject: ApprovalSubject, step: str = "approve", **limits: str | None) -> list[str]:
    return [each.email for each in approvers(policy, subject, step, people(**limits))]


BY_AMOUNT = a_policy({"up_to": "1000", "approvers": [HEAD]}, {"above": "1000", "approvers": [CFO]})


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (eur("1000.00"), HEAD),
        (eur("1000.01"), CFO),
        (eur("-5000"), CFO),  # a credit note counts by its size
        (Money(Decimal("1"), "USD"), CFO),  # another currency is above every limit
        (None, CFO),
    ],
)
def test_amounts_choose_the_rule(amount: Money | None, expected: str):
    assert asked(BY_AMOUNT, a_subject(amount=amount)) == [expected]


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ({"department": "it"}, [HEAD]),
        ({"supplier_number": "S-1"}, [CFO]),
        ({"department": "it", "supplier_number": "S-1"}, [HEAD]),  # the first rule that fits
        ({"department": "sales"}, []),
    ],
)
def test_the_first_rule_that_fits_decides(subject: dict[str, str], expected: list[str]):
    policy = a_policy({"department": "it", "approvers": [HEAD]}, {"supplier": "S-1", "approvers": [CFO]})

    assert asked(policy, a_subject(**subject)) == expected


def test_a_rule_of_another_step_does_not_fit():
    policy = a_policy({"step": "second_look", "approvers": [CFO]}, {"approvers": [HEAD]})

    assert asked(policy, a_subject()) == [HEAD]
    assert asked(policy, a_subject(), "second_look") == [CFO]


def test_all_conditions_of_a_rule_must_hold():
    policy = a_policy({"department": "it", "up_to": "100", "approvers": [HEAD]})

    assert asked(policy, a_subject(department="it")) == []


def test_a_clerk_prepares_and_does_not_approve():
    assert asked(a_policy({"approvers": [CLERK, HEAD]}), a_subject()) == [HEAD]


@pytest.mark.parametrize(("limit", "expected"), [("500.00", [HEAD]), ("499.99", []), (None, [HEAD])])
def test_nobody_approves_above_their_limit(limit: str | None, expected: list[str]):
    assert asked(a_policy({"approvers": [HEAD]}), a_subject(), head=limit) == expected


def test_a_limit_says_nothing_about_another_currency():
    assert asked(a_policy({"approvers": [HEAD]}), a_subject(amount=Money(Decimal(1), "USD")), head="500") == []


def test_who_brought_it_in_is_not_asked():
    subject = a_subject(submitters=frozenset({HEAD.upper()}))

    assert asked(a_policy({"approvers": [HEAD, CFO]}), subject) == [CFO]


def test_who_is_not_known_is_not_asked():
    assert asked(a_policy({"approvers": ["gone@acme.example"]}), a_subject()) == []


NOTE = Finding("x", Severity.NOTE, "noted")


@pytest.mark.parametrize(
    ("subject", "mode", "expected"),
    [
        ({}, "auto", True),
        ({"findings": (NOTE,)}, "auto", True),
        ({}, "draft", False),
        ({}, "shadow", False),
        ({"amount": eur("1000.01")}, "auto", False),
        ({"amount": Money(Decimal(1), "USD")}, "auto", False),
        ({"amount": None}, "auto", False),
        ({"confidence": Decimal("0.85")}, "auto", False),  # above 0.85, not at it (S2-030)
        ({"confidence": None}, "auto", False),
        ({"findings": (Finding("x", Severity.HOLD, "look"),)}, "auto", False),
        ({"findings": (Finding("x", Severity.BLOCK, "stop"),)}, "auto", False),
    ],
)
def test_what_goes_straight_through(subject: dict[str, Any], mode: str, expected: bool):
    policy = a_policy(straight_through_limit="1000")

    assert goes_straight_through(policy, a_subject(**subject), mode) is expected


def test_without_a_limit_nothing_goes_straight_through():
    assert not goes_straight_through(a_policy(), a_subject(), "auto")
