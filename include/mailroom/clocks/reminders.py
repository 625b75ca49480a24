"""Remind people of what waits for them."""

from __future__ import annotations

from mailroom.clocks.firing import Firing
from mailroom.database.approvals import approvals_of, count_reminder
from mailroom.database.follow_ups import later_level_due
from mailroom.domain.effects import SendMail
from mailroom.domain.transaction import FINAL, RESTING


def remind_approvers(firing: Firing) -> bool:
    """Write a reminder for each question that is open now, at most `max_reminders` of them (C36).

    After an outage only the latest of several due reminders is written.
    """
    transaction, clock, writing = firing.transaction, firing.clock, firing.writing
    if transaction.state in FINAL | RESTING or _later_level_due(firing):
        return False
    most = clock.policy.get("most", writing.customer.approvals.max_reminders)
    waiting = [
        each
        for each in approvals_of(writing.connection, [transaction.id]).get(transaction.id, [])
        if each.is_open(writing.now) and each.step == transaction.step and each.reminders < most
    ]
    if not waiting:
        return False
    firing.post(
        *(
            SendMail(
                "approval_reminder",
                each.approver_email,
                f"reminder:{each.id}:{clock.level}",
                {"approval": str(each.id), "reminder": clock.level},
            )
            for each in waiting
        )
    )
    count_reminder(writing.connection, [each.id for each in waiting])
    firing.note("followed_up", reminded=len(waiting))
    return True


def remind_owner(firing: Firing) -> bool:
    """Remind the customer's owner of what is held or escalated."""
    transaction, customer = firing.transaction, firing.writing.customer
    if transaction.state not in RESTING or _later_level_due(firing):
        return False
    words = {
        "reference": transaction.reference,
        "transaction": str(transaction.id),
        "state": transaction.state.value,
        "reason": transaction.reason,
        "step": transaction.step,
    }
    key = f"held_reminder:{transaction.version}:{firing.clock.level}"
    firing.post(SendMail("held_reminder", customer.owner, key, words))
    firing.note("followed_up", reminded=1)
    return True


def _later_level_due(firing: Firing) -> bool:
    return later_level_due(firing.writing.connection, firing.transaction.id, firing.clock.kind, firing.clock.level)
