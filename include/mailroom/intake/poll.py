"""Read one mailbox: what is new goes into the ledger, each message gets its one disposition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import structlog

from mailroom.database.messages import (
    MailboxRow,
    PendingMessage,
    add_seen,
    assign_message,
    claim_pending,
    defer_pending,
    mailbox_row,
    poll_failed,
    poll_succeeded,
    release_pending,
    set_epoch,
    set_marked,
    stale_pending,
    unmarked,
)
from mailroom.database.session import Database
from mailroom.domain.errors import ConfigurationError, MailroomError, UnavailableError, UnknownIdError
from mailroom.domain.mail import Disposition
from mailroom.domain.rfc822 import Mail, read_mail
from mailroom.engine.setup import CustomerSetup, Setups
from mailroom.intake.commit import IntakeCommit
from mailroom.intake.disposal import Disposal, Receiver, dispose, unread
from mailroom.intake.parts import Inspect
from mailroom.intake.screening import Screening, screen
from mailroom.ports import EnvelopeFacts, MailboxReader, ObjectStore
from mailroom.settings.mailboxes import Mailbox
from mailroom.settings.screening import ScreeningPolicy

log = structlog.get_logger()

GROUP = 25
"""Messages fetched, decided and committed together."""
MAX_ATTEMPTS = 3
"""A message that was claimed this often and never decided is quarantined (reliability I5)."""
LEASE_SECONDS = 45.0
"""A worker that died holds its group this long; working on a message twice does no harm, deciding is once."""
MAX_BATCHES = 20
"""Batches of new mail one poll takes; the rest waits for the next poll (C07)."""
LOGIN_REFUSED_WAIT = 600.0
"""Seconds before a refused login is tried again, so that no account is locked out (F8)."""
LONGEST_WAIT = 600.0

_GONE = (Disposition.IGNORED, "gone_before_it_was_read")

OpenMailbox = Callable[[Mailbox], MailboxReader]
AnswerApproval = Callable[[UUID, Mail, Screening, Mailbox, UUID], tuple[Disposition, str]]
"""Take an answer to an approval request: (organization, mail, screening, mailbox, message) -> what it was."""


@dataclass(slots=True)
class PollReport:
    """What one poll did. `error` is one sentence when the mailbox could not be read."""

    mailbox: str
    seen: int = 0
    dispositions: Counter[str] = field(default_factory=Counter)
    transactions: int = 0
    error: str | None = None
    skipped: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return counts for a log line or XCom."""
        return {
            "mailbox": self.mailbox,
            "seen": self.seen,
            "dispositions": dict(self.dispositions),
            "transactions": self.transactions,
            "error": self.error,
            "skipped": self.skipped,
        }


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

    def poll(self, mailbox: Mailbox, owner: UUID) -> PollReport:
        """Read every folder of one mailbox; `owner` is the organization its ledger belongs to.

        A mailbox that can't be read is reported and tried again later; it stops no other.
        """
        report = PollReport(mailbox.name)
        reader: MailboxReader | None = None
        for folder in mailbox.folders:
            with self.database.organization(owner) as connection:
                row = mailbox_row(connection, owner, mailbox.name, folder)
            if not row.may_log_in:
                report.skipped = True
                continue
            try:
                reader = reader or self.open_mailbox(mailbox)
                _FolderPoll(self, mailbox, owner, row, reader, report).run()
                with self.database.organization(owner) as connection:
                    poll_succeeded(connection, row.id)
            except (ConfigurationError, UnavailableError) as err:
                report.error = err.message
                self._failed(owner, row, err)
                if reader is not None:
                    reader.close()
                    reader = None
        if reader is not None:
            reader.close()
        return report

    def _failed(self, owner: UUID, row: MailboxRow, err: MailroomError) -> None:
        refused = isinstance(err, ConfigurationError)
        wait = LOGIN_REFUSED_WAIT if refused else min(15.0 * 2**row.failures, LONGEST_WAIT)
        log.warning("mailbox not read", mailbox=row.name, folder=row.folder, code=err.code, next_in=wait)
        with self.database.organization(owner) as connection:
            poll_failed(connection, row.id, err.code, err.message, wait)


