"""Put the cast on file: organizations, people, suppliers with their trusted accounts. Safe to repeat."""

from __future__ import annotations

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from mailroom.bootstrap import Services
from mailroom.database.events import append_events
from mailroom.database.organizations import add_organization, add_user, list_organizations, users_by_email
from mailroom.database.transactions import database_now
from mailroom.demo.cast import ORGANIZATIONS, PEOPLE, SUPPLIER_COLUMNS, SUPPLIERS
from mailroom.domain.event import Event
from mailroom.payables.supplier_file import supplier_rows
from mailroom.payables.supplier_import import import_suppliers

ACTOR = "demo"


def enrol(found: Services, owner_url: str) -> None:
    """Add whoever is missing; `owner_url` is the database's owner, who alone may add organizations."""
    with create_engine(owner_url, poolclass=NullPool).begin() as connection:
        known = {row["slug"] for row in list_organizations(connection)}
        for slug, name in ORGANIZATIONS.items():
            if slug not in known:
                add_organization(connection, slug, name)
    for slug in ORGANIZATIONS:
        _enrol_people(found, slug)
        _enrol_suppliers(found, slug)


def _enrol_people(found: Services, slug: str) -> None:
    organization_id = found.organization(slug)
    people = [each for each in PEOPLE if each.organization == slug]
    with found.database.organization(organization_id) as connection:
        known = users_by_email(connection, [each.email for each in people])
        events = []
        for each in people:
            if each.email in known:
                continue
            key = add_user(
                connection,
                organization_id,
                email=each.email,
                name=each.name,
                role=each.role,
                department=each.department or None,
            )
            facts = {"user": str(key), "role": each.role}
            events.append(Event("user_added", database_now(connection), ACTOR, facts=facts))
        append_events(connection, organization_id, found.audit_key, events)


def _enrol_suppliers(found: Services, slug: str) -> None:
    organization_id = found.organization(slug)
    lines = [each.as_csv() for each in SUPPLIERS if each.organization == slug and each.number]
    if lines:
        rows = supplier_rows("\n".join((SUPPLIER_COLUMNS, *lines)).encode())
        with found.database.organization(organization_id) as connection:
            import_suppliers(connection, organization_id, rows, actor=ACTOR, audit_key=found.audit_key)
