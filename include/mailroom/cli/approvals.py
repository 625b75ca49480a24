"""`mailroom approvals`: what was asked, whom, and what they answered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import typer

from mailroom.approvals.delegation import delegate, end
from mailroom.cli.admin import actor
from mailroom.cli.opened import chosen_organizations, opened, show_rows, the_id
from mailroom.database.approvals import get_approval, search_approvals
from mailroom.database.delegations import list_delegations
from mailroom.database.transactions import database_now
from mailroom.domain.approval import ApprovalState
from mailroom.domain.approval_json import subject_as_json
from mailroom.domain.errors import UnknownIdError

app = typer.Typer(no_args_is_help=True, help="Approvals: list, show, delegate.")

_COLUMNS = ("organization", "id", "reference", "approver", "state", "asked_at", "expires_at", "reminders", "channel")
_SHOWN = ("organization", "id", "transaction_id", "step", "state", "approver", "version_hash", "asked_at", "expires_at")

AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Organization = Annotated[str | None, typer.Option("--organization", "-o", help="Only this one (slug).")]


@app.command("list")
def list_approvals(
    state: Annotated[ApprovalState | None, typer.Option(help="Only those in this state.")] = None,
    search: Annotated[str | None, typer.Option(help="Part of an id, a reference or an approver's address.")] = None,
    organization: Organization = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 100,
    as_json: AsJson = False,
) -> None:
    """List approvals, newest first."""
    rows: list[dict[str, Any]] = []
    with opened() as services:
        for slug, organization_id in chosen_organizations(services, organization).items():
            with services.database.organization(organization_id) as connection:
                found = search_approvals(connection, state=state and state.value, search=search, limit=limit)
            rows += [{"organization": slug, **row} for row in found]
    show_rows(rows, _COLUMNS, as_json=as_json, empty="No approvals.")


@app.command("show")
def show_approval(
    approval: Annotated[str, typer.Argument(help="The approval's id.", metavar="ID")],
    organization: Organization = None,
    as_json: AsJson = False,
) -> None:
    """Show one approval with what the approver saw."""
    approval_id = the_id(approval)
    with opened() as services:
        for slug, organization_id in chosen_organizations(services, organization).items():
            with services.database.organization(organization_id) as connection:
                row = _row(connection, slug, approval_id)
            if row is not None:
                _print(row, as_json=as_json)
                return
    raise UnknownIdError(f"there is no approval {approval_id}")


@app.command("delegate")
def delegate_command(
    absent: Annotated[str, typer.Argument(metavar="FROM", help="Whose requests (mail address).")],
    substitute: Annotated[str, typer.Argument(metavar="TO", help="Who is asked as well (mail address).")],
    until: Annotated[datetime, typer.Option("--until", formats=["%Y-%m-%d"], help="The last day.")],
    organization: Annotated[str, typer.Option("--organization", "-o", help="Whose (slug).")],
    since: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day; today without it.")
    ] = None,
) -> None:
    """Let somebody be asked besides an approver who is away; what waits goes to them too."""
    with opened() as services:
        organization_id = services.organization(organization)
        zone = services.setup(organization_id).customer.zone
        with services.database.organization(organization_id) as connection:
            today = database_now(connection).astimezone(zone).date()
            key = delegate(
                connection,
                organization_id,
                absent,
                substitute,
                since.date() if since else today,
                until.date(),
                zone=zone,
                actor=actor(),
                audit_key=services.audit_key,
            )
    typer.echo(f"{substitute} is asked besides {absent} until {until:%Y-%m-%d} ({key})")


@app.command("undelegate")
def undelegate(
    delegation: Annotated[str, typer.Argument(help="The delegation's id.", metavar="ID")],
    organization: Annotated[str, typer.Option("--organization", "-o", help="Whose (slug).")],
) -> None:
    """End a delegation now. Requests that were sent stay open."""
    key = the_id(delegation)
    with opened() as services:
        organization_id = services.organization(organization)
        with services.database.organization(organization_id) as connection:
            end(connection, organization_id, key, actor=actor(), audit_key=services.audit_key)
    typer.echo(f"{delegation} has ended")


@app.command("delegations")
def delegations(
    organization: Organization = None,
    over_too: Annotated[bool, typer.Option("--all", help="Those that are over too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List delegations that run or are to come."""
    rows: list[dict[str, Any]] = []
    with opened() as services:
        for slug, organization_id in chosen_organizations(services, organization).items():
            with services.database.organization(organization_id) as connection:
                rows += [{"organization": slug, **row} for row in list_delegations(connection, over_too=over_too)]
    columns = ("organization", "id", "approver", "substitute", "starts_at", "ends_at", "source", "ended_at")
    show_rows(rows, columns, as_json=as_json, empty="No delegations.")


def _row(connection: Any, slug: str, approval_id: UUID) -> dict[str, Any] | None:
    found = get_approval(connection, approval_id)
    if found is None:
        return None
    return {
        "organization": slug,
        "id": found.id,
        "transaction_id": found.transaction_id,
        "step": found.step,
        "state": found.state.value,
        "approver": found.approver_email,
        "version_hash": found.version_hash,
        "asked_at": found.asked_at,
        "expires_at": found.expires_at,
        "reminders": found.reminders,
        "decided_at": found.decided_at,
        "channel": found.channel,
        "reason": found.reason,
        "subject": subject_as_json(found.subject),
    }


def _print(row: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        show_rows([row], (), as_json=True, empty="")
        return
    subject = row["subject"]
    lines = [{"what": name, "is": row[name]} for name in (*_SHOWN, "decided_at", "channel", "reason")]
    lines += [{"what": label, "is": value} for label, value in subject["fields"]]
    for each in subject["findings"]:
        lines.append({"what": f"finding ({each['severity']})", "is": each["message"]})
        lines += [{"what": f"  {side}", "is": each[side]} for side in ("expected", "found")]
    show_rows([line for line in lines if line["is"] is not None], ("what", "is"), as_json=False, empty="")
