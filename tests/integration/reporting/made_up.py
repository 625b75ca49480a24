"""A made-up customer whose mails and transactions are written as the product writes them, at chosen times."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, text

from mailroom.database.events import append_events
from mailroom.database.organizations import add_user
from mailroom.database.session import Database
from mailroom.domain.event import Event
from mailroom.engine.setup import CustomerSetup
from mailroom.settings.customers import CustomerPolicy, ReportPolicy

AUDIT_KEY = b"for-tests-only"

POSTED_PATH = ("extracted", "validated", "approved", "uploading", "uploaded", "completed")


def a_customer(**changes: Any) -> CustomerPolicy:
    """Return a customer in Berlin with two readers of the report."""
    values: dict[str, Any] = {
        "organization": "acme",
        "name": "Acme GmbH",
        "mode": "auto",
        "timezone": "Europe/Berlin",
        "sender": "invoices@acme.example",
        "owner": "clerk@acme.example",
        "report": ReportPolicy(recipients=("cfo@acme.example", "ap@acme.example"), at="06:00"),
    }
    return CustomerPolicy(**values | changes)


def a_setup(**changes: Any) -> CustomerSetup:
    """Return the customer's setup; the report needs no process."""
    return CustomerSetup(a_customer(**changes), {}, "configuration-1")


