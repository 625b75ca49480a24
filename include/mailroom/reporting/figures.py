"""The day in numbers: received, done, rejected, failed, posted, and how old the open ones are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from mailroom.domain.money import Money
from mailroom.domain.transaction import RESTING, State
from mailroom.reporting.status import AGE_BOUNDS, Ageing, Balance, DayFigures, ReportDay
from mailroom.reporting.stories import Story

_AGE_GROUPS: tuple[tuple[str, Callable[[Story], bool]], ...] = (
    ("with a clerk", lambda story: story.state in RESTING),
    ("waiting for an answer", lambda story: story.state not in RESTING and story.waits_for_answer),
    ("on its way", lambda story: story.state not in RESTING and not story.waits_for_answer),
)


def day_figures(stories: Sequence[Story], posted: Mapping[UUID, Money], day: ReportDay) -> DayFigures:
    """Return the day's numbers; `posted` holds the amount of each transaction the ERP confirmed."""
    opened = [story for story in stories if story.is_open]
    done = [story for story in stories if story.entered(State.COMPLETED, day.start, day.until)]
    return DayFigures(
        received=sum(day.start <= story.opened_at < day.until for story in stories),
        done=len(done),
        straight_through=sum(story.straight_through for story in done),
        rejected=_by_reason(stories, State.REJECTED, day),
        failed=_by_reason(stories, State.FAILED, day),
        cancelled=sum(bool(story.entered(State.CANCELLED, day.start, day.until)) for story in stories),
        posted=_posted(stories, posted, day),
        open=len(opened),
        waiting=sum(story.state not in RESTING and story.waits_for_answer for story in opened),
        ageing=_ageing(opened, day.until),
    )


def balance(rows: Sequence[dict[str, Any]]) -> Balance:
    """Return the balance line from (disposition, known, recent, count) rows."""
    dispositions: Counter[str] = Counter()
    missing = {True: 0, False: 0}
    for row in rows:
        if row["known"] and row["disposition"] is not None:
            dispositions[row["disposition"]] += row["count"]
        elif row["known"]:
            missing[row["recent"]] += row["count"]
    return Balance(
        seen=sum(row["count"] for row in rows if row["known"]),
        dispositions=tuple(sorted(dispositions.items(), key=lambda item: (-item[1], item[0]))),
        being_read=missing[True],
        undecided=missing[False],
        unknown=sum(row["count"] for row in rows if not row["known"]),
    )


def _by_reason(stories: Sequence[Story], state: State, day: ReportDay) -> tuple[tuple[str, int], ...]:
    entries = [story.entered(state, day.start, day.until) for story in stories]
    counted = Counter(entry.reason or "" for entry in entries if entry is not None)
    return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0])))


def _posted(stories: Sequence[Story], amounts: Mapping[UUID, Money], day: ReportDay) -> tuple[tuple[Money, int], ...]:
    """Return the sum and number of bills per currency."""
    sums: dict[str, tuple[Money, int]] = {}
    for story in stories:
        amount = amounts.get(story.transaction_id)
        if amount is None or story.posted_at is None or not day.start <= story.posted_at < day.until:
            continue
        total, count = sums.get(amount.currency, (amount - amount, 0))
        sums[amount.currency] = (total + amount, count + 1)
    return tuple(sums[currency] for currency in sorted(sums))


def _ageing(opened: Sequence[Story], until: datetime) -> Ageing:
    groups = []
    for name, belongs in _AGE_GROUPS:
        counts = [0] * len(AGE_BOUNDS)
        for story in opened:
            if belongs(story):
                counts[_bucket(until - story.opened_at)] += 1
        groups.append((name, tuple(counts)))
    return Ageing(tuple(groups))


def _bucket(age: timedelta) -> int:
    return next(place for place, (_, bound) in enumerate(AGE_BOUNDS) if bound is None or age < bound)
