"""The components' log files: their last lines, and keeping them from growing without end."""

from __future__ import annotations

import contextlib
import shutil
import time
from pathlib import Path

TURN_OVER_AT = 20 * 1024 * 1024
"""Bytes at which a log is turned over; one older copy is kept."""


def tail(path: Path, lines: int = 12) -> str:
    """Return the last lines of a log, reading no more than its last 64 KiB."""
    try:
        with path.open("rb") as file:
            file.seek(0, 2)
            file.seek(max(0, file.tell() - 65536))
            return "\n".join(file.read().decode("utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"


def turn_over(folder: Path, at: int = TURN_OVER_AT) -> None:
    """Copy each log that has grown past `at` bytes to NAME.log.1 and empty it.

    Emptied in place, since its writer keeps it open; every writer appends, so it goes on from the start.
    """
    for path in folder.glob("*.log"):
        if path.stat().st_size > at:
            shutil.copyfile(path, path.with_suffix(".log.1"))
            with path.open("r+b") as file:
                file.truncate(0)


def prune(folder: Path, older_than_days: int) -> int:
    """Remove files last written more than that many days ago, then empty folders; return how many files."""
    limit = time.time() - older_than_days * 86400
    removed = 0
    for path in sorted(folder.rglob("*"), reverse=True):  # contents before their folder
        with contextlib.suppress(OSError):  # a folder that is not empty, a file that went away meanwhile
            if path.is_dir() and not path.is_symlink():
                path.rmdir()
            elif path.lstat().st_mtime < limit:
                path.unlink()
                removed += 1
    return removed
