"""Set SLA clocks when a transaction begins to wait or rest, and stop them when it goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import Connection

from mailroom.clocks.business_calendar import calendar_of
from mailroom.clocks.terms import SlaSubject, clocks_of, terms_of
from mailroom.database.clocks import set_clocks, stop_clocks
from mailroom.database.follow_ups import fired_before
from mailroom.domain.approval import REMINDER_CLOCK
from mailroom.domain.clock import CLOCKED, FAIL_CLOCK, REST_CLOCKS
from mailroom.domain.transaction import State
from mailroom.engine.common_writers import clock_row
from mailroom.engine.watching import Arrived, OnMoves
from mailroom.engine.writers import WriterContext
from mailroom.settings.sla import SlaPolicy

SlaOf = Callable[[UUID], SlaPolicy | None]
"""An organization's policy."""
Subjects = Callable[[Connection, Sequence[UUID]], Mapping[UUID, SlaSubject]]
"""A desk's reading of its own records, by transaction; those it does not know are absent."""


def sla_watch(sla_of: SlaOf, subjects: Subjects) -> OnMoves:
    """Return the watcher for the engine."""

    def watch(context: WriterContext, arrived: Sequence[Arrived]) -> None:
        waiting = [each for each in arrived if each.state in CLOCKED and _is_new(each)]
        gone = [each.transaction.id for each in arrived if each.transaction.state in CLOCKED and _has_left(each)]
        stale = gone + [each.transaction.id for each in waiting]
        if stale:
            stop_clocks(context.connection, stale, REST_CLOCKS)
        policy = sla_of(context.organization_id) if waiting else None
        if policy is not None:
            _set(context, [each for each in waiting if each.transaction.mode != "shadow"], policy, subjects)

    return watch


def _is_new(each: Arrived) -> bool:
    """Tell whether it begins to wait here; one that is only looked at again goes on waiting."""
    return (each.state, each.reason) != (each.transaction.state, each.transaction.reason)


def _has_left(each: Arrived) -> bool:
    return each.state not in CLOCKED


def _set(context: WriterContext, waiting: Sequence[Arrived], policy: SlaPolicy, subjects: Subjects) -> None:
    ids = [each.transaction.id for each in waiting]
    known, calendar = subjects(context.connection, ids), calendar_of(context.customer)
    over = fired_before(context.connection, ids, FAIL_CLOCK)
    rows, counted = [], []
    for each in waiting:
        key = each.transaction.id
        terms = terms_of(policy, known.get(key, SlaSubject()), each.state, each.reason)
        clocks = clocks_of(
            terms,
            calendar,
            each.state,
            received_at=each.transaction.created_at,
            now=context.now,
            failed=each.failed or key in over,
        )
        rows += [clock_row(context, key, clock) for clock in clocks]
        if each.state is State.AWAITING_APPROVAL and terms.follow_ups is not None:
            counted.append(key)
    if counted:
        stop_clocks(context.connection, counted, (REMINDER_CLOCK,))
    set_clocks(context.connection, rows)
