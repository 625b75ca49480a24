"""Do what due clocks ask for: each fires once, after an outage too (reliability I15)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Connection

from mailroom.clocks.business_calendar import BusinessCalendar, business_calendar
from mailroom.clocks.escalation import escalate, give_up
from mailroom.clocks.firing import Act, Firing
from mailroom.clocks.reminders import remind_approvers, remind_owner
from mailroom.database.clocks import claim_clocks, fire_clock
from mailroom.database.follow_ups import put_off_clock, waiting_clock
from mailroom.database.session import Database
from mailroom.database.transactions import database_now, get_transaction
from mailroom.domain.approval import REMINDER_CLOCK
from mailroom.domain.clock import ESCALATE_CLOCK, FAIL_CLOCK, FOLLOW_UP_CLOCK
from mailroom.domain.errors import ConfigurationError
from mailroom.domain.slices import Claim
from mailroom.engine.setup import Setups
from mailroom.engine.writers import WriterContext
from mailroom.settings.customers import CustomerPolicy

log = structlog.get_logger()

GROUP = 100
LEASE_SECONDS = 120.0
MORNING = time(8)
"""When a reminder that falls on a day off goes out, by the customer's clock."""

FOLLOW_UPS: Mapping[str, Act] = {REMINDER_CLOCK: remind_approvers, FOLLOW_UP_CLOCK: remind_owner}
"""What reminds people, by kind of clock."""
ESCALATIONS: Mapping[str, Act] = {ESCALATE_CLOCK: escalate, FAIL_CLOCK: give_up}
"""What tells others that something waits too long."""


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
    acts: Mapping[str, Act] = FOLLOW_UPS,
    organization_id: UUID | None = None,
) -> FollowUpReport:
    """Fire at most `most` due clocks of the kinds in `acts`, of one organization or of every one.

    Any number of workers may do so at once. A clock that falls on a customer's day off is put off to the next
    business morning.
    """
    sweep = _Sweep(database, setups, audit_key, worker, acts)
    report = FollowUpReport()
    while report.total < most:
        with database.dispatch() as connection:
            claims = claim_clocks(
                connection,
                list(acts),
                min(GROUP, most - report.total),
                lease_seconds=LEASE_SECONDS,
                organization_id=organization_id,
            )
        if not claims:
            break
        for claim in claims:
            with database.organization(claim.organization_id) as connection:
                report.clocks[sweep.fire(connection, claim)] += 1
    return report


@dataclass(frozen=True, slots=True)
class _Sweep:
    database: Database
    setups: Setups
    audit_key: bytes
    worker: str
    acts: Mapping[str, Act]

    def fire(self, connection: Connection, claim: Claim) -> str:
        """Fire one claimed clock; return what became of it."""
        setup = self.setups.of(claim.organization_id)
        if setup is None:
            return _left(claim, "no_configuration")
        customer, now = setup.customer, database_now(connection)
        try:
            calendar = business_calendar(customer.calendar, customer.zone)
        except ConfigurationError as err:
            return _left(claim, err.code)
        waiting = waiting_clock(connection, claim)
        if waiting is None:
            return "moot"
        transaction_id, due_at = waiting
        later = self._later(calendar, customer, claim, due_at, now)
        if later is not None:
            put_off_clock(connection, claim, later)
            return "put_off"
        # The transaction's row first, as every writer does.
        transaction = get_transaction(connection, transaction_id, lock=True)
        clock = fire_clock(connection, claim)
        if clock is None or not transaction:
            return "moot"
        writing = WriterContext(connection, claim.organization_id, customer, now, setup.hash)
        firing = Firing(writing, transaction, clock, self.audit_key, self.worker)
        return "fired" if self.acts[claim.step](firing) else "moot"

    def _later(
        self, calendar: BusinessCalendar, customer: CustomerPolicy, claim: Claim, due_at: datetime, now: datetime
    ) -> datetime | None:
        """Return when a clock is to fire instead of now: not on a day off, and reminders in the morning."""
        if not calendar.is_business_time(now):
            return calendar.next_morning(now, MORNING)
        remind_at = customer.approvals.remind_at
        if claim.step not in FOLLOW_UPS or remind_at is None:
            return None
        morning = calendar.first_morning(due_at, time.fromisoformat(remind_at))
        return morning if now < morning else None


def _left(claim: Claim, cause: str) -> str:
    """Leave a clock alone: its lease runs out, and by then the configuration may be usable again."""
    log.error("clock left", clock=str(claim.id), kind=claim.step, cause=cause)
    return "left"
