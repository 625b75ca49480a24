"""A lock that the kernel releases when its holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mailroom.domain.errors import UnavailableError


class FileLock:
    """An exclusive lock on a file, not inherited by programs this process starts."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def acquire(self, within: float = 0) -> bool:
        """Take the lock, waiting up to `within` seconds; tell whether it is ours now."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + within
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    os.close(handle)
                    return False
                time.sleep(0.05)
            else:
                self._handle = handle
                return True

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    @contextmanager
    def held(self, within: float) -> Iterator[None]:
        """Hold the lock for a block; raises `UnavailableError` when another process keeps it."""
        if not self.acquire(within):
            raise UnavailableError(f"Another process holds {self._path}; try again when it has finished.")
        try:
            yield
        finally:
            self.release()


def is_held(path: Path) -> bool:
    """Tell whether some process holds the lock on this file."""
    if not path.exists():
        return False
    lock = FileLock(path)
    if lock.acquire():
        lock.release()
        return False
    return True
