"""From a step's answer to the move that follows: pure, one transaction at a time."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from mailroom.domain.outcome import Act, Advance, Fail, Hold, Outcome, Reject, Retry, Wait
from mailroom.domain.transaction import State, Transaction, is_legal
from mailroom.engine.process import Process, ProcessStep
from mailroom.settings.retry import RetryPolicy

Jitter = Callable[[float], float]
"""Given an upper bound in seconds, return a number between 0 and it."""


@dataclass(frozen=True, slots=True)
class Planned:
    """Where an answer takes a transaction, before anything is written.

    `due_at` None means nobody is waited for; `attempts` counts this step's failed tries so far.
    """

    transaction: Transaction
    ran: str
    outcome: Outcome
    state: State
    step: str
    kind: str
    due_at: datetime | None = None
    reason: str | None = None
    attempts: int = 0
    error: str | None = None
    message: str | None = None

    def facts(self) -> dict[str, Any]:
        """Return the event's facts."""
        facts: dict[str, Any] = {
            "from": self.transaction.state.value,
            "to": self.state.value,
            "step": self.ran,
        }
        if self.reason is not None:
            facts["reason"] = self.reason
        if self.error is not None:
            facts["error"] = self.error
            facts["attempt"] = self.attempts
        return {**facts, **self.outcome.facts}


def backoff(policy: RetryPolicy, attempts: int, asked_for: float | None, jitter: Jitter) -> float:
    """Return seconds to wait before the next attempt, never less than the neighbour asked for."""
    full = min(policy.base_seconds * policy.factor ** (attempts - 1), policy.max_seconds)
    spread = full * policy.jitter_pct / 100
    return max(asked_for or 0.0, full - spread + jitter(spread))


def uniform_jitter(bound: float) -> float:
    """Return full jitter: anything between 0 and the bound."""
    return random.uniform(0, bound)  # noqa: S311 - spreading load, not a secret


def plan(
    transaction: Transaction,
    process: Process,
    outcome: Outcome,
    now: datetime,
    jitter: Jitter = uniform_jitter,
) -> Planned:
    """Return the move an outcome makes.

    A move the state machine does not have becomes a failure that names it: a fault of a step or a
    process file must not stop the rest of the slice.
    """
    planned = _plan(transaction, process, process.step(transaction.step), outcome, now, jitter)
    if is_legal(transaction.state, planned.state):
        return planned
    message = f"step {transaction.step!r} asked to go from {transaction.state} to {planned.state}, which no process may"
    return plan_failure(transaction, Fail("illegal_move", message), transaction.attempts + 1)


def _plan(
    transaction: Transaction,
    process: Process,
    at: ProcessStep,
    outcome: Outcome,
    now: datetime,
    jitter: Jitter,
) -> Planned:
    match outcome:
        case Advance():
            return _advanced(transaction, process, at, outcome, now)
        case Act():
            state = at.during or transaction.state
            return Planned(transaction, at.name, outcome, state, at.name, "acting", now, attempts=transaction.attempts)
        case Wait():
            state = at.waits_as or transaction.state
            return Planned(transaction, at.name, outcome, state, at.name, "waiting", outcome.until)
        case Hold() | Reject():
            state, kind = (State.ON_HOLD, "held") if isinstance(outcome, Hold) else (State.REJECTED, "rejected")
            return Planned(transaction, at.name, outcome, state, at.name, kind, reason=outcome.reason)
        case Retry():
            return _retried(transaction, at, outcome, now, jitter)
        case Fail():
            return plan_failure(transaction, outcome, transaction.attempts + 1)
    raise TypeError(f"step {at.name!r} answered with {type(outcome).__name__}")


def _advanced(transaction: Transaction, process: Process, at: ProcessStep, outcome: Advance, now: datetime) -> Planned:
    following = process.step(outcome.skip_to) if outcome.skip_to else process.after(at.name)
    state = following.starts_from if outcome.skip_to and following else at.reaches
    if following is None:
        return Planned(transaction, at.name, outcome, state, at.name, "done")
    return Planned(transaction, at.name, outcome, state, following.name, "advanced", now)


def _retried(transaction: Transaction, at: ProcessStep, outcome: Retry, now: datetime, jitter: Jitter) -> Planned:
    attempts = transaction.attempts + 1
    if attempts >= at.retry.max_attempts:
        return plan_failure(
            transaction,
            Fail(outcome.error, outcome.message, effects=outcome.effects, facts=outcome.facts),
            attempts,
        )
    wait = backoff(at.retry, attempts, outcome.after, jitter)
    return Planned(
        transaction,
        at.name,
        outcome,
        transaction.state,
        at.name,
        "retried",
        now + timedelta(seconds=wait),
        attempts=attempts,
        error=outcome.error,
        message=outcome.message,
    )


def plan_failure(transaction: Transaction, outcome: Fail, attempts: int) -> Planned:
    """Return the move of a lasting fault; `attempts` counts the tries made."""
    return Planned(
        transaction,
        transaction.step,
        outcome,
        State.FAILED,
        transaction.step,
        "failed",
        reason=outcome.error,
        attempts=attempts,
        error=outcome.error,
        message=outcome.message,
    )


def moved(planned: Planned) -> Transaction:
    """Return the transaction as the move leaves it, for the next step of the same lease."""
    return replace(
        planned.transaction,
        state=planned.state,
        step=planned.step,
        version=planned.transaction.version + 1,
        attempts=planned.attempts,
        reason=planned.reason,
        reference=planned.outcome.reference or planned.transaction.reference,
    )
