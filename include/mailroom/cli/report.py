"""`mailroom report`: the daily report, made by hand."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console

from mailroom.bootstrap import Services
from mailroom.bootstrap.work import notes
from mailroom.cli.opened import chosen_organizations, opened
from mailroom.domain.errors import MailroomError, RejectedInputError
from mailroom.reporting.publish import ReportFiles, make_report

app = typer.Typer(no_args_is_help=True, help="Reports: what needs somebody, what happened.")

_STATUS = Console(stderr=True)
_YEARS = range(2000, 2200)


@app.callback()
def _reports() -> None:
    """Reports: what needs somebody, what happened."""


@app.command()
def daily(
    day: Annotated[str | None, typer.Option("--date", help="YYYY-MM-DD; today so far when left out.")] = None,
    organization: Annotated[
        str | None, typer.Option("--organization", "-o", help="Its slug; every organization when left out.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="A folder to put copies of the files into.")] = None,
    mail: Annotated[bool, typer.Option("--mail/--no-mail", help="Mail it to its readers, once a day.")] = True,
) -> None:
    """Make the daily report of one day: HTML, XLSX, CSV; what needs somebody comes first."""
    wanted = _the_day(day)
    failed: list[MailroomError] = []
    with opened() as found:
        for slug, organization_id in chosen_organizations(found, organization).items():
            try:
                with _STATUS.status(f"reporting on {slug}"):
                    files = _make(found, organization_id, wanted, mail)
            except MailroomError as err:
                failed.append(err)
                continue
            _show(slug, files)
            if out is not None:
                _copy(found, files, out / slug)
    for fault in failed[:-1]:
        _STATUS.print(fault.message, markup=False, style="red")
    if failed:
        raise failed[-1]


def _the_day(words: str | None) -> date | None:
    try:
        day = None if words is None else date.fromisoformat(words)
    except ValueError:
        raise RejectedInputError(f"{words!r} is no date; write it like 2026-11-30", code="bad_date") from None
    if day is not None and day.year not in _YEARS:
        raise RejectedInputError(f"there is no report of {day}", code="bad_date")
    return day


def _make(found: Services, organization_id: UUID, wanted: date | None, mail: bool) -> ReportFiles:
    setup = found.setup(organization_id)
    day = wanted or datetime.now(setup.customer.zone).date()
    return make_report(
        found.database,
        found.store,
        setup,
        organization_id,
        day,
        mail=mail,
        audit_key=found.audit_key,
        notes=notes(found),
    )


def _show(slug: str, files: ReportFiles) -> None:
    balance = "the mails balance" if files.balances else "THE MAILS DO NOT BALANCE"
    typer.echo(f"{slug}, {files.day}: {files.needs} need somebody, {balance}, {files.mails} mailed")
    for key in files.keys:
        typer.echo(f"  {key}")


def _copy(found: Services, files: ReportFiles, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for key in files.keys:
        (folder / key.rpartition("/")[2]).write_bytes(found.store.get(key))
    typer.echo(f"  copied to {folder}")
