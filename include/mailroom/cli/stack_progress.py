"""How the local stack looks on a terminal while it comes up, runs and goes down."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from mailroom.local.component import ComponentStatus, State
from mailroom.local.generated import AIRFLOW_PASSWORDS_FILE, AIRFLOW_USER, FILE
from mailroom.local.state_folder import StateFolder

console = Console()
if not console.is_terminal:
    console.width = 200  # nothing is cut off in a log or a pipe

_STYLES = {
    State.HEALTHY: "green",
    State.DONE: "green",
    State.STARTING: "cyan",
    State.STOPPING: "cyan",
    State.RESTARTING: "yellow",
    State.LEFT_OVER: "yellow",
    State.SILENT: "red",
    State.FAILED: "bold red",
}


class StackProgress:
    """One line for each component with its state and seconds; on a pipe, one line for each change.

    `known` are components whose states need no telling.
    """

    def __init__(self, known: Sequence[ComponentStatus] = ()) -> None:
        self._began = time.monotonic()
        self._statuses: Sequence[ComponentStatus] = ()
        self._said: dict[str, State] = {status.component: status.state for status in known}
        self._live: Live | None = None

    def __enter__(self) -> Self:
        if console.is_terminal:
            self._live = Live(get_renderable=self._table, console=console, refresh_per_second=4)
            self._live.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _err: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.finish()

    def show(self, statuses: Sequence[ComponentStatus]) -> None:
        """Show the components as they are now."""
        self._statuses = statuses
        if self._live is None:
            self._say_changes()

    def finish(self) -> None:
        """Leave the table as it is; from now on changes are told line by line."""
        if self._live is not None:
            self._live.stop()
            self._live = None
            self._said = {status.component: status.state for status in self._statuses}

    def _say_changes(self) -> None:
        for status in self._statuses:
            if self._said.get(status.component) != status.state:
                self._said[status.component] = status.state
                seconds = time.monotonic() - self._began
                told = f"{seconds:6.1f} s  {status.component:<15} {status.state}"
                console.print(told + (f": {status.message}" if status.message else ""), highlight=False)

    def _table(self) -> Table:
        table = Table(box=None, show_header=False, padding=(0, 2))
        for status in self._statuses:
            moving = status.state in {State.STARTING, State.STOPPING, State.RESTARTING}
            table.add_row(
                status.component,
                Text(status.state, style=_STYLES.get(status.state, "dim")),
                f"{status.seconds:.0f} s" if moving else "",
                _where(status),
            )
        return table


def status_table(statuses: Sequence[ComponentStatus], memory: Mapping[str, int]) -> Table:
    """Return the table that `mailroom status` prints; `memory` is in bytes by component."""
    table = Table(box=None, header_style="dim", padding=(0, 2))
    for heading in ("component", "state", "for", "restarts", "memory", "where"):
        table.add_column(heading, overflow="fold")
    for status in statuses:
        megabytes = memory.get(status.component, 0) / 1e6
        table.add_row(
            status.component,
            Text(status.state, style=_STYLES.get(status.state, "dim")),
            _duration(status.seconds),
            str(status.restarts or ""),
            f"{megabytes:.0f} MB" if megabytes else "",
            _where(status),
        )
    return table


def addresses(folder: StateFolder, statuses: Sequence[ComponentStatus]) -> Table:
    """Return where people reach what runs, and where the passwords are."""
    running = {status.component: status for status in statuses if status.state == State.HEALTHY}
    table = Table(box=None, show_header=False, padding=(0, 2))
    for _ in range(3):
        table.add_column(overflow="fold")
    if "web" in running:
        table.add_row("Pages", running["web"].url, "")
    if "api-server" in running:
        where = folder.secrets / AIRFLOW_PASSWORDS_FILE
        table.add_row("Airflow", running["api-server"].url, f"user {AIRFLOW_USER}, password in {where}")
    if "mail" in running:
        where = folder.secrets / FILE
        table.add_row("Mail", running["mail"].url, f'any address, password "mail" in {where}')
    if "postgres" in running:
        table.add_row("Settings", "for other programs", str(folder.environment_file))
    return table


def _where(status: ComponentStatus) -> str:
    """Return its address, or what is wrong and the log that tells more."""
    if status.message:
        return f"{status.message}; log {status.log}"
    return status.url or (f"port {status.port}" if status.port else "")


def _duration(seconds: float) -> str:
    minutes, hours = seconds / 60, seconds / 3600
    if hours >= 48:
        return f"{hours / 24:.0f} days"
    if minutes >= 120:
        return f"{hours:.0f} h"
    return f"{minutes:.0f} min" if seconds >= 120 else f"{seconds:.0f} s"
