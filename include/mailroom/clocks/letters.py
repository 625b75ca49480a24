"""The mails about what waits, made when they are sent."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from mailroom.database.follow_ups import followed_up_transactions
from mailroom.database.outbox import OutboxItem
from mailroom.engine.rendering import Composer, Letter, Templates
from mailroom.settings.customers import CustomerPolicy

CLOCK_TEMPLATES = Path(__file__).parent / "templates"
"""To be listed when `Templates` is made."""

MOST_LISTED = 50
"""Transactions listed in one reminder; it tells how many there are in all."""


def clock_composers(templates: Templates) -> dict[str, Composer]:
    """Return the composers of mails that are made from the database as it is then."""

    def held(connection: Connection, _item: OutboxItem, customer: CustomerPolicy) -> Letter | None:
        """List all that rests; nothing when people have taken care of it since."""
        listed, count = followed_up_transactions(connection, MOST_LISTED)
        if not listed:
            return None
        rows = [{**each, "since": f"{each['updated_at'].astimezone(customer.zone):%Y-%m-%d %H:%M}"} for each in listed]
        words = {"organization": customer.name, "owner": customer.owner, "listed": rows, "count": count}
        return templates.render("held_reminder", words)

    return {"held_reminder": held}
