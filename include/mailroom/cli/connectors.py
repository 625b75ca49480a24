"""`mailroom connectors`: which are installed, which are used, and whether they answer."""

from __future__ import annotations

from typing import Annotated

import typer

from erp_connectors.interface import ConnectorError
from erp_connectors.registry import installed
from mailroom.cli.opened import opened, show_rows

app = typer.Typer(no_args_is_help=True, help="Connections to accounting systems.")
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


@app.command("list")
def list_connectors(
    check: Annotated[bool, typer.Option("--check", help="Ask each system whether it can take bills.")] = False,
    as_json: Json = False,
) -> None:
    """List the connections customers post through."""
    rows = []
    known = ", ".join(installed()) or "none"
    with opened() as found:
        for slug, organization_id in found.setups.organizations().items():
            setup = found.setups.of(organization_id)
            if setup is None or setup.customer.posting is None:
                continue
            entry = found.setups.bundle(organization_id).connector
            row: dict[str, str | None] = {"organization": slug, "name": setup.customer.posting.connector}
            row["connector"] = entry.connector if entry else None
            if check:
                row["state"] = "answers"
                try:
                    found.connector_for(setup.customer)[1].check()
                except ConnectorError as err:
                    row["state"] = str(err)
            rows.append(row)
    show_rows(
        rows,
        ("organization", "name", "connector", "state") if check else ("organization", "name", "connector"),
        as_json=as_json,
        empty=f"no organization that was added posts anywhere (`posting` in its file); installed are {known}",
    )
