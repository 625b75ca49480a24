"""A Postgres of our own: made, started and stopped without root's help or a system service."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import psycopg
from psycopg import sql

from mailroom.domain.errors import ConfigurationError, UnavailableError
from mailroom.local.generated import generated
from mailroom.local.listening import LOOPBACK
from mailroom.local.postgres_binaries import open_to_all, postgres_program, server_user
from mailroom.local.processes import DATABASE, as_user
from mailroom.local.server import Server, component_environment, database_folder

OWNER = "mailroom_owner"
"""The superuser of the local Postgres; migrations run as it, the product never does."""

_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_line_prefix": "%m [%p] ",
}
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres(Server):
    """One Postgres cluster under a state directory, on a loopback port (0 picks a free one).

    Data survives kill -9 of anything; `durable=False` gives that up for speed, for tests that throw the
    cluster away.
    """

    name: ClassVar[str] = DATABASE
    stop_signal: ClassVar[signal.Signals] = signal.SIGINT  # ends sessions, rolls back, writes all out

    def __init__(self, state_dir: Path, port: int = 0, *, durable: bool = True) -> None:
        super().__init__(state_dir)
        self.port = port or self._claims.claim_any()
        self.data = database_folder(self.folder)
        self.user = server_user()
        self._durable = durable

    def prepare(self) -> None:
        """Make the cluster when there is none, and clear what a killed server left in its folder.

        Raises `ConfigurationError` when the server's user cannot reach the folder.
        """
        self.folder.create()
        if self.user is not None and not open_to_all(self.folder.root):
            raise ConfigurationError(
                f"Postgres runs as {self.user} under root and cannot reach {self.folder.root}; "
                "set MAILROOM_STATE_DIR to a folder whose parents every user may pass.",
                code="state_folder",
            )
        if not self.data.exists():
            self._make_cluster()
        # A stale lock file names a process number that may belong to somebody else by now.
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def command(self) -> list[str]:
        """Return the command that runs the server in the foreground."""
        settings = _SETTINGS if self._durable else _SETTINGS | _NOT_DURABLE
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(postgres_program("postgres")), "-D", str(self.data), "-p", str(self.port), *options]

    def is_ready(self) -> bool:
        """Tell whether the server takes connections with our password."""
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def url(self, database: str = "postgres", *, user: str = OWNER, password: str | None = None) -> str:
        """Return a database's SQLAlchemy URL (psycopg 3); without a password, the owner's is taken."""
        secret = generated(self.folder)["postgres_owner"] if password is None else password
        return f"postgresql+psycopg://{user}:{secret}@{LOOPBACK}:{self.port}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """Open an autocommit connection as the owner."""
        address = self.url(database).replace("+psycopg", "", 1)
        return psycopg.connect(address, autocommit=True, connect_timeout=5)

    def create_database(self, name: str, *, owner: str = OWNER, template: str = "template1") -> str:
        """Make a database unless it exists and return its URL as the cluster's owner.

        A `template` is copied whole, quicker than migrating; nobody may be connected to it.
        """
        with self.connect() as connection:
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
                statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
                names = (sql.Identifier(part) for part in (name, owner, template))
                connection.execute(statement.format(*names))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Remove a database, ending its sessions; a missing one is no error."""
        with self.connect() as connection:
            statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(statement.format(sql.Identifier(name)))

    def set_login(self, role: str, password: str) -> None:
        """Give a role, made when it is missing, a password to log in with."""
        with self.connect() as connection:
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
            verb = sql.SQL("ALTER ROLE" if known else "CREATE ROLE")
            rest = sql.SQL(" {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(password))
            connection.execute(verb + rest)

    def _make_cluster(self) -> None:
        """Run initdb beside the final place, so that one that was killed half-way leaves no cluster."""
        place = self.data.parent
        place.mkdir(exist_ok=True, mode=0o700)
        draft = place / "draft"
        shutil.rmtree(draft, ignore_errors=True)
        _give_to(self.user, place)
        with self._password_file() as password_file:
            done = subprocess.run(  # noqa: S603 - our own program and arguments
                [str(postgres_program("initdb")), "-D", str(draft), "-U", OWNER, f"--pwfile={password_file}",
                 "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
                 "--builtin-locale=C.UTF-8"],
                cwd="/", env=component_environment(), capture_output=True, text=True, check=False,
                **as_user(self.user),
            )  # fmt: skip
        if done.returncode != 0:
            raise UnavailableError(f"initdb failed in {place}: {done.stderr.strip() or done.stdout.strip()}")
        draft.rename(self.data)

    @contextmanager
    def _password_file(self) -> Iterator[Path]:
        handle, name = tempfile.mkstemp(prefix="mailroom-", text=True)
        path = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(generated(self.folder)["postgres_owner"])
            _give_to(self.user, path)
            yield path
        finally:
            path.unlink(missing_ok=True)


def _give_to(user: str | None, path: Path) -> None:
    if user is not None:
        shutil.chown(path, user, as_user(user)["group"])
