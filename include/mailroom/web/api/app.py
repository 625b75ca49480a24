"""The REST API as an application of its own, mounted at /api/v1."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, FastAPI, Security
from fastapi.routing import APIRoute
from fastapi.security import APIKeyHeader, HTTPBearer

from mailroom import __version__
from mailroom.domain.roles import RIGHTS, Right
from mailroom.web.api import approvals, messages, overview, sign_in, submissions, transactions
from mailroom.web.api.around import Around
from mailroom.web.api.errors import register_errors
from mailroom.web.api.policy import ApiPolicy
from mailroom.web.api.principal import Gate, Needs
from mailroom.web.api.told import ErrorAnswer
from mailroom.web.attempts import FailedAttempts
from mailroom.web.services import ApiServices

_ABOUT = """Start invoices, find them, clear what stops them, decide what was put to you.

Send an API key in `X-API-Key`, or an access token made from one. Every id is looked for in the caller's own
organization: another's is not there. Every POST that acts needs an `Idempotency-Key`.
"""
_KEY = APIKeyHeader(name="X-API-Key", auto_error=False, description="Made by `mailroom api-key add`.")
_BEARER = HTTPBearer(auto_error=False, description="An access token of POST /token.")
_ERRORS: dict[int | str, dict[str, Any]] = {
    400: {"model": ErrorAnswer, "description": "Cannot be read at all"},
    401: {"model": ErrorAnswer, "description": "No usable credential"},
    403: {"model": ErrorAnswer, "description": "The role may not do this"},
    404: {"model": ErrorAnswer, "description": "No such thing for this organization"},
    409: {
        "model": ErrorAnswer,
        "description": "Not in this state, or the Idempotency-Key was used for another request",
    },
    411: {"model": ErrorAnswer, "description": "Content-Length is missing"},
    413: {"model": ErrorAnswer, "description": "Too large"},
    422: {"model": ErrorAnswer, "description": "Cannot be used; details name the fields"},
    429: {"model": ErrorAnswer, "description": "Too many requests; Retry-After says how long to wait"},
    503: {"model": ErrorAnswer, "description": "Something needed is not available; nothing was changed"},
}
_ROUTERS = (sign_in, submissions, transactions, messages, approvals, overview)


def create_api(services: ApiServices, policy: ApiPolicy, *, attempts: FailedAttempts | None = None) -> FastAPI:
    """Return the API; its OpenAPI document is at /openapi.json below where it is mounted."""
    app = FastAPI(
        title="Mailroom",
        version=__version__,
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        separate_input_output_schemas=False,
    )
    app.state.services, app.state.gate = services, Gate(services, policy, attempts)
    all_routes = APIRouter(dependencies=[Security(_KEY), Security(_BEARER)], responses=_ERRORS)
    for module in _ROUTERS:
        all_routes.include_router(module.router)
    app.include_router(all_routes)
    for route in routes_of(app):
        right = right_of(route)
        if right is not None:
            roles = ", ".join(role.value for role, rights in RIGHTS.items() if right in rights)
            route.description = f"{route.description}\n\nNeeds the right `{right.value}`: {roles}."
    register_errors(app)
    app.add_middleware(Around, uploads=("/transactions",), most_upload_bytes=policy.most_upload_bytes)
    return app


def routes_of(app: FastAPI) -> list[APIRoute]:
    """Return the API's own routes."""
    return [route for route in app.routes if isinstance(route, APIRoute)]


def right_of(route: APIRoute) -> Right | None:
    """Return the right that a route needs; None where the route checks the credential itself."""
    needs = [each.call for each in route.dependant.dependencies if isinstance(each.call, Needs)]
    return needs[0].right if needs else None
