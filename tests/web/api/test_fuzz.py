"""Whatever is sent to the documented routes: no 5xx, and every answer is one the document knows (schemathesis)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from mailroom.web.api.app import create_api
from mailroom.web.api.policy import ApiPolicy
from mailroom.web.app import API, create_app
from tests.web.api.office import TOKEN_KEY, Office

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


def document() -> dict[str, Any]:
    """Return the API's own document; it is the same whatever is behind it."""
    return {**create_api(SimpleNamespace(token_key=TOKEN_KEY), ApiPolicy()).openapi(), "servers": [{"url": API}]}  # type: ignore[arg-type]


schema = schemathesis.openapi.from_dict(document())


@pytest.fixture
def app(office: Office) -> FastAPI:
    """The web process of an office with an invoice that is held and one that waits for a decision."""
    office.held()
    office.desk.receive(office.desk.paper(noise="\n", net_total="600.00", tax_total="114.00", gross_total="714.00"))
    office.desk.run()
    return create_app(office, policy=ApiPolicy(rate="100000/second"))


@pytest.fixture
def boss(office: Office) -> str:
    """The key of whoever may do everything, and was asked."""
    return office.key("admin", user=office.person("boss@acme.example", "admin"))


@pytest.fixture
def known(app: FastAPI, office: Office) -> dict[str, list[UUID]]:
    """Ids that there are."""
    return {
        f"{table}_id": [row.id for row in office.desk.rows(f"SELECT id FROM {table}s ORDER BY id")]
        for table in ("transaction", "approval")
    }


@schema.parametrize()
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much],
)
def test_nothing_that_is_sent_breaks_the_api(case: Case, app: FastAPI, boss: str, known: dict[str, list[UUID]]):
    place = len(str(case.body))
    for name in known.keys() & (case.path_parameters or {}).keys():
        if place % 3:
            # Most of the requests are about something that is there.
            case.path_parameters[name] = str(known[name][place % len(known[name])])
    case.headers["X-API-Key"] = boss
    case.headers.pop("Authorization", None)
    if "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = str(uuid4())

    case.call_and_validate(app=app, checks=CHECKS)
