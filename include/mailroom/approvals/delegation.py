"""Delegations: begun by an approver's out-of-office reply, or by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from mailroom.approvals.notices import post_notice
from mailroom.approvals.routing import APPROVING_ROLES
from mailroom.database.approvals import Approval
from mailroom.database.delegations import (
    asked_transactions,
    delegations_between,
    end_delegation,
    insert_delegation,
    lock_person,
    running_delegations,
)
from mailroom.database.events import append_events
from mailroom.database.organizations import users_by_email
from mailroom.database.transactions import database_now, wake
from mailroom.domain.effects import SendMail
from mailroom.domain.errors import NotAllowedError, RejectedInputError, UnknownIdError
from mailroom.domain.event import Event
from mailroom.engine.setup import CustomerSetup
from mailroom.settings.customers import CustomerPolicy

AwayUntil = Callable[[CustomerPolicy, datetime], datetime]
"""Until when somebody is taken for away whose reply names no date."""


def three_days_on(_customer: CustomerPolicy, now: datetime) -> datetime:
    """Return three days later."""
    return now + timedelta(days=3)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the midnight that ends a day in a time zone, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def begin_absence(
    connection: Connection,
    setup: CustomerSetup,
    organization_id: UUID,
    approval: Approval,
    now: datetime,
    until: datetime,
    message_id: UUID,
    audit_key: bytes,
) -> None:
    """Delegate an absent approver's requests to the substitute their customer names, from now on.

    Nothing begins while a delegation of theirs runs. Without a usable substitute the customer's owner is told once.
    """
    lock_person(connection, approval.approver_id)
    if any(each.user_id == approval.approver_id for each in running_delegations(connection)):
        return
    address = setup.customer.approvals.substitutes.get(approval.approver_email.lower())
    substitute = users_by_email(connection, [address]).get(address) if address else None
    if substitute is None or substitute["id"] == approval.approver_id or substitute["role"] not in APPROVING_ROLES:
        local = f"{until.astimezone(setup.customer.zone) - timedelta(minutes=1):%Y-%m-%d}"
        words = {"approver": approval.approver_name, "until": local, "named": address}
        key = f"approver_away:{approval.approver_id}:{local}"
        post_notice(
            connection, setup, organization_id, None, SendMail("approver_away", setup.customer.owner, key, words)
        )
        return
    delegation_id = insert_delegation(
        connection,
        organization_id,
        user_id=approval.approver_id,
        substitute_id=substitute["id"],
        starts_at=now,
        ends_at=until,
        source="out_of_office",
        created_by="mail",
        message_id=message_id,
    )
    _begun(connection, organization_id, delegation_id, approval.approver_id, substitute, "mail", audit_key, message_id)


def delegate(
    connection: Connection,
    organization_id: UUID,
    absent: str,
    substitute: str,
    first: date,
    last: date,
    *,
    zone: ZoneInfo,
    actor: str,
    audit_key: bytes,
) -> UUID:
    """Let `substitute` be asked besides `absent` (addresses) from the first to the last day; return the id.

    Raises `UnknownIdError` for an address that is nobody's, `NotAllowedError` for a substitute whose role may
    not approve, `RejectedInputError` for days that are over or a delegation that comes back to who is away.
    """
    people = users_by_email(connection, [absent, substitute])
    for address in (absent, substitute):
        if address.lower() not in people:
            raise UnknownIdError(f"there is no active person {address!r} in this organization")
    away, standing_in = people[absent.lower()], people[substitute.lower()]
    if standing_in["role"] not in APPROVING_ROLES:
        raise NotAllowedError(f"{substitute} is a {standing_in['role']} and may not approve", code="no_authority")
    now = database_now(connection)
    starts_at = max(now, datetime.combine(first, time(), zone).astimezone(UTC))
    ends_at = end_of_day(last, zone)
    if ends_at <= starts_at:
        raise RejectedInputError(f"{last} is over, or before {first}", code="bad_days")
    _refuse_circle(connection, away["id"], standing_in["id"], starts_at, ends_at)
    delegation_id = insert_delegation(
        connection,
        organization_id,
        user_id=away["id"],
        substitute_id=standing_in["id"],
        starts_at=starts_at,
        ends_at=ends_at,
        source="by_hand",
        created_by=actor,
    )
    _begun(connection, organization_id, delegation_id, away["id"], standing_in, actor, audit_key, None)
    return delegation_id


def end(connection: Connection, organization_id: UUID, delegation_id: UUID, *, actor: str, audit_key: bytes) -> None:
    """End a delegation now; raises `UnknownIdError` when none of this id runs or is to come."""
    if not end_delegation(connection, delegation_id):
        raise UnknownIdError(f"there is no delegation {delegation_id} that runs or is to come")
    facts = {"delegation": str(delegation_id)}
    event = Event("delegation_ended", database_now(connection), actor, facts=facts)
    append_events(connection, organization_id, audit_key, [event])


def _refuse_circle(
    connection: Connection, absent: UUID, substitute: UUID, starts_at: datetime, ends_at: datetime
) -> None:
    """Refuse what leads back to who is away; those who fall ill together form one, and asking ends there."""
    following = {each.user_id: each.substitute["id"] for each in delegations_between(connection, starts_at, ends_at)}
    seen: set[UUID] = set()
    at: UUID | None = substitute
    while at is not None and at not in seen:
        if at == absent:
            raise RejectedInputError(
                "that would be a circle: whoever stands in is away then and has named who is away", code="circle"
            )
        seen.add(at)
        at = following.get(at)


def _begun(
    connection: Connection,
    organization_id: UUID,
    delegation_id: UUID,
    absent: UUID,
    substitute: dict[str, Any],
    actor: str,
    audit_key: bytes,
    message_id: UUID | None,
) -> None:
    """Note it, and wake what waits for the absent person: its request goes to the substitute as well."""
    facts = {"delegation": str(delegation_id), "approver": str(absent), "substitute": str(substitute["id"])}
    event = Event("delegation_begun", database_now(connection), actor, None, message_id, facts)
    append_events(connection, organization_id, audit_key, [event])
    waiting = asked_transactions(connection, absent)
    if waiting:
        wake(connection, waiting)
