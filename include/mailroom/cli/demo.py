"""`mailroom demo`: the whole story, from mails sent to bills in a ledger, on a stack of its own."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated

import structlog
import typer

from mailroom.cli.demo_screen import DemoScreen, bills_table, mails_table
from mailroom.cli.stack_progress import StackProgress, addresses, console
from mailroom.demo.scene import NotReachedError
from mailroom.demo.stage import Stage, stage, stage_settings
from mailroom.demo.tell import Told, take_pictures, tell
from mailroom.local.settings import StackSettings
from mailroom.local.stack_status import read_status


def demo(
    out: Annotated[Path, typer.Option(help="The folder that takes what there is to look at.")] = Path("demo-output"),
    stay: Annotated[bool, typer.Option("--stay", help="Keep all running afterwards, until Ctrl-C.")] = False,
) -> None:
    """Start a stack of its own, send real mails, let Airflow take each one to its end, and tell what happened."""
    settings = stage_settings(StackSettings())
    settings.folder.create()
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    began = time.monotonic()
    console.print(f"Mailroom's story, on a stack of its own in {settings.folder.root}")
    try:
        with _logged_to(settings.folder.log_of("demo")):
            told = _told(settings, out, stay)
    except NotReachedError as err:
        _tell_where_to_look(settings, err)
        raise typer.Exit(1) from err
    pictures = take_pictures(out)
    console.print()
    console.print(mails_table(told.standings))
    console.print(bills_table(told.bills, told.standings))
    _tell_what_was_saved(out, bool(pictures))
    for sentence in told.faults:
        console.print(f"[red]Not as expected:[/red] {sentence}", highlight=False)
    console.print(f"Told in {time.monotonic() - began:.0f} s, run {told.run}.", highlight=False)
    if told.faults:
        raise typer.Exit(1)


@contextmanager
def _logged_to(path: Path) -> Iterator[None]:
    """Write this process's log into a file, so that nothing runs across the tables."""
    with path.open("a", encoding="utf-8") as file:
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(file))
        try:
            yield
        finally:
            structlog.reset_defaults()
            structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))


def _told(settings: StackSettings, out: Path, stay: bool) -> Told:
    with StackProgress() as progress, stage(settings, progress.show) as found:
        progress.finish()
        with DemoScreen(console) as screen:
            told = tell(found, screen, out)
        if stay:
            _stay(found)
        console.print("Stopping what was started")
        return told


def _stay(found: Stage) -> None:
    console.print(addresses(found.folder, read_status(found.folder).components))
    console.print("Everything keeps running; Ctrl-C stops it.")
    try:
        signal.pause()
    except KeyboardInterrupt:
        console.print()


def _tell_what_was_saved(out: Path, with_pictures: bool) -> None:
    console.print(f"[bold]To look at[/bold] (in {out.absolute()})", highlight=False)
    paths = sorted(path.relative_to(out) for path in out.rglob("*") if path.is_file())
    for path in paths:
        console.print(f"  {path}", highlight=False, markup=False)
    if not with_pictures:
        console.print("  No pictures of the pages were taken: no Chromium is installed here.")


def _tell_where_to_look(settings: StackSettings, err: NotReachedError) -> None:
    console.print(f"[bold red]{err.message}[/bold red]", highlight=False)
    console.print(f"Logs: {settings.folder.logs} (one file a component), tasks in {settings.folder.airflow / 'logs'}")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
