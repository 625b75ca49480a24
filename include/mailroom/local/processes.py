"""The processes a stack started: recorded, recognised for certain, and ended whole.

A process number alone proves nothing, since the kernel uses numbers again. A process is ours when

- its number and its start are the recorded ones, or it belongs to the session of such a process;
- or its environment carries this stack's token, which only what we start inherits;
- or it is a `postgres` that works in our own data folder (Postgres gives each of its processes a
  session of its own and overwrites its environment).

Nothing else is ever signalled.
"""

from __future__ import annotations

import contextlib
import json
import os
import pwd
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil
import structlog

from mailroom.domain.errors import ConfigurationError
from mailroom.local.ending import end_all, living, signal_all, wait_for_none
from mailroom.local.state_folder import read_json, write_private

log = structlog.get_logger()

TOKEN_VARIABLE = "MAILROOM_STACK_TOKEN"  # noqa: S105 - a name, not a token
DATABASE = "postgres"


@dataclass(frozen=True, slots=True)
class ProcessRecord:
    """One started process: its number, which is also its group's and session's, and its start.

    `started` counts seconds since boot, so that setting the clock does not change it.
    """

    component: str
    pid: int
    started: float

    def process(self) -> psutil.Process | None:
        """Return the recorded process while it lives."""
        try:
            process = psutil.Process(self.pid)
            return process if seconds_after_boot(process) == self.started and living(process) else None
        except psutil.Error:
            return None


def seconds_after_boot(process: psutil.Process) -> float:
    """Return when a process started, on the kernel's own clock (hundredths of a second)."""
    return round(process.create_time() - psutil.boot_time(), 2)


def record_of_this_process(role: str) -> ProcessRecord:
    """Describe the running process itself, so that another one can recognise it later."""
    return ProcessRecord(role, os.getpid(), seconds_after_boot(psutil.Process()))


class ProcessBook:
    """The record of what one stack started, kept in a file that outlives its writer.

    `token` is the stack's own; `database_folder` is where its Postgres keeps its data.
    """

    def __init__(self, path: Path, token: str, database_folder: Path) -> None:
        self._path = path
        self._token = token
        self._database_folder = str(database_folder)
        self._writing = threading.Lock()

    def records(self) -> list[ProcessRecord]:
        """Return what is recorded, alive or not."""
        return [ProcessRecord(**entry) for entry in read_json(self._path) or []]

    def start(
        self,
        component: str,
        command: Sequence[str],
        *,
        environment: Mapping[str, str],
        log_file: Path,
        cwd: Path = Path("/"),
        user: str | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a command in a session of its own, its output appended to `log_file`, and record it."""
        log_file.touch(mode=0o600)
        with log_file.open("ab") as output:
            process = subprocess.Popen(  # noqa: S603 - commands are ours
                command,
                cwd=cwd,
                env={**environment, TOKEN_VARIABLE: self._token},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **as_user(user),
            )
        self._record(component, process.pid)
        log.debug("process started", component=component, pid=process.pid)
        return process

    def members(self, component: str | None = None) -> list[psutil.Process]:
        """Return every living process of one component, or of the whole stack."""
        records = [record for record in self.records() if component in {None, record.component}]
        led = {record.pid for record in records if record.process() is not None}
        # While a session has members, its number is given to no new process; those that outlive their
        # leader are told from a stranger's later session by the token.
        left = {record.pid for record in records} - led
        return [process for process in psutil.process_iter() if self._is_member(process, led, left, component)]

    def _is_member(self, process: psutil.Process, led: set[int], left: set[int], component: str | None) -> bool:
        session = _session_of(process)
        if session in led:
            return living(process)
        if component in {None, DATABASE} and self._is_our_database(process):
            return living(process)
        return (component is None or session in left) and self._carries_token(process)

    def _carries_token(self, process: psutil.Process) -> bool:
        try:
            return process.environ().get(TOKEN_VARIABLE) == self._token
        except (psutil.Error, OSError):
            return False

    def _is_our_database(self, process: psutil.Process) -> bool:
        try:
            return process.name() == DATABASE and process.cwd() == self._database_folder
        except (psutil.Error, OSError):
            return False

    def end(self, component: str, *, within: float, first: signal.Signals = signal.SIGTERM) -> None:
        """End one component: ask its leader, after `within` seconds the rest, then leave no choice."""
        leaders = [record.process() for record in self.records() if record.component == component]
        asked = [leader for leader in leaders if leader is not None]
        signal_all(asked, first)
        wait_for_none(lambda: [leader for leader in asked if living(leader)], within)
        end_all(lambda: self.members(component), within=2)
        self.forget(component)

    def end_leftovers(self) -> int:
        """End whatever an earlier run left behind, its database last; return how many there were."""
        found = self.members()
        if found:
            log.info("ending what an earlier run left", processes=[process.pid for process in found])
            end_all(lambda: [p for p in self.members() if not self._is_our_database(p)], within=3)
            end_all(self.members, within=20, first=signal.SIGINT)  # to Postgres: fast shutdown
        self._write([])
        return len(found)

    def forget(self, component: str) -> None:
        """Strike a component's records."""
        with self._writing:
            self._write([record for record in self.records() if record.component != component])

    def _record(self, component: str, pid: int) -> None:
        try:
            record = ProcessRecord(component, pid, seconds_after_boot(psutil.Process(pid)))
        except psutil.Error:  # gone already; the caller sees its exit code
            return
        with self._writing:
            self._write([*(other for other in self.records() if other.component != component), record])

    def _write(self, records: list[ProcessRecord]) -> None:
        write_private(self._path, json.dumps([asdict(record) for record in records]))


def as_user(user: str | None) -> dict[str, Any]:
    """Return the `subprocess` options that run a program as another user."""
    if user is None:
        return {"umask": 0o077}
    try:
        entry = pwd.getpwnam(user)
    except KeyError as err:
        raise ConfigurationError(f"There is no user {user!r} here; Postgres needs it under root.") from err
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": [], "umask": 0o077}


def _all_others() -> Iterator[psutil.Process]:
    for pid in psutil.pids():
        if pid != os.getpid():
            with contextlib.suppress(psutil.Error):
                yield psutil.Process(pid)


def _session_of(process: psutil.Process) -> int | None:
    try:
        return os.getsid(process.pid)
    except OSError:
        return None
