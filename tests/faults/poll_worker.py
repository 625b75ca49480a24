"""A process that polls one mailbox and kills itself where it is told, as `kill -9` does it.

One argument, JSON: database url, store folder, imaps port, ca, user, organizations, mailbox changes, `dies`:
"after_files" (before the commit), "after_commit" (before the mark), "at:NAME" (while it looks into that file).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

from mailroom.adapters.directory import DirectoryStore
from mailroom.database.session import Database
from tests.mail_room import MailRoom

ROOT = Path(__file__).parents[2]


def die() -> None:
    """End at once, as a power cut does."""
    os.kill(os.getpid(), signal.SIGKILL)


class DyingStore(DirectoryStore):
    """The real store; the process dies when a group's files are written."""

    def put_many_if_absent(self, objects: Any) -> list[bool]:
        written = super().put_many_if_absent(objects)
        if any(key.endswith("transaction.json") for key in self.list("org/")):
            die()
        return written


class DyingReader:
    """The real reader; the process dies instead of marking."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reader, name)

    def mark(self, *args: Any, **kwargs: Any) -> None:
        die()


def look_or_die(name: str) -> Any:
    """Return an `inspect` that a certain file kills."""

    def look(content: bytes, filename: str) -> None:
        if filename == name:
            die()

    return look


def main() -> None:
    """Poll once."""
    told = json.loads(sys.argv[1])
    dies = told["dies"]
    store = (DyingStore if dies == "after_files" else DirectoryStore)(Path(told["folder"]))
    room = MailRoom(
        Database(told["url"]),
        store,
        told["port"],
        Path(told["ca"]),
        told["user"],
        {slug: UUID(key) for slug, key in told["organizations"].items()},
    )
    if dies == "after_commit":
        room.wrap_reader = DyingReader
    if dies.startswith("at:"):
        room.look = look_or_die(dies.removeprefix("at:"))
    report = room.poll(**told["mailbox"])
    print(json.dumps(report.as_json()))


def start_worker(room: MailRoom, dies: str = "", **mailbox: Any) -> subprocess.Popen[bytes]:
    """Start a process that polls the room's mailbox."""
    told = {
        "url": room.database.url,
        "folder": str(room.store.root),  # type: ignore[attr-defined]
        "port": room.imaps_port,
        "ca": str(room.ca),
        "user": room.user,
        "organizations": {slug: str(key) for slug, key in room.organizations.items()},
        "mailbox": mailbox,
        "dies": dies,
    }
    command = [sys.executable, "-m", "tests.faults.poll_worker", json.dumps(told)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def ended(worker: subprocess.Popen[bytes]) -> int:
    """Wait for a worker; return its exit status, or the signal that ended it, negative."""
    _, said = worker.communicate(timeout=60)
    assert worker.returncode in {0, -signal.SIGKILL}, said.decode()
    return worker.returncode


if __name__ == "__main__":
    main()
