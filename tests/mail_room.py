"""Intake to test with: the real reader, rules, sandbox, ledger and store, for customers made of a few lines."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from mailroom.adapters.imap import MailboxConnection
from mailroom.database.session import Database
from mailroom.demo.paper import InvoicePaper, PaperLine, Party, invoice_pdf
from mailroom.documents.inspection import Inspection, inspect
from mailroom.documents.sandbox import SandboxPool
from mailroom.domain.mail import Disposition
from mailroom.domain.outcome import Advance
from mailroom.domain.rfc822 import Mail
from mailroom.domain.transaction import State
from mailroom.engine.setup import CustomerSetup
from mailroom.intake.poll import Intake, PollReport
from mailroom.intake.rule_file import load_rules
from mailroom.intake.screening import Screening
from mailroom.ports import MailboxReader, ObjectStore, VirusScanner
from mailroom.settings.mailboxes import Mailbox
from tests.builders import AUDIT_KEY, a_customer, a_process, a_step, rows
from tests.servers.dovecot import PASSWORD

RULES = load_rules(Path(__file__).parents[1] / "config" / "screening" / "default.yaml", {})
PROCESS = "accounts_payable"


class Customers:
    """Every organization's setup; one that is in `faulty` has none."""

    def __init__(self) -> None:
        self.faulty: set[UUID] = set()
        process = a_process((a_step("extract", lambda fact: Advance()), State.EXTRACTED, {}), name=PROCESS)
        self._setup = CustomerSetup(a_customer(), {PROCESS: process}, "tests")

    def of(self, organization_id: UUID) -> CustomerSetup | None:
        return None if organization_id in self.faulty else self._setup


def never_asked(
    organization: UUID, mail: Mail, screening: Screening, mailbox: Mailbox, message: UUID
) -> tuple[Disposition, str]:
    raise AssertionError("no mail here answers an approval request")


@dataclass
class MailRoom:
    """One IMAP server, some customers by slug (`acme` owns the mailbox), and what it takes to poll."""

    database: Database
    store: ObjectStore
    imaps_port: int
    ca: Path
    user: str
    organizations: dict[str, UUID]
    pool: SandboxPool | None = None
    customers: Customers = field(default_factory=Customers)
    password: str = PASSWORD
    wrap_reader: Callable[[MailboxReader], Any] = lambda reader: reader
    look: Callable[[bytes, str], Any] | None = None
    scanner: VirusScanner | None = None
    slept: list[float] = field(default_factory=list)

    def mailbox(self, **changes: Any) -> Mailbox:
        """Return the mailbox's policy: dedicated, over TLS, of the first customer."""
        settings: dict[str, Any] = {
            "name": "acme-invoices", "address": "ap@acme.example", "host": "127.0.0.1", "port": self.imaps_port,
            "ca_file": str(self.ca), "username": self.user, "password_secret": "x", "organization": "acme",
            "timeout": 5, "dedicated": True, "after": "seen",
        }  # fmt: skip
        return Mailbox.model_validate(settings | changes)

    def intake(self) -> Intake:
        """Return intake for one process."""
        return Intake(
            self.database,
            self.store,
            self.customers,
            lambda organization: RULES,
            lambda: self.organizations,
            lambda mailbox: self.wrap_reader(MailboxConnection.open(mailbox, self.password)),
            never_asked,
            AUDIT_KEY,
            inspect=self.look or (self._look if self.pool else None),
            sleep=self._sleep,
            scanner=self.scanner,
        )

    def poll(self, **changes: Any) -> PollReport:
        """Read the mailbox once."""
        mailbox = self.mailbox(**changes)
        owner = self.organizations["operator" if mailbox.is_shared else mailbox.organization]
        return self.intake().poll(mailbox, owner)

    def _look(self, content: bytes, filename: str) -> Inspection:
        assert self.pool is not None
        return inspect(content, filename, self.pool)

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        time.sleep(min(seconds, 0.2))

    # What the outside sees

    def rows(self, query: str, *, of: str = "acme", **parameters: Any) -> Sequence[Any]:
        """Return rows as one organization sees them."""
        return rows(self.database, self.organizations[of], query, **parameters)

    def ended(self, of: str = "acme") -> Counter[tuple[str | None, str | None]]:
        """Return how many messages ended as (disposition, reason)."""
        return Counter((row.disposition, row.reason) for row in self.rows("SELECT * FROM messages", of=of))

    def dispositions(self, of: str = "acme") -> dict[str, int]:
        """Return how many messages have each disposition; undecided ones under ''."""
        return dict(Counter(row.disposition or "" for row in self.rows("SELECT disposition FROM messages", of=of)))

    def transactions(self, of: str = "acme") -> list[Any]:
        """Return the transactions, oldest first."""
        return list(self.rows("SELECT * FROM transactions ORDER BY created_at, id", of=of))

    def let_leases_run_out(self, of: str = "acme") -> None:
        """Do what half a minute does."""
        self.rows(
            "UPDATE messages SET leased_until = now() - interval '1 s' WHERE leased_until > now() RETURNING 1", of=of
        )

    def let_backoff_run_out(self, of: str = "acme") -> None:
        """Do what ten minutes do."""
        self.rows("UPDATE mailboxes SET next_login_at = NULL RETURNING 1", of=of)


@cache
def a_paper(number: str) -> bytes:
    """Return an invoice as PDF."""
    paper = InvoicePaper(
        supplier=Party("Nordlicht Papier GmbH", "Hafenstr. 4", "24103 Kiel", "Germany", tax_id="DE136695976"),
        customer=Party("Acme Kitchens GmbH", "Torstr. 1", "10119 Berlin", "Germany"),
        number=number,
        issue_date=date(2026, 3, 2),
        lines=(PaperLine("Copy paper A4", Decimal(10), Decimal("10.00"), Decimal(19)),),
    )
    return invoice_pdf(paper)


def a_mail(
    number: str = "INV-1",
    *,
    files: Sequence[tuple[str, bytes]] | None = None,
    body: str = "Please find our invoice attached.",
    **headers: str,
) -> bytes:
    """Return an invoice mail; `files` are (name, bytes) of PDFs, headers replace the usual ones ('' leaves one out)."""
    mail = EmailMessage()
    usual = {
        "From": "Nordlicht <billing@nordlicht.example>",
        "To": "ap@acme.example",
        "Subject": f"Invoice {number}",
        "Date": "Mon, 02 Mar 2026 09:00:00 +0000",
        "Message-ID": f"<{number}@nordlicht.example>",
    }
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    for name, value in (usual | given).items():
        if value:
            mail[name] = value
    mail.set_content(body)
    for name, content in [(f"{number}.pdf", a_paper(number))] if files is None else files:
        mail.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return mail.as_bytes()
