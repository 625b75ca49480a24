"""Making names on disk survive a power cut, for many threads at the price of few."""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path

_REMEMBERED = 10_000


class FolderSync:
    """Makes and syncs folders below `root`, one call for all threads that wait for the same folder.

    A thread that comes while a sync runs needs the next one, since the running one may have missed its file;
    all that wait by then share it.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lock = threading.Lock()
        self._turns: dict[Path, _Turn] = {}
        self._durable: set[Path] = set()

    def sync(self, folder: Path) -> None:
        """Return when every name made in `folder` before this call is on disk."""
        with self._lock:
            turn = self._turns.setdefault(folder, _Turn())
            turn.waiting += 1
            needed = turn.begun + 1
        try:
            with turn.running:
                if turn.done >= needed:
                    return
                with self._lock:
                    turn.begun += 1
                    serving = turn.begun
                _fsync(folder)
                turn.done = serving
        finally:
            with self._lock:
                turn.waiting -= 1
                if not turn.waiting:
                    self._turns.pop(folder, None)

    def make(self, folder: Path) -> None:
        """Make a folder below the root and return when its own name, and those above it, are on disk.

        A folder that exists may have been made by somebody who has not synced it yet, so the first use
        syncs it too.
        """
        unsure: list[Path] = []
        while folder != self._root and not (folder in self._durable and folder.is_dir()):
            unsure.append(folder)
            folder = folder.parent
        for path in reversed(unsure):
            with contextlib.suppress(FileExistsError):
                path.mkdir(mode=0o700)
            self.sync(path.parent)
            self._remember(path)

    def _remember(self, folder: Path) -> None:
        with self._lock:
            if len(self._durable) >= _REMEMBERED:
                self._durable.clear()
            self._durable.add(folder)


class _Turn:
    """Counts the syncs of one folder."""

    def __init__(self) -> None:
        self.running = threading.Lock()
        self.waiting = self.begun = self.done = 0


def _fsync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
