"""The one state machine: a transaction's states and the moves between them.

Each design document's own words are aliases of these states (requirements A6.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class State(StrEnum):
    """Where a transaction stands. `RESTING` states wait for a person; `FINAL` ones are over."""

    RECEIVED = "received"
    COLLECTING = "collecting"
    COLLECTED = "collected"
    EXTRACTED = "extracted"
    VALIDATED = "validated"
    AWAITING_APPROVAL = "awaiting_approval"
    APPROVED = "approved"
    UPLOADING = "uploading"
    UPLOADED = "uploaded"
    COMPLETED = "completed"
    ON_HOLD = "on_hold"
    REJECTED = "rejected"
    FAILED = "failed"
    ESCALATED = "escalated"
    CANCELLED = "cancelled"


FINAL = frozenset({State.COMPLETED, State.REJECTED, State.CANCELLED})
RESTING = frozenset({State.ON_HOLD, State.FAILED, State.ESCALATED})

_FORWARD = {
    State.RECEIVED: {State.COLLECTING, State.COLLECTED, State.EXTRACTED},
    State.COLLECTING: {State.COLLECTED},
    State.COLLECTED: {State.COLLECTING, State.EXTRACTED},
    State.EXTRACTED: {State.COLLECTING, State.VALIDATED},
    State.VALIDATED: {State.COLLECTING, State.AWAITING_APPROVAL, State.APPROVED},
    State.AWAITING_APPROVAL: {State.APPROVED, State.COLLECTING},
    State.APPROVED: {State.UPLOADING, State.UPLOADED},
    State.UPLOADING: {State.UPLOADED},
    State.UPLOADED: {State.COMPLETED},
}
_ASIDE = frozenset({State.ON_HOLD, State.REJECTED, State.FAILED, State.CANCELLED})
_CONTINUE_AT = frozenset(_FORWARD)


def _moves() -> frozenset[tuple[State, State]]:
    forward = {(old, new) for old, news in _FORWARD.items() for new in news}
    aside = {(old, new) for old in _FORWARD for new in _ASIDE}
    # A person's fix re-enters at a named step: back to the state that step starts from.
    again = {(old, new) for old in RESTING for new in _CONTINUE_AT}
    # What waits for a decision may be checked again after an edit; it never goes past the decision.
    before_decision = {State.RECEIVED, State.COLLECTING, State.COLLECTED, State.EXTRACTED, State.VALIDATED}
    again |= {(State.AWAITING_APPROVAL, new) for new in before_decision}
    resting = {
        (State.FAILED, State.ESCALATED),
        (State.FAILED, State.CANCELLED),
        # Time that runs out: held too long, and then longer than anything may take.
        (State.ON_HOLD, State.ESCALATED),
        (State.ESCALATED, State.FAILED),
        (State.ESCALATED, State.COMPLETED),
        (State.ESCALATED, State.CANCELLED),
        (State.ESCALATED, State.REJECTED),
        (State.ESCALATED, State.ON_HOLD),
        (State.ON_HOLD, State.REJECTED),
        (State.ON_HOLD, State.CANCELLED),
        (State.ON_HOLD, State.FAILED),
    }
    return frozenset((old, new) for old, new in forward | aside | again | resting if old != new)


MOVES: frozenset[tuple[State, State]] = _moves()
"""Every legal move; a database trigger refuses the others."""


def is_legal(old: State, new: State) -> bool:
    """Tell whether a transaction may go from `old` to `new`; staying is always legal."""
    return old == new or (old, new) in MOVES


@dataclass(frozen=True, slots=True)
class Transaction:
    """One invoice, pay-stub collection, conversation or form on its way through.

    `step` is the next step to run; `version` counts every write, `fence` every claim.
    """

    id: UUID
    organization_id: UUID
    process: str
    state: State
    step: str
    version: int
    fence: int
    attempts: int
    mode: str
    reference: str | None
    created_at: datetime
    reason: str | None = None
