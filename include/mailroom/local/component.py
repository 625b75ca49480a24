"""A part of the stack, what it is doing, and how that is told to others."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from mailroom.domain.errors import ConfigurationError


class State(StrEnum):
    """What a component is doing."""

    WAITING = "waiting"  # for a component it needs
    STARTING = "starting"
    HEALTHY = "healthy"
    SILENT = "silent"  # alive, but it does not answer
    RESTARTING = "restarting"  # it died; the next try is a few seconds away
    DONE = "done"  # a preparation that has ended well
    FAILED = "failed"  # it dies again and again; tried once a minute
    STOPPING = "stopping"
    STOPPED = "stopped"
    LEFT_OVER = "left over"  # its supervisor was killed


READY = frozenset({State.HEALTHY, State.SILENT, State.DONE})
"""States in which those who need a component may start."""


def _nothing() -> None:
    return None


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Component:
    """One program of the stack: how it starts, how its health is told, how it ends.

    `healthy` is asked with the time (seconds since 1970) the process was started and returns None when
    it cannot tell. `prepare` runs before each start, `settle` once after the first health and before
    anybody who needs the component starts. A `once` component is a preparation: done when it exits 0,
    left out when `skip` says so. Components stop before those they need and those in `stops_before`.
    Health counts only once the component itself listens on all of `listens_on`: another program may
    have been quicker to take the port, and answer.
    """

    name: str
    command: Callable[[], Sequence[str]]
    healthy: Callable[[float], bool | None]
    needs: tuple[str, ...] = ()
    prepare: Callable[[], None] = _nothing
    settle: Callable[[], None] = _nothing
    environment: Mapping[str, str] = field(default_factory=dict)
    cwd: Path = Path("/")
    user: str | None = None
    once: bool = False
    skip: Callable[[], bool] = _never
    stop_signal: signal.Signals = signal.SIGTERM
    stop_within: float = 10.0
    stops_before: tuple[str, ...] = ()
    listens_on: tuple[int, ...] = ()
    port: int | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ComponentStatus:
    """One component as others see it; `since` is when it came into its state, in seconds since 1970."""

    component: str
    state: State
    since: float
    log: str
    pid: int | None = None
    port: int | None = None
    url: str | None = None
    restarts: int = 0
    message: str | None = None

    @property
    def seconds(self) -> float:
        """How long the component has been in its state."""
        return max(0.0, round(time.time() - self.since, 1))

    def as_json(self) -> dict[str, Any]:
        """Return the fields for a JSON object."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> ComponentStatus:
        """Rebuild what `as_json` made."""
        return cls(**{**value, "state": State(value["state"])})


def chosen(
    components: Sequence[Component], names: Iterable[str] | None, groups: Mapping[str, Iterable[str]]
) -> list[Component]:
    """Return the named components (None: all) and all they need, in the given order.

    A name may be a group's. Raises `ConfigurationError` for a name that is neither.
    """
    by_name = {component.name: component for component in components}
    wanted = set(by_name) if names is None else expanded(names, by_name, groups)
    pending = list(wanted)
    while pending:
        needed = set(by_name[pending.pop()].needs) - wanted
        wanted |= needed
        pending.extend(needed)
    return [component for component in components if component.name in wanted]


def expanded(names: Iterable[str], known: Iterable[str], groups: Mapping[str, Iterable[str]]) -> set[str]:
    """Return component names with groups resolved; raises `ConfigurationError` for an unknown one."""
    found: set[str] = set()
    for name in names:
        if name not in known and name not in groups:
            raise ConfigurationError(f"The stack has no {name!r}; it has {', '.join([*known, *groups])}.")
        found.update(groups.get(name, (name,)))
    return found
