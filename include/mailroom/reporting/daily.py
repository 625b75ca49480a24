"""Gather one organization's day: events say what happened, tables say what things are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from mailroom.database.reporting import (
    checks_of_window,
    daily_trend,
    disposition_counts,
    happenings,
    named_transactions,
)
from mailroom.domain.money import Money
from mailroom.reporting.figures import balance, day_figures
from mailroom.reporting.needs import DECIDED_WITHIN, collect_needs
from mailroom.reporting.status import CheckLine, DailyStatus, NamedTransaction, ReportDay, TransactionLine
from mailroom.reporting.stories import Story, tell_stories
from mailroom.settings.customers import CustomerPolicy

TREND_DAYS = 14


def daily_status(
    connection: Connection,
    organization_id: UUID,
    customer: CustomerPolicy,
    day: date,
    now: datetime,
    notes: Sequence[str] = (),
) -> DailyStatus:
    """Return how the organization stood at the end of `day` (customer's time zone), or now while it lasts.

    `connection` is the organization's own. `notes` are warnings to show on top of the report.
    """
    window = ReportDay.of(day, customer.zone, now)
    stories = tell_stories(happenings(connection, organization_id, window.start, window.until))
    rows = named_transactions(connection, [story.transaction_id for story in stories])
    stories = [story for story in stories if not _was_deleted(rows.get(story.transaction_id), window)]
    names = {row["id"]: _named(row, customer) for row in rows.values()}
    counts = disposition_counts(connection, organization_id, window.start, window.until, decided_within=DECIDED_WITHIN)
    checks, check_runs = _checks(connection, window)
    return DailyStatus(
        organization_id=organization_id,
        customer=customer.name,
        day=window,
        made_at=now,
        mode=customer.mode,
        needs=collect_needs(connection, organization_id, window, now, stories, names),
        balance=balance(counts),
        figures=day_figures(stories, _posted_amounts(rows), window),
        trend=_trend(connection, organization_id, window),
        transactions=_lines(stories, names, window),
        checks=checks,
        check_runs=check_runs,
        notes=tuple(notes),
    )


def _was_deleted(row: Mapping[str, Any] | None, window: ReportDay) -> bool:
    return row is None or (row["deleted_at"] is not None and row["deleted_at"] < window.until)


def _named(row: Mapping[str, Any], customer: CustomerPolicy) -> NamedTransaction:
    return NamedTransaction(
        id=row["id"],
        process=row["process"],
        reference=row["reference"],
        supplier=row["supplier"],
        sender=row["sender"],
        amount=_money(row["gross_total"], row["currency"]),
        owner=row["owner"] or customer.owner,
        document=row["document_type"] or "invoice",
    )


def _money(amount: Any, currency: str | None) -> Money | None:
    return None if amount is None or not currency else Money(amount, currency)


def _posted_amounts(rows: Mapping[UUID, Mapping[str, Any]]) -> dict[UUID, Money]:
    """Return what was posted: the amount of the posting itself, or the invoice's where it carries none."""
    amounts = {}
    for row in rows.values():
        amount = _money(row["posted_total"], row["posted_currency"]) or _money(row["gross_total"], row["currency"])
        if amount is not None:
            amounts[row["id"]] = amount
    return amounts


def _lines(
    stories: Sequence[Story], names: Mapping[UUID, NamedTransaction], window: ReportDay
) -> tuple[TransactionLine, ...]:
    """Return the day's list: what was open at its end, and what moved on it; by time of receipt."""
    shown = [story for story in stories if story.is_open or story.last_at >= window.start]
    return tuple(
        TransactionLine(
            transaction=names[story.transaction_id],
            received_at=story.opened_at,
            state=story.state.value,
            reason=story.reason,
            since=story.since,
            straight_through=story.straight_through,
            external_id=story.external_id,
        )
        for story in sorted(shown, key=lambda each: (each.opened_at, each.transaction_id))
    )


def _trend(connection: Connection, organization_id: UUID, window: ReportDay) -> tuple[tuple[date, int, int], ...]:
    first = window.on - timedelta(days=TREND_DAYS - 1)
    since = ReportDay.of(first, window.zone, window.until).start
    known = {
        day: (received, done)
        for day, received, done in daily_trend(connection, organization_id, since, window.until, window.zone.key)
    }
    days = [first + timedelta(days=number) for number in range(TREND_DAYS)]
    return tuple((day, *known.get(day, (0, 0))) for day in days)


def _checks(connection: Connection, window: ReportDay) -> tuple[tuple[CheckLine, ...], int]:
    runs = checks_of_window(connection, window.start, window.until)
    lines = tuple(
        CheckLine(run["suite"], run["run"], run["checked_at"], run["records"], each["check"], each["unexpected_count"])
        for run in runs
        for each in run["results"]
        if not each["success"]
    )
    return lines, len(runs)
