"""`mailroom messages`: every message ever seen, and what became of it."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from mailroom.cli.opened import chosen_organizations, opened, show_rows, the_id
from mailroom.database.messages import message_by_id, search_messages
from mailroom.domain.errors import UnknownIdError
from mailroom.domain.mail import Disposition

app = typer.Typer(no_args_is_help=True, help="Every message ever seen, with its disposition and reason.")
Organization = Annotated[str | None, typer.Option("--organization", "-o", help="Only this one (slug).")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


@app.command("list")
def list_messages(
    organization: Organization = None,
    search: Annotated[str | None, typer.Option(help="In sender, subject or Message-ID.")] = None,
    disposition: Annotated[Disposition | None, typer.Option(help="Only these.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 100,
    as_json: Json = False,
) -> None:
    """List messages, newest first."""
    rows = []
    with opened() as found:
        for slug, organization_id in chosen_organizations(found, organization).items():
            with found.database.organization(organization_id) as connection:
                some = search_messages(connection, disposition=disposition, search=search, limit=limit)
            rows += [{"organization": slug, **row} for row in some]
    columns = ("organization", "id", "seen_at", "sender", "subject", "disposition", "reason", "rule")
    show_rows(rows, columns, as_json=as_json, empty="no messages")


@app.command()
def show(message_id: str, as_json: Json = False) -> None:
    """Show one message: its rule, its reason, its parts."""
    key = the_id(message_id)
    with opened() as found:
        for slug, organization_id in found.setups.organizations().items():
            with found.database.organization(organization_id) as connection:
                row = message_by_id(connection, key)
            if row is not None:
                body = {"organization": slug, **{name: value for name, value in row.items() if value is not None}}
                typer.echo(json.dumps(body, default=str, ensure_ascii=False, indent=None if as_json else 2))
                return
    raise UnknownIdError(f"there is no message {message_id}")
