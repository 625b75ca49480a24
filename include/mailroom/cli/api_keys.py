"""`mailroom api-key`: who may use the REST API, as what, and until when."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Annotated
from uuid import UUID

import typer
from sqlalchemy import Connection

from mailroom.cli.admin import actor
from mailroom.cli.opened import chosen_organizations, opened, show_rows
from mailroom.database.api_keys import add_api_key, list_api_keys, revoke_api_key
from mailroom.database.events import append_events
from mailroom.database.organizations import users_by_email
from mailroom.database.transactions import database_now
from mailroom.domain.api_key import SECRET_BYTES, api_key, key_hash, key_prefix
from mailroom.domain.errors import RejectedInputError, UnknownIdError
from mailroom.domain.event import Event
from mailroom.domain.roles import Role

app = typer.Typer(no_args_is_help=True, help="Keys of the REST API: add, list, revoke.")
Organization = Annotated[str, typer.Option("--organization", "-o", help="Whose (slug).")]
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]

_COLUMNS = ("organization", "prefix", "name", "role", "user", "status", "expires_at", "last_used_at")


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What it is for, such as `erp-export`.")],
    organization: Organization,
    role: Annotated[Role | None, typer.Option(help="What it may do; a person's own role when --user is given.")] = None,
    user: Annotated[str | None, typer.Option(help="The person it acts for (mail address); needed to decide.")] = None,
    days: Annotated[int, typer.Option(min=1, max=730, help="How long it is valid.")] = 90,
) -> None:
    """Make a key and show it, once. With --user it may never do more than that person may."""
    if not name.strip():
        raise RejectedInputError("name the key after what it is for")
    with opened() as found:
        organization_id = found.organization(organization)
        with found.database.organization(organization_id) as connection:
            key = _add(connection, organization_id, name.strip(), role, user, days, found.audit_key)
    typer.echo(key)
    typer.echo(f"This is shown once. It is valid for {days} days; keep it like a password.", err=True)


def _add(
    connection: Connection,
    organization_id: UUID,
    name: str,
    role: Role | None,
    email: str | None,
    days: int,
    audit_key: bytes,
) -> str:
    user_id, role = _whose(connection, email, role)
    if any(row["name"] == name and row["status"] != "revoked" for row in list_api_keys(connection)):
        raise RejectedInputError(f"there is a key named {name!r} already; revoke it first, or choose another name")
    key = api_key(secrets.token_bytes(SECRET_BYTES))
    now = database_now(connection)
    key_id = add_api_key(
        connection,
        organization_id,
        name=name,
        prefix=key_prefix(key),
        key_hash=key_hash(key),
        role=role.value,
        user_id=user_id,
        expires_at=now + timedelta(days=days),
        created_by=actor(),
    )
    facts = {"key": str(key_id), "role": role.value, "user": user_id and str(user_id)}
    append_events(connection, organization_id, audit_key, [Event("api_key_added", now, actor(), facts=facts)])
    return key


def _whose(connection: Connection, email: str | None, role: Role | None) -> tuple[UUID | None, Role]:
    if email is None:
        if role is None:
            raise RejectedInputError("say what the key may do: --role, or --user for a person's own role")
        return None, role
    known = users_by_email(connection, [email]).get(email.lower())
    if known is None:
        raise UnknownIdError(f"there is no active user {email!r}; add people with `mailroom user add`")
    return known["id"], role or Role(known["role"])


@app.command("list")
def list_keys(
    organization: Annotated[str | None, typer.Option("--organization", "-o", help="Only this one (slug).")] = None,
    as_json: Json = False,
) -> None:
    """List keys; none of them can be shown again."""
    rows = []
    with opened() as found:
        for slug, organization_id in chosen_organizations(found, organization).items():
            with found.database.organization(organization_id) as connection:
                rows += [{"organization": slug, **row} for row in list_api_keys(connection)]
    show_rows(rows, _COLUMNS, as_json=as_json, empty="no keys; make one with `mailroom api-key add`")


@app.command()
def revoke(
    key: Annotated[str, typer.Argument(help="Its name, prefix or id.")],
    organization: Organization,
) -> None:
    """Take a key, and every token made from it, out of use at once."""
    with opened() as found:
        organization_id = found.organization(organization)
        with found.database.organization(organization_id) as connection:
            revoked = revoke_api_key(connection, key, actor())
            if not revoked:
                raise UnknownIdError(f"{organization} has no valid key {key!r}")
            now = database_now(connection)
            events = [Event("api_key_revoked", now, actor(), facts={"key": str(each)}) for each in revoked]
            append_events(connection, organization_id, found.audit_key, events)
    typer.echo(f"{key} is revoked")
