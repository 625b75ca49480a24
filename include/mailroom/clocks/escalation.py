"""Escalate what has waited too long, and give up what has taken longer than anything may."""

from __future__ import annotations

from typing import Any

from mailroom.clocks.firing import Firing
from mailroom.database.clocks import stop_clocks
from mailroom.database.transactions import settle
from mailroom.domain.clock import CLOCKED, ESCALATE_CLOCK
from mailroom.domain.effects import SendMail
from mailroom.domain.transaction import State

SLA_EXCEEDED = "sla_exceeded"


def escalate(firing: Firing) -> bool:
    """Tell the escalation contact once, and let what is held rest as escalated.

    A transaction that waits for an approval goes on waiting: the answer still counts.
    """
    transaction = firing.transaction
    if transaction.state not in CLOCKED:
        return False
    after = State.ESCALATED if transaction.state is State.ON_HOLD else transaction.state
    seq = firing.note("escalated", **_move(firing, transaction.state, after, transaction.reason))
    if after is not transaction.state:
        settle(firing.writing.connection, transaction.id, state=after, reason=transaction.reason, event_seq=seq)
    _tell(firing, "sla_escalated")
    return True


def give_up(firing: Firing) -> bool:
    """Record that the total time is over as a failure, then let it rest as escalated (requirements X3)."""
    transaction = firing.transaction
    if transaction.state not in CLOCKED:
        return False
    connection = firing.writing.connection
    seq = firing.note("failed", **_move(firing, transaction.state, State.FAILED, SLA_EXCEEDED))
    settle(connection, transaction.id, state=State.FAILED, reason=SLA_EXCEEDED, event_seq=seq)
    seq = firing.note("escalated", **_move(firing, State.FAILED, State.ESCALATED, SLA_EXCEEDED))
    settle(connection, transaction.id, state=State.ESCALATED, reason=SLA_EXCEEDED, event_seq=seq)
    # The same person is told once: what has failed need not be escalated again.
    stop_clocks(connection, [transaction.id], (ESCALATE_CLOCK,))
    _tell(firing, "sla_failed")
    return True


def _move(firing: Firing, old: State, new: State, reason: str | None) -> dict[str, Any]:
    facts = {"from": old.value, "to": new.value, "step": firing.transaction.step}
    return {**facts, "reason": reason} if reason else facts


def _tell(firing: Firing, template: str) -> None:
    transaction, customer = firing.transaction, firing.writing.customer
    recipient = firing.clock.policy.get("escalate_to") or customer.escalates_to
    began = firing.clock.started_at if template == "sla_escalated" else transaction.created_at
    words = {
        "reference": transaction.reference,
        "transaction": str(transaction.id),
        "state": transaction.state.value,
        "reason": transaction.reason,
        "step": transaction.step,
        "since": f"{began.astimezone(customer.zone):%Y-%m-%d %H:%M}",
    }
    # The version makes it once each time the transaction has come to rest.
    firing.post(SendMail(template, recipient, f"{template}:{transaction.version}", words))
