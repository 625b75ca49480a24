"""The stack in a process of its own, detached from whoever asked for it."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from types import FrameType

import structlog

from mailroom.domain.errors import MailroomError, UnavailableError
from mailroom.local.component import ComponentStatus
from mailroom.local.ending import living
from mailroom.local.lock import FileLock
from mailroom.local.server import process_book
from mailroom.local.settings import StackSettings
from mailroom.local.stack import Stack
from mailroom.local.stack_status import Phase, StackStatus, lock_file, read_owner, read_status
from mailroom.local.state_folder import StateFolder

log = structlog.get_logger()

LOOK_EVERY = 0.2
END_WITHIN = 60.0
"""Seconds a stack has to stop in order before it is killed."""

Watch = Callable[[StackStatus], None]


def run_until_told(
    settings: StackSettings,
    components: Collection[str] | None,
    role: str,
    on_change: Callable[[list[ComponentStatus]], None],
    on_running: Callable[[], None] = lambda: None,
) -> None:
    """Start a stack, keep it running until SIGTERM, SIGINT or SIGHUP, and stop it in order.

    Raises what `Stack.start` raises.
    """
    told = threading.Event()
    stack = Stack(settings, role=role)

    def end(_number: int, _frame: FrameType | None) -> None:
        told.set()
        stack.cancel()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, end)
    stack.start(components, on_change=on_change)
    on_running()
    while not told.wait(1.0):
        pass
    stack.stop()


@dataclass(frozen=True, slots=True)
class Launched:
    """A stack that runs, and whether this call started it."""

    status: StackStatus
    started_now: bool


def launch(settings: StackSettings, components: Collection[str] | None, watch: Watch) -> Launched:
    """Start the stack in a detached process and return when it is healthy.

    One that runs already is left as it is, one that another process is starting or stopping is waited
    for. Raises `UnavailableError` with the reason when the stack does not come up. An interruption
    (Ctrl-C) takes back the start, if it was ours.
    """
    settings.folder.create()
    process: subprocess.Popen[bytes] | None = None
    try:
        while True:
            status = read_status(settings.folder)
            ours = process is not None and status.owner is not None and status.owner.pid == process.pid
            if status.phase == Phase.RUNNING and status.owner is not None and (ours or process is None):
                watch(status)
                return Launched(status, started_now=ours)
            if ours or process is None:
                watch(status)
            if process is None and status.owner is None:
                process = _detached(settings, components)
            elif process is not None and process.poll() is not None:
                _explain_early_end(settings.folder)
                process = None
            time.sleep(LOOK_EVERY)
    except KeyboardInterrupt:
        if process is not None:
            end(settings.folder, watch)
        raise


def _detached(settings: StackSettings, components: Collection[str] | None) -> subprocess.Popen[bytes]:
    names = [] if components is None else ["--components", ",".join(components)]
    log_file = settings.folder.log_of("supervisor")
    log_file.touch(mode=0o600)
    with log_file.open("ab") as output:
        return subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "mailroom.local.background", settings.model_dump_json(), *names],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd="/",
        )


def _explain_early_end(folder: StateFolder) -> None:
    """Return when another process was quicker to start the stack; else raise the reason ours ended."""
    status = read_status(folder)
    if status.owner is not None:
        return
    if status.phase == Phase.FAILED:
        raise UnavailableError(status.error or "The stack did not start.", code=status.error_code)
    end(folder, lambda _status: None)
    log_file = folder.log_of("supervisor")
    raise UnavailableError(f"The stack was killed while it started; what it had started is ended. See {log_file}.")


def end(folder: StateFolder, watch: Watch) -> int:
    """Stop the stack of a state directory, whoever runs it, and end what a killed one left.

    Returns how many processes were left over by a killed supervisor. Raises `UnavailableError` for a
    stack that lives inside another program, such as a test.
    """
    if not folder.run.exists():
        return 0
    owner = read_owner(folder)
    if owner is not None:
        if owner.component == "embedded":
            raise UnavailableError(f"The stack belongs to process {owner.pid}; end that one.", code="embedded")
        _end_owner(folder, watch)
    with FileLock(lock_file(folder)).held(within=10):
        return process_book(folder).end_leftovers()


def _end_owner(folder: StateFolder, watch: Watch) -> None:
    owner = read_owner(folder)
    process = owner.process() if owner else None
    if process is None:
        return
    deadline = time.monotonic() + END_WITHIN
    process.send_signal(signal.SIGTERM)
    while living(process):
        watch(read_status(folder))
        if time.monotonic() > deadline:
            log.warning("the supervisor did not end in time", pid=process.pid)
            process.kill()
        time.sleep(LOOK_EVERY)


def main() -> None:
    """Run the detached stack: `python -m mailroom.local.background SETTINGS_JSON [--components A,B]`."""
    settings = StackSettings.model_validate_json(sys.argv[1])
    components = sys.argv[3].split(",") if len(sys.argv) > 3 else None
    try:
        run_until_told(settings, components, "background", lambda _statuses: None)
    except MailroomError as err:
        log.error("the stack did not start", reason=err.message)  # the status file tells whoever waits
        sys.exit(1)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
