"""A document handed in by a program: it becomes a message of the ledger and takes the way of every mail (S3-050)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from email.message import EmailMessage
from uuid import UUID, uuid4

from sqlalchemy import Connection

from mailroom.database.messages import HANDED_IN, add_handed_in
from mailroom.database.transactions import transactions_of_message
from mailroom.documents.content import recognize
from mailroom.domain.errors import UnavailableError
from mailroom.domain.mail import Disposition
from mailroom.domain.rfc822 import read_mail
from mailroom.engine.setup import CustomerSetup, Setups
from mailroom.intake.commit import IntakeCommit
from mailroom.intake.disposal import Disposal, Opening, Receiver, dispose
from mailroom.intake.parts import Inspect
from mailroom.intake.screening import Screening, screen
from mailroom.intake.virus_scan import MailScan
from mailroom.ports import VirusScanner
from mailroom.settings.screening import ScreeningPolicy, ScreeningRule

REASON = "started_by_api"
_SUBJECT = "Handed in over the API"
_RULES = ScreeningPolicy(
    rules=(
        ScreeningRule.model_validate(
            {
                "name": "api",
                "when": {"subject": {"is": _SUBJECT}},
                "disposition": Disposition.INVOICE.value,
                "reason": REASON,
            }
        ),
    ),
    smallest_picture=0,
)
"""Whoever hands a document in says that it is an invoice; what it holds may say otherwise."""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """Files as (name, bytes), whose they are as far as known, who hands them in (an actor), and a name for it all.

    The same `name` and files are the same message, however often they come.
    """

    files: tuple[tuple[str, bytes], ...]
    name: str
    actor: str
    sender: str | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """What became of it. `message` says in words why no transaction was opened."""

    message_id: UUID
    disposition: str
    reason: str
    message: str
    transactions: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Reception:
    """Takes documents in for one organization."""

    commit: IntakeCommit
    setups: Setups
    inspect: Inspect
    scanner: VirusScanner | None
    process: str = "accounts_payable"

    def look_at(self, organization_id: UUID, handed_in: HandedIn) -> Disposal:
        """Return what becomes of it, and store its files. Slow; no database transaction is open.

        Raises `UnavailableError` when the scanner or the store does not answer: nothing was taken in.
        """
        setup = self.setups.of(organization_id)
        if setup is None:
            raise UnavailableError("the customer has no usable configuration", code="no_configuration")
        raw = as_mail(handed_in)
        scan = MailScan(self.scanner)
        scan.raw(raw)
        mail = read_mail(raw)
        found = scan.parts(mail) or screen(mail, _RULES, inspect=self.inspect)
        receiver, found = self._receiver(setup, organization_id, found)
        disposal = dispose(uuid4(), mail, found, receiver, received_at=None, mark=False)
        openings = tuple(_started_by(each, handed_in.actor) for each in disposal.openings)
        # Whoever asks is answered right there, never by mail.
        disposal = replace(disposal, openings=openings, answer_reason=None)
        self.commit.store_files([disposal])
        return disposal

    def take(self, connection: Connection, organization_id: UUID, disposal: Disposal, actor: str) -> Received:
        """Write ledger, transactions, documents and events into an open database transaction."""
        add_handed_in(connection, organization_id, disposal.message_id)
        (written,) = self.commit.write_in(connection, organization_id, HANDED_IN, [disposal], actor=actor)
        ids = [opening.transaction["id"] for opening in written.openings]
        related = written.ledger["related_id"]
        if written.disposition == Disposition.DUPLICATE.value and related is not None:
            ids = transactions_of_message(connection, related)
        message = written.screening.message if written.screening else ""
        return Received(written.message_id, written.disposition, str(written.ledger["reason"]), message, tuple(ids))

    def _receiver(self, setup: CustomerSetup, organization_id: UUID, found: Screening) -> tuple[Receiver, Screening]:
        process = setup.processes.get(self.process)
        if process is None and found.invoices:
            message = f"process {self.process!r} is not switched on for this customer"
            found = Screening(Disposition.UNIDENTIFIED, "process_off", found.rule, found.parts, message)
        first_step = process.first.name if process else ""
        return Receiver(organization_id, setup.customer.mode, self.process, first_step, setup.hash, uuid4), found


def as_mail(handed_in: HandedIn) -> bytes:
    """Return the documents as a mail; the same ones give the same bytes."""
    name = hashlib.sha256(handed_in.name.encode("utf-8", "replace")).hexdigest()[:40]
    mail = EmailMessage()
    mail["Subject"] = _SUBJECT
    mail["Message-ID"] = f"<api.{name}@handed-in.invalid>"
    if handed_in.sender:
        mail["From"] = handed_in.sender
    mail.set_content("Handed in over the API.")
    for filename, content in handed_in.files:
        main, _, sub = recognize(content, filename).media_type.partition(";")[0].partition("/")
        mail.add_attachment(content, maintype=main, subtype=sub or "octet-stream", filename=_plain(filename))
    if mail.is_multipart():
        mail.set_boundary(f"=_{name}")
    return mail.as_bytes()


def _started_by(opening: Opening, actor: str) -> Opening:
    inputs = {**opening.transaction["inputs"], "started_by": actor}
    return replace(opening, transaction={**opening.transaction, "inputs": inputs})


def _plain(filename: str) -> str:
    """Return a file's own name as a header takes it."""
    words = "".join(each if each.isprintable() else "_" for each in filename)
    return words.encode("utf-8", "replace").decode()[:200] or "document"


def names_of(files: Sequence[tuple[str, bytes]]) -> list[tuple[str, str]]:
    """Return each file's name and SHA-256: what tells one hand-in from another."""
    return [(name, hashlib.sha256(content).hexdigest()) for name, content in files]
