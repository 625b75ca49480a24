"""What needs somebody: exceptions, mails nobody could place, mailboxes not read, decisions people owe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from mailroom.database.reporting import (
    mailbox_health,
    mails_for_people,
    older_mails_for_people,
    pending_approvals,
    undecided_mails,
    unsent_mails,
)
from mailroom.domain.mail import Disposition
from mailroom.domain.transaction import RESTING, State
from mailroom.reporting.status import (
    ApprovalItem,
    ExceptionItem,
    MailboxItem,
    MailItem,
    NamedTransaction,
    Needs,
    ReportDay,
    UnsentMailItem,
)
from mailroom.reporting.stories import Story
from mailroom.reporting.words import is_urgent

Names = Mapping[UUID, NamedTransaction]

LISTED_DAYS = timedelta(days=7)
"""Mails that nobody has placed are listed this long; older ones are only counted."""

SILENT_AFTER = timedelta(hours=1)
"""A mailbox polled every five minutes that was not read for this long is not being read."""

DECIDED_WITHIN = timedelta(hours=1)
"""A mail seen longer ago than this has a disposition: lease and poll interval together are shorter (I1)."""

STALLED_AFTER = timedelta(hours=24)
"""An open transaction that waits for nobody and was moved by nothing for this long is stuck (C40)."""

FOR_PEOPLE = (
    Disposition.UNIDENTIFIED.value,
    Disposition.QUARANTINED.value,
    Disposition.BANK_CHANGE_REQUEST.value,
)


def collect_needs(
    connection: Connection,
    organization_id: UUID,
    day: ReportDay,
    now: datetime,
    stories: Sequence[Story],
    names: Names,
) -> Needs:
    """Return everything that waited for somebody at the end of the day; mailboxes as they are at `now`."""
    listed_since = day.start - LISTED_DAYS
    return Needs(
        exceptions=_exceptions(stories, names, day),
        mails=_mails(connection, organization_id, day, listed_since),
        older_mails=older_mails_for_people(connection, FOR_PEOPLE, listed_since),
        mailboxes=_mailboxes(connection, day, now),
        approvals=_approvals(connection, stories, names, day),
        stalled=_stalled(stories, names, day),
        unsent=_unsent(connection, organization_id, day),
    )


def _exceptions(stories: Sequence[Story], names: Names, day: ReportDay) -> tuple[ExceptionItem, ...]:
    return _most_pressing_first(
        ExceptionItem(
            names[story.transaction_id],
            story.state.value,
            story.step,
            story.reason,
            story.since,
            day.until - story.since,
        )
        for story in stories
        if story.state in RESTING and story.transaction_id in names
    )


def _stalled(stories: Sequence[Story], names: Names, day: ReportDay) -> tuple[ExceptionItem, ...]:
    return _most_pressing_first(
        ExceptionItem(
            names[story.transaction_id],
            story.state.value,
            story.step,
            "no_progress",
            story.last_at,
            day.until - story.last_at,
        )
        for story in stories
        if story.is_open
        and story.state not in RESTING
        and not story.waits_for_answer
        and day.until - story.last_at > STALLED_AFTER
        and story.transaction_id in names
    )


def _most_pressing_first(items: Iterable[ExceptionItem]) -> tuple[ExceptionItem, ...]:
    return tuple(sorted(items, key=lambda item: (not is_urgent(item.reason), item.since, item.transaction.id)))


def _mails(connection: Connection, organization_id: UUID, day: ReportDay, since: datetime) -> tuple[MailItem, ...]:
    rows = mails_for_people(connection, organization_id, FOR_PEOPLE, since, day.until)
    late = undecided_mails(connection, day.until - DECIDED_WITHIN)
    return tuple(
        MailItem(
            id=row["id"],
            disposition=row.get("disposition", "undecided"),
            reason=row.get("reason", "undecided"),
            mailbox=row["mailbox"],
            sender=row["sender"],
            subject=row["subject"],
            seen_at=row["seen_at"],
            age=day.until - row["seen_at"],
        )
        for row in sorted([*late, *rows], key=lambda each: (_calm(each), each["seen_at"]))
    )


def _calm(mail: Mapping[str, Any]) -> bool:
    """Tell whether a mail can wait; one that wants money sent elsewhere cannot."""
    return mail.get("disposition") != Disposition.BANK_CHANGE_REQUEST


def _mailboxes(connection: Connection, day: ReportDay, now: datetime) -> tuple[MailboxItem, ...]:
    return tuple(
        MailboxItem(row["name"], row["folder"], row["last_success_at"], row["failures"], _why_unread(row))
        for row in mailbox_health(connection, now - SILENT_AFTER, min(day.until, now - SILENT_AFTER))
    )


def _why_unread(row: Mapping[str, object]) -> str:
    if row["failures"] and row["last_error_code"]:
        return str(row["last_error_code"])
    return "never_read" if row["last_success_at"] is None else "silent"


def _approvals(
    connection: Connection, stories: Sequence[Story], names: Names, day: ReportDay
) -> tuple[ApprovalItem, ...]:
    waiting = [story.transaction_id for story in stories if story.state is State.AWAITING_APPROVAL]
    return tuple(
        ApprovalItem(
            row["name"],
            row["email"],
            names[row["transaction_id"]],
            row["asked_at"],
            row["reminders"],
            day.until - row["asked_at"],
        )
        for row in pending_approvals(connection, waiting, day.until)
        if row["transaction_id"] in names
    )


def _unsent(connection: Connection, organization_id: UUID, day: ReportDay) -> tuple[UnsentMailItem, ...]:
    return tuple(
        UnsentMailItem(row["template"], row["recipient"], row["reason"], row["at"], row["reference"])
        for row in unsent_mails(connection, organization_id, day.start, day.until)
    )
