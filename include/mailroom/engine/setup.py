"""One organization's policy, bound to code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from mailroom.engine.process import Process, ProcessStep
from mailroom.settings.customers import CustomerPolicy


@dataclass(frozen=True, slots=True)
class CustomerSetup:
    """One customer's policy bound to code, and the hash every decision keeps."""

    customer: CustomerPolicy
    processes: dict[str, Process]
    hash: str

    def find(self, process: str, step: str) -> tuple[Process, ProcessStep] | None:
        """Return a process and its step, or None when the configuration has them no more."""
        known = self.processes.get(process)
        if known is None or step not in {each.name for each in known.steps}:
            return None
        return known, known.step(step)


class Setups(Protocol):
    """Where the engine finds each organization's setup."""

    def of(self, organization_id: UUID) -> CustomerSetup | None:
        """Return the setup, or None when the customer has no usable configuration."""
        ...
