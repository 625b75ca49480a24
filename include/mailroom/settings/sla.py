"""How long work may rest before somebody is reminded, before it is escalated, and until it counts as failed."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from mailroom.settings.base import MailAddress, Policy

RestingState = Literal["on_hold", "awaiting_approval", "escalated"]


class SlaRule(Policy):
    """Other terms for some work: the first rule that fits counts, and what it leaves out is the policy's.

    A rule fits when every condition it states holds. `above` and `up_to` are gross amounts in the policy's
    currency; `reasons` are codes such as `duplicate` or `no_account`. `escalate_to` is told instead of the
    customer's escalation contact.
    """

    department: str | None = None
    above: Decimal | None = None
    up_to: Decimal | None = None
    reasons: tuple[str, ...] = ()
    states: tuple[RestingState, ...] = ()
    follow_ups: int | None = Field(default=None, ge=0, le=20)
    follow_up_hours: float | None = Field(default=None, gt=0)
    escalate_after_hours: float | None = Field(default=None, gt=0)
    fail_after_hours: float | None = Field(default=None, gt=0)
    escalate_to: MailAddress | None = None


class SlaPolicy(Policy):
    """How long things may take, in hours of the customer's business calendar (a business day has 24).

    `escalate_after_hours` counts from when a transaction began to wait or rest, `fail_after_hours` from when it
    arrived. `follow_ups` is how often whoever is waited for is reminded, `follow_up_hours` apart; without it
    approvers are reminded as `approvals` says, and nobody is reminded of held work. `currency` is that of the
    rules' amounts: an amount in another one counts as above all of them.
    """

    name: str
    currency: str | None = Field(default=None, pattern=r"^[A-Z]{3}$")
    follow_ups: int | None = Field(default=None, ge=0, le=20)
    follow_up_hours: float = Field(default=24, gt=0)
    escalate_after_hours: float = Field(default=36, gt=0)
    fail_after_hours: float = Field(default=240, gt=0)
    rules: tuple[SlaRule, ...] = ()
