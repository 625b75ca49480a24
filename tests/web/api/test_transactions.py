"""Transactions over the API: listed, shown, cleared; each act once, with a reason."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from tests.web.api.conftest import Calls
from tests.web.api.office import Office

WHY = {"reason": "misread"}


def test_a_list_is_read_page_by_page(calls: Calls, office: Office):
    ids = {str(office.desk.receive(office.desk.paper())) for _ in range(5)}
    caller = calls("viewer")

    first = caller.get("/transactions?limit=3").json()
    second = caller.get(f"/transactions?limit=3&cursor={first['next_cursor']}").json()

    assert (len(first["items"]), len(second["items"]), second["next_cursor"]) == (3, 2, None)
    assert {row["id"] for page in (first, second) for row in page["items"]} == ids


def test_a_list_is_filtered(calls: Calls, office: Office):
    held = office.held()
    office.desk.receive(office.desk.paper())
    caller = calls("viewer")

    for query in ("state=on_hold", "reason=missing_fields", "process=accounts_payable&state=on_hold"):
        assert [row["id"] for row in caller.get(f"/transactions?{query}").json()["items"]] == [str(held)]
    assert caller.get("/transactions?until=2020-01-01T00:00:00Z").json()["items"] == []
    assert len(caller.get("/transactions?since=2020-01-01T00:00:00Z").json()["items"]) == 2


@pytest.mark.parametrize(
    "query",
    [
        "state=nowhere",
        "limit=0",
        "limit=201",
        "cursor=x",
        "cursor=W10",
        "cursor=WyIyMDI2LTAxLTAxIiwgIjEiXQ",
        "since=soon",
    ],
)
def test_a_filter_that_makes_no_sense_is_named(calls: Calls, query: str):
    answer = calls("viewer").get(f"/transactions?{query}")

    assert answer.status_code == 422
    assert answer.json()["error"]["code"] in {"invalid", "bad_cursor"}


def test_words_are_looked_for_by_post(calls: Calls, office: Office):
    key = office.desk.receive(office.desk.paper(invoice_number="INV-77"))
    office.desk.run()
    caller = calls("viewer")

    found = caller.post("/transactions/search", {"search": "inv-7"}).json()["items"]

    assert [row["id"] for row in found] == [str(key)]
    assert caller.post("/transactions/search", {"search": "INV-8"}).json()["items"] == []


def test_the_story_of_a_transaction(calls: Calls, office: Office):
    key = office.held()

    story = calls("viewer").get(f"/transactions/{key}").json()

    assert (story["state"], story["reason"]) == ("on_hold", "missing_fields")
    assert [each["rule"] for each in story["findings"]] == ["missing_fields"]
    assert [each["step"] for each in story["steps"]] == ["extract", "validate"]
    assert [each["kind"] for each in story["events"]][-1:] == ["moved"] or story["events"]
    assert story["invoice"]["gross_total"] == "119.00"
    assert len(story["documents"]) == 1
    assert not {"inputs", "lease_owner", "fence", "working_directory"} & set(story)


def test_a_correction_lets_the_invoice_go_on(calls: Calls, office: Office):
    key = office.held()
    clerk = office.person("clerk@acme.example", "clerk")

    answer = calls("clerk", user=clerk).post(
        f"/transactions/{key}/correct", {"fields": {"invoice_number": "INV-9"}, **WHY}
    )

    assert answer.json() == {"id": str(key), "state": "extracted", "step": "validate", "reason": None}
    office.desk.run()
    assert office.desk.state(key) == ("completed", None)
    (row,) = office.desk.rows("SELECT actor, reason, new_value FROM corrections")
    assert tuple(row) == (f"user:{clerk}", "misread", "INV-9")


@pytest.mark.parametrize(
    ("action", "body", "state"),
    [
        ("continue", {"step": "extract"}, "received"),
        ("reject", {}, "rejected"),
        ("cancel", {}, "cancelled"),
    ],
)
def test_an_action_moves_the_transaction(calls: Calls, office: Office, action: str, body: dict[str, str], state: str):
    key = office.held()

    answer = calls("clerk").post(f"/transactions/{key}/{action}", {**body, **WHY})

    assert (answer.status_code, answer.json()["state"]) == (200, state)
    assert office.desk.state(key)[0] == state


def test_what_blocks_is_released_by_an_officer_only(calls: Calls, office: Office):
    key = office.held(invoice_number="INV-5", bank_account="GB29NWBK60161331926819")

    refused = calls("clerk").post(f"/transactions/{key}/release", WHY)
    done = calls("officer").post(f"/transactions/{key}/release", {"findings": ["bank_details_changed"], **WHY})

    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "no_authority")
    assert (done.status_code, done.json()["state"]) == (200, "extracted")


@pytest.mark.parametrize(
    ("action", "body", "status", "code"),
    [
        ("continue", {"step": "pay"}, 422, "no_step"),
        ("continue", {"step": "upload"}, 409, "skips_step"),
        ("correct", {"fields": {"colour": "red"}}, 422, "unknown_field"),
        ("correct", {"fields": {"due_date": "soon"}}, 422, "bad_value"),
        ("correct", {"fields": {"supplier_number": "S-99"}}, 422, "unknown_supplier"),
        ("correct", {"fields": {}}, 422, "invalid"),
        ("release", {"findings": ["no_such_rule"]}, 404, "not_found"),
        ("posted", {"reference": "B-1"}, 409, "wrong_state"),
        ("reject", {"reason": " "}, 422, "invalid"),
        ("reject", {"reason": "a\x00b"}, 422, "invalid"),
        ("reject", {"colour": "red"}, 422, "invalid"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    calls: Calls, office: Office, action: str, body: dict[str, object], status: int, code: str
):
    key = office.held()

    answer = calls("admin").post(f"/transactions/{key}/{action}", {**WHY, **body})

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert office.desk.state(key) == ("on_hold", "missing_fields")


def test_a_request_sent_twice_does_its_work_once(calls: Calls, office: Office):
    key, caller = office.held(), calls("clerk")
    body = {"fields": {"invoice_number": "INV-9"}, **WHY}

    first, second = (caller.post(f"/transactions/{key}/correct", body, once="a-1") for _ in range(2))

    assert first.json() == second.json()
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.headers["idempotent-replayed"] == "true"
    assert len(office.desk.rows("SELECT 1 FROM corrections")) == 1


def test_a_key_is_not_used_for_another_request(calls: Calls, office: Office):
    key, caller = office.held(), calls("clerk")
    caller.post(f"/transactions/{key}/correct", {"fields": {"invoice_number": "INV-9"}, **WHY}, once="a-1")

    other_body = caller.post(f"/transactions/{key}/correct", {"fields": {"invoice_number": "INV-8"}, **WHY}, once="a-1")
    other_route = caller.post(f"/transactions/{key}/cancel", WHY, once="a-1")

    for answer in (other_body, other_route):
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "idempotency_key_reused")
    assert len(office.desk.rows("SELECT 1 FROM corrections")) == 1


def test_a_request_that_failed_can_be_sent_again(calls: Calls, office: Office):
    caller = calls("clerk")
    key = office.desk.receive(office.desk.paper(invoice_number=None))
    body = {"fields": {"invoice_number": "INV-9"}, **WHY}
    assert caller.post(f"/transactions/{key}/correct", body, once="a-1").status_code == 409

    office.desk.run()

    assert caller.post(f"/transactions/{key}/correct", body, once="a-1").status_code == 200


@pytest.mark.parametrize("key", [None, "", "x" * 201, "with space", "ü"])
def test_an_act_needs_a_key(calls: Calls, office: Office, key: str | None):
    held, caller = office.held(), calls("clerk")
    headers = {"X-API-Key": caller.key} | ({} if key is None else {"Idempotency-Key": key.encode()})  # type: ignore[dict-item]

    answer = caller.http.post(f"/api/v1/transactions/{held}/reject", headers=headers, json=WHY)

    assert (answer.status_code, answer.json()["error"]["details"][0]["field"]) == (422, "header.Idempotency-Key")
    assert office.desk.state(held)[0] == "on_hold"


def test_twenty_at_once_do_it_once(calls: Calls, office: Office):
    key, caller = office.held(), calls("clerk")
    body = {"fields": {"invoice_number": "INV-9"}, **WHY}

    with ThreadPoolExecutor(20) as several:
        answers = list(several.map(lambda _: caller.post(f"/transactions/{key}/correct", body, once="a"), range(20)))

    assert [answer.status_code for answer in answers] == [200] * 20
    assert len({answer.text for answer in answers}) == 1
    assert len(office.desk.rows("SELECT 1 FROM corrections")) == 1


def test_keys_of_two_callers_do_not_meet(calls: Calls, office: Office):
    one, other = office.held(), office.held(noise=" ")

    answers = [calls("clerk").post(f"/transactions/{key}/cancel", WHY, once="same") for key in (one, other)]

    assert [answer.status_code for answer in answers] == [200, 200]


def test_an_unknown_transaction_is_not_found(calls: Calls):
    answer = calls("viewer").get(f"/transactions/{uuid4()}")

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
