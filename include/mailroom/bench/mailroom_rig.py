"""The product as it runs, for benchmarks: the local stack with every DAG, reading mailboxes on a real Dovecot."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from mailroom.bench.dovecot import PASSWORD, Dovecot
from mailroom.database.organizations import add_organization
from mailroom.domain.errors import UnavailableError
from mailroom.local.airflow_settings import AIRFLOW_DATABASE
from mailroom.local.settings import StackSettings, repository
from mailroom.local.stack import Stack
from mailroom.local.stack_status import memory_of

CUSTOMER = "bench"
LONGEST = 90.0
_PASSWORD_SECRET = "bench_mail"  # noqa: S105 - a secret's name
_POLICIES = ("processes", "retry", "screening", "sla")


@dataclass(slots=True)
class MailroomRig:
    """A running stack and its mailboxes; they have been read once, so that mail counts from now on."""

    stack: Stack
    dovecot: Dovecot
    owner: Engine
    mailboxes: Sequence[str]
    peak_mb: float = 0.0

    def rows(self, query: str, **values: Any) -> list[Any]:
        """Read the product's database as its owner."""
        with self.owner.connect() as connection:
            return list(connection.execute(text(query), values).all())

    def airflow_rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read Airflow's metadata."""
        with self.stack.postgres.connect(AIRFLOW_DATABASE) as connection:
            return connection.execute(query.encode()).fetchall()

    def wait(self, condition: Callable[[], object], what: str) -> None:
        """Wait until a condition holds; raises `UnavailableError` when it takes too long."""
        deadline = time.monotonic() + LONGEST
        while not condition():
            if time.monotonic() > deadline:
                raise UnavailableError(f"waited {LONGEST:.0f} s for {what}; logs: {self.stack.settings.folder.logs}")
            time.sleep(0.3)

    def rest(self) -> None:
        """Wait until Airflow runs nothing."""
        query = "SELECT 1 FROM dag_run WHERE state IN ('queued', 'running') LIMIT 1"
        self.wait(lambda: not self.airflow_rows(query), "Airflow to rest")

    def note_memory(self, done: threading.Event) -> None:
        """Note the most memory that Airflow's processes and their tasks take together."""
        while not done.wait(5.0):
            used = memory_of(self.stack.settings.folder)
            airflow = sum(size for name, size in used.items() if name not in {"postgres", "mail", "web"})
            self.peak_mb = max(self.peak_mb, airflow / 2**20)


@contextmanager
def mailroom_rig(mailboxes: Sequence[str]) -> Iterator[MailroomRig]:
    """Start everything for one customer with these mailboxes, and remove it afterwards."""
    # Not the system's temporary folder: Postgres' own user must reach it.
    root = Path(tempfile.mkdtemp(prefix="mailroom-bench-", dir="/var/tmp"))
    root.chmod(0o755)
    done = threading.Event()
    try:
        with Dovecot() as dovecot, _password_known():
            write_configuration(root / "config", dovecot.imap_port, mailboxes)
            settings = StackSettings(state_dir=root / "state", config_dir=root / "config", ports="auto")
            with Stack(settings) as stack:
                rig = _opened(stack, dovecot, mailboxes)
                watching = threading.Thread(target=rig.note_memory, args=(done,), daemon=True)
                watching.start()
                yield rig
                done.set()
                watching.join()
    finally:
        done.set()
        shutil.rmtree(root, ignore_errors=True)


def _opened(stack: Stack, dovecot: Dovecot, mailboxes: Sequence[str]) -> MailroomRig:
    owner = create_engine(stack.environment()["MAILROOM_DATABASE_OWNER_URL"], poolclass=NullPool)
    with owner.begin() as connection:
        add_organization(connection, CUSTOMER, "Bench Kitchens Ltd")
    rig = MailroomRig(stack, dovecot, owner, mailboxes)
    read = "SELECT 1 FROM mailboxes WHERE last_success_at IS NOT NULL"
    rig.wait(lambda: len(rig.rows(read)) == len(mailboxes), "the mailboxes to be read once")
    rig.rest()
    return rig


def write_configuration(folder: Path, imap_port: int, mailboxes: Sequence[str]) -> None:
    """Write the shipped processes and policies, and one customer who only looks on: nothing is posted or sent."""
    for name in _POLICIES:
        shutil.copytree(repository() / "config" / name, folder / name)
    customer = {
        "organization": CUSTOMER,
        "name": "Bench Kitchens Ltd",
        "mode": "shadow",
        "sender": "ap@bench.example",
        "owner": "owner@bench.example",
        "processes": {"accounts_payable": {}},
    }
    _write_yaml(folder / "customers", CUSTOMER, customer)
    for name in mailboxes:
        mailbox = {
            "name": name,
            "address": f"{name}@bench.example",
            "host": "127.0.0.1",
            "port": imap_port,
            "security": "plain",
            "username": name,
            "password_secret": _PASSWORD_SECRET,
            "organization": CUSTOMER,
            "dedicated": True,
            "after": "seen",
        }
        _write_yaml(folder / "mailboxes", name, mailbox)


def _write_yaml(folder: Path, name: str, body: dict[str, Any]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(yaml.safe_dump(body))


@contextmanager
def _password_known() -> Iterator[None]:
    """Give every process of the stack the mailboxes' password."""
    variable = f"MAILROOM_SECRET_{_PASSWORD_SECRET.upper()}"
    os.environ[variable] = PASSWORD
    try:
        yield
    finally:
        del os.environ[variable]
