"""What every answer has: one form of error, an id, headers; limits on what is sent; nothing told in logs."""

from __future__ import annotations

import gzip
import json
from datetime import date

import pytest
import structlog
from fastapi.testclient import TestClient

from mailroom.database.reporting import save_report
from mailroom.database.session import Database
from mailroom.web.app import create_app
from tests.web.api.conftest import Calls
from tests.web.api.office import Caller, Office


def test_an_id_is_taken_over_and_given_back(calls: Calls):
    caller = calls("viewer")

    answer = caller.http.get("/api/v1/nowhere", headers={"X-Correlation-ID": "order-4711"})

    assert answer.headers["x-correlation-id"] == "order-4711"
    assert answer.json()["error"]["correlation_id"] == "order-4711"


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "<script>", "a\tb"])
def test_an_odd_id_is_replaced(calls: Calls, given: str):
    answer = calls("viewer").http.get("/api/v1/nowhere", headers={"X-Correlation-ID": given})

    assert answer.headers["x-correlation-id"] != given
    assert len(answer.headers["x-correlation-id"]) == 32


def test_every_answer_carries_the_security_headers(calls: Calls):
    caller = calls("viewer")

    for answer in (
        caller.get("/me"),
        caller.get("/nowhere"),
        caller.http.get("/api/v1/me"),
        caller.get("/openapi.json"),
    ):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["strict-transport-security"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-type"] == "application/json"


def test_a_wrong_method_and_a_wrong_place_are_told_in_the_same_form(calls: Calls):
    caller = calls("viewer")

    assert caller.http.delete("/api/v1/transactions").json()["error"]["code"] == "method_not_allowed"
    for path in ("/nowhere", "/nowhere%0A", "/transactions/%0A", "/reports/2026-03-02/files/a%0Ab.html", "/"):
        assert caller.get(path).json()["error"]["code"] in {"not_found", "invalid"}, path


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        b'{"search": NaN}',
        b'{"search": 1e999}',
        b"[" * 50_000,
        b'{"search":' * 6_000,
        b"\xff\xfe",
        b'{"search": "\\ud800"}',
        b'{"search": "\\u0000"}',
        gzip.compress(b'{"search": "x"}', mtime=0),
    ],
)
def test_a_body_that_is_none_is_refused(calls: Calls, body: bytes):
    caller = calls("viewer")
    headers = {"X-API-Key": caller.key, "Content-Type": "application/json"}

    answer = caller.http.post("/api/v1/transactions/search", headers=headers, content=body)

    assert (answer.status_code, answer.json()["error"]["code"]) in {(422, "invalid"), (400, "bad_request")}


def test_too_much_is_refused_unread(calls: Calls):
    caller = calls("clerk")
    headers = {"X-API-Key": caller.key, "Content-Type": "application/json"}

    large = caller.http.post("/api/v1/transactions/search", headers=headers, content=b"x" * 65_537)
    untold = caller.http.post("/api/v1/transactions/search", headers=headers, content=iter([b"{}"]))
    huge = caller.http.post("/api/v1/transactions", headers={**headers, "Content-Length": "99999999999"})

    assert [answer.status_code for answer in (large, untold, huge)] == [413, 411, 413]
    assert large.json()["error"]["code"] == "too_large"


def test_a_log_line_tells_who_and_which_route_and_nothing_of_what_was_sent(calls: Calls, office: Office):
    caller = calls("viewer")
    with structlog.testing.capture_logs() as lines:
        caller.get("/transactions?reason=very_secret")
        caller.post("/messages/search", {"search": "anna@secret.example"})
        caller.get("/me?token=secret")

    requests = [line for line in lines if line["event"] == "request"]
    assert [line["route"] for line in requests] == ["/transactions", "/messages/search", "/me"]
    assert {line["organization"] for line in requests} == {str(office.desk.organization)}
    assert "secret" not in str(lines)
    assert caller.key not in str(lines)


def test_without_the_database_the_answer_says_to_come_again(office: Office):
    key = office.key("viewer")
    office.desk.database.close()
    office.desk.database = Database("postgresql+psycopg://nobody@127.0.0.1:9/none")
    with TestClient(create_app(office)) as http:
        answer = Caller(http, key).get("/me")

    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "database_unavailable")
    assert "127.0.0.1" not in answer.text
    assert int(answer.headers["retry-after"]) > 0


def test_what_breaks_inside_is_an_answer_too(office: Office, calls: Calls):
    caller = calls("viewer")
    office.desk.store = None  # type: ignore[assignment]
    with office.database.organization(office.desk.organization) as connection:
        save_report(
            connection, office.desk.organization, kind="daily", day=date(2026, 3, 2), figures={}, object_prefix="p/"
        )

    answer = caller.get("/reports/2026-03-02")

    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "NoneType" not in answer.text


def test_the_report_of_a_day(office: Office, calls: Calls):
    prefix = f"org/{office.desk.organization}/reports/daily/2026-03-02/"
    office.store.put(f"{prefix}report.html", b"<p>all well")
    with office.database.organization(office.desk.organization) as connection:
        save_report(
            connection,
            office.desk.organization,
            kind="daily",
            day=date(2026, 3, 2),
            figures={"needs": 0},
            object_prefix=prefix,
        )
    caller = calls("viewer")

    told = caller.get("/reports/2026-03-02").json()
    file = caller.http.get(told["files"][0]["href"], headers={"X-API-Key": caller.key})

    assert told["figures"] == {"needs": 0}
    assert [each["name"] for each in told["files"]] == ["report.html"]
    assert file.content == b"<p>all well"
    assert file.headers["content-disposition"] == 'attachment; filename="2026-03-02-report.html"'
    assert "sandbox" in file.headers["content-security-policy"]
    assert caller.get("/reports/2026-03-03").status_code == 404
    assert caller.get("/reports/2026-03-02/files/other.html").status_code == 404
    assert caller.get("/reports/2026-03-02/files/..%2Freport.html").status_code in {404, 422}


def test_the_openapi_document_is_whole_and_has_examples(calls: Calls):
    document = calls("viewer").http.get("/api/v1/openapi.json").json()

    assert document["servers"] == [{"url": "/api/v1"}]
    assert "$defs" not in json.dumps(document)
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], path
            assert {"401", "422", "429", "503"} <= set(operation["responses"]), path
            if method == "post" and "requestBody" in operation and "search" not in path and "token" not in path:
                named = {each["name"] for each in operation["parameters"]}
                assert "Idempotency-Key" in named, path
    assert all(
        "examples" in document["components"]["schemas"][name]
        for name in ("ContinueAsked", "CorrectAsked", "ReleaseAsked", "DecideAsked", "TransactionTold", "ErrorAnswer")
    )
