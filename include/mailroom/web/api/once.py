"""One request, one effect: whoever sends it again with its Idempotency-Key gets the same answer (F17)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Header, Request, Response
from fastapi.responses import JSONResponse
from sqlalchemy import Connection

from mailroom.database.kept_answers import KeptAnswer, claim_request, keep_answer, kept_answer
from mailroom.web.api.errors import ApiError
from mailroom.web.api.principal import Principal
from mailroom.web.services import ApiServices

KeyHeader = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="Your own name for this request, such as a UUID. Sent again with the same body, it does nothing "
        "twice and gets the same answer for 72 hours.",
        examples=["0b5a6f7e-1c2d-4e3f-8a9b-0c1d2e3f4a5b"],
    ),
]


@dataclass(frozen=True, slots=True)
class Told:
    """What an action answers; it is kept in the action's own commit."""

    body: dict[str, Any]
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Once:
    """Carries out a request with a key once. An action that raises leaves nothing behind, the key included."""

    key: str
    route: str

    def run(
        self,
        services: ApiServices,
        who: Principal,
        content: Any,
        act: Callable[[Connection], Told],
    ) -> Response:
        """Do what is asked and keep the answer, or return the one that was kept.

        `content` is what was sent, as JSON. Raises `ApiError` 409 when the key was used for something else.
        """
        digest = self.digest(content)
        with services.database.organization(who.organization_id) as connection:
            kept = claim_request(connection, who.organization_id, who.key_id, self.key, digest)
            if kept is None:
                told = act(connection)
                body = keep_answer(connection, who.key_id, self.key, told.status, told.body)
        return JSONResponse(body, told.status) if kept is None else self.again(kept, digest)

    def look_up(self, services: ApiServices, who: Principal) -> KeptAnswer | None:
        """Return what was answered to this key, before anything slow is done for it again."""
        with services.database.organization(who.organization_id) as connection:
            return kept_answer(connection, who.key_id, self.key)

    def digest(self, content: Any) -> str:
        """Return what tells this request from another with the same key."""
        said = json.dumps([self.route, content], sort_keys=True, default=str)
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()

    def again(self, kept: KeptAnswer, digest: str) -> Response:
        """Return the answer that was kept."""
        if kept.request_hash != digest:
            raise ApiError(409, "idempotency_key_reused", "This Idempotency-Key was used for another request.")
        return JSONResponse(kept.body, kept.status, headers={"Idempotent-Replayed": "true"})


def _once(request: Request, key: KeyHeader) -> Once:
    return Once(key, f"{request.method} {request.scope['path']}")


OnlyOnce = Annotated[Once, Depends(_once)]
