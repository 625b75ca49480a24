"""One folder's poll: put what is new into the ledger, sort what is undecided, mark what is done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from mailroom.database.messages import (
    MailboxRow,
    PendingMessage,
    add_seen,
    claim_pending,
    defer_pending,
    mailbox_row,
    release_pending,
    renew_pending,
    seconds_until_free,
    set_epoch,
    stale_pending,
)
from mailroom.database.session import Database
from mailroom.domain.errors import UnavailableError
from mailroom.domain.mail import Disposition
from mailroom.intake.commit import IntakeCommit
from mailroom.intake.disposal import Disposal, unread
from mailroom.intake.marking import Marking
from mailroom.intake.report import PollReport
from mailroom.intake.sorting import Fetched, MailboxSorter, Sorted, Sorter, by_organization
from mailroom.ports import EnvelopeFacts, FolderState, MailboxReader
from mailroom.settings.mailboxes import Mailbox

log = structlog.get_logger()

GROUP = 25
"""Messages claimed and committed together."""
GROUP_BYTES = 32 * 1024 * 1024
"""Bytes of mail held in memory together; a larger mail comes alone."""
MAX_ATTEMPTS = 3
"""A message that was claimed this often and never decided is quarantined (reliability I5)."""
LEASE_SECONDS = 30.0
"""A worker that died holds its group this long; working on a message twice does no harm, deciding is once."""
RENEW_AFTER = 5.0
DEFER_SECONDS = 240.0
"""Mail of a customer that stands still is looked at again by the next scheduled poll."""
MAX_BATCHES = 20
"""Batches of new mail one poll takes; the rest waits for the next poll (C07)."""


@dataclass(slots=True)
class FolderPoll:
    """Polls one folder once. Safe beside other polls of the same folder."""

    database: Database
    commit: IntakeCommit
    sorter: Sorter
    mailbox: Mailbox
    owner: UUID
    row: MailboxRow
    reader: MailboxReader
    report: PollReport
    threads: int = 2
    sleep: Callable[[float], None] = time.sleep
    touched: set[UUID] = field(default_factory=set)
    _held: set[UUID] = field(default_factory=set)
    _held_at: float = field(default_factory=time.monotonic)

    def run(self) -> None:
        """Read, decide, mark. Raises `UnavailableError` and `ConfigurationError`; then nothing is lost."""
        status = self.reader.select(self.row.folder)
        self._begin(status)
        last_uid = self.row.last_uid or 0
        for _ in range(MAX_BATCHES):
            uids = self.reader.new_uids(last_uid, self.mailbox.batch_messages)
            if uids:
                with self.database.organization(self.owner) as connection:
                    add_seen(connection, self.owner, self.row.id, status.uidvalidity, uids)
                self.report.seen += len(uids)
                last_uid = uids[-1]
            self._decide_all(status.uidvalidity)
            if len(uids) < self.mailbox.batch_messages:
                break
        self._outlast(status.uidvalidity)
        mark = Marking(self.database, self.mailbox, self.row, self.reader)
        for organization_id in self._whose_mail_is_here():
            mark.finished_mail(organization_id, status.uidvalidity)

    def _begin(self, status: FolderState) -> None:
        """Note the folder's epoch, and give up what was left undecided in another one."""
        renumbered = self.row.uidvalidity not in {None, status.uidvalidity}
        with self.database.organization(self.owner) as connection:
            if self.row.uidvalidity != status.uidvalidity:
                set_epoch(connection, self.row.id, status.uidvalidity, status.uidnext)
                self.row = mailbox_row(connection, self.owner, self.row.name, self.row.folder)
            stale = stale_pending(connection, self.row.id, status.uidvalidity)
        if renumbered:
            log.warning("mailbox renumbered, read again", mailbox=self.mailbox.name, folder=self.row.folder)
        if stale:
            self._write(self.owner, [unread(key, Disposition.IGNORED, "mailbox_renumbered") for key in stale])

    def _decide_all(self, uidvalidity: int) -> None:
        """Decide what nobody else is at. One group is fetched while the one before it is sorted and written."""
        try:
            with ThreadPoolExecutor(self.threads) as workers, ThreadPoolExecutor(1) as writer:
                writing: Future[None] | None = None
                while True:
                    pending = self._claim(uidvalidity)
                    if writing is not None and (not pending or pending[0].attempts > 1):
                        writing.result()
                        writing = None
                        if not pending:
                            continue  # what failed is to be claimed again, alone
                    if not pending:
                        return
                    for group, sorting in self._fetched(pending, workers):
                        if writing is not None:
                            writing.result()
                        writing = writer.submit(self._write_group, group, sorting)
        except BaseException:
            # Also when the process is told to stop: the next poll takes these at once, and nobody is blamed.
            self._release(list(self._held), count_attempt=False)
            raise

    def _claim(self, uidvalidity: int) -> list[PendingMessage]:
        with self.database.organization(self.owner) as connection:
            pending = claim_pending(connection, self.row.id, uidvalidity, GROUP, LEASE_SECONDS)
        self._held.update(each.id for each in pending)
        return pending

    def _fetched(
        self, pending: Sequence[PendingMessage], workers: Executor
    ) -> Iterator[tuple[list[PendingMessage], list[Future[Sorted]]]]:
        """Yield groups of messages that are being sorted."""
        sorter = MailboxSorter(self.sorter, self.mailbox, self.owner, self.row, self._hold_on)
        if pending[0].attempts > MAX_ATTEMPTS:
            yield list(pending), [workers.submit(sorter.give_up, each) for each in pending]
            return
        uids = sorted(each.uid for each in pending)
        envelopes = {each.uid: each for each in self.reader.envelopes(uids, whole=False)}
        for group in in_groups(pending, envelopes):
            wanted = [each.uid for each in group if sorter.wants(each.uid, envelopes.get(each.uid))]
            bodies = dict(self.reader.fetch(wanted))
            fetched = [Fetched(each, envelopes.get(each.uid), bodies.get(each.uid)) for each in group]
            yield group, [workers.submit(sorter.sort, each) for each in fetched]

    def _write_group(self, group: Sequence[PendingMessage], sorting: Sequence[Future[Sorted]]) -> None:
        """Write what was decided; of a group that fails, each message is tried again alone."""
        try:
            found = [each.result() for each in sorting]
            left = [each.id for each, (_, disposal) in zip(group, found, strict=True) if disposal is None]
            if left:
                with self.database.organization(self.owner) as connection:
                    defer_pending(connection, left, DEFER_SECONDS)
            for organization_id, disposals in by_organization(found).items():
                self._write(organization_id, disposals)
        except UnavailableError:
            raise
        except Exception:
            messages = [str(each.id) for each in group]
            log.exception("messages not decided", mailbox=self.mailbox.name, messages=messages)
            self._release([each.id for each in group], count_attempt=True)
        self._held.difference_update(each.id for each in group)

    def _release(self, ids: list[UUID], *, count_attempt: bool) -> None:
        with self.database.organization(self.owner) as connection:
            release_pending(connection, ids, count_attempt=count_attempt)
        self._held.difference_update(ids)

    def _hold_on(self) -> None:
        """Renew the lease of what is being worked on, when it is time."""
        if time.monotonic() - self._held_at >= RENEW_AFTER:
            self._held_at = time.monotonic()
            with self.database.organization(self.owner) as connection:
                renew_pending(connection, list(self._held), LEASE_SECONDS)

    def _write(self, organization_id: UUID, disposals: Sequence[Disposal]) -> None:
        self._hold_on()
        for each in self.commit.write(self.owner, organization_id, self.mailbox.name, disposals):
            self.touched.add(organization_id)
            self.report.dispositions[each.disposition] += 1
            self.report.transactions += len(each.openings)

    def _outlast(self, uidvalidity: int) -> None:
        """Take over what a worker that died has left: its lease runs out within seconds (I5)."""
        give_up = time.monotonic() + LEASE_SECONDS + 1
        while time.monotonic() < give_up:
            with self.database.organization(self.owner) as connection:
                seconds = seconds_until_free(connection, self.row.id, uidvalidity)
            if seconds is None:
                return
            self.sleep(min(max(seconds, 0.05), 1.0))
            self._decide_all(uidvalidity)

    def _whose_mail_is_here(self) -> set[UUID]:
        known = self.sorter.organizations() if self.mailbox.is_shared else {}
        claimed = {known[rule.organization] for rule in self.mailbox.whose if rule.organization in known}
        return {self.owner, *self.touched, *claimed}


def in_groups(
    pending: Sequence[PendingMessage], envelopes: dict[int, EnvelopeFacts], most: int = GROUP_BYTES
) -> Iterator[list[PendingMessage]]:
    """Yield the messages in order, in groups that together fit into memory."""
    group: list[PendingMessage] = []
    total = 0
    for each in pending:
        envelope = envelopes.get(each.uid)
        size = 0 if envelope is None else envelope.size
        if group and total + size > most:
            yield group
            group, total = [], 0
        group.append(each)
        total += size
    if group:
        yield group
