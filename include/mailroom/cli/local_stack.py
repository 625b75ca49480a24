"""`mailroom up`, `down` and `status`: the local stack."""

from __future__ import annotations

import json
import logging
import os
import signal
from collections.abc import Collection, Sequence
from typing import Annotated, NoReturn

import structlog
import typer

from mailroom.cli.stack_progress import StackProgress, addresses, console, status_table
from mailroom.domain.errors import ConfigurationError, UnavailableError
from mailroom.local.background import Watch, end, launch, run_until_told
from mailroom.local.component import expanded
from mailroom.local.settings import StackSettings
from mailroom.local.stack_components import GROUPS, components_of
from mailroom.local.stack_status import Phase, StackStatus, memory_of, read_owner, read_status

app = typer.Typer(add_completion=False, help="The local stack: start, stop, show.")


@app.command()
def up(
    foreground: Annotated[bool, typer.Option("--foreground", help="Stay attached; Ctrl-C stops everything.")] = False,
    ports: Annotated[str, typer.Option(help="`auto`: replace each taken port by a free one.")] = "",
    without: Annotated[list[str] | None, typer.Option(help="A component to leave out, or `airflow`.")] = None,
) -> None:
    """Start Postgres, mail, Airflow and the web pages on this machine and wait until all are healthy."""
    _log_only_warnings()
    settings = _settings(ports)
    components = _all_but(settings, without or [])
    if foreground and read_owner(settings.folder) is None:
        _stay(settings, components)
    else:
        _start_and_leave(settings, components)


@app.command()
def down() -> None:
    """Stop the local stack in order, and end whatever a killed one left; harmless when nothing runs."""
    _log_only_warnings()
    settings = _settings()
    before = read_status(settings.folder)
    with StackProgress(before.components) as progress:
        leftovers = end(settings.folder, _showing(progress, Phase.STOPPING, Phase.STOPPED))
    if leftovers:
        processes = "process" if leftovers == 1 else "processes"
        console.print(f"Ended {leftovers} {processes} that a killed stack had left.")
    elif before.owner is not None:
        console.print("Mailroom has stopped.")
    else:
        console.print(f"Nothing runs in {settings.folder.root}.")


@app.command()
def status(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, one for each component.")] = False,
) -> None:
    """Show what each component is doing. Exits 1 when the stack does not run."""
    _log_only_warnings()
    folder = _settings().folder
    found = read_status(folder)
    memory = memory_of(folder)
    if as_json:
        for one in found.components:
            megabytes = round(memory.get(one.component, 0) / 1e6)
            typer.echo(json.dumps(one.as_json() | {"seconds": one.seconds, "memory_mb": megabytes}))
    elif found.components:
        console.print(status_table(found.components, memory))
    words = f"Mailroom in {folder.root}: {found.phase}." + (f" {found.error}" if found.error else "")
    if as_json and found.phase != Phase.RUNNING:
        typer.echo(words, err=True)
    if not as_json:
        console.print(words)
        if found.phase == Phase.LEFT_OVER:
            console.print("Its supervisor was killed: `mailroom up` starts afresh, `mailroom down` ends it.")
        elif found.phase == Phase.RUNNING:
            console.print(addresses(folder, found.components))
    if found.phase != Phase.RUNNING:
        raise typer.Exit(1)


def _stay(settings: StackSettings, components: Collection[str]) -> None:
    """Run the stack in this process until a signal comes."""
    with StackProgress() as progress:

        def running() -> None:
            progress.finish()
            console.print(addresses(settings.folder, read_status(settings.folder).components))
            _warn_unscanned()
            console.print("Ctrl-C stops everything.")

        try:
            run_until_told(settings, components, "foreground", progress.show, running)
        except UnavailableError as err:
            if err.code != "cancelled":
                raise
            progress.finish()
            _stopped()


def _start_and_leave(settings: StackSettings, components: Collection[str]) -> None:
    """Start the stack in a process of its own, unless it runs; an interruption takes the start back."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with StackProgress() as progress:
        try:
            launched = launch(settings, components, _showing(progress, Phase.STARTING, Phase.STOPPING))
        except KeyboardInterrupt:
            progress.finish()
            _stopped()
        if launched.started_now:
            progress.show(launched.status.components)
    if not launched.started_now:
        console.print("Mailroom is already running.")
    console.print(addresses(settings.folder, launched.status.components))
    _warn_unscanned()
    console.print("`mailroom down` stops it.")


def _showing(progress: StackProgress, *phases: Phase) -> Watch:
    """Return a watcher that shows the components while the stack is in one of the phases."""

    def watch(status: StackStatus) -> None:
        if status.phase in phases:
            progress.show(status.components)

    return watch


def _warn_unscanned() -> None:
    if os.environ.get("MAILROOM_VIRUS_SCAN", "off") == "off":
        console.print("Attachments are not scanned for viruses here (MAILROOM_VIRUS_SCAN is off).", style="yellow")


def _stopped() -> NoReturn:
    console.print("Stopped.")
    raise typer.Exit(130)


def _settings(ports: str = "") -> StackSettings:
    if ports not in {"", "auto", "fixed"}:
        raise ConfigurationError(f"--ports takes auto or fixed, not {ports!r}.")
    settings = StackSettings.from_environment()
    return settings.model_copy(update={"ports": ports}) if ports else settings


def _all_but(settings: StackSettings, without: Sequence[str]) -> list[str]:
    names = [component.name for component in components_of(settings)]
    left_out = expanded(without, names, GROUPS)
    return [name for name in names if name not in left_out]


def _log_only_warnings() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
