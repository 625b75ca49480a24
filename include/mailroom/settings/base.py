"""The base of every policy model."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Policy(BaseModel):
    """A piece of configuration: unknown keys are faults, values never change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)
