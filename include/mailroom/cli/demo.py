"""`mailroom demo`: the whole story, from mails sent to bills in a ledger, on a stack of its own."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated

import structlog
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mailroom.cli.demo_screen import DemoScreen, bills_table, mails_table
from mailroom.cli.stack_progress import StackProgress, addresses, console
from mailroom.demo.guide import folders, worth_opening
from mailroom.demo.scene import NotReachedError
from mailroom.demo.stage import Stage, stage, stage_settings
from mailroom.demo.tell import Told, take_pictures, tell
from mailroom.domain.errors import RejectedInputError
from mailroom.local.component import ComponentStatus
from mailroom.local.settings import StackSettings
from mailroom.local.stack_status import read_status


def demo(
    out: Annotated[Path, typer.Option(help="The folder that takes what there is to look at.")] = Path("demo-output"),
    stay: Annotated[bool, typer.Option("--stay", help="Keep all running afterwards, until Ctrl-C.")] = False,
) -> None:
    """Start a stack of its own, send real mails, let Airflow take each one to its end, and tell what happened."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        raise RejectedInputError(f"{out} cannot be made: {err.strerror}") from err
    settings = stage_settings(StackSettings.from_environment())
    settings.folder.create()
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGHUP, _interrupt)
    began = time.monotonic()
    console.print(f"Mailroom's story, on a stack of its own in {settings.folder.root}")
    try:
        with _logged_to(settings.folder.log_of("demo")):
            told = _told(settings, out, stay)
    except NotReachedError as err:
        console.print(Text(err.message, style="bold red"))
        _tell_where_to_look(settings)
        raise typer.Exit(1) from err
    except KeyboardInterrupt:
        console.print("Stopped; nothing is left running.")
        raise typer.Exit(130) from None
    pictures = take_pictures(out)
    _show_the_end(told, out)
    _tell_what_was_saved(out, len(pictures))
    console.print(f"Told in {time.monotonic() - began:.0f} s, run {told.run}.", highlight=False)
    if told.faults:
        for sentence in told.faults:
            console.print(Text(f"Not as expected: {sentence}.", style="bold red"))
        _tell_where_to_look(settings)
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
    watching = True

    def show(statuses: Sequence[ComponentStatus]) -> None:
        if watching:
            progress.show(statuses)

    with StackProgress() as progress, stage(settings, show) as found:
        progress.finish()
        try:
            with DemoScreen(console) as screen:
                told = tell(found, screen, out)
            if stay:
                _stay(found)
        except NotReachedError as err:
            if stay:
                console.print(Text(err.message, style="bold red"))
                _stay(found)
            raise
        finally:
            console.print("Stopping what was started")
            watching = False  # the end of each component is no news
        return told


def _show_the_end(told: Told, out: Path) -> None:
    """Print the tables of mails and bills, and keep the first as a file too."""
    console.print()
    console.print(mails_table(told.standings))
    console.print()
    console.print(bills_table(told.bills, told.standings))
    console.print()
    for sentence in told.audit:
        console.print(Text(f"Event log of {sentence}"))
    with (out / "story.txt").open("w", encoding="utf-8") as file:
        Console(file=file, width=200).print(mails_table(told.standings))


def _stay(found: Stage) -> None:
    console.print(addresses(found.folder, read_status(found.folder).components))
    console.print("Everything keeps running; Ctrl-C stops it.")
    try:
        signal.pause()
    except KeyboardInterrupt:
        console.print()


def _tell_what_was_saved(out: Path, pictures: int) -> None:
    table = Table(title=f"To look at, in {out.absolute()}", title_justify="left", title_style="bold", box=None)
    table.show_header = False
    table.add_column(overflow="fold")
    table.add_column(style="dim", overflow="fold")
    for path, words in worth_opening(out):
        table.add_row(Text(str(path)), words)
    for name, count in folders(out):
        table.add_row(Text(f"{name}/"), f"{count} files")
    console.print(table)
    if pictures:
        console.print(f"{pictures} pictures (.png) of pages, report and request are beside their .html.")
    else:
        console.print("No pictures of the pages were taken: no Chromium is installed here.")


def _tell_where_to_look(settings: StackSettings) -> None:
    folder = settings.folder
    console.print(Text(f"Logs: {folder.logs} (one file a component), of tasks in {folder.airflow / 'logs'}"))


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
