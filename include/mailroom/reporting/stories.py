"""Each transaction's story, told from its events alone: where it stood at the end of the day, and since when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from mailroom.database.reporting import Happening
from mailroom.domain.transaction import FINAL, RESTING, State

_PERSON_STATES = frozenset({*RESTING, State.AWAITING_APPROVAL, State.COLLECTING})


@dataclass(frozen=True, slots=True)
class Entry:
    """One entrance into a state, with the reason that came with it."""

    state: State
    at: datetime
    reason: str | None


@dataclass(frozen=True, slots=True)
class Story:
    """A transaction as its events tell it.

    `since` is when it entered its last state, `last_at` and `last_kind` belong to its last move;
    `straight_through` says that no person had to touch it; `posted_at` when the ERP confirmed it.
    """

    transaction_id: UUID
    opened_at: datetime
    state: State
    since: datetime
    last_at: datetime
    last_kind: str
    step: str
    reason: str | None
    entries: tuple[Entry, ...]
    straight_through: bool
    posted_at: datetime | None
    external_id: str | None

    @property
    def is_open(self) -> bool:
        """Tell whether it still has a way to go."""
        return self.state not in FINAL

    @property
    def waits_for_answer(self) -> bool:
        """Tell whether an approver or a sender is waited for, or a date."""
        return self.state in {State.AWAITING_APPROVAL, State.COLLECTING} or self.last_kind == "waiting"

    def entered(self, state: State, start: datetime, until: datetime) -> Entry | None:
        """Return its last entrance into `state` within a window."""
        found = [each for each in self.entries if each.state is state and start <= each.at < until]
        return found[-1] if found else None


def tell_stories(happenings: Iterable[Happening]) -> list[Story]:
    """Return one story per transaction; `happenings` are ordered by transaction, then sequence number."""
    return [_tell(list(group)) for _, group in groupby(happenings, key=lambda each: each.transaction_id)]


def _tell(happenings: list[Happening]) -> Story:
    first = happenings[0]
    # A mail about a transaction does not move it: only events that name a state do.
    last = next((each for each in reversed(happenings) if each.state_to), first)
    entries = tuple(_entries(happenings))
    posted = next((each for each in happenings if _is_posting(each)), None)
    return Story(
        transaction_id=first.transaction_id,
        opened_at=first.at,
        state=entries[-1].state,
        since=entries[-1].at,
        last_at=last.at,
        last_kind=last.kind,
        step=next((each.step for each in reversed(happenings) if each.step), ""),
        reason=entries[-1].reason,
        entries=entries,
        straight_through=any(each.straight_through for each in happenings)
        and not any(entry.state in _PERSON_STATES for entry in entries),
        posted_at=posted.at if posted else None,
        external_id=next((each.external_id for each in reversed(happenings) if each.external_id), None),
    )


def _entries(happenings: list[Happening]) -> Iterator[Entry]:
    """Yield the entrances into states; an event that stays in a state can still name a newer reason."""
    current = Entry(State.RECEIVED, happenings[0].at, None)
    for each in happenings:
        state = State(each.state_to) if each.state_to else current.state
        if state is not current.state:
            yield current
            current = Entry(state, each.at, each.reason)
        elif each.reason and state in RESTING:
            current = Entry(state, current.at, each.reason)
    yield current


def _is_posting(happening: Happening) -> bool:
    """Tell whether the ERP's own id of the bill came with this move into `uploaded`."""
    moved = happening.state_to == State.UPLOADED and happening.state_from != State.UPLOADED
    return moved and bool(happening.external_id or happening.connector)
