"""`mailroom mailboxes`: which are read, and how they are."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from mailroom.cli.opened import opened, show_rows
from mailroom.database.messages import mailbox_health
from mailroom.domain.errors import UnknownIdError

app = typer.Typer(no_args_is_help=True, help="Mailboxes: which are read, and how they are.")
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]

_NONE = (
    "no mailboxes: none in config/mailboxes/ belongs to an organization that was added "
    "(`mailroom organization add`) and whose file in config/customers/ has no fault"
)


@app.command("list")
def list_mailboxes(as_json: Json = False) -> None:
    """List every configured mailbox with its last good poll and its last error."""
    rows = []
    with opened() as found:
        health: dict[str, dict[str, Any]] = {}
        for organization_id in found.setups.organizations().values():
            with found.database.organization(organization_id) as connection:
                health |= {row["name"]: row for row in mailbox_health(connection)}
        for mailbox, _ in found.mailboxes():
            known = health.get(mailbox.name, {})
            rows.append(
                {
                    "name": mailbox.name,
                    "organization": mailbox.organization,
                    "address": mailbox.address,
                    "host": f"{mailbox.host}:{mailbox.connect_port}",
                    "proof": mailbox.proof,
                    "last_success": known.get("last_success_at"),
                    "last_error": known.get("last_error_message"),
                }
            )
    columns = ("name", "organization", "address", "host", "proof", "last_success", "last_error")
    show_rows(rows, columns, as_json=as_json, empty=_NONE)


@app.command()
def test(name: str) -> None:
    """Sign in to a mailbox and look at its folders; nothing is changed."""
    with opened() as found:
        mailbox = next((each for each, _ in found.mailboxes() if each.name == name), None)
        if mailbox is None:
            known = ", ".join(each.name for each, _ in found.mailboxes())
            raise UnknownIdError(f"there is no mailbox {name!r}; known are {known or 'none'}")
        reader = found.open_mailbox(mailbox)
        try:
            for folder in mailbox.folders:
                status = reader.select(folder)
                typer.echo(f"{folder}: {status.exists} messages, next UID {status.uidnext}, epoch {status.uidvalidity}")
        finally:
            reader.close()
    typer.echo(f"signed in to {mailbox.host}; answers are accepted under proof {mailbox.proof!r}")
