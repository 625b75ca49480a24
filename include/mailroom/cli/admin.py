"""`mailroom migrate`, `organization` and `user`: what an operator sets up."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer
from sqlalchemy import Connection
from sqlalchemy.pool import NullPool

from mailroom.cli.opened import chosen_organizations, opened, process_environment, show_rows
from mailroom.database.events import append_events
from mailroom.database.migrate import current_revision, upgrade
from mailroom.database.organizations import (
    add_organization,
    add_user,
    list_organizations,
    list_users,
    revoke_user,
    set_organization_status,
)
from mailroom.database.session import explained, postgres_engine
from mailroom.database.transactions import database_now
from mailroom.domain.errors import ConfigurationError, RejectedInputError, UnknownIdError
from mailroom.domain.event import Event
from mailroom.domain.rfc822.addresses import strict_sender
from mailroom.settings.mailboxes import OPERATOR

organization_app = typer.Typer(no_args_is_help=True, help="Organizations, the walls between customers.")
user_app = typer.Typer(no_args_is_help=True, help="People of an organization.")
SLUG = r"[a-z0-9][a-z0-9-]{0,62}"
MOST_LIMIT = Decimal(10) ** 16
"""What the database's amounts stay below."""
Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Organization = Annotated[str, typer.Option("--organization", "-o", help="Whose (slug).")]


def owner_url() -> str:
    """Return the owner's database URL; raises `ConfigurationError` when it is not set."""
    url = process_environment().get("MAILROOM_DATABASE_OWNER_URL")
    if not url:
        raise ConfigurationError("MAILROOM_DATABASE_OWNER_URL is not set; this needs the database's owner")
    return url


@contextmanager
def owner() -> Iterator[Connection]:
    """Open one database transaction as the schema's owner."""
    with explained(), postgres_engine(owner_url(), poolclass=NullPool).begin() as connection:
        yield connection


def actor() -> str:
    """Return who is at the keyboard, for the event log."""
    return f"cli:{os.environ.get('MAILROOM_ACTOR') or os.environ.get('SUDO_USER') or os.environ.get('USER') or 'root'}"


def migrate() -> None:
    """Bring the database's schema up to date."""
    url = owner_url()
    before = current_revision(url)
    upgrade(url)
    after = current_revision(url)
    typer.echo(f"the database is at revision {after}" + ("" if before != after else ", as it was"))


@organization_app.command("add")
def organization_add(slug: str, name: str) -> None:
    """Add an organization. Its policy goes to config/customers/SLUG.yaml."""
    if not re.fullmatch(SLUG, slug) or slug == OPERATOR:
        raise RejectedInputError(f"{slug!r} is no slug; write small letters, digits and dashes, and not {OPERATOR!r}")
    with owner() as connection:
        if any(row["slug"] == slug for row in list_organizations(connection)):
            raise RejectedInputError(f"there is an organization {slug!r} already")
        key = add_organization(connection, slug, name)
    typer.echo(f"{slug} added, id {key}")


@organization_app.command("list")
def organization_list(as_json: Json = False) -> None:
    """List every organization."""
    with owner() as connection:
        rows = list_organizations(connection)
    show_rows(rows, ("slug", "name", "status", "created_at"), as_json=as_json, empty="no organizations")


@organization_app.command("revoke")
def organization_revoke(slug: str) -> None:
    """Suspend an organization: nothing of its work runs any more, nothing is deleted."""
    with owner() as connection:
        if not set_organization_status(connection, slug, "suspended"):
            raise UnknownIdError(f"there is no organization {slug!r}")
    typer.echo(f"{slug} is suspended")


@user_app.command("add")
def user_add(
    email: str,
    name: str,
    organization: Organization,
    role: Annotated[str, typer.Option(help="admin, clerk, approver, officer or viewer")] = "approver",
    department: Annotated[str | None, typer.Option(help="Which department's invoices they know.")] = None,
    limit: Annotated[str | None, typer.Option(help="The largest gross amount they may approve.")] = None,
) -> None:
    """Add a person, or bring a known address up to date."""
    if role not in {"admin", "clerk", "approver", "officer", "viewer"}:
        raise RejectedInputError(f"{role!r} is no role; roles are admin, clerk, approver, officer, viewer")
    if strict_sender([email]).address != email.lower():
        raise RejectedInputError(f"{email!r} is no mail address")
    amount = _amount(limit)
    with opened() as found:
        organization_id = found.organization(organization)
        with found.database.organization(organization_id) as connection:
            key = add_user(
                connection,
                organization_id,
                email=email,
                name=name,
                role=role,
                department=department,
                approval_limit=amount,
            )
            event = Event("user_added", database_now(connection), actor(), facts={"user": str(key), "role": role})
            append_events(connection, organization_id, found.audit_key, [event])
    typer.echo(f"{email} is {role} of {organization}")


@user_app.command("list")
def user_list(
    organization: Annotated[str | None, typer.Option("--organization", "-o")] = None, as_json: Json = False
) -> None:
    """List people."""
    rows = []
    with opened() as found:
        for slug, organization_id in chosen_organizations(found, organization).items():
            with found.database.organization(organization_id) as connection:
                rows += [{"organization": slug, **row} for row in list_users(connection)]
    columns = ("organization", "email", "name", "role", "department", "approval_limit", "status")
    show_rows(rows, columns, as_json=as_json, empty="nobody yet; add people with `mailroom user add`")


@user_app.command("revoke")
def user_revoke(email: str, organization: Organization) -> None:
    """Take a person's access; what they decided stays on record."""
    with opened() as found:
        organization_id = found.organization(organization)
        with found.database.organization(organization_id) as connection:
            if not revoke_user(connection, email):
                raise UnknownIdError(f"{organization} has no user {email!r}")
            event = Event("user_revoked", database_now(connection), actor())
            append_events(connection, organization_id, found.audit_key, [event])
    typer.echo(f"{email} is revoked")


def _amount(words: str | None) -> Decimal | None:
    if words is None:
        return None
    try:
        amount = Decimal(words)
    except InvalidOperation:
        amount = Decimal("NaN")
    # NaN and infinity would be above every amount there is.
    if not amount.is_finite() or not 0 <= amount < MOST_LIMIT:
        raise RejectedInputError(f"{words!r} is no amount; write it like 5000.00")
    return amount
