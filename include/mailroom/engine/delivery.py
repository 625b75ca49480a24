"""Send what the outbox holds: at least once, under a Message-ID that a repeat shares (reliability I13, F18)."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from sqlalchemy import Connection

from mailroom.database.delivery import give_back, outbox_postponed, outbox_suppressed
from mailroom.database.events import append_events
from mailroom.database.outbox import (
    WEBHOOK,
    OutboxItem,
    claim_outbox,
    insert_outbox,
    load_outbox,
    outbox_failed,
    outbox_retry,
    outbox_sent,
)
from mailroom.database.session import Database
from mailroom.database.transactions import database_now
from mailroom.domain.effects import SendMail
from mailroom.domain.errors import ConfigurationError, MailroomError, RejectedInputError, UnavailableError
from mailroom.domain.event import Event
from mailroom.domain.mail import Attachment, OutgoingMail
from mailroom.domain.slices import Claim
from mailroom.engine.common_writers import outbox_row
from mailroom.engine.rendering import Addressed, Render
from mailroom.engine.writers import WriterContext
from mailroom.ports import Mailer, ObjectStore, WebhookCaller
from mailroom.settings.customers import CustomerPolicy

log = structlog.get_logger()

GROUP = 20
"""Mails claimed at a time."""

LEASE_SECONDS = 300.0
SAFETY_SECONDS = 60.0
"""No mail is begun when less than this is left of the lease: the slowest server takes half of it."""

SPACING = (60.0, 600.0)
"""Seconds before the second and the third attempt; a server that greylists lets the third one in."""

GIVE_UP_AFTER = timedelta(hours=24)
"""How long mails wait for a mail server that is out of reach. Nothing was sent, so no attempt is counted."""

ABOUT_THIS_MAIL = frozenset({"smtp_deferred", "outcome_unknown"})
"""Passing faults that are this mail's own; any other is the server's, the store's or the configuration's."""


@dataclass(slots=True)
class DeliveryReport:
    """What a run did: mails by outcome, errors by code, and what stopped it early."""

    mails: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    stopped: str | None = None
    in_a_row: int = 0

    @property
    def total(self) -> int:
        """Return how many mails were dealt with."""
        return self.mails.total()

    def as_json(self) -> dict[str, Any]:
        """Return counts for a log line or XCom."""
        return {"mails": dict(self.mails), "errors": dict(self.errors), "stopped": self.stopped}


MOST_IN_A_ROW = 2
"""Mails in a row that meet a server out of reach before the run stops. One alone may be that mail's own fault."""


class _ServerOutOfReachError(Exception):
    """The run cannot go on: what is claimed goes back."""


def deliver_outbox(
    database: Database,
    mailer: Mailer,
    store: ObjectStore,
    render: Render,
    *,
    audit_key: bytes,
    worker: str,
    most: int = 500,
    spacing: Sequence[float] = SPACING,
    webhooks: WebhookCaller | None = None,
) -> DeliveryReport:
    """Send at most `most` due mails of every organization. Any number of workers may do so at once.

    A mail is tried `len(spacing) + 1` times, then it has failed and its customer's owner is told. Raises
    `UnavailableError` when Postgres is out of reach; a mail sent just before is sent again with its Message-ID.
    """
    post = _Post(database, mailer, store, render, audit_key, worker, tuple(spacing), DeliveryReport(), webhooks)
    while post.report.total < most and post.report.stopped is None:
        with database.dispatch() as connection:
            claims = claim_outbox(
                connection, min(GROUP, most - post.report.total), owner=worker, lease_seconds=LEASE_SECONDS
            )
        if not claims:
            break
        post.deliver(claims, time.monotonic() + LEASE_SECONDS - SAFETY_SECONDS)
    return post.report


