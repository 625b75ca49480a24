"""The table of routes by role, and that it holds."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from fastapi import FastAPI

from mailroom.domain.roles import RIGHTS
from mailroom.web.api.app import create_api, right_of, routes_of
from mailroom.web.api.policy import ApiPolicy
from tests.web.api.conftest import Calls
from tests.web.api.office import ROLES, Office

EVERYBODY = "viewer clerk approver officer admin"
CLEARING = "clerk officer admin"
TABLE = {
    "GET /me": EVERYBODY,
    "POST /token": "anybody with a key",
    "POST /token/refresh": "anybody with a refresh token",
    "POST /transactions": CLEARING,
    "GET /transactions": EVERYBODY,
    "POST /transactions/search": EVERYBODY,
    "GET /transactions/{transaction_id}": EVERYBODY,
    "POST /transactions/{transaction_id}/continue": CLEARING,
    "POST /transactions/{transaction_id}/correct": CLEARING,
    "POST /transactions/{transaction_id}/release": CLEARING,
    "POST /transactions/{transaction_id}/reject": CLEARING,
    "POST /transactions/{transaction_id}/cancel": CLEARING,
    "POST /transactions/{transaction_id}/posted": "officer admin",
    "GET /messages": EVERYBODY,
    "POST /messages/search": EVERYBODY,
    "GET /messages/{message_id}": EVERYBODY,
    "GET /approvals": EVERYBODY,
    "GET /approvals/{approval_id}": EVERYBODY,
    "POST /approvals/{approval_id}/decision": "approver officer admin",
    "GET /mailboxes": EVERYBODY,
    "GET /reports/{day}": EVERYBODY,
    "GET /reports/{day}/files/{name}": EVERYBODY,
}


@pytest.fixture
def api(office: Office) -> FastAPI:
    return create_api(office, ApiPolicy())


def test_every_route_is_in_the_table_with_its_roles(api: FastAPI):
    found = {}
    for route in routes_of(api):
        right = right_of(route)
        roles = " ".join(role for role in ROLES if right in RIGHTS[role])  # type: ignore[index]
        (method,) = route.methods
        found[f"{method} {route.path}"] = roles if right else TABLE[f"{method} {route.path}"]

    assert found == TABLE


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_as_far_as_the_table_says(calls: Calls, office: Office, role: str):
    caller = calls(role, user=office.person(f"{role}@acme.example", role))

    for route, roles in TABLE.items():
        if "anybody" in roles:
            continue
        method, path = route.split(" ")
        path = re.sub(r"\{\w+_id\}", str(uuid4()), path).replace("{day}", "2026-03-02").replace("{name}", "report.html")
        answer = caller.get(path) if method == "GET" else caller.post(path, {})
        assert (answer.status_code == 403) == (role not in roles.split()), (route, answer.text)
        assert answer.status_code in {200, 403, 404, 422}


def test_the_openapi_document_says_who_may(api: FastAPI):
    posted = api.openapi()["paths"]["/transactions/{transaction_id}/posted"]["post"]

    assert "Needs the right `overrule`: officer, admin." in posted["description"]
