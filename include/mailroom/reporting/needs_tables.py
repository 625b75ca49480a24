"""What needs somebody, as tables."""

from __future__ import annotations

from mailroom.reporting.cells import unlinked
from mailroom.reporting.status import DailyStatus, ExceptionItem
from mailroom.reporting.tables import (
    CODE_COLUMN,
    ID_COLUMN,
    TRANSACTION_COLUMNS,
    Cell,
    Column,
    Kind,
    Table,
    about,
    days,
    local_time,
)
from mailroom.reporting.words import disposition_words, mail_action, next_action, reason_words, state_words


def needs_tables(status: DailyStatus) -> list[Table]:
    """Return the sections a person works through."""
    return [_exceptions(status), _mails(status), _mailboxes(status), _approvals(status), _unsent(status)]


def _exceptions(status: DailyStatus) -> Table:
    columns = (
        *TRANSACTION_COLUMNS,
        Column("State", width=14),
        Column("Why", width=46),
        CODE_COLUMN,
        Column("Since", Kind.TIME, 17),
        Column("Days", Kind.DAYS, 8),
        Column("Owner", width=28),
        Column("What to do", width=58),
        ID_COLUMN,
    )

    def row(item: ExceptionItem) -> tuple[Cell, ...]:
        return (
            *about(item.transaction),
            state_words(item.state),
            reason_words(item.reason),
            item.reason,
            local_time(status, item.since),
            days(item.age),
            item.transaction.owner,
            next_action(item.reason),
            str(item.transaction.id),
        )

    items = (*status.needs.exceptions, *status.needs.stalled)
    return Table("exceptions", "Exceptions", columns, tuple(row(item) for item in items))


def _mails(status: DailyStatus) -> Table:
    columns = (
        Column("Disposition", width=20),
        Column("Sender", width=32),
        Column("Subject", width=50),
        Column("Why", width=44),
        CODE_COLUMN,
        Column("Mailbox", width=18),
        Column("Seen", Kind.TIME, 17),
        Column("Days", Kind.DAYS, 8),
        Column("What to do", width=58),
        Column("Message", width=38),
    )
    rows = tuple(
        (
            disposition_words(mail.disposition),
            unlinked(mail.sender or ""),
            unlinked(mail.subject or ""),
            reason_words(mail.reason),
            mail.reason,
            mail.mailbox,
            local_time(status, mail.seen_at),
            days(mail.age),
            mail_action(mail.disposition, mail.reason),
            str(mail.id),
        )
        for mail in status.needs.mails
    )
    return Table("mails", "Mails to look at", columns, rows)


def _mailboxes(status: DailyStatus) -> Table:
    columns = (
        Column("Mailbox", width=24),
        Column("Folder", width=18),
        Column("Last read", Kind.TIME, 17),
        Column("Failures", Kind.COUNT, 10),
        Column("Why", width=44),
        CODE_COLUMN,
        Column("What to do", width=58),
    )
    rows = tuple(
        (
            box.name,
            box.folder,
            local_time(status, box.last_success_at),
            box.failures,
            reason_words(box.reason),
            box.reason,
            next_action(box.reason),
        )
        for box in status.needs.mailboxes
    )
    return Table("mailboxes", "Mailboxes not read", columns, rows)


def _approvals(status: DailyStatus) -> Table:
    columns = (
        Column("Approver", width=26),
        Column("Address", width=32),
        *TRANSACTION_COLUMNS,
        Column("Asked", Kind.TIME, 17),
        Column("Days", Kind.DAYS, 8),
        Column("Reminders", Kind.COUNT, 11),
        ID_COLUMN,
    )
    rows = tuple(
        (
            item.approver,
            item.email,
            *about(item.transaction),
            local_time(status, item.asked_at),
            days(item.age),
            item.reminders,
            str(item.transaction.id),
        )
        for item in status.needs.approvals
    )
    return Table("approvals", "Approvals waiting", columns, rows)


def _unsent(status: DailyStatus) -> Table:
    columns = (
        Column("Mail", width=24),
        Column("Recipient", width=34),
        Column("Invoice", width=20),
        Column("Why", width=44),
        CODE_COLUMN,
        Column("Given up", Kind.TIME, 17),
    )
    rows = tuple(
        (
            item.template.replace("_", " "),
            item.recipient,
            item.reference,
            reason_words(item.reason),
            item.reason,
            local_time(status, item.given_up_at),
        )
        for item in status.needs.unsent
    )
    return Table("unsent", "Mails not sent", columns, rows)
