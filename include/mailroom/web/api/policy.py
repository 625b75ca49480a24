"""What the API allows: how long tokens live, how often and how much one caller may ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from limits import RateLimitItem, parse_many

from mailroom.domain.errors import ConfigurationError
from mailroom.settings.environment import Environment

MOST_BODY_BYTES = 64 * 1024
LONGEST_LIST = 200


@dataclass(frozen=True, slots=True)
class ApiPolicy:
    """Times in seconds, sizes in bytes; `rate` is what each key may ask, such as `50/second;3000/minute`.

    Raises `ConfigurationError` when a refresh token would die before the access token it renews (X14).
    """

    issuer: str = "mailroom"
    access_seconds: int = 3600
    refresh_seconds: int = 86_400
    rate: str = "50/second;3000/minute"
    most_upload_bytes: int = 25 * 1024 * 1024

    def __post_init__(self) -> None:
        if not 0 < self.access_seconds < self.refresh_seconds:
            raise ConfigurationError(
                f"access tokens live {self.access_seconds} s and refresh tokens {self.refresh_seconds} s: a refresh "
                "token must live longer (MAILROOM_ACCESS_TOKEN_SECONDS, MAILROOM_REFRESH_TOKEN_SECONDS)",
                code="token_lifetimes",
            )
        _ = self.limits

    @property
    def limits(self) -> list[RateLimitItem]:
        """The limits that hold for each key; all of them."""
        try:
            return list(parse_many(self.rate))
        except ValueError as err:
            raise ConfigurationError(
                f"{self.rate!r} is no rate; write it like 50/second;3000/minute (MAILROOM_API_RATE)", code="api_rate"
            ) from err

    @classmethod
    def of(cls, environment: Environment) -> Self:
        """Return the policy of this process's environment."""
        return cls(
            environment.web_url,
            environment.access_token_seconds,
            environment.refresh_token_seconds,
            environment.api_rate,
            environment.api_upload_bytes,
        )
