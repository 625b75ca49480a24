"""A real Tryton on loopback, started from the template, brought back to it between tests."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.servers.listening import free_port, wait_for_port
from tests.servers.tryton.template import DATABASE, ENVIRONMENT, template, write_configuration

# What a module brings and no test changes; the rest is a few hundred rows.
_KEPT = ("ir_", "country", "res_group", "currency_currency_rate")
_RESTORED = ("ir_attachment", "ir_session", "ir_sequence_strict")


class TrytonServer:
    """One server process with one database."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="mailroom-tryton-"))
        self.database = self._folder / f"{DATABASE}.sqlite"
        shutil.copyfile(template(), self.database)
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start and wait until it answers."""
        configuration = write_configuration(self._folder, self.port)
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [str(ENVIRONMENT / "bin" / "trytond"), "-c", str(configuration), "-d", DATABASE],
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        if not wait_for_port(self.port, 60):
            raise RuntimeError(f"Tryton did not start: {(self._folder / 'log').read_text()[-2000:]}")

    def remove(self) -> None:
        """Stop it and delete everything."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait(10)
        shutil.rmtree(self._folder, ignore_errors=True)

    def restore(self) -> None:
        """Bring every record back to what the template holds, past Tryton."""
        with self.sql() as database:
            database.execute("PRAGMA foreign_keys = OFF")
            database.execute("ATTACH ? AS template", (str(template()),))
            database.execute("BEGIN IMMEDIATE")
            names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for name in names:
                if name in _RESTORED or not name.startswith((*_KEPT, "sqlite_")):
                    database.execute(f'DELETE FROM main."{name}"')
                    database.execute(f'INSERT INTO main."{name}" SELECT * FROM template."{name}"')
            database.execute("COMMIT")

    @contextlib.contextmanager
    def sql(self) -> Iterator[sqlite3.Connection]:
        """Open the database beside Tryton; what is changed is committed at the end."""
        connection = sqlite3.connect(self.database, timeout=20, isolation_level=None)
        connection.text_factory = lambda value: value.decode()
        try:
            yield connection
        finally:
            connection.close()


def running_tryton() -> Iterator[TrytonServer]:
    """Yield a running server and remove it afterwards; the body of a fixture."""
    server = TrytonServer()
    try:
        server.start()
        yield server
    finally:
        server.remove()
