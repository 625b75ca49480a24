"""Sort one message: whose it is, and what becomes of it. Nothing is written here but answers to approvals."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import structlog

from mailroom.database.messages import MailboxRow, PendingMessage
from mailroom.documents.faults import Fault
from mailroom.domain.document import DocumentType
from mailroom.domain.mail import Disposition
from mailroom.domain.rfc822 import Mail, read_mail
from mailroom.engine.setup import CustomerSetup, Setups
from mailroom.intake.disposal import Disposal, Receiver, dispose, unread
from mailroom.intake.parts import Inspect, Inspected
from mailroom.intake.screening import Screening, screen, screen_unclaimed
from mailroom.intake.virus_scan import MailScan
from mailroom.ports import EnvelopeFacts, VirusScanner
from mailroom.settings.mailboxes import Mailbox
from mailroom.settings.screening import ScreeningPolicy

log = structlog.get_logger()

INSPECT_SECONDS = 30.0
"""What looking into all attachments of one mail may take; the rest of them counts as unreadable (I5)."""

AnswerApproval = Callable[[UUID, Mail, Screening, Mailbox, UUID], tuple[Disposition, str]]
"""Take an answer to an approval request: (organization, mail, screening, mailbox, message) -> what it was."""


Sorted = tuple[UUID, Disposal | None]
"""Whose a message is and what becomes of it; None leaves it for a later poll."""


@dataclass(frozen=True, slots=True)
class Sorter:
    """Sorts messages of any mailbox by configuration, rules and content."""

    setups: Setups
    screening: Callable[[UUID], ScreeningPolicy]
    organizations: Callable[[], dict[str, UUID]]
    answer_approval: AnswerApproval
    inspect: Inspect | None = None
    process: str = "accounts_payable"
    scanner: VirusScanner | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A claimed message with what the mailbox still had of it: nothing, the envelope, or all."""

    pending: PendingMessage
    envelope: EnvelopeFacts | None
    raw: bytes | None

    @property
    def received_at(self) -> datetime | None:
        """Return when the mailbox received it, where that could be told."""
        return None if self.envelope is None else self.envelope.received_at


