"""Write what becomes of a group of messages: files first, then one commit (reliability I1, I2, I6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from mailroom.database.bulk import insert_rows
from mailroom.database.events import append_events
from mailroom.database.messages import assign_message, intake_lock, known_mails, write_dispositions
from mailroom.database.outbox import insert_outbox
from mailroom.database.session import Database, switch_organization
from mailroom.database.transactions import database_now, insert_transactions
from mailroom.domain.effects import SendMail
from mailroom.domain.errors import UnavailableError
from mailroom.domain.event import Event
from mailroom.domain.mail import Disposition
from mailroom.engine.common_writers import outbox_row
from mailroom.engine.setup import CustomerSetup, Setups
from mailroom.engine.writers import WriterContext
from mailroom.intake.disposal import Disposal, Opening, reply_address, storable
from mailroom.ports import ObjectStore

ACTOR = "intake"
_OPENS = {Disposition.INVOICE.value, Disposition.CREDIT_NOTE.value}


@dataclass(frozen=True, slots=True)
class IntakeCommit:
    """Writes disposals, one organization at a time."""

    database: Database
    store: ObjectStore
    setups: Setups
    audit_key: bytes

    def write(self, owner: UUID, organization_id: UUID, mailbox: str, disposals: Sequence[Disposal]) -> list[Disposal]:
        """Store the files, then write ledger, transactions, documents, events and answers in one commit.

        The messages are `owner`'s, whose mailbox it is; those of a shared mailbox become the organization's in
        the same commit. Returns what was written: a mail that is known already comes back as `duplicate`.
        """
        self._setup(organization_id)
        with self.database.organization(organization_id) as connection:
            # Looked up again under the lock; this spares the files of what is known by now.
            disposals = _without_known(connection, disposals)
        self.store_files(disposals)
        with self.database.organization(owner) as connection:
            if organization_id != owner:
                for each in disposals:
                    assign_message(connection, each.message_id, organization_id)
                switch_organization(connection, organization_id)
            return self.write_in(connection, organization_id, mailbox, disposals)

    def write_in(
        self,
        connection: Connection,
        organization_id: UUID,
        mailbox: str,
        disposals: Sequence[Disposal],
        *,
        actor: str = ACTOR,
    ) -> list[Disposal]:
        """Write everything but the files into an open database transaction of the organization."""
        setup = self._setup(organization_id)
        intake_lock(connection, organization_id)
        final = _without_known(connection, disposals)
        written = write_dispositions(connection, [each.ledger for each in final])
        fresh = [each for each in final if each.message_id in written]
        now = database_now(connection)
        openings = [opening for each in fresh for opening in each.openings]
        insert_transactions(connection, [_due(opening, now) for opening in openings])
        insert_rows(connection, "documents", [row for opening in openings for row in opening.documents])
        events = [event for each in fresh for event in _events(each, mailbox, now, actor)]
        seqs = append_events(connection, organization_id, self.audit_key, events)
        context = WriterContext(connection, organization_id, setup.customer, now, setup.hash)
        insert_outbox(connection, _answers(context, fresh, seqs[-1] if seqs else None))
        return fresh

    def _setup(self, organization_id: UUID) -> CustomerSetup:
        setup = self.setups.of(organization_id)
        if setup is None:
            raise UnavailableError("the customer has no usable configuration; see mailroom check-config")
        return setup

    def store_files(self, disposals: Sequence[Disposal]) -> None:
        """Make every file of these durable, before any row tells of them."""
        objects = {key: body for each in disposals for key, body in each.objects}
        openings = [opening for each in disposals for opening in each.openings]
        by_source = {source: objects[source] for opening in openings for _, source in opening.copies}
        copies = [(target, by_source[source]) for opening in openings for target, source in opening.copies]
        self.store.put_many_if_absent([*objects.items(), *copies, *(opening.manifest for opening in openings)])


def _due(opening: Opening, now: Any) -> dict[str, Any]:
    return {**opening.transaction, "due_at": now, "created_at": now, "updated_at": now}


def _without_known(connection: Connection, disposals: Sequence[Disposal]) -> list[Disposal]:
    """Turn mails seen before into duplicates: one mail, one transaction, however often it is delivered."""
    hashes = [each.ledger["canonical_sha256"] for each in disposals if each.ledger["canonical_sha256"]]
    ids = [each.ledger["message_id"] for each in disposals if each.ledger["message_id"]]
    by_hash: dict[str, UUID] = {}
    by_id: dict[str, tuple[UUID, str]] = {}
    for key, canonical, message_id, _ in known_mails(connection, hashes, ids):
        if canonical is not None:
            by_hash.setdefault(canonical, key)
            if message_id is not None:
                by_id.setdefault(message_id, (key, canonical))
    final = []
    for disposal in disposals:
        each = _checked(disposal, by_hash, by_id)
        canonical, message_id = each.ledger["canonical_sha256"], each.ledger["message_id"]
        if canonical is not None:
            by_hash.setdefault(canonical, each.message_id)
            if message_id is not None:
                by_id.setdefault(message_id, (each.message_id, canonical))
        final.append(each)
    return final


def _checked(each: Disposal, by_hash: dict[str, UUID], by_id: dict[str, tuple[UUID, str]]) -> Disposal:
    canonical, message_id = each.ledger["canonical_sha256"], each.ledger["message_id"]
    if canonical is None:
        return each
    if canonical in by_hash:
        return _as(each, Disposition.DUPLICATE, "same_mail", by_hash[canonical])
    if message_id in by_id and each.disposition in _OPENS:
        # Same Message-ID, other content: a person looks at it (reliability I3).
        return _as(each, Disposition.QUARANTINED, "same_message_id_other_content", by_id[message_id][0])
    return each


def _as(each: Disposal, disposition: Disposition, reason: str, related: UUID) -> Disposal:
    ledger = {**each.ledger, "disposition": disposition.value, "reason": reason, "related_id": related}
    return replace(each, ledger=ledger, openings=(), answer_reason=None)


def _events(each: Disposal, mailbox: str, now: Any, actor: str) -> list[Event]:
    facts = {
        "disposition": each.disposition,
        "reason": each.ledger["reason"],
        "rule": each.ledger["rule"],
        "mailbox": mailbox,
        "sha256": each.ledger["raw_sha256"],
    }
    events = [Event("message_disposed", now, actor, message_id=each.message_id, facts=facts)]
    for opening in each.openings:
        row = opening.transaction
        facts = {
            "to": "received",
            "process": row["process"],
            "step": row["step"],
            "mode": row["mode"],
            "documents": [document["sha256"] for document in opening.documents],
            "configuration": row["configuration_hash"],
        }
        events.append(Event("transaction_opened", now, actor, row["id"], each.message_id, facts))
    return events


def _answers(context: WriterContext, disposals: Sequence[Disposal], event_seq: int | None) -> list[dict[str, Any]]:
    """Tell senders why their mail can't be used: one mail per sender, reason and day."""
    rows = []
    for each in disposals:
        recipient = reply_address(each.mail) if each.mail is not None else None
        if each.answer_reason is None or recipient is None or each.mail is None or each.screening is None:
            continue
        if recipient == context.customer.sender:
            continue
        mail = SendMail(
            "cannot_use_mail",
            recipient,
            f"cannot_use_mail:{each.answer_reason}:{context.now.date()}",
            {
                "subject": storable(each.mail.subject[:200]),
                "reason": each.answer_reason,
                "message": storable(each.screening.message),
                "organization": context.customer.name,
            },
            in_reply_to=storable(each.mail.message_id),
        )
        rows.append(outbox_row(context, None, mail, event_seq, context.customer.mode))
    return rows
