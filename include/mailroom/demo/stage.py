"""The stack the story is played on: one of its own, so that a running `mailroom up` is not disturbed."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mailroom.bootstrap import Services, services
from mailroom.demo.cast import signing_domains
from mailroom.demo.enrolment import enrol
from mailroom.local.component import ComponentStatus, State
from mailroom.local.generated import AIRFLOW_USER, generated
from mailroom.local.settings import StackSettings
from mailroom.local.stack import Stack
from mailroom.local.state_folder import StateFolder

FOLDER = "demo"
_RUNS = "demo-runs"


@dataclass(frozen=True, slots=True)
class Stage:
    """A stack that runs, with the cast on file."""

    stack: Stack
    environ: dict[str, str]
    found: Services
    began: datetime

    @property
    def folder(self) -> StateFolder:
        """Where the stack keeps its state."""
        return self.stack.settings.folder

    @property
    def airflow_login(self) -> tuple[str, str, str]:
        """Return Airflow's address, user and password."""
        url = f"http://127.0.0.1:{self.stack.settings.port_airflow}"
        return url, AIRFLOW_USER, generated(self.folder)["airflow_admin"]


def stage_settings(settings: StackSettings) -> StackSettings:
    """Return the settings of the demo's own stack: a folder below the usual one, whatever ports are free."""
    return settings.model_copy(
        update={
            "state_dir": settings.folder.root / FOLDER,
            "ports": "auto",
            "local_domains": ",".join(signing_domains()),
            "config_dir": settings.home / "config",
            "dags_dir": settings.home / "dags",
        }
    )


@contextmanager
def stage(settings: StackSettings, on_change: Callable[[Sequence[ComponentStatus]], None]) -> Iterator[Stage]:
    """Start the stack, put the cast on file while Airflow comes up, and stop everything at the end."""
    stack, began = Stack(settings, role="embedded"), datetime.now(UTC)
    enrolled: list[Future[None]] = []

    def look(statuses: Sequence[ComponentStatus]) -> None:
        on_change(statuses)
        ready = any(each.component == "schema" and each.state == State.DONE for each in statuses)
        if ready and not enrolled:
            enrolled.append(clerks.submit(_enrol, _environ(stack)))

    with ThreadPoolExecutor(1, thread_name_prefix="enrol") as clerks:
        try:
            stack.start(on_change=look)
            for each in enrolled:
                each.result()
            environ = _environ(stack)
            with services(environ) as found:
                yield Stage(stack, environ, found, began)
        finally:
            with _undisturbed():
                stack.stop()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let no second Ctrl-C break off what ends the processes."""
    handlers = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def _environ(stack: Stack) -> dict[str, str]:
    return {**os.environ, **stack.environment()}


def _enrol(environ: dict[str, str]) -> None:
    with services(environ) as found:
        enrol(found, environ["MAILROOM_DATABASE_OWNER_URL"])


def next_run(folder: StateFolder) -> int:
    """Return the number of this telling among all that were told in a state folder."""
    path: Path = folder.root / _RUNS
    number = int(path.read_text()) + 1 if path.exists() else 1
    path.write_text(str(number))
    return number
