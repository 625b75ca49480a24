"""Access and refresh tokens: signed claims about which key they were made from (reliability T31, X14)."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

import jwt

from mailroom.web.api.policy import ApiPolicy

ALGORITHM = "HS256"
AUDIENCE = "mailroom-api"
_REQUIRED = ["iss", "aud", "sub", "org", "type", "iat", "nbf", "exp", "jti"]


class TokenType(StrEnum):
    """What a token is for; neither is taken for the other."""

    ACCESS = "access"
    REFRESH = "refresh"


@dataclass(frozen=True, slots=True)
class TokenMint:
    """Makes and checks tokens. A token says whose key it stands for, never what that key may do."""

    secret: bytes
    policy: ApiPolicy

    @classmethod
    def of(cls, token_key: bytes, policy: ApiPolicy) -> TokenMint:
        """Return a mint with a key of its own, derived from the process's token key."""
        return cls(hmac.new(token_key, b"mailroom.api.tokens", hashlib.sha256).digest(), policy)

    def make(self, kind: TokenType, organization_id: UUID, key_id: UUID, now: datetime) -> str:
        """Return a signed token."""
        seconds = self.policy.access_seconds if kind is TokenType.ACCESS else self.policy.refresh_seconds
        claims: dict[str, Any] = {
            "iss": self.policy.issuer,
            "aud": AUDIENCE,
            "sub": str(key_id),
            "org": str(organization_id),
            "type": kind.value,
            "iat": now,
            "nbf": now,
            "exp": now + timedelta(seconds=seconds),
            "jti": uuid4().hex,
        }
        return jwt.encode(claims, self.secret, algorithm=ALGORITHM)

    def pair(self, organization_id: UUID, key_id: UUID) -> dict[str, Any]:
        """Return an access token, the refresh token that renews it, and how many seconds each is good."""
        now = datetime.now(UTC)
        return {
            "access_token": self.make(TokenType.ACCESS, organization_id, key_id, now),
            "refresh_token": self.make(TokenType.REFRESH, organization_id, key_id, now),
            "token_type": "Bearer",
            "expires_in": self.policy.access_seconds,
            "refresh_expires_in": self.policy.refresh_seconds,
        }

    def read(self, token: str, kind: TokenType) -> tuple[UUID, UUID] | None:
        """Return (organization, key) of a good token of this type, else None.

        The algorithm is ours, whatever the header says, and so is the key: `kid`, `jku` and their like are not
        looked at. A token without one of the claims is none (PyJWT takes one without `exp` unless told).
        """
        try:
            claims = jwt.decode(
                token,
                self.secret,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=self.policy.issuer,
                options={"require": _REQUIRED, "strict_aud": True},
            )
            if claims["type"] != kind.value:
                return None
            return UUID(claims["org"]), UUID(claims["sub"])
        except (jwt.InvalidTokenError, ValueError, TypeError, AttributeError, RecursionError):
            return None
