"""A process as YAML says it: a list of steps, and what a customer changes about it."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, model_validator

from mailroom.domain.transaction import State
from mailroom.settings.base import Policy


class StepPolicy(Policy):
    """One step of a process.

    `reaches` is the state after the step (none: the state stays), `waits_as` the state while it waits
    for an answer, `during` the state while it acts outside. `settings` are the step's own.
    """

    name: str
    reaches: State | None = None
    waits_as: State | None = None
    during: State | None = None
    retry: str = "default"
    settings: dict[str, Any] = Field(default_factory=dict)


class AddedStep(StepPolicy):
    """A step that a customer adds `after` another one."""

    after: str


class FanOut(Policy):
    """How many task groups a run of the process's DAG may map."""

    one_each_up_to: int = Field(default=24, ge=0, le=200)
    max_slices: int = Field(default=8, ge=1, le=200)
    max_due: int = Field(default=10_000, ge=1, le=50_000)


class ProcessPolicy(Policy):
    """A process every customer can use as it is or change."""

    name: str
    description: str = ""
    steps: tuple[StepPolicy, ...] = Field(min_length=1)
    fan_out: FanOut = FanOut()

    @model_validator(mode="after")
    def _names_differ(self) -> Self:
        names = [step.name for step in self.steps]
        double = sorted({name for name in names if names.count(name) > 1})
        if double:
            raise ValueError(f"step {double[0]!r} stands twice; a step is named once in a process")
        return self


class ProcessChange(Policy):
    """What one customer changes about a process: steps removed, added, or configured."""

    remove: tuple[str, ...] = ()
    add: tuple[AddedStep, ...] = ()
    configure: dict[str, dict[str, Any]] = Field(default_factory=dict)


def changed(process: ProcessPolicy, change: ProcessChange) -> ProcessPolicy:
    """Return the process with a customer's changes.

    Raises `ValueError` naming a step that is not there.
    """
    known = [step.name for step in process.steps]
    for name in (*change.remove, *change.configure, *(step.after for step in change.add)):
        if name not in {*known, *(step.name for step in change.add)}:
            raise ValueError(f"process {process.name!r} has no step {name!r}; its steps are {', '.join(known)}")
    steps = [step for step in process.steps if step.name not in change.remove]
    for added in change.add:
        place = [step.name for step in steps].index(added.after) + 1
        steps.insert(place, StepPolicy(**added.model_dump(exclude={"after"})))
    steps = [_configured(step, change.configure.get(step.name)) for step in steps]
    return ProcessPolicy(**{**process.model_dump(exclude={"steps"}), "steps": tuple(s.model_dump() for s in steps)})


def _configured(step: StepPolicy, settings: dict[str, Any] | None) -> StepPolicy:
    if settings is None:
        return step
    return step.model_copy(update={"settings": {**step.settings, **settings}})
