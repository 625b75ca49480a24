"""Open the product's parts for a command: from the environment, else from the local stack that runs here."""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mailroom.bootstrap import Services, services
from mailroom.bootstrap.logs import configure_logging
from mailroom.domain.errors import RejectedInputError


def process_environment() -> dict[str, str]:
    """Return this process's environment, completed by the local stack's when no database is named."""
    environ = dict(os.environ)
    if environ.get("MAILROOM_DATABASE_URL"):
        return environ
    from mailroom.local.stack import local_environment

    return {**local_environment(environ), **environ}


@contextmanager
def opened() -> Iterator[Services]:
    """Open the services for one command."""
    environ = process_environment()
    environ.setdefault("MAILROOM_LOG_FORMAT", "console")
    environ.setdefault("MAILROOM_LOG_LEVEL", "warning")
    with services(environ) as found:
        configure_logging(found.environment)
        yield found


def chosen_organizations(found: Services, slug: str | None) -> dict[str, UUID]:
    """Return the organization asked for, or all of them."""
    if slug is not None:
        return {slug: found.organization(slug)}
    return found.setups.organizations()


def the_id(words: str) -> UUID:
    """Return an id a person typed; raises `RejectedInputError` with one sentence."""
    try:
        return UUID(words)
    except ValueError:
        raise RejectedInputError(f"{words!r} is no id; ids look like 0b5a6f7e-1c2d-4e3f-8a9b-0c1d2e3f4a5b") from None


def show_rows(rows: Sequence[dict[str, Any]], columns: Sequence[str], *, as_json: bool, empty: str) -> None:
    """Print rows as a table, or one JSON object a line."""
    if as_json:
        for row in rows:
            typer.echo(json.dumps(row, default=str, ensure_ascii=False))
        return
    if not rows:
        typer.echo(empty)
        return
    table = Table(box=None, header_style="bold")
    for column in columns:
        table.add_column(column.replace("_", " "), overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if row.get(column) is None else _short(row[column])) for column in columns))
    console = Console()
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = 200  # a pipe or a log is not folded at 80 characters
    console.print(table)


def plain(text: str) -> str:
    """Return text for a terminal: what it might take for a command (ESC and its like) is left out (T38)."""
    return "".join(
        char if char == "\n" or unicodedata.category(char) not in {"Cc", "Cf", "Cs"} else " " for char in text
    )


def _short(value: Any) -> str:
    return plain(f"{value:%Y-%m-%d %H:%M}" if hasattr(value, "strftime") else str(value))
