"""Who asks: a key, or a token made from one, becomes one principal with an organization, a person and rights."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import structlog
from fastapi import Depends, Request
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from mailroom.database.api_keys import ApiKey, is_active, organization_of_key, usable_key
from mailroom.domain.api_key import is_api_key, key_hash
from mailroom.domain.roles import RIGHTS, Right, Role
from mailroom.web.api.errors import ApiError
from mailroom.web.api.policy import ApiPolicy
from mailroom.web.api.tokens import TokenMint, TokenType
from mailroom.web.attempts import FailedAttempts
from mailroom.web.services import ApiServices

log = structlog.get_logger()

_SCHEME = "bearer "


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks. `rights` are those of the key's role that its person, if it has one, has too."""

    organization_id: UUID
    key_id: UUID
    name: str
    role: Role
    rights: frozenset[Right]
    user_id: UUID | None = None
    user_email: str | None = None

    @property
    def actor(self) -> str:
        """Who did it, for the event log: a person's id where there is a person."""
        return f"user:{self.user_id}" if self.user_id else f"api_key:{self.key_id}"

    @classmethod
    def of(cls, key: ApiKey) -> Principal:
        """Return who holds this key."""
        rights = RIGHTS[Role(key.role)]
        if key.user_role is not None:
            rights &= RIGHTS[Role(key.user_role)]
        else:
            # Nobody decides in nobody's name.
            rights -= {Right.DECIDE}
        return cls(key.organization_id, key.id, key.name, Role(key.role), rights, key.user_id, key.user_email)


class Gate:
    """Lets callers in: by key or token, not too often, and slows down whoever guesses."""

    def __init__(self, services: ApiServices, policy: ApiPolicy, attempts: FailedAttempts | None = None) -> None:
        self.services, self.policy = services, policy
        self.mint = TokenMint.of(services.token_key, policy)
        self._attempts = attempts or FailedAttempts(most=30, seconds=300.0)
        self._limits = policy.limits
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def admit(self, request: Request) -> Principal:
        """Return who asks. Raises `ApiError` 401 for a credential that is good for nothing, 429 for too much."""
        key, token = request.headers.get("x-api-key"), self._bearer(request)
        if (key is None) == (token is None):
            raise _refused("Send one credential: the header X-API-Key, or Authorization: Bearer with an access token.")
        self._slow_down(request)
        who = self._by_key(key) if key is not None else self._by_token(token or "", TokenType.ACCESS)
        return self._let_in(request, who)

    def admit_key(self, request: Request) -> Principal:
        """Return who asks, by key only: a token makes no tokens."""
        self._slow_down(request)
        return self._let_in(request, self._by_key(request.headers.get("x-api-key") or ""))

    def admit_refresh(self, request: Request, token: str) -> Principal:
        """Return whose refresh token this is."""
        self._slow_down(request)
        return self._let_in(request, self._by_token(token, TokenType.REFRESH))

    def _bearer(self, request: Request) -> str | None:
        value = request.headers.get("authorization")
        if value is None:
            return None
        return value[len(_SCHEME) :].strip() if value.lower().startswith(_SCHEME) else ""

    def _by_key(self, key: str) -> Principal | None:
        if not is_api_key(key):
            return None
        with self.services.database.dispatch() as connection:
            known = organization_of_key(connection, key_hash(key))
        return None if known is None else self._usable(*known)

    def _by_token(self, token: str, kind: TokenType) -> Principal | None:
        known = self.mint.read(token, kind)
        if known is None:
            return None
        with self.services.database.dispatch() as connection:
            if not is_active(connection, known[0]):
                return None
        return self._usable(*known)

    def _usable(self, organization_id: UUID, key_id: UUID) -> Principal | None:
        with self.services.database.organization(organization_id) as connection:
            key = usable_key(connection, key_id)
        return None if key is None else Principal.of(key)

    def _slow_down(self, request: Request) -> None:
        wait = self._attempts.locked_for(_address(request))
        if wait > 0:
            raise _too_much("Too many requests with bad credentials came from here.", wait)

    def _let_in(self, request: Request, who: Principal | None) -> Principal:
        if who is None:
            if self._attempts.note(_address(request)):
                log.warning("too many bad credentials", address=_address(request))
            raise _refused("This credential is unknown, expired or revoked.")
        request.state.principal = who
        for limit in self._limits:
            if not self._limiter.hit(limit, str(who.key_id)):
                reset = self._limiter.get_window_stats(limit, str(who.key_id)).reset_time
                raise _too_much(f"This key may ask {limit}.", reset - time.time())
        return who


@dataclass(frozen=True, slots=True)
class Needs:
    """A route's demand: a principal with this right."""

    right: Right

    def __call__(self, request: Request) -> Principal:
        """Return the principal. Raises `ApiError` 403 when they have not the right."""
        who: Principal = request.app.state.gate.admit(request)
        if self.right not in who.rights:
            why = "" if self.right is not Right.DECIDE or who.user_id else "; only a person's key decides"
            raise ApiError(403, "forbidden", f"The role {who.role.value} may not do this ({self.right.value}){why}.")
        return who


def _services(request: Request) -> Any:
    return request.app.state.services


Parts = Annotated[ApiServices, Depends(_services)]
Reader = Annotated[Principal, Depends(Needs(Right.READ))]
Starter = Annotated[Principal, Depends(Needs(Right.START))]
Clearer = Annotated[Principal, Depends(Needs(Right.CLEAR))]
Overruler = Annotated[Principal, Depends(Needs(Right.OVERRULE))]
Decider = Annotated[Principal, Depends(Needs(Right.DECIDE))]


def _refused(message: str) -> ApiError:
    return ApiError(401, "unauthorized", message, WWW_Authenticate="Bearer")


def _too_much(message: str, seconds: float) -> ApiError:
    return ApiError(429, "too_many_requests", f"{message} Please wait.", Retry_After=str(max(1, int(seconds) + 1)))


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