@dataclass(frozen=True, slots=True)
class _Post:
    database: Database
    mailer: Mailer
    store: ObjectStore
    render: Render
    audit_key: bytes
    worker: str
    spacing: tuple[float, ...]
    report: DeliveryReport
    webhooks: WebhookCaller | None

    def deliver(self, claims: Sequence[Claim], until: float) -> None:
        by_organization: dict[UUID, list[Claim]] = defaultdict(list)
        for claim in claims:
            by_organization[claim.organization_id].append(claim)
        left = list(chain.from_iterable(by_organization.values()))
        try:
            for own in by_organization.values():
                for claim, item, rendered in self._rendered(own):
                    if time.monotonic() > until:
                        return
                    left.remove(claim)
                    self._one(claim, item, rendered)
        except _ServerOutOfReachError:
            pass
        finally:
            with self.database.dispatch() as connection:
                give_back(connection, left)

    def _rendered(self, claims: Sequence[Claim]) -> list[tuple[Claim, OutboxItem, Addressed | MailroomError | None]]:
        with self.database.organization(claims[0].organization_id) as connection:
            items = load_outbox(connection, claims)
            known = [(claim, items[claim.id]) for claim in claims if claim.id in items]
            return [(claim, item, self._letter(connection, item)) for claim, item in known]

    def _letter(self, connection: Connection, item: OutboxItem) -> Addressed | MailroomError | None:
        try:
            return self.render(connection, item)
        except MailroomError as err:
            return err
        except (LookupError, TypeError, ValueError) as err:
            # A row that cannot be read is one failed mail, never a stuck outbox.
            return RejectedInputError(f"mail {item.template!r} cannot be made: {err!r}"[:300], code="bad_mail")

    def _one(self, claim: Claim, item: OutboxItem, rendered: Addressed | MailroomError | None) -> None:
        if rendered is None:
            with self.database.organization(claim.organization_id) as connection:
                outbox_suppressed(connection, claim)
            self.report.mails["suppressed"] += 1
            return
        customer = rendered.customer if isinstance(rendered, Addressed) else None
        try:
            if isinstance(rendered, MailroomError):
                raise rendered
            if item.channel == WEBHOOK:
                self._call(item, rendered)
            else:
                self.mailer.send(self._outgoing(item, rendered))
        except (UnavailableError, ConfigurationError) as err:
            self._not_now(claim, item, customer, err)
        except MailroomError as err:
            self._failed(claim, item, customer, err)
        else:
            self._sent(claim, item)

    def _call(self, item: OutboxItem, addressed: Addressed) -> None:
        secret = addressed.customer.tickets.webhook_secret
        if self.webhooks is None or secret is None:
            raise ConfigurationError("webhooks are not set up for this customer any more", code="no_webhook")
        self.webhooks.call(item.recipient, addressed.letter.text.encode(), secret=secret, delivery=str(item.id))

    def _outgoing(self, item: OutboxItem, addressed: Addressed) -> OutgoingMail:
        letter = addressed.letter
        listed = tuple(Attachment(**each) for each in item.content.get("attachments", ()))
        return OutgoingMail(
            message_id=letter.message_id or item.internet_message_id,
            sender=f"{_phrase(addressed.customer.name)} <{addressed.customer.sender}>",
            recipient=item.recipient,
            subject=letter.subject,
            text=letter.text,
            html=letter.html,
            in_reply_to=letter.in_reply_to or item.content.get("in_reply_to"),
            references=letter.references,
            attachments=tuple(
                (each.filename, each.content_type, self.store.get(each.key)) for each in letter.attachments or listed
            ),
        )

    def _sent(self, claim: Claim, item: OutboxItem) -> None:
        with self.database.organization(claim.organization_id) as connection:
            if outbox_sent(connection, claim):
                self._event(connection, item, "mail_sent")
        self.report.mails["sent"] += 1
        self.report.in_a_row = 0

    def _not_now(self, claim: Claim, item: OutboxItem, customer: CustomerPolicy | None, err: MailroomError) -> None:
        self.report.errors[err.code] += 1
        wait = getattr(err, "retry_after", None) or 0.0
        # Another system that is away keeps no mail waiting.
        if err.code in ABOUT_THIS_MAIL or item.channel == WEBHOOK:
            if item.attempts >= len(self.spacing):
                self._failed(claim, item, customer, err)
                return
            with self.database.organization(claim.organization_id) as connection:
                outbox_retry(connection, claim, err.code, err.message, max(wait, self.spacing[item.attempts]))
            self.report.mails["retried"] += 1
            return
        self._out_of_reach(claim, item, customer, err, max(wait, 60.0))

    def _out_of_reach(
        self, claim: Claim, item: OutboxItem, customer: CustomerPolicy | None, err: MailroomError, wait: float
    ) -> None:
        """Put the mail off without counting an attempt; the next mails need not try a server that is away."""
        with self.database.organization(claim.organization_id) as connection:
            too_old = database_now(connection) - item.created_at > GIVE_UP_AFTER
            if not too_old:
                outbox_postponed(connection, claim, err.code, err.message, wait)
        if too_old:
            self._failed(claim, item, customer, err)
            return
        log.warning("mail put off", cause=err.code, outbox=str(item.id))
        self.report.mails["postponed"] += 1
        self.report.in_a_row += err.code != "no_configuration"
        if self.report.in_a_row >= MOST_IN_A_ROW:
            self.report.stopped = err.code
            raise _ServerOutOfReachError from err

    def _failed(self, claim: Claim, item: OutboxItem, customer: CustomerPolicy | None, err: MailroomError) -> None:
        """Give a mail up, and tell the customer's owner once."""
        self.report.errors[err.code] += 1
        with self.database.organization(claim.organization_id) as connection:
            if outbox_failed(connection, claim, err.code, err.message):
                seq = self._event(connection, item, "mail_failed", error=err.code)
                if customer is not None:
                    self._tell_owner(connection, item, customer, err, seq)
        log.error("mail failed", outbox=str(item.id), template=item.template, cause=err.code)
        self.report.mails["failed"] += 1

    def _tell_owner(
        self, connection: Connection, item: OutboxItem, customer: CustomerPolicy, err: MailroomError, seq: int
    ) -> None:
        if item.template == "mail_not_delivered" or item.recipient == customer.owner:
            return
        words = {
            "recipient": _whom(item),
            "what": item.template.replace("_", " "),
            "message": err.message,
            "transaction": None if item.transaction_id is None else str(item.transaction_id),
        }
        mail = SendMail("mail_not_delivered", customer.owner, f"mail_not_delivered:{item.id}", words)
        context = WriterContext(connection, item.organization_id, customer, database_now(connection), "")
        insert_outbox(connection, [outbox_row(context, item.transaction_id, mail, seq, "auto")])

    def _event(self, connection: Connection, item: OutboxItem, kind: str, **facts: Any) -> int:
        event = Event(
            kind,
            database_now(connection),
            self.worker,
            item.transaction_id,
            facts={"outbox": str(item.id), "template": item.template, **facts},
        )
        return append_events(connection, item.organization_id, self.audit_key, [event])[0]


def _whom(item: OutboxItem) -> str:
    """Return who should have got it; of a webhook the host alone, for its path may be a secret."""
    return urlsplit(item.recipient).hostname or "a webhook" if item.channel == WEBHOOK else item.recipient


def _phrase(name: str) -> str:
    """Return a display name that no mail program can take for something else (RFC 5322 quoted-string)."""
    plain = "".join(character for character in name if character.isprintable() and character not in '<>"\\')
    return f'"{plain}"'
