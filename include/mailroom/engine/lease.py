"""Keep leases alive while a slice is worked on."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import structlog

from mailroom.database.dispatch import renew
from mailroom.database.session import Database
from mailroom.domain.errors import UnavailableError
from mailroom.domain.slices import Claim

log = structlog.get_logger()


@contextmanager
def kept_alive(database: Database, claims: Sequence[Claim], lease_seconds: float) -> Iterator[None]:
    """Renew the claims' leases at a third of their length until the block ends.

    A process that stands still loses its leases; its fence keeps it from writing afterwards (I9).
    """
    done = threading.Event()

    def beat() -> None:
        while not done.wait(lease_seconds / 3):
            try:
                with database.dispatch() as connection:
                    renew(connection, claims, lease_seconds)
            except UnavailableError as err:
                log.warning("leases not renewed", claims=len(claims), cause=err.code)

    thread = threading.Thread(target=beat, name="leases", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
