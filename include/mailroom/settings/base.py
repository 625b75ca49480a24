"""The base of every policy model, and the small types they share."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints


class Policy(BaseModel):
    """A piece of configuration: unknown keys are faults, values never change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


MailAddress = Annotated[
    str, StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[^@\s<>,;\"]+@[^@\s<>,;\"]+$")
]
"""One bare mail address, `name@domain`, kept in lower case."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
"""An organization's short name in paths and commands."""
