"""The parts of the product, made from settings and secrets, each when it is first needed."""

from __future__ import annotations

import os
import secrets as randomness
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import cached_property
from uuid import UUID

from erp_connectors.interface import Connector
from erp_connectors.registry import open_connector
from mailroom.adapters.clamd import ClamdScanner
from mailroom.adapters.clock import SystemClock
from mailroom.adapters.imap import MailboxConnection
from mailroom.adapters.oauth import TokenSource
from mailroom.adapters.object_store import open_store
from mailroom.adapters.secret_source import SecretSource
from mailroom.adapters.smtp import MailServer, SmtpMailer
from mailroom.adapters.webhook import HttpWebhooks
from mailroom.bootstrap.registration import (
    mail_renderer,
    registered_steps,
    registered_watcher,
    registered_writers,
    tell_owner,
    text_look_up,
)
from mailroom.bootstrap.setups import CustomerSetups
from mailroom.database.session import Database
from mailroom.documents.inspection import Inspection, inspect
from mailroom.documents.sandbox import SandboxPool
from mailroom.domain.errors import ConfigurationError
from mailroom.engine.apply import Applier
from mailroom.engine.rendering import Render
from mailroom.engine.run import Engine
from mailroom.engine.setup import CustomerSetup
from mailroom.engine.step import StepRegistry, discover
from mailroom.extraction.ladder import WARM_MODULES
from mailroom.ports import Mailer, ObjectStore, VirusScanner, WebhookCaller
from mailroom.settings.configuration import Configuration, load_configuration
from mailroom.settings.customers import CustomerPolicy
from mailroom.settings.environment import Environment
from mailroom.settings.mailboxes import Mailbox


