"""What a step may answer for one transaction. The engine turns answers into moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer with its `effects`: rows, approvals, mails, clocks that belong to the same commit.

    `facts` goes into the event log: ids, codes and hashes only, never personal data.
    `reference` names the transaction for people (an invoice number) once it is known.
    """

    effects: tuple[Any, ...] = field(default=(), kw_only=True)
    facts: dict[str, Any] = field(default_factory=dict, kw_only=True)
    reference: str | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class Advance(Outcome):
    """Go on to the next step; `skip_to` names a later one."""

    skip_to: str | None = None


@dataclass(frozen=True, slots=True)
class Act(Outcome):
    """Commit the effects (an intent) and the step's `during` state, then let the step act outside Postgres.

    `facts_for_act` is handed to the step's `act` as it is.
    """

    facts_for_act: Any = None


@dataclass(frozen=True, slots=True)
class Wait(Outcome):
    """Wait for an answer, at the latest until `until`; the step then runs again."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Hold(Outcome):
    """A person must decide; `reason` is a code (`duplicate`, `no_account`)."""

    reason: str


@dataclass(frozen=True, slots=True)
class Reject(Outcome):
    """Never to be done; `reason` is a code."""

    reason: str


@dataclass(frozen=True, slots=True)
class Retry(Outcome):
    """A passing fault; the engine counts attempts and spaces them. `after` in seconds, when asked for."""

    error: str
    message: str = ""
    after: float | None = None


@dataclass(frozen=True, slots=True)
class Fail(Outcome):
    """A lasting fault; it goes to a person at once."""

    error: str
    message: str = ""
