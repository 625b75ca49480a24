"""An invoice on its way to a decision: a desk that shows what it is told, a real database, a real SMTP server."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from email.message import EmailMessage
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from mailroom.adapters.clock import SystemClock
from mailroom.adapters.directory import DirectoryStore
from mailroom.adapters.smtp import MailServer, SmtpMailer
from mailroom.approvals.decisions import DecisionResult, record_decision
from mailroom.approvals.mail import MailDecision, decide_by_mail
from mailroom.approvals.requests import APPROVAL_TEMPLATES, ApprovalLetters
from mailroom.approvals.step import approve_step
from mailroom.approvals.writers import approvals_writers
from mailroom.clocks.follow_up import ESCALATIONS, FollowUpReport, follow_up
from mailroom.clocks.letters import CLOCK_TEMPLATES, clock_composers
from mailroom.clocks.terms import SlaSubject
from mailroom.clocks.watch import sla_watch
from mailroom.database.approvals import Approval, approvals_of
from mailroom.database.organizations import add_user
from mailroom.database.session import Database
from mailroom.domain.approval import ApprovalSubject, Decision
from mailroom.domain.finding import Finding, Severity
from mailroom.domain.mail import Attachment
from mailroom.domain.money import Money
from mailroom.domain.outcome import Advance
from mailroom.domain.rfc822 import Mail, read_mail
from mailroom.domain.transaction import State
from mailroom.engine.common_writers import common_writers
from mailroom.engine.delivery import DeliveryReport, deliver_outbox
from mailroom.engine.rendering import Templates, rendering
from mailroom.engine.run import Engine
from mailroom.engine.setup import CustomerSetup
from mailroom.ports import Mailer
from mailroom.settings.customers import CustomerPolicy
from mailroom.settings.mailboxes import Mailbox
from mailroom.settings.sla import SlaPolicy
from tests.builders import AUDIT_KEY, OneSetup, a_customer, a_process, a_step, an_engine, due_transactions, rows
from tests.servers.smtp_sink import SmtpSink

TOKEN_KEY = b"token key for tests only"
WEB_URL = "https://mailroom.acme.example"
ANNA, BOB, OWNER = "anna@acme.example", "bob@acme.example", "owner@acme.example"
MAIL_SERVER = "mx.acme.example"
PDF = b"%PDF-1.7 the invoice as it came"

SUBJECT = ApprovalSubject(
    version_hash="v1",
    amount=Money(Decimal("1204.10"), "EUR"),
    payee="Nordwind Büromöbel GmbH",
    supplier_number="S-100",
    department="it",
    reference="RE-2026-0117",
    fields=(
        ("Invoice number", "RE-2026-0117"),
        ("Invoice date", "2 March 2026"),
        ("Net", "1,011.85 EUR"),
        ("VAT 19 %", "192.25 EUR"),
        ("Bank account", "DE89 3704 0044 0532 0130 00"),
        ("Purchase order", "PO-4711"),
    ),
    findings=(
        Finding(
            "po_price", Severity.HOLD, "The price of line 2 is above the purchase order", "480.00 EUR", "505.00 EUR"
        ),
        Finding("due_date", Severity.NOTE, "No due date is printed; 30 days are assumed."),
    ),
    confidence=Decimal("0.97"),
    submitters=frozenset({"billing@nordwind.example"}),
)
"""1,011.85 at 19 % is 192.25 of VAT and 1,204.10 in all."""

EVERY_DAY = {"weekend": []}
"""Whatever day the tests run on is a business day."""
APPROVALS = {"rules": [{"approvers": [ANNA, BOB]}]}


@dataclass
class Story:
    """One customer whose invoices `subject` describes; change it to play an edit."""

    database: Database
    organization: UUID
    store: DirectoryStore
    sink: SmtpSink | None = None
    customer: CustomerPolicy = field(
        default_factory=lambda: a_customer(approvals=APPROVALS, timezone="Europe/Berlin", calendar=EVERY_DAY)
    )
    subject: ApprovalSubject = SUBJECT
    sla: SlaPolicy | None = None
    proof: str = "link_only"
    audit_key: bytes = AUDIT_KEY
    token_key: bytes = TOKEN_KEY

    def __post_init__(self) -> None:
        key = f"org/{self.organization}/objects/invoice"
        self.store.put(key, PDF, content_type="application/pdf")
        attachment = Attachment(key, "RE-2026-0117.pdf", "application/pdf")
        self.subject = replace(self.subject, attachments=(attachment,))
        self.people((ANNA, "Anna Arendt"), (BOB, "Bob Brandt"))
        if self.sink is not None:
            self.mailer: Mailer = SmtpMailer(MailServer("127.0.0.1", self.sink.port, "plain"), SystemClock())

    @property
    def setups(self) -> OneSetup:
        return OneSetup(self.process, self.customer)

    @property
    def setup(self) -> CustomerSetup:
        return self.setups.setup

    @property
    def process(self) -> Any:
        step = approve_step(lambda _c, found, _x: {each.id: self.subject for each in found}, self.token_key)
        return a_process(
            (a_step("read", lambda _: Advance()), State.EXTRACTED, {}),
            (a_step("check", lambda _: Advance()), State.VALIDATED, {}),
            (step, State.APPROVED, {"waits_as": State.AWAITING_APPROVAL}),
        )

    def people(self, *named: tuple[str, str], role: str = "approver", limit: Decimal | None = None) -> None:
        with self.database.organization(self.organization) as connection:
            for email, name in named:
                add_user(connection, self.organization, email=email, name=name, role=role, approval_limit=limit)

    def arrives(self, count: int = 1, *, mode: str = "draft") -> list[UUID]:
        return due_transactions(self.database, self.organization, count, step="read", mode=mode)

    def engine(self) -> Engine:
        writers = common_writers()
        for effect, writer in approvals_writers().items():
            writers.add(effect, writer)
        engine = an_engine(self.database, self.process, writers=writers)
        watch = sla_watch(lambda _: self.sla, lambda _c, ids: dict.fromkeys(ids, self.sla_subject))
        return replace(engine, setups=self.setups, applier=replace(engine.applier, on_moves=watch))

    @property
    def sla_subject(self) -> SlaSubject:
        return SlaSubject(self.subject.amount, self.subject.department)

    def works(self) -> None:
        self.engine().run_due(["test"])

    def delivers(self, *, mailer: Mailer | None = None, most: int = 500, worker: str = "post-1") -> DeliveryReport:
        letters = ApprovalLetters(
            Templates([APPROVAL_TEMPLATES, CLOCK_TEMPLATES]), self.token_key, WEB_URL, lambda _: self.proof
        )
        render = rendering(
            letters.templates, self.setups, {**letters.composers(), **clock_composers(letters.templates)}
        )
        chosen = mailer or self.mailer
        return deliver_outbox(
            self.database, chosen, self.store, render, audit_key=self.audit_key, worker=worker, most=most
        )

    def follows_up(self) -> FollowUpReport:
        return follow_up(self.database, self.setups, audit_key=self.audit_key)

    def escalates(self) -> FollowUpReport:
        return follow_up(self.database, self.setups, audit_key=self.audit_key, acts=ESCALATIONS)

    def waits(self, hours: float) -> None:
        """Let time pass: every stored time moves into the past by so many hours."""
        shifted = {
            "approvals": ("asked_at", "expires_at"),
            "sla_clocks": ("started_at", "due_at"),
            "transactions": ("created_at", "due_at"),
            "outbox": ("due_at", "created_at"),
            "delegations": ("starts_at", "ends_at"),
        }
        for table, columns in shifted.items():
            sets = ", ".join(f"{column} = {column} - make_interval(hours => :hours)" for column in columns)
            self.changes(f"UPDATE {table} SET {sets}", hours=hours)
        # Reminders are one a day: those written so far are of another day now.
        self.changes(
            "UPDATE outbox SET dedupe_key = md5(dedupe_key), id = gen_random_uuid() WHERE template LIKE '%_reminder'"
        )

    def changes(self, statement: str, **parameters: Any) -> None:
        with self.database.organization(self.organization) as connection:
            connection.execute(text(statement), parameters)

    def rows(self, query: str, **parameters: Any) -> Sequence[Any]:
        return rows(self.database, self.organization, query, **parameters)

    def state(self) -> tuple[str, str | None]:
        (row,) = self.rows("SELECT state, reason FROM transactions")
        return row.state, row.reason

    def asked(self) -> dict[str, str]:
        """Return each approver's question and where it stands."""
        found = self.rows("SELECT u.email, a.state FROM approvals a JOIN users u ON u.id = a.approver_id")
        return {row.email: row.state for row in found}

    def question(self, email: str) -> Approval:
        """Return the newest question to one approver."""
        (transaction,) = self.rows("SELECT id FROM transactions")
        with self.database.organization(self.organization) as connection:
            asked = approvals_of(connection, [transaction.id])[transaction.id]
        return [each for each in asked if each.approver_email == email][-1]

    def decides(self, email: str, decision: Decision, *, channel: str = "staff", actor: str = "") -> DecisionResult:
        """Record a decision of one approver."""
        return record_decision(
            self.database,
            self.organization,
            self.question(email).id,
            decision,
            setup=self.setup,
            channel=channel,
            actor=actor or email,
            reason="because",
            evidence={},
            audit_key=self.audit_key,
        )

    def reply(self, to: EmailMessage, body: str, *, sender: str = ANNA, proved: bool = True, **headers: str) -> Mail:
        """Return an answer to a request, as the mailbox's own server would have received it."""
        mail = EmailMessage()
        if proved:
            domain = sender.rpartition("@")[2]
            mail["Authentication-Results"] = f"{MAIL_SERVER}; dmarc=pass header.from={domain}"
        mail["From"], mail["To"], mail["Subject"] = sender, "ap@acme.example", f"Re: {to['Subject']}"
        mail["Date"] = "Mon, 02 Mar 2026 09:00:00 +0000"
        mail["Message-ID"] = f"<{uuid4()}@mail.example>"
        mail["In-Reply-To"] = to["Message-ID"]
        mail["References"] = " ".join(filter(None, (to["References"], to["Message-ID"])))
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(body)
        return read_mail(mail.as_bytes())

    def reads(self, mail: Mail, *, message_id: UUID | None = None) -> MailDecision:
        """Let intake hand over an answer."""
        mailbox = Mailbox(
            name="ap",
            address="ap@acme.example",
            host="127.0.0.1",
            security="plain",
            username="ap",
            password_secret="AP",
            organization="acme",
            proof=self.proof,
        )
        return decide_by_mail(
            self.database,
            self.organization,
            self.setup,
            mail,
            mailbox,
            message_id or uuid4(),
            audit_key=self.audit_key,
        )

    def events(self, kind: str) -> list[dict[str, Any]]:
        found = self.rows("SELECT body::jsonb -> 'facts' AS facts FROM events WHERE kind = :k ORDER BY seq", k=kind)
        return [row.facts for row in found]

    def mails_to(self, address: str) -> list[EmailMessage]:
        assert self.sink is not None
        return [mail for mail in self.sink.messages() if mail["To"].addresses[0].addr_spec == address]


def body_of(mail: EmailMessage, kind: str = "plain") -> str:
    """Return a mail's text or HTML with line ends as LF."""
    part = mail.get_body((kind,))
    assert part is not None
    return part.get_content().replace("\r\n", "\n")


def token_in(mail: EmailMessage) -> str:
    """Return the token in the link of a request mail."""
    found = re.search(r"/a/([a-z2-7]{26})\b", body_of(mail))
    assert found is not None
    return found[1]