@dataclass(frozen=True, slots=True)
class MailboxSorter:
    """Sorts one folder's messages. `alive` is called between slow parts, to hold on to the claim."""

    sorter: Sorter
    mailbox: Mailbox
    owner: UUID
    row: MailboxRow
    alive: Callable[[], None] = lambda: None

    def wants(self, uid: int, envelope: EnvelopeFacts | None) -> bool:
        """Tell whether a message's body is needed to sort it."""
        if envelope is None:
            return True  # gone, or an envelope that the server garbles: the body will tell
        return envelope.size <= self.mailbox.max_message_bytes and not self._is_old(uid, envelope)

    def give_up(self, pending: PendingMessage) -> Sorted:
        """Put a message aside that was claimed too often and never decided: reading it ends the worker (I5)."""
        return self.owner, unread(pending.id, Disposition.QUARANTINED, "stopped_the_worker")

    def sort(self, fetched: Fetched) -> Sorted:
        """Return whose message it is and what becomes of it; None leaves it for a later poll."""
        aside = self._not_read(fetched)
        if aside is not None or fetched.raw is None:
            return self.owner, unread(fetched.pending.id, *(aside or _GONE))
        scan = MailScan(self.sorter.scanner, self.alive)
        scan.raw(fetched.raw)
        mail = read_mail(fetched.raw)
        unsafe = scan.parts(mail)
        if unsafe is not None:
            log.warning("mail put aside", message=str(fetched.pending.id), reason=unsafe.reason, told=unsafe.message)
        slug = whose(self.mailbox, mail)
        organization_id = self.owner if slug is None else self.sorter.organizations().get(slug)
        if not self.mailbox.is_shared:
            organization_id = self.owner
        elif slug is None or organization_id is None:
            return self.owner, self._unclaimed(fetched, mail, slug, unsafe)
        assert organization_id is not None
        setup = self.sorter.setups.of(organization_id)
        if setup is None:
            log.warning("customer stands still, its configuration is faulty", organization=str(organization_id))
            return organization_id, None
        return organization_id, self._screened(fetched, mail, setup, organization_id, unsafe)

    def _not_read(self, fetched: Fetched) -> tuple[Disposition, str] | None:
        """Say what becomes of a message whose body is not there or not wanted."""
        envelope = fetched.envelope
        if envelope is not None and self._is_old(fetched.pending.uid, envelope):
            return Disposition.IGNORED, "from_before_the_start"
        if envelope is not None and envelope.size > self.mailbox.max_message_bytes:
            return Disposition.QUARANTINED, "too_large"
        if fetched.raw is None:
            return _GONE
        return None if fetched.raw else (Disposition.QUARANTINED, "unreadable_mail")

    def _is_old(self, uid: int, envelope: EnvelopeFacts) -> bool:
        """Tell mail from before this mailbox was ours; it comes up again when a mailbox is renumbered.

        Only then: what arrives later is new whatever its date, such as a mail that a person moves in.
        """
        if uid >= self.row.reread_below or envelope.received_at is None:
            return False
        # IMAP tells arrival in whole seconds (RFC 9051, INTERNALDATE).
        return envelope.received_at < self.row.created_at.replace(microsecond=0)

    def _unclaimed(self, fetched: Fetched, mail: Mail, slug: str | None, unsafe: Screening | None) -> Disposal:
        """Leave a shared mailbox's mail with the operator: nobody's rules but the built-in ones apply."""
        why = "no rule of the shared mailbox says whose mail it is, or it is addressed to several customers"
        if slug is not None:
            why = f"the shared mailbox says it is for {slug}, which is no active organization"
        receiver = Receiver(self.owner, "shadow", self.sorter.process, "", "", uuid4)
        return dispose(
            fetched.pending.id,
            mail,
            unsafe or screen_unclaimed(mail, why),
            receiver,
            received_at=fetched.received_at,
            mark=False,
        )

    def _screened(
        self, fetched: Fetched, mail: Mail, setup: CustomerSetup, organization_id: UUID, unsafe: Screening | None
    ) -> Disposal:
        sorter, mailbox = self.sorter, self.mailbox
        policy = sorter.screening(organization_id)
        found = unsafe or screen(mail, policy, dedicated=mailbox.dedicated, inspect=self._limited(sorter.inspect))
        if found.disposition is Disposition.APPROVAL_REPLY or _answers_by_itself(found):
            disposition, reason = sorter.answer_approval(organization_id, mail, found, mailbox, fetched.pending.id)
            found = Screening(disposition, reason, found.rule, found.parts, found.message)
        process = setup.processes.get(sorter.process)
        if process is None and found.invoices:
            message = f"process {sorter.process!r} is not switched on for this customer"
            found = Screening(Disposition.UNIDENTIFIED, "process_off", found.rule, found.parts, message)
        first_step = process.first.name if process else ""
        receiver = Receiver(organization_id, setup.customer.mode, sorter.process, first_step, setup.hash, uuid4)
        finished = mailbox.finished
        touch = bool(finished.seen or finished.flag or finished.move_to)
        mark = touch and found.disposition is not Disposition.IGNORED
        return dispose(fetched.pending.id, mail, found, receiver, received_at=fetched.received_at, mark=mark)

    def _limited(self, inspect: Inspect | None) -> Inspect | None:
        """Return `inspect` with a limit on the time that all attachments of one mail may take together."""
        return None if inspect is None else _Limited(inspect, self.alive)


def _answers_by_itself(found: Screening) -> bool:
    """Tell whether a mailbox answered a request by itself: no decision, and it may say that its owner is away."""
    return found.disposition is Disposition.AUTO_REPLY and bool(found.tokens)


def whose(mailbox: Mailbox, mail: Mail) -> str | None:
    """Return the slug of the organization whose mail this is; None while no rule claims it.

    Where it was delivered counts before what is written on it, the last delivery before earlier ones: a mail to
    two customers comes once for each, and where it does not, it is nobody's.
    """
    sender = mail.from_addresses[0] if mail.from_addresses else ""
    delivered = (mailbox.owner_of_address(address, sender) for address in mail.delivered_to)
    return next((slug for slug in delivered if slug is not None), None) or mailbox.owner(mail.recipients, sender)


_GONE = (Disposition.IGNORED, "gone_before_it_was_read")


@dataclass(frozen=True, slots=True)
class _NotLookedInto:
    """The answer for an attachment that its mail's time did not reach."""

    document_type: DocumentType | None = None
    reason: str = "the attachments before it took all the time that one mail has"
    error: str | None = Fault.TIMEOUT.value


@dataclass(slots=True)
class _Limited:
    """Looks into files until the time of one mail is used up."""

    inspect: Inspect
    alive: Callable[[], None]
    left: float = INSPECT_SECONDS

    def __call__(self, content: bytes, filename: str) -> Inspected:
        if self.left <= 0:
            return _NotLookedInto()
        self.alive()
        started = time.monotonic()
        try:
            return self.inspect(content, filename)
        finally:
            self.left -= time.monotonic() - started


def by_organization(sorted_messages: Sequence[Sorted]) -> dict[UUID, list[Disposal]]:
    """Return the disposals by the organization whose they are, without what is left for later."""
    found: dict[UUID, list[Disposal]] = {}
    for organization_id, disposal in sorted_messages:
        if disposal is not None:
            found.setdefault(organization_id, []).append(disposal)
    return found
