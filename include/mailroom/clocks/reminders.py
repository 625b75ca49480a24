"""Remind people of what waits for them: one mail a person and day, which lists all of it when it is sent."""

from __future__ import annotations

from dataclasses import replace

from mailroom.clocks.firing import Firing
from mailroom.database.approvals import approvals_of, count_reminder
from mailroom.database.follow_ups import later_level_due
from mailroom.database.outbox import insert_outbox
from mailroom.domain.effects import SendMail
from mailroom.domain.transaction import FINAL, RESTING
from mailroom.engine.common_writers import outbox_row


def remind_approvers(firing: Firing) -> bool:
    """Remind each approver whose question is open now, at most `max_reminders` times (C36).

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
    for each in waiting:
        words = {"approver": str(each.approver_id), "approval": str(each.id), "reminder": clock.level}
        _once_a_day(firing, SendMail("approval_reminder", each.approver_email, f"reminder:{each.approver_id}", words))
    count_reminder(writing.connection, [each.id for each in waiting])
    firing.note("followed_up", reminded=len(waiting))
    return True


def remind_owner(firing: Firing) -> bool:
    """Remind the customer's owner of what is held or escalated."""
    transaction, customer = firing.transaction, firing.writing.customer
    if transaction.state not in RESTING or _later_level_due(firing):
        return False
    _once_a_day(firing, SendMail("held_reminder", customer.owner, "held_reminder"))
    firing.note("followed_up", reminded=1)
    return True


def _once_a_day(firing: Firing, mail: SendMail) -> None:
    """Record a mail unless this person has one of its kind today, by the customer's clock."""
    writing = firing.writing
    if firing.transaction.mode == "shadow":
        return
    today = writing.now.astimezone(writing.customer.zone).date()
    mail = replace(mail, key=f"{mail.key}:{today}")
    insert_outbox(writing.connection, [outbox_row(writing, None, mail, None, "auto")])


def _later_level_due(firing: Firing) -> bool:
    return later_level_due(firing.writing.connection, firing.transaction.id, firing.clock.kind, firing.clock.level)