@dataclass(slots=True)
class MadeUp:
    """Writes a customer's story, one commit a sentence."""

    database: Database
    organization_id: UUID
    mailbox_id: UUID = field(default_factory=uuid4)
    uid: int = 0

    def mailbox(
        self, name: str, *, read_at: datetime | None, failures: int = 0, error: str | None = None, since: datetime
    ) -> None:
        """Add a mailbox; the last one added receives the mails."""
        self.mailbox_id = uuid4()
        with self.database.organization(self.organization_id) as connection:
            self._insert(
                connection,
                "mailboxes",
                id=self.mailbox_id,
                name=name,
                last_success_at=read_at,
                failures=failures,
                last_error_code=error,
                created_at=since,
            )

    def mail(
        self,
        seen_at: datetime,
        disposition: str | None,
        reason: str | None = None,
        *,
        disposed_at: datetime | None = None,
        sender: str = "billing@supplier.example",
        subject: str = "Invoice",
    ) -> UUID:
        """Let a mail be seen and, unless `disposition` is None, disposed of."""
        message_id = uuid4()
        self.uid += 1
        at = (disposed_at or seen_at + timedelta(seconds=2)) if disposition else None
        with self.database.organization(self.organization_id) as connection:
            self._insert(
                connection,
                "messages",
                id=message_id,
                mailbox_id=self.mailbox_id,
                uidvalidity=1,
                uid=self.uid,
                seen_at=seen_at,
                disposition=disposition,
                reason=reason,
                disposed_at=at,
                sender=sender,
                subject=subject,
            )
            if at is not None:
                self._dispose(connection, message_id, at, disposition, reason)
        return message_id

    def disposed(self, message_id: UUID, at: datetime, disposition: str, reason: str | None = None) -> None:
        """Write the event of a disposition alone: a mail reprocessed, or one the ledger does not hold."""
        with self.database.organization(self.organization_id) as connection:
            self._dispose(connection, message_id, at, disposition, reason)

    def invoice(
        self,
        opened_at: datetime,
        number: str,
        *,
        supplier: str = "Muster AG",
        gross: str | None = "119.00",
        currency: str = "EUR",
        message_id: UUID | None = None,
        **changes: Any,
    ) -> UUID:
        """Open a transaction with a read invoice."""
        transaction_id = uuid4()
        with self.database.organization(self.organization_id) as connection:
            (seq,) = self._events(
                connection,
                Event(
                    "transaction_opened",
                    opened_at,
                    "intake",
                    transaction_id,
                    message_id,
                    facts={"to": "received", "process": "accounts_payable", "step": "extract"},
                ),
            )
            self._insert(
                connection,
                "transactions",
                id=transaction_id,
                process="accounts_payable",
                step="extract",
                mode="auto",
                reference=number,
                event_seq=seq,
                message_id=message_id,
                working_directory=f"org/x/tx/{transaction_id}",
                created_at=opened_at,
                updated_at=opened_at,
            )
            total = None if gross is None else Decimal(gross)
            self._insert(
                connection,
                "invoices",
                transaction_id=transaction_id,
                file_sha256=uuid4().hex,
                invoice_number=number,
                number_normalised=number,
                vendor_name=supplier,
                currency=currency if gross else None,
                gross_total=total,
                version_hash="v1",
                **changes,
            )
        return transaction_id

    def move(
        self,
        transaction_id: UUID,
        at: datetime,
        kind: str,
        to: str,
        *,
        step: str = "validate",
        actor: str = "worker",
        **facts: Any,
    ) -> None:
        """Move a transaction as the engine does: its event, then its row."""
        with self.database.organization(self.organization_id) as connection:
            state = connection.execute(
                text("SELECT state FROM transactions WHERE id = :id"), {"id": transaction_id}
            ).scalar_one()
            event = Event(kind, at, actor, transaction_id, facts={"from": state, "to": to, "step": step, **facts})
            (seq,) = self._events(connection, event)
            connection.execute(
                text(
                    """UPDATE transactions SET state = :to, event_seq = :seq, reason = :reason, updated_at = :at
                    WHERE id = :id"""
                ),
                {"to": to, "seq": seq, "reason": facts.get("reason"), "at": at, "id": transaction_id},
            )

    def posted(self, transaction_id: UUID, at: datetime, *, straight_through: bool, external_id: str = "B-1") -> None:
        """Take a transaction from received to completed in a few seconds."""
        for second, to in enumerate(POSTED_PATH):
            facts: dict[str, Any] = {}
            if to == "approved" and straight_through:
                facts = {"straight_through": True}
            if to == "uploaded":
                facts = {"connector": "sql", "external_id": external_id}
            kind = {"uploading": "acting", "completed": "done"}.get(to, "advanced")
            self.move(transaction_id, at + timedelta(seconds=second), kind, to, **facts)

    def waits_for_approval(self, transaction_id: UUID, at: datetime) -> None:
        """Take a received transaction to where an approver is waited for."""
        self.move(transaction_id, at, "advanced", "extracted")
        self.move(transaction_id, at, "advanced", "validated")
        self.move(transaction_id, at, "waiting", "awaiting_approval", step="approve")

    def approver(self, name: str, email: str) -> UUID:
        """Add a person who approves."""
        with self.database.organization(self.organization_id) as connection:
            return add_user(connection, self.organization_id, email=email, name=name, role="approver")

    def asked(self, transaction_id: UUID, approver: UUID, at: datetime, *, decided_at: datetime | None = None) -> None:
        """Ask a person to approve a transaction."""
        with self.database.organization(self.organization_id) as connection:
            self._insert(
                connection,
                "approvals",
                id=uuid4(),
                transaction_id=transaction_id,
                step="approve",
                approver_id=approver,
                token_hash=uuid4().hex,
                version_hash="v1",
                subject={},
                state="approved" if decided_at else "open",
                asked_at=at,
                expires_at=at + timedelta(hours=72),
                decided_at=decided_at,
            )

    def wrote(self, event: Event) -> None:
        """Append an event of any kind."""
        with self.database.organization(self.organization_id) as connection:
            self._events(connection, event)

    def rows(self, query: str, **values: Any) -> Sequence[Any]:
        """Return rows as the organization sees them."""
        with self.database.organization(self.organization_id) as connection:
            return connection.execute(text(query), values).all()

    def _dispose(
        self, connection: Connection, message_id: UUID, at: datetime, disposition: str | None, reason: str | None
    ) -> None:
        facts = {"disposition": disposition, "reason": reason, "rule": "r", "mailbox": "invoices"}
        self._events(connection, Event("message_disposed", at, "intake", message_id=message_id, facts=facts))

    def _events(self, connection: Connection, *events: Event) -> list[int]:
        return append_events(connection, self.organization_id, AUDIT_KEY, events)

    def _insert(self, connection: Connection, table: str, **values: Any) -> None:
        values["organization_id"] = self.organization_id
        names = ", ".join(values)
        marks = ", ".join(f":{name}" for name in values)
        given = {key: json.dumps(value) if isinstance(value, dict) else value for key, value in values.items()}
        connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), given)
