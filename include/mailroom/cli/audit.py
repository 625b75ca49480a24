"""`mailroom audit`: verify the event logs' hash chains, export them for an auditor."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from mailroom.bootstrap import upkeep
from mailroom.cli.opened import chosen_organizations, opened
from mailroom.database.events import export_events

app = typer.Typer(no_args_is_help=True, help="Verify and export the event log.")
Organization = Annotated[str | None, typer.Option("--organization", "-o", help="Only this one (slug).")]


@app.command()
def verify(
    organization: Organization = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object an organization.")] = False,
) -> None:
    """Walk every event's hash, and the heads kept outside the database. Exits 1 at the first fault."""
    faults = 0
    with opened() as found:
        for slug, organization_id in chosen_organizations(found, organization).items():
            verdict = upkeep.verify(found, organization_id)
            faults += verdict.fault is not None
            body = {
                "organization": slug,
                "events": verdict.events,
                "head": verdict.head_hash,
                "fault": None if verdict.fault is None else {"seq": verdict.fault.seq, "what": verdict.fault.what},
            }
            state = "verified" if verdict.fault is None else f"BROKEN at {verdict.fault.seq}: {verdict.fault.what}"
            typer.echo(json.dumps(body) if as_json else f"{slug}: {verdict.events} events, {state}")
    if faults:
        raise typer.Exit(1)


@app.command()
def export(organization: Organization = None) -> None:
    """Print every event with its hash, one JSON object a line."""
    with opened() as found:
        for organization_id in chosen_organizations(found, organization).values():
            with found.database.organization(organization_id) as connection:
                for event in export_events(connection, organization_id):
                    typer.echo(json.dumps(event, sort_keys=True))
