"""Remind approvers who have not decided."""

from __future__ import annotations

from typing import Any

from mailroom.database.approvals import approvals_of, count_reminder
from mailroom.database.clocks import DueClock
from mailroom.database.follow_ups import later_level_due
from mailroom.database.outbox import insert_outbox
from mailroom.domain.effects import SendMail
from mailroom.domain.transaction import FINAL, RESTING, Transaction
from mailroom.engine.common_writers import outbox_row
from mailroom.engine.writers import WriterContext


def remind_approvers(context: WriterContext, transaction: Transaction, clock: DueClock) -> dict[str, Any] | None:
    """Write a reminder for each question that is open now, at most `max_reminders` of them (C36).

    After an outage only the latest of several due reminders is written.
    """
    if transaction.state in FINAL | RESTING or later_level_due(
        context.connection, transaction.id, clock.kind, clock.level
    ):
        return None
    most = context.customer.approvals.max_reminders
    waiting = [
        each
        for each in approvals_of(context.connection, [transaction.id]).get(transaction.id, [])
        if each.is_open(context.now) and each.step == transaction.step and each.reminders < most
    ]
    mails = [
        SendMail(
            "approval_reminder",
            each.approver_email,
            f"reminder:{each.id}:{clock.level}",
            {"approval": str(each.id), "reminder": clock.level},
        )
        for each in waiting
    ]
    if not mails:
        return None
    insert_outbox(
        context.connection, [outbox_row(context, transaction.id, mail, None, transaction.mode) for mail in mails]
    )
    count_reminder(context.connection, [each.id for each in waiting])
    return {"reminded": len(mails)}
