"""Who am I, and tokens in place of a key."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request

from mailroom.web.api.asked import RefreshAsked
from mailroom.web.api.principal import Gate, Parts, Reader
from mailroom.web.api.told import TokensTold, WhoTold

router = APIRouter(tags=["sign in"])


@router.get("/me", response_model=WhoTold, summary="Who this credential stands for")
def me(who: Reader, services: Parts) -> dict[str, Any]:
    """Return the organization, role and rights; use it to try a key."""
    setup = services.setups.of(who.organization_id)
    return {
        "organization": setup.customer.organization if setup else "",
        "name": who.name,
        "role": who.role.value,
        "rights": sorted(right.value for right in who.rights),
        "user": who.user_email,
    }


@router.post("/token", response_model=TokensTold, summary="Tokens for an API key")
def token(request: Request) -> dict[str, Any]:
    """Return an access token and a refresh token for the key in X-API-Key. A token cannot make tokens."""
    gate: Gate = request.app.state.gate
    who = gate.admit_key(request)
    return gate.mint.pair(who.organization_id, who.key_id)


@router.post("/token/refresh", response_model=TokensTold, summary="New tokens for a refresh token")
def refresh(request: Request, asked: RefreshAsked) -> dict[str, Any]:
    """Return new tokens, as long as the key they were first made from is good."""
    gate: Gate = request.app.state.gate
    who = gate.admit_refresh(request, asked.refresh_token)
    return gate.mint.pair(who.organization_id, who.key_id)
