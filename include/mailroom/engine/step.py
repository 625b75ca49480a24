"""What a step is, and where steps come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import entry_points
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from mailroom.database.session import Database
from mailroom.domain.errors import ConfigurationError
from mailroom.domain.outcome import Act, Outcome
from mailroom.domain.transaction import Transaction
from mailroom.settings.base import Policy
from mailroom.settings.customers import CustomerPolicy

ENTRY_POINT_GROUP = "mailroom.steps"


@dataclass(frozen=True, slots=True)
class StepContext:
    """What a step may know besides its facts: the customer, the step's settings, and the time."""

    customer: CustomerPolicy
    settings: Any
    now: datetime
    configuration_hash: str


class NoSettings(Policy):
    """The settings of a step that has none."""


@dataclass(frozen=True, slots=True)
class ActItem:
    """One transaction that a step is to act on, its intent already committed."""

    transaction: Transaction
    facts: Any
    intent: Act


Load = Callable[[Connection, Sequence[Transaction], StepContext], Mapping[UUID, Any]]
Read = Callable[[Any, StepContext], Any]
Decide = Callable[[Any, StepContext], Outcome]
ActFunction = Callable[[Database, Sequence[ActItem], StepContext], Iterator[tuple[UUID, Outcome]]]


@dataclass(frozen=True, slots=True)
class Step:
    """A name and three or four functions; see design.md.

    `load` fetches the facts of a whole slice of one organization in few queries; `read` does slow,
    idempotent I/O for one of them, no database transaction open; `decide` is pure; `act` does what
    happens outside Postgres and yields each transaction's outcome as it becomes known.
    """

    name: str
    load: Load
    decide: Decide
    read: Read | None = None
    act: ActFunction | None = None
    settings: type[Policy] = NoSettings


class StepRegistry:
    """The steps a process may name: built-in ones, and those other packages bring."""

    def __init__(self, steps: Iterable[Step] = ()) -> None:
        self._steps = {step.name: step for step in steps}

    def add(self, step: Step) -> None:
        """Register a step; a name is taken once."""
        if step.name in self._steps:
            raise ConfigurationError(f"two packages bring a step named {step.name!r}; remove one", code="step_twice")
        self._steps[step.name] = step

    def get(self, name: str) -> Step:
        """Return a step by name."""
        try:
            return self._steps[name]
        except KeyError:
            known = ", ".join(sorted(self._steps))
            raise ConfigurationError(f"no step is named {name!r}; known are {known}", code="unknown_step") from None

    def names(self) -> list[str]:
        """Return every known step's name, sorted."""
        return sorted(self._steps)


def discover(registry: StepRegistry, services: object) -> None:
    """Add the steps that installed packages offer: each entry point is a function `services -> Step`."""
    for entry_point in entry_points(group=ENTRY_POINT_GROUP):
        registry.add(entry_point.load()(services))
