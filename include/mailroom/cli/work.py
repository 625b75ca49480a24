"""`mailroom tick` and `mailroom poll`: the work of the DAGs, without Airflow."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console

from mailroom.bootstrap import Services
from mailroom.bootstrap.work import do_due_work, poll_mailboxes
from mailroom.cli.opened import opened
from mailroom.domain.errors import ConfigurationError, UnknownIdError

_STATUS = Console(stderr=True)


def tick(
    until_quiet: Annotated[bool, typer.Option("--until-quiet", help="Repeat until nothing is due any more.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a round.")] = False,
) -> None:
    """Do all due work now: read mailboxes, move transactions, send mail, remind, report.

    Exits 1 when a mailbox could not be read.
    """
    with opened() as found, _STATUS.status("working") as status:
        _check_configured(found)
        while True:
            done = do_due_work(found, on_part=status.update)
            if as_json:
                typer.echo(json.dumps(done.as_json()))
            elif done.total or not until_quiet:
                typer.echo(done.sentence())
            if not until_quiet or not done.total:
                break
    if any(report.error for report in done.polls):
        raise typer.Exit(1)


def poll(
    mailbox: Annotated[str | None, typer.Argument(help="A mailbox's name; all of them without it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a mailbox.")] = False,
) -> None:
    """Read mailboxes now. Exits 1 when one could not be read.

    One that is named is signed in to even when that failed shortly before.
    """
    with opened() as found:
        _check_configured(found)
        _check_name(found, mailbox)
        reports = poll_mailboxes(found, mailbox, at_once=mailbox is not None)
    for report in reports:
        if as_json:
            typer.echo(json.dumps(report.as_json()))
            continue
        what = ", ".join(f"{count} {name}" for name, count in sorted(report.dispositions.items())) or "nothing new"
        if report.skipped:
            what = f"failed shortly before and waits; `mailroom poll {report.mailbox}` tries at once"
        typer.echo(f"{report.mailbox}: {report.error or what}")
    if any(report.error for report in reports):
        raise typer.Exit(1)


def _check_configured(found: Services) -> None:
    folder = found.environment.config_dir
    if not folder.is_dir():
        raise ConfigurationError(f"There is no configuration folder {folder}; set MAILROOM_CONFIG_DIR.")


def _check_name(found: Services, name: str | None) -> None:
    known = [mailbox.name for mailbox, _ in found.mailboxes()]
    if name is not None and name not in known:
        raise UnknownIdError(f"there is no mailbox {name!r}; known are {', '.join(known) or 'none'}")
