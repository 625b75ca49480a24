"""Do what due clocks ask for: each fires once, after an outage too (reliability I15)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any

import structlog
from sqlalchemy import Connection

from mailroom.clocks.business_calendar import business_calendar
from mailroom.clocks.reminders import remind_approvers
from mailroom.database.clocks import DueClock, claim_clocks, fire_clock
from mailroom.database.events import append_events
from mailroom.database.follow_ups import clock_transaction, put_off_clock
from mailroom.database.session import Database
from mailroom.database.transactions import database_now, get_transaction
from mailroom.domain.approval import REMINDER_CLOCK
from mailroom.domain.errors import ConfigurationError
from mailroom.domain.event import Event
from mailroom.domain.slices import Claim
from mailroom.domain.transaction import Transaction
from mailroom.engine.setup import Setups
from mailroom.engine.writers import WriterContext

log = structlog.get_logger()

GROUP = 100
LEASE_SECONDS = 120.0
MORNING = time(8)
"""When a reminder that falls on a day off goes out, by the customer's clock."""

Firing = Callable[[WriterContext, Transaction, DueClock], dict[str, Any] | None]
"""Does what a clock asks for in the commit that fires it, and returns the event's facts.

None when the transaction does not need it any more. The transaction's row is locked.
"""

FIRINGS: dict[str, Firing] = {REMINDER_CLOCK: remind_approvers}
"""What is done, by kind of clock."""


@dataclass(slots=True)
class FollowUpReport:
    """What became of due clocks: fired, moot, put_off, left."""

    clocks: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        """Return how many clocks were dealt with."""
        return self.clocks.total()

    def as_json(self) -> dict[str, Any]:
        """Return counts for a log line or XCom."""
        return {"clocks": dict(self.clocks)}


def follow_up(
    database: Database,
    setups: Setups,
    *,
    audit_key: bytes,
    worker: str = "follow_up",
    most: int = 1000,
    firings: Mapping[str, Firing] = FIRINGS,
) -> FollowUpReport:
    """Fire at most `most` due clocks of every organization. Any number of workers may do so at once.

    A clock that falls on a customer's day off is put off to the next business morning.
    """
    report = FollowUpReport()
    while report.total < most:
        with database.dispatch() as connection:
            claims = claim_clocks(connection, min(GROUP, most - report.total), lease_seconds=LEASE_SECONDS)
        if not claims:
            break
        for claim in claims:
            with database.organization(claim.organization_id) as connection:
                report.clocks[_one(connection, claim, setups, audit_key, worker, firings)] += 1
    return report


def _one(
    connection: Connection,
    claim: Claim,
    setups: Setups,
    audit_key: bytes,
    worker: str,
    firings: Mapping[str, Firing],
) -> str:
    setup, firing = setups.of(claim.organization_id), firings.get(claim.step)
    if setup is None or firing is None:
        # Its lease runs out; by then the configuration may be usable again.
        log.warning("clock left", clock=str(claim.id), kind=claim.step)
        return "left"
    customer, now = setup.customer, database_now(connection)
    try:
        calendar = business_calendar(customer.calendar, customer.zone)
    except ConfigurationError as err:
        log.error("clock left", clock=str(claim.id), kind=claim.step, cause=err.code)
        return "left"
    if not calendar.is_business_time(now):
        put_off_clock(connection, claim, calendar.next_morning(now, MORNING))
        return "put_off"
    transaction_id = clock_transaction(connection, claim)
    # The transaction's row first, as every writer does.
    transaction = transaction_id and get_transaction(connection, transaction_id, lock=True)
    clock = fire_clock(connection, claim)
    if clock is None or not transaction:
        return "moot"
    context = WriterContext(connection, claim.organization_id, customer, now, setup.hash)
    facts = firing(context, transaction, clock)
    if facts is None:
        return "moot"
    noted = {"clock": clock.kind, "level": clock.level, **facts}
    event = Event("followed_up", now, worker, clock.transaction_id, facts=noted)
    append_events(connection, claim.organization_id, audit_key, [event])
    return "fired"
