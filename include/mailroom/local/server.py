"""A server of the local stack that can also run alone, for tests and benchmarks."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar, Self

from mailroom.domain.errors import UnavailableError
from mailroom.local.generated import generated
from mailroom.local.listening import PortClaims
from mailroom.local.lock import FileLock, is_held
from mailroom.local.log_files import tail
from mailroom.local.processes import ProcessBook
from mailroom.local.state_folder import StateFolder


class Server(ABC):
    """One server under a state directory: what it runs, and whether it answers.

    The stack starts it among its other components. Alone it is a context manager, or `start` and `stop`.
    """

    name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals] = signal.SIGTERM
    user: str | None = None

    def __init__(self, state_dir: Path) -> None:
        self.folder = StateFolder(state_dir.absolute())
        self._lock = FileLock(self.folder.run / f"{self.name}.lock")
        self._claims = PortClaims()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log_file(self) -> Path:
        """The file its output goes to."""
        return self.folder.log_of(self.name)

    @abstractmethod
    def prepare(self) -> None:
        """Make what the server needs before it starts; called only while it does not run."""

    @abstractmethod
    def command(self) -> list[str]:
        """Return the command that runs the server in the foreground."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Tell whether the server answers."""

    def start(self, within: float = 60) -> None:
        """Start the server and wait until it answers, ending first what an earlier run left of it.

        Raises `UnavailableError` when it already runs here, and with its last words when it dies.
        """
        self.folder.create()
        if is_held(self.folder.run / "lock") or not self._lock.acquire():
            raise UnavailableError(f"{self.name} already runs in {self.folder.root}; use another folder.")
        try:
            self._start(within)
        except BaseException:
            self.stop()
            raise

    def _start(self, within: float) -> None:
        book = process_book(self.folder)
        book.end(self.name, within=20, first=self.stop_signal)
        self.prepare()
        self._process = book.start(
            self.name,
            self.command(),
            environment=component_environment(),
            log_file=self.log_file,
            user=self.user,
        )
        deadline = time.monotonic() + within
        while not self.is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                last = tail(self.log_file)
                raise UnavailableError(f"{self.name} did not start; {self.log_file} ends:\n{last}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop the server in order; harmless when it does not run."""
        if self._process is not None:
            process_book(self.folder).end(self.name, within=20, first=self.stop_signal)
            self._process.wait()
            self._process = None
        self._lock.release()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def process_book(folder: StateFolder) -> ProcessBook:
    """Return the record of the processes started under a state directory."""
    token = generated(folder)["process_token"]
    return ProcessBook(folder.run / "processes.json", token, database_folder(folder))


def database_folder(folder: StateFolder) -> Path:
    """Return where the Postgres of a state directory keeps its data."""
    return folder.root / "postgres" / "data"


def component_environment() -> dict[str, str]:
    """Return our environment as components get it.

    Without the variables that would steer Postgres programs, never through a proxy to loopback, and
    with process titles that leave the environment of Airflow's processes readable, by which we know them.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    direct = [part for part in kept.get("NO_PROXY", kept.get("no_proxy", "")).split(",") if part]
    bypass = ",".join(dict.fromkeys([*direct, "127.0.0.1", "localhost"]))
    return {**kept, "NO_PROXY": bypass, "no_proxy": bypass, "SPT_NOENV": "1", "PYTHONUNBUFFERED": "1"}