@dataclass(frozen=True, slots=True)
class _FolderPoll:
    """One folder's poll: find what is new, decide what is pending, mark what is done."""

    intake: Intake
    mailbox: Mailbox
    owner: UUID
    row: MailboxRow
    reader: MailboxReader
    report: PollReport
    touched: set[UUID] = field(default_factory=set)

    def run(self) -> None:
        status = self.reader.select(self.row.folder)
        last_uid = self._epoch(status.uidvalidity, status.uidnext)
        for _ in range(MAX_BATCHES):
            uids = self.reader.new_uids(last_uid, self.mailbox.batch_messages)
            if uids:
                with self.intake.database.organization(self.owner) as connection:
                    add_seen(connection, self.owner, self.row.id, status.uidvalidity, uids)
                self.report.seen += len(uids)
                last_uid = uids[-1]
            while self._decide_group(status.uidvalidity):
                pass
            if len(uids) < self.mailbox.batch_messages:
                break
        for organization_id in {self.owner, *self.touched}:
            self._mark(organization_id, status.uidvalidity)

    def _epoch(self, uidvalidity: int, uidnext: int) -> int:
        """Return the UID to look behind; a new mailbox starts at now, a renumbered one is read again."""
        if self.row.uidvalidity == uidvalidity and self.row.last_uid is not None:
            return self.row.last_uid
        first_time = self.row.uidvalidity is None
        start = max(uidnext - 1, 0) if first_time else 0
        with self.intake.database.organization(self.owner) as connection:
            set_epoch(connection, self.row.id, uidvalidity, start)
            lost = [
                unread(key, Disposition.IGNORED, "mailbox_renumbered")
                for key in stale_pending(connection, self.row.id, uidvalidity)
            ]
        if lost:
            self._commit(self.owner, lost)
        if not first_time:
            log.warning("mailbox renumbered, read again", mailbox=self.mailbox.name, folder=self.row.folder)
        return start

    def _decide_group(self, uidvalidity: int) -> int:
        with self.intake.database.organization(self.owner) as connection:
            pending = claim_pending(connection, self.row.id, uidvalidity, GROUP, LEASE_SECONDS)
        if not pending:
            return 0
        try:
            self._decide(pending)
        except UnavailableError:
            with self.intake.database.organization(self.owner) as connection:
                release_pending(connection, [each.id for each in pending])
            raise
        return len(pending)

    def _decide(self, pending: Sequence[PendingMessage]) -> None:
        poison = [each for each in pending if each.attempts > MAX_ATTEMPTS]
        if poison:
            self._commit(
                self.owner, [unread(each.id, Disposition.QUARANTINED, "stopped_the_worker") for each in poison]
            )
        waiting = {each.uid: each for each in pending if each.attempts <= MAX_ATTEMPTS}
        if all(each.attempts == 1 for each in waiting.values()):
            try:
                self._decide_fetched(waiting)
                return
            except UnavailableError:
                raise
            except Exception:
                log.exception("group not decided, each message alone now", mailbox=self.mailbox.name)
        # One of these stops the others, or has stopped a worker before: each alone, so that it takes none along.
        for uid, each in waiting.items():
            self._decide_alone(uid, each)

    def _decide_alone(self, uid: int, each: PendingMessage) -> None:
        try:
            self._decide_fetched({uid: each})
        except UnavailableError:
            raise
        except Exception:
            log.exception("message not decided", mailbox=self.mailbox.name, message=str(each.id))
            with self.intake.database.organization(self.owner) as connection:
                release_pending(connection, [each.id], count_attempt=True)

    def _decide_fetched(self, waiting: dict[int, PendingMessage]) -> None:
        if not waiting:
            return
        envelopes = {each.uid: each for each in self.reader.envelopes(sorted(waiting))}
        fetched = dict(self.reader.fetch([uid for uid in waiting if self._wanted(envelopes.get(uid))]))
        by_customer: dict[UUID, list[Disposal]] = {}
        for uid, each in waiting.items():
            organization_id, disposal = self._disposal(each, envelopes.get(uid), fetched.get(uid))
            if disposal is not None:
                by_customer.setdefault(organization_id, []).append(disposal)
        for organization_id, disposals in by_customer.items():
            self._commit(organization_id, disposals)

    def _wanted(self, envelope: EnvelopeFacts | None) -> bool:
        return envelope is not None and envelope.size <= self.mailbox.max_message_bytes and not self._is_old(envelope)

    def _is_old(self, envelope: EnvelopeFacts) -> bool:
        """Tell mail from before this mailbox was ours; it comes up again when a mailbox is renumbered."""
        return envelope.received_at is not None and envelope.received_at < _whole_second(self.row.created_at)

    def _disposal(
        self, pending: PendingMessage, envelope: EnvelopeFacts | None, raw: bytes | None
    ) -> tuple[UUID, Disposal | None]:
        """Return whose message it is and what becomes of it; None leaves it for a later poll."""
        aside = self._not_read(envelope, raw)
        if aside is not None or envelope is None or raw is None:
            return self.owner, unread(pending.id, *(aside or _GONE))
        mail = read_mail(raw)
        organization_id = self._whose(mail)
        if organization_id is None:
            return self.owner, self._unclaimed(pending, mail, envelope.received_at)
        if self.intake.setups.of(organization_id) is None:
            log.warning("customer stands still, its configuration is faulty", organization=str(organization_id))
            with self.intake.database.organization(self.owner) as connection:
                defer_pending(connection, [pending.id])
            return organization_id, None
        return organization_id, self._screened(pending, mail, envelope.received_at, organization_id)

    def _not_read(self, envelope: EnvelopeFacts | None, raw: bytes | None) -> tuple[Disposition, str] | None:
        if envelope is None:
            return _GONE
        if self._is_old(envelope):
            return Disposition.IGNORED, "from_before_the_start"
        if envelope.size > self.mailbox.max_message_bytes:
            return Disposition.QUARANTINED, "too_large"
        return _GONE if raw is None else None

    def _whose(self, mail: Mail) -> UUID | None:
        sender = mail.from_addresses[0] if mail.from_addresses else ""
        slug = self.mailbox.owner(mail.recipients, sender)
        if not self.mailbox.is_shared:
            return self.owner
        return self.intake.organizations().get(slug) if slug else None

    def _unclaimed(self, pending: PendingMessage, mail: Mail, received_at: datetime | None) -> Disposal:
        message = "no rule of the shared mailbox says whose mail it is"
        screening = Screening(Disposition.UNIDENTIFIED, "unknown_customer", "whose", (), message)
        receiver = Receiver(self.owner, "shadow", self.intake.process, "", "", uuid4)
        return dispose(pending.id, mail, screening, receiver, received_at=received_at, mark=False)

    def _screened(
        self, pending: PendingMessage, mail: Mail, received_at: datetime | None, organization_id: UUID
    ) -> Disposal:
        setup = self._setup(organization_id)
        policy = self.intake.screening(organization_id)
        screening = screen(mail, policy, dedicated=self.mailbox.dedicated, inspect=self.intake.inspect)
        if screening.disposition is Disposition.APPROVAL_REPLY:
            disposition, reason = self.intake.answer_approval(
                organization_id, mail, screening, self.mailbox, pending.id
            )
            screening = Screening(disposition, reason, screening.rule, screening.parts, screening.message)
        process = setup.processes.get(self.intake.process)
        if process is None and screening.invoices:
            message = f"process {self.intake.process!r} is not switched on for this customer"
            screening = Screening(Disposition.UNIDENTIFIED, "process_off", screening.rule, screening.parts, message)
        first_step = process.first.name if process else ""
        receiver = Receiver(organization_id, setup.customer.mode, self.intake.process, first_step, setup.hash, uuid4)
        finished = self.mailbox.finished
        mark = screening.disposition is not Disposition.IGNORED and bool(
            finished.seen or finished.flag or finished.move_to
        )
        return dispose(pending.id, mail, screening, receiver, received_at=received_at, mark=mark)

    def _setup(self, organization_id: UUID) -> CustomerSetup:
        setup = self.intake.setups.of(organization_id)
        if setup is None:
            raise UnavailableError("the customer has no usable configuration; see mailroom check-config")
        return setup

    def _commit(self, organization_id: UUID, disposals: Sequence[Disposal]) -> None:
        if organization_id != self.owner:
            with self.intake.database.organization(self.owner) as connection:
                for each in disposals:
                    assign_message(connection, each.message_id, organization_id)
        setup = self._setup(organization_id)
        writer = IntakeCommit(self.intake.database, self.intake.store, self.intake.audit_key)
        for each in writer.write(organization_id, setup, self.mailbox.name, disposals):
            self.touched.add(organization_id)
            self.report.dispositions[each.disposition] += 1
            self.report.transactions += len(each.openings)

    def _mark(self, organization_id: UUID, uidvalidity: int) -> None:
        """Show finished mail as done. A failure here loses nothing; it is tried again at the next poll."""
        finished = self.mailbox.finished
        with self.intake.database.organization(organization_id) as connection:
            rows = unmarked(connection, self.row.id, uidvalidity, 1000)
        if not rows:
            return
        try:
            self.reader.mark(
                [uid for _, uid in rows],
                folder=self.row.folder,
                uidvalidity=uidvalidity,
                seen=finished.seen,
                flag=finished.flag,
                move_to=finished.move_to,
            )
        except UnknownIdError:
            log.warning("not marked, the mailbox was renumbered", mailbox=self.mailbox.name)
        with self.intake.database.organization(organization_id) as connection:
            set_marked(connection, [key for key, _ in rows])


def _whole_second(moment: datetime) -> datetime:
    """IMAP tells arrival in whole seconds (RFC 9051, INTERNALDATE)."""
    return moment.replace(microsecond=0)
