"""The kinds of SLA clocks that run while a transaction waits or rests."""

from __future__ import annotations

from mailroom.domain.transaction import State

FOLLOW_UP_CLOCK = "sla_follow_up"
"""Reminds the owner of what is held; its level is the reminder's number."""
ESCALATE_CLOCK = "sla_escalate"
"""The longest time before the escalation contact is told."""
FAIL_CLOCK = "sla_fail"
"""The total time after which a transaction counts as failed; it fires once in a transaction's life."""

REST_CLOCKS = (FOLLOW_UP_CLOCK, ESCALATE_CLOCK, FAIL_CLOCK)
"""Stopped when the transaction moves on."""

CLOCKED = frozenset({State.ON_HOLD, State.AWAITING_APPROVAL, State.ESCALATED})
"""States in which these clocks run."""
