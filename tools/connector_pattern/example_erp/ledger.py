"""The system itself, for which a SQLite file stands until you replace it: every method is one call to it.

Keep what the docstrings promise. What matters is which error is raised when: `AwayError` only while it is certain
that nothing was kept, `SilentError` once a bill was sent and no answer came.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from example_erp.settings import Settings

_TABLES = """
CREATE TABLE bill (
    id INTEGER PRIMARY KEY, key TEXT UNIQUE, number TEXT, supplier TEXT, issued TEXT, currency TEXT,
    net TEXT, tax TEXT, gross TEXT, kind TEXT, state TEXT);
CREATE TABLE line (bill INTEGER, position INTEGER, description TEXT, account TEXT, net TEXT);
CREATE TABLE file (bill INTEGER, position INTEGER, name TEXT, body BLOB);
"""


class AwayError(Exception):
    """The system does not answer, and nothing was sent to it."""


class RefusedError(Exception):
    """The system said no and would say so again."""


class SilentError(Exception):
    """The bill was sent and no answer came."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A bill as the system holds it; amounts as it spells them, positive."""

    id: int
    key: str
    number: str
    currency: str
    gross: str
    kind: str
    state: str
    files: int


class Ledger:
    """The system, as one customer sees it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def version(self) -> str:
        """Return what the system says of itself; raises `AwayError`."""
        with self._open() as connection:
            return str(connection.execute("SELECT sqlite_version()").fetchone()[0])

    def by_key(self, key: str) -> Entry | None:
        """Return the bill with exactly this key; raises `AwayError`, for None means that it surely is not there."""
        with self._open() as connection:
            return self._by_key(connection, key)

    def add(
        self, bill: dict[str, str], lines: Sequence[tuple[str, str, str]], files: Sequence[tuple[str, bytes]]
    ) -> tuple[Entry, bool]:
        """Keep the bill with everything, or nothing of it; return it, and whether it is new.

        The system itself guards the key: a second bill with it, at the same moment too, is the first.
        """
        names = ", ".join(bill)
        marks = ", ".join(f":{name}" for name in bill)
        with self._open() as connection:
            cursor = connection.execute(f"INSERT OR IGNORE INTO bill ({names}) VALUES ({marks})", bill)
            is_new = cursor.rowcount == 1
            if is_new:
                number = cursor.lastrowid
                rows = [(number, place, *line) for place, line in enumerate(lines)]
                connection.executemany("INSERT INTO line VALUES (?, ?, ?, ?, ?)", rows)
                papers = [(number, place, *file) for place, file in enumerate(files)]
                connection.executemany("INSERT INTO file VALUES (?, ?, ?, ?)", papers)
            entry = self._by_key(connection, bill["key"])
            self._commit(connection)
        if entry is None:
            raise SilentError("the bill is not there after it was kept")
        return entry, is_new

    def _commit(self, connection: sqlite3.Connection) -> None:
        try:
            connection.commit()
        except sqlite3.Error as err:
            raise SilentError(str(err)) from err

    def _by_key(self, connection: sqlite3.Connection, key: str) -> Entry | None:
        row = connection.execute(
            "SELECT id, key, number, currency, gross, kind, state, "
            "(SELECT count(*) FROM file WHERE file.bill = bill.id) FROM bill WHERE key = ?",
            (key,),
        ).fetchone()
        return None if row is None else Entry(*row)

    @contextlib.contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            path = f"file:{self._settings.file}?mode=rw"
            connection = sqlite3.connect(path, uri=True, timeout=self._settings.timeout_seconds)
        except sqlite3.OperationalError as err:
            raise AwayError(str(err)) from err
        try:
            yield connection
        except sqlite3.IntegrityError as err:
            raise RefusedError(str(err)) from err
        except sqlite3.OperationalError as err:
            raise AwayError(str(err)) from err
        finally:
            connection.close()


def create(settings: Settings) -> None:
    """Make an empty system, for the tests."""
    with contextlib.closing(sqlite3.connect(settings.file)) as connection:
        connection.executescript(_TABLES)
