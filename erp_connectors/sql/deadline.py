"""Never wait for a database longer than allowed, even one that keeps the connection open and is silent."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Engine, event


class Deadline:
    """Shuts down the sockets of the connections it watches when its time is over.

    Whoever waits on one of them then gets an error. Drivers that show no socket (`fileno`) are left
    alone: SQLite has none, and others are given their own time limits under `connect_args`.
    """

    def __init__(self, seconds: float) -> None:
        self._descriptors: list[int] = []
        # The lock keeps the timer from shutting a descriptor that was closed and used again meanwhile.
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._cut_off)
        self._timer.daemon = True

    def start(self) -> None:
        """Begin to count."""
        self._timer.start()

    def watch(self, connection: Any) -> None:
        """Watch one more driver's connection."""
        fileno = getattr(connection, "fileno", None)
        if fileno is not None:
            with self._lock:
                self._descriptors.append(fileno())

    def lift(self) -> None:
        """Stop counting and forget the connections; to be called before they are closed."""
        with self._lock:
            self._descriptors.clear()
        self._timer.cancel()

    def _cut_off(self) -> None:
        with self._lock:
            for descriptor in self._descriptors:
                with contextlib.suppress(OSError), socket.socket(fileno=os.dup(descriptor)) as wire:
                    wire.shutdown(socket.SHUT_RDWR)


_current: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


def watch_connections(engine: Engine) -> None:
    """Put every new connection of the engine under the deadline in force, from its first query on."""
    event.listen(engine, "connect", _watch, insert=True)


@contextlib.contextmanager
def deadline(seconds: float) -> Iterator[Deadline]:
    """Put connections that this thread opens inside the block under one deadline."""
    found = Deadline(seconds)
    token = _current.set(found)
    found.start()
    try:
        yield found
    finally:
        found.lift()
        _current.reset(token)


def _watch(connection: Any, _record: object) -> None:
    current = _current.get()
    if current is not None:
        current.watch(connection)
