"""Read one mailbox: what is new goes into the ledger, each message gets its one disposition."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from uuid import UUID

import structlog

from mailroom.database.messages import MailboxRow, mailbox_row, poll_failed, poll_succeeded
from mailroom.database.session import Database
from mailroom.domain.errors import ConfigurationError, MailroomError, UnavailableError
from mailroom.engine.setup import Setups
from mailroom.intake.commit import IntakeCommit
from mailroom.intake.folder_poll import FolderPoll
from mailroom.intake.parts import Inspect
from mailroom.intake.report import PollReport
from mailroom.intake.sorting import AnswerApproval, Sorter
from mailroom.ports import MailboxReader, ObjectStore, VirusScanner
from mailroom.settings.mailboxes import Mailbox
from mailroom.settings.screening import ScreeningPolicy

__all__ = ["AnswerApproval", "Intake", "OpenMailbox", "PollReport"]

log = structlog.get_logger()

REFUSED_WAIT = 600.0
"""Seconds before what only a person can change is tried again, so that no account is locked out (F8)."""
NO_SECRET_WAIT = 15.0
"""Seconds, while a password is missing here: nobody was asked, so no account can be locked."""
LONGEST_WAIT = 600.0

OpenMailbox = Callable[[Mailbox], MailboxReader]


@dataclass(frozen=True, slots=True)
class Intake:
    """Reads mailboxes. Safe to run for one mailbox in several processes at once."""

    database: Database
    store: ObjectStore
    setups: Setups
    screening: Callable[[UUID], ScreeningPolicy]
    organizations: Callable[[], dict[str, UUID]]
    open_mailbox: OpenMailbox
    answer_approval: AnswerApproval
    audit_key: bytes
    inspect: Inspect | None = None
    process: str = "accounts_payable"
    threads: int = 2
    sleep: Callable[[float], None] = time.sleep
    scanner: VirusScanner | None = None

    def poll(self, mailbox: Mailbox, owner: UUID, *, at_once: bool = False) -> PollReport:
        """Read every folder of one mailbox; `owner` is the organization its ledger belongs to.

        `at_once`: a person asks, so that a login that failed shortly before is tried all the same.

        A mailbox that can't be read is reported and tried again later; it stops no other. Raises
        `UnavailableError` only when Postgres is out of reach.
        """
        report = PollReport(mailbox.name)
        rows = self._due_rows(mailbox, owner, at_once)
        report.skipped = not rows
        if not rows:
            return report
        with ExitStack() as closing:
            try:
                reader = self.open_mailbox(mailbox)
                closing.callback(reader.close)
                while rows:
                    self._read_folder(mailbox, owner, rows[0], reader, report)
                    rows.pop(0)
            except (ConfigurationError, UnavailableError) as err:
                # The login, the connection or the store: no other folder would fare better.
                self._failed(owner, rows, err, report)
        return report

    def _due_rows(self, mailbox: Mailbox, owner: UUID, at_once: bool) -> list[MailboxRow]:
        with self.database.organization(owner) as connection:
            rows = [mailbox_row(connection, owner, mailbox.name, folder) for folder in mailbox.folders]
        return [row for row in rows if at_once or row.may_log_in]

    def _read_folder(
        self, mailbox: Mailbox, owner: UUID, row: MailboxRow, reader: MailboxReader, report: PollReport
    ) -> None:
        sorter = Sorter(
            self.setups,
            self.screening,
            self.organizations,
            self.answer_approval,
            self.inspect,
            self.process,
            self.scanner,
        )
        commit = IntakeCommit(self.database, self.store, self.setups, self.audit_key)
        try:
            FolderPoll(
                self.database, commit, sorter, mailbox, owner, row, reader, report, self.threads, self.sleep
            ).run()
        except ConfigurationError as err:
            self._failed(owner, [row], err, report)
            return
        with self.database.organization(owner) as connection:
            poll_succeeded(connection, row.id)

    def _failed(self, owner: UUID, rows: Sequence[MailboxRow], err: MailroomError, report: PollReport) -> None:
        if err.code == "database_unavailable":
            raise err
        report.error = err.message
        longest = NO_SECRET_WAIT if err.code == "no_secret" else REFUSED_WAIT
        with self.database.organization(owner) as connection:
            for row in rows:
                again = min(15.0 * 2 ** min(row.failures, 10), LONGEST_WAIT)
                wait = longest if isinstance(err, ConfigurationError) else again
                log.warning("mailbox not read", mailbox=row.name, folder=row.folder, code=err.code, next_in=wait)
                poll_failed(connection, row.id, err.code, err.message, wait)
