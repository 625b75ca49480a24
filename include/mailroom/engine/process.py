"""A process as the engine runs it: steps in order, each with its states and its retry policy."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ValidationError

from mailroom.domain.errors import ConfigurationError
from mailroom.domain.transaction import State
from mailroom.engine.step import Step, StepRegistry
from mailroom.settings.base import Policy
from mailroom.settings.processes import ProcessPolicy, StepPolicy
from mailroom.settings.retry import RetryPolicy


@dataclass(frozen=True, slots=True)
class ProcessStep:
    """One step in its place: the code, its checked settings, and the states around it."""

    step: Step
    settings: Policy
    retry: RetryPolicy
    starts_from: State
    reaches: State
    waits_as: State | None
    during: State | None

    @property
    def name(self) -> str:
        """Return the step's name."""
        return self.step.name


@dataclass(frozen=True, slots=True)
class Process:
    """An ordered list of steps for one customer."""

    name: str
    steps: tuple[ProcessStep, ...]

    @property
    def first(self) -> ProcessStep:
        """Return the step a new transaction starts at."""
        return self.steps[0]

    def step(self, name: str) -> ProcessStep:
        """Return the step of that name."""
        for step in self.steps:
            if step.name == name:
                return step
        known = ", ".join(step.name for step in self.steps)
        raise ConfigurationError(f"process {self.name!r} has no step {name!r}; its steps are {known}", code="no_step")

    def after(self, name: str) -> ProcessStep | None:
        """Return the step that follows, or None after the last."""
        place = [step.name for step in self.steps].index(name) + 1
        return self.steps[place] if place < len(self.steps) else None


def build_process(policy: ProcessPolicy, registry: StepRegistry, retries: dict[str, RetryPolicy]) -> Process:
    """Bind a policy to code and check each step's settings.

    Raises `ConfigurationError` naming the step and the setting.
    """
    steps: list[ProcessStep] = []
    state = State.RECEIVED
    for each in policy.steps:
        step = registry.get(each.name)
        reaches = each.reaches or state
        steps.append(
            ProcessStep(
                step=step,
                settings=_checked_settings(policy.name, each, step),
                retry=_retry(policy.name, each, retries),
                starts_from=state,
                reaches=reaches,
                waits_as=each.waits_as,
                during=each.during,
            )
        )
        state = reaches
    return Process(policy.name, tuple(steps))


def _checked_settings(process: str, policy: StepPolicy, step: Step) -> Policy:
    try:
        return step.settings.model_validate(policy.settings)
    except ValidationError as err:
        first = err.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(
            f"process {process!r}, step {policy.name!r}, setting {where!r}: {first['msg']}",
            code="step_settings",
        ) from err


def _retry(process: str, policy: StepPolicy, retries: dict[str, RetryPolicy]) -> RetryPolicy:
    try:
        return retries[policy.retry]
    except KeyError:
        known = ", ".join(sorted(retries))
        raise ConfigurationError(
            f"process {process!r}, step {policy.name!r}: no retry policy {policy.retry!r}; known are {known}",
            code="unknown_retry_policy",
        ) from None
