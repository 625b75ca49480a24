"""How often and how soon a step is tried again."""

from __future__ import annotations

from pydantic import Field

from mailroom.settings.base import Policy


class RetryPolicy(Policy):
    """Exponential backoff: base x factor^(attempt - 1), up to `max_seconds`, spread by `jitter_pct`.

    `max_attempts` counts all attempts: 3 means one and two retries (requirements X4).
    """

    name: str
    max_attempts: int = Field(default=3, ge=1, le=20)
    base_seconds: float = Field(default=30.0, gt=0)
    factor: float = Field(default=4.0, ge=1)
    max_seconds: float = Field(default=3600.0, gt=0)
    jitter_pct: float = Field(default=100.0, ge=0, le=100)
