"""Intake as it runs, for benchmarks: one mailbox on Dovecot, the shipped rules, sandbox, ledger and object store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

from mailroom.adapters.directory import DirectoryStore
from mailroom.adapters.imap import MailboxConnection
from mailroom.bench.dovecot import PASSWORD, Dovecot
from mailroom.bench.noop import AUDIT_KEY, PROCESS, NoopSetups
from mailroom.bench.rig import Rig, database_rig
from mailroom.database.session import Database
from mailroom.documents.inspection import Inspection, inspect
from mailroom.documents.sandbox import SandboxPool
from mailroom.domain.mail import Disposition
from mailroom.domain.rfc822 import Mail
from mailroom.extraction.ladder import WARM_MODULES
from mailroom.intake.poll import Intake, PollReport
from mailroom.intake.rule_file import load_rules
from mailroom.intake.screening import Screening
from mailroom.local.settings import repository
from mailroom.settings.environment import Environment
from mailroom.settings.mailboxes import Mailbox


@dataclass(slots=True)
class Desk:
    """Everything a poll needs; each mailbox belongs to an organization of its own."""

    rig: Rig
    dovecot: Dovecot
    database: Database
    pool: SandboxPool
    intake: Intake

    def mailbox(self) -> tuple[Mailbox, UUID]:
        """Make an empty mailbox that is read from now on, with its organization."""
        user = f"box{uuid4().hex[:10]}"
        self.dovecot.maildir(user)
        mailbox = Mailbox(
            name=user,
            address="invoices@bench.example",
            host="127.0.0.1",
            port=self.dovecot.imap_port,
            security="plain",
            username=user,
            password_secret="unused",  # noqa: S106 - a secret's name
            organization="bench",
            dedicated=True,
            after="seen",
        )
        owner = self.rig.organization()
        self.intake.poll(mailbox, owner)
        return mailbox, owner

    def poll(self, mailbox: Mailbox, owner: UUID) -> PollReport:
        """Read a mailbox."""
        return self.intake.poll(mailbox, owner)


@contextmanager
def intake_desk() -> Iterator[Desk]:
    """Start Postgres, Dovecot and the sandbox, and stop them afterwards."""
    rules = load_rules(repository() / "config" / "screening" / "default.yaml", {})
    with (
        Dovecot() as dovecot,
        database_rig() as rig,
        SandboxPool(Environment().threads, warm_modules=WARM_MODULES) as pool,
    ):
        database = Database(rig.login_url)

        def look(content: bytes, filename: str) -> Inspection:
            return inspect(content, filename, pool)

        intake = Intake(
            database=database,
            store=DirectoryStore(rig.folder / "objects"),
            setups=NoopSetups(),
            screening=lambda organization_id: rules,
            organizations=dict,
            open_mailbox=lambda mailbox: MailboxConnection.open(mailbox, PASSWORD),
            answer_approval=_no_answers,
            audit_key=AUDIT_KEY,
            inspect=look,
            process=PROCESS,
        )
        try:
            yield Desk(rig, dovecot, database, pool, intake)
        finally:
            database.close()


def _no_answers(
    organization_id: UUID, mail: Mail, screening: Screening, mailbox: Mailbox, message_id: UUID
) -> tuple[Disposition, str]:
    return Disposition.REPLY, "no_approvals_here"