class Services:
    """Everything a command, a task or the web process works with. Close it, or use `services()`."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self.environ = dict(os.environ if environ is None else environ)
        self.environment = Environment.read(self.environ)
        self.secrets = SecretSource(self.environ)
        self.worker = f"{socket.gethostname()}:{os.getpid()}:{randomness.token_hex(3)}"
        self._closing = ExitStack()
        self._connectors: dict[str, Connector] = {}

    def close(self) -> None:
        """Close every part that was opened."""
        self._closing.close()

    @cached_property
    def configuration(self) -> Configuration:
        """The configuration folder as it was read when first asked for."""
        return load_configuration(self.environment.config_dir, self.environ)

    @cached_property
    def database(self) -> Database:
        """The product's database."""
        if not self.environment.database_url:
            raise ConfigurationError(
                "MAILROOM_DATABASE_URL is not set. Start the local stack with `mailroom up`, or set it.",
                code="no_database",
            )
        database = Database(self.environment.database_url, pool_size=self.environment.database_pool)
        self._closing.callback(database.close)
        return database

    @cached_property
    def store(self) -> ObjectStore:
        """The object store."""
        if not self.environment.s3_url:
            raise ConfigurationError(
                "MAILROOM_S3_URL is not set; use s3://bucket/prefix or file:///folder.", code="no_store"
            )
        return open_store(self.environment.s3_url, self.environment.s3_endpoint_url)

    @cached_property
    def audit_key(self) -> bytes:
        """The key of the event log's hash chain; not in the database."""
        return self.secrets.get("AUDIT_KEY").encode()

    @cached_property
    def token_key(self) -> bytes:
        """The key that signs approval tokens and forms."""
        return self.secrets.get("TOKEN_KEY").encode()

    @cached_property
    def pool(self) -> SandboxPool:
        """Warm children that open files."""
        pool = SandboxPool(self.environment.threads, warm_modules=WARM_MODULES)
        self._closing.callback(pool.close)
        return pool

    @cached_property
    def virus_scanner(self) -> VirusScanner | None:
        """The virus scanner; None where the local profile does without one."""
        if self.environment.virus_scan == "clamd":
            return ClamdScanner(self.environment.clamd_address)
        if self.environment.profile == "local":
            return None
        raise ConfigurationError(
            "MAILROOM_VIRUS_SCAN is off, and mail is not read unscanned in production. Set it to clamd, and "
            "MAILROOM_CLAMD_ADDRESS to where clamd listens.",
            code="no_virus_scan",
        )

    @cached_property
    def mailer(self) -> Mailer:
        """The mail server that sends."""
        env = self.environment
        server = MailServer(env.smtp_host, env.smtp_port, env.smtp_security, env.smtp_username)
        password = self.secrets.get(env.smtp_password_secret) if env.smtp_username else None
        mailer = SmtpMailer(server, SystemClock(), password=password)
        self._closing.callback(mailer.close)
        return mailer

    @cached_property
    def webhooks(self) -> WebhookCaller:
        """Calls other systems; this machine itself only in the local profile."""
        return HttpWebhooks(self.secrets, SystemClock(), allow_loopback=self.environment.profile == "local")

    @cached_property
    def look_up(self) -> Callable[[str], bytes | None]:
        """Looks up DKIM keys."""
        return text_look_up(self.environment)

    @cached_property
    def render(self) -> Render:
        """Renders mail templates."""
        return mail_renderer(self)

    @cached_property
    def registry(self) -> StepRegistry:
        """Every step a process may name."""
        registry = StepRegistry(registered_steps(self))
        discover(registry, self)
        return registry

    @cached_property
    def setups(self) -> CustomerSetups:
        """Each organization's configuration, bound to code."""
        return CustomerSetups(self.database, self.configuration, self.registry)

    @cached_property
    def engine(self) -> Engine:
        """The engine."""
        env = self.environment
        applier = Applier(
            self.database,
            registered_writers(),
            self.audit_key,
            self.worker,
            env.lease_seconds,
            tell_owner(),
            registered_watcher(self),
        )
        return Engine(
            self.database,
            self.setups,
            applier,
            self.worker,
            lease_seconds=env.lease_seconds,
            batch=env.batch,
            threads=env.threads,
        )

    def organization(self, slug: str) -> UUID:
        """Return an organization's id by slug."""
        return self.setups.organization(slug)

    def setup(self, organization_id: UUID) -> CustomerSetup:
        """Return an organization's setup; raises `ConfigurationError` when none is usable."""
        found = self.setups.of(organization_id)
        if found is None:
            self.setups.bundle(organization_id)
            raise ConfigurationError(f"organization {organization_id} has no usable configuration")
        return found

    def mailboxes(self) -> Iterator[tuple[Mailbox, UUID]]:
        """Yield every configured mailbox with the organization its ledger belongs to."""
        for organization_id in self.setups.organizations().values():
            if self.setups.of(organization_id) is not None:
                for mailbox in self.setups.bundle(organization_id).mailboxes:
                    yield mailbox, organization_id

    @cached_property
    def tokens(self) -> TokenSource:
        """Passwords and access tokens of mailboxes."""
        return TokenSource(self.secrets)

    def open_mailbox(self, mailbox: Mailbox) -> MailboxConnection:
        """Log in to a mailbox; a token the server no longer takes is fetched anew the next time."""
        try:
            return MailboxConnection.open(mailbox, self.tokens.login_secret(mailbox))
        except ConfigurationError as err:
            if err.code == "login_refused":
                self.tokens.forget(mailbox)
            raise

    def inspect(self, content: bytes, filename: str) -> Inspection:
        """Look into a file in the sandbox."""
        return inspect(content, filename, self.pool)

    def connector_for(self, customer: CustomerPolicy) -> tuple[str, Connector]:
        """Return the connection a customer posts through; raises `ConfigurationError` when there is none."""
        entry = self.setups.bundle(self.organization(customer.organization)).connector
        if entry is None:
            raise ConfigurationError(f"{customer.organization} names no connector under `posting`", code="no_connector")
        key = f"{customer.organization}:{entry.name}"
        if key not in self._connectors:
            secrets = {role: self.secrets.get(name) for role, name in entry.secrets.items()}
            connector = open_connector(entry.connector, entry.settings, secrets)
            self._closing.callback(connector.close)
            self._connectors[key] = connector
        return entry.name, self._connectors[key]

    @cached_property
    def process_names(self) -> list[str]:
        """The names of all configured processes."""
        return sorted({name for bundle in self.configuration.bundles.values() for name in bundle.processes})


@contextmanager
def services(environ: Mapping[str, str] | None = None) -> Iterator[Services]:
    """Open the product's parts for one command, task or process, and close them afterwards."""
    opened = Services(environ)
    try:
        yield opened
    finally:
        opened.close()
