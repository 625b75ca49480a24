"""Handing a document in: it takes the way of every mail, once, and what holds no invoice is kept and told."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from mailroom.domain.errors import UnavailableError
from mailroom.domain.virus import ScanAnswer
from mailroom.extraction.ladder import extract
from tests.web.api.conftest import Calls
from tests.web.api.office import Caller, Office, a_pdf

PDF = ("files", ("RE-2026-0815.pdf", a_pdf(), "application/pdf"))


def hand_in(caller: Caller, *files: Any, once: str | None = None, **fields: str) -> Any:
    return caller.post("/transactions", files=list(files or (PDF,)), data=fields, once=once)


def counts(office: Office) -> tuple[int, int]:
    """Return how many messages and transactions there are."""
    (row,) = office.desk.rows(
        "SELECT (SELECT count(*) FROM messages) AS mails, (SELECT count(*) FROM transactions) AS moves"
    )
    return row.mails, row.moves


def test_a_pdf_becomes_a_transaction_that_is_read(calls: Calls, office: Office):
    office.desk.read_file = extract
    caller = calls("clerk")

    answer = hand_in(caller)

    assert answer.status_code == 201, answer.text
    (key,) = answer.json()["transactions"]
    office.desk.run()
    story = caller.get(f"/transactions/{key}").json()
    assert story["reference"] == "RE-2026-0815"
    assert [each["filename"] for each in story["documents"]] == ["RE-2026-0815.pdf"]
    message = caller.get(f"/messages/{answer.json()['message_id']}").json()
    assert (message["disposition"], message["reason"], message["transactions"]) == ("invoice", "started_by_api", [key])
    opened = [event for event in story["events"] if event["kind"] == "transaction_opened"]
    assert [event["actor"].split(":")[0] for event in opened] == ["api_key"]


def test_json_does_the_same(calls: Calls, office: Office):
    body = {"files": [{"filename": "a.pdf", "content_base64": base64.b64encode(a_pdf()).decode()}]}

    answer = calls("clerk").post("/transactions", {**body, "sender": "billing@nordlicht.example"})

    assert answer.status_code == 201, answer.text
    (row,) = office.desk.rows("SELECT sender FROM messages")
    assert row.sender == "billing@nordlicht.example"


def test_the_bytes_are_kept_as_they_came(calls: Calls, office: Office):
    hand_in(calls("clerk"))

    (row,) = office.desk.rows("SELECT object_key FROM documents")
    assert office.store.get(row.object_key) == a_pdf()


def test_sent_twice_it_is_one_transaction(calls: Calls, office: Office):
    caller = calls("clerk")

    first, second = hand_in(caller, once="a"), hand_in(caller, once="a")

    assert first.json() == second.json()
    assert counts(office) == (1, 1)


def test_twenty_at_once_are_one_transaction(calls: Calls, office: Office):
    caller = calls("clerk")

    with ThreadPoolExecutor(20) as several:
        answers = list(several.map(lambda _: hand_in(caller, once="a"), range(20)))

    assert {(answer.status_code, answer.text) for answer in answers} == {(201, answers[0].text)}
    assert counts(office) == (1, 1)


def test_another_file_under_the_same_key_is_refused(calls: Calls, office: Office):
    caller = calls("clerk")
    hand_in(caller, once="a")

    answer = hand_in(caller, ("files", ("other.pdf", a_pdf() + b"\n", "application/pdf")), once="a")

    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "idempotency_key_reused")
    assert counts(office) == (1, 1)


def test_handed_in_again_later_it_is_found_out_as_a_copy(calls: Calls, office: Office):
    office.desk.read_file = extract
    caller = calls("clerk")
    for _ in range(2):
        assert hand_in(caller).status_code == 201

    office.desk.run()

    assert counts(office) == (2, 2)
    reasons = {row.reason for row in office.desk.rows("SELECT reason FROM transactions WHERE state = 'on_hold'")}
    assert reasons == {"duplicate"}


def test_after_the_answer_was_forgotten_the_key_still_means_the_same(calls: Calls, office: Office):
    caller = calls("clerk")
    first = hand_in(caller, once="a").json()
    office.desk.rows("DELETE FROM kept_answers RETURNING 1")

    again = hand_in(caller, once="a")

    assert (again.status_code, again.json()["disposition"]) == (201, "duplicate")
    assert again.json()["transactions"] == first["transactions"]
    assert counts(office)[1] == 1


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.pdf", b"", "empty_file"),
        ("notes.txt", b"hello", "no_invoice_attached"),
        ("fake.pdf", b"MZ\x90\x00 a program", "not_a_pdf"),
        ("old.docx", b"PK\x03\x04 word", "unsupported_format"),
    ],
)
def test_what_is_no_invoice_is_kept_and_told(calls: Calls, office: Office, name: str, content: bytes, code: str):
    caller = calls("clerk")

    answer = hand_in(caller, ("files", (name, content, "application/octet-stream")))

    assert answer.status_code == 422
    error = answer.json()["error"]
    assert counts(office) == (1, 0)
    message = caller.get(f"/messages/{error['details'][0]['message']}").json()
    assert message["reason"] == error["code"]
    assert message["disposition"] in {"unidentified", "quarantined"}
    # Whoever asked was answered there: no mail goes out.
    assert office.desk.rows("SELECT 1 FROM outbox") == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body.files"),
        ({"files": []}, "body.files"),
        ({"files": [{"filename": "a.pdf", "content_base64": "%%%"}]}, "body.content_base64"),
        ({"files": [{"filename": "", "content_base64": "eA=="}]}, "body.files.0.filename"),
        ({"files": [{"filename": "a", "content_base64": "eA=="}], "sender": "nobody"}, "body.sender"),
        ({"files": [{"filename": "a", "content_base64": "eA=="}], "sender": "a@b.c\r\nBcc: x@y.z"}, "body.sender"),
        ({"files": [{"filename": "a", "content_base64": "eA=="}], "colour": "red"}, "body.colour"),
    ],
)
def test_what_is_wrong_is_named(calls: Calls, office: Office, body: dict[str, Any], field: str):
    answer = calls("clerk").post("/transactions", body)

    assert answer.status_code == 422
    assert answer.json()["error"]["details"][0]["field"] == field
    assert counts(office) == (0, 0)


def test_a_form_without_files_and_another_form_are_refused(calls: Calls, office: Office):
    caller = calls("clerk")
    headers = {"X-API-Key": caller.key, "Idempotency-Key": "a"}

    empty = caller.http.post("/api/v1/transactions", headers=headers, files={"x": b"1"})
    plain = caller.http.post("/api/v1/transactions", headers={**headers, "Content-Type": "text/plain"}, content=b"x")
    broken = caller.http.post(
        "/api/v1/transactions", headers={**headers, "Content-Type": "multipart/form-data; boundary=x"}, content=b"--y"
    )
    many = caller.post("/transactions", files=[("files", (f"{n}.pdf", b"x", "application/pdf")) for n in range(21)])

    assert [answer.status_code for answer in (empty, plain, broken, many)] == [422, 415, 422, 422]
    assert counts(office) == (0, 0)


@pytest.mark.parametrize("name", ["../../etc/passwd.pdf", 'a"\r\nX: y.pdf', "rechnung März €.pdf", "x" * 300 + ".pdf"])
def test_a_files_name_is_a_name_and_nothing_else(calls: Calls, office: Office, name: str):
    body = {"files": [{"filename": name[:200], "content_base64": base64.b64encode(a_pdf()).decode()}]}

    answer = calls("clerk").post("/transactions", body)

    assert answer.status_code == 201, answer.text
    (row,) = office.desk.rows("SELECT object_key FROM documents")
    assert row.object_key.startswith(f"org/{office.desk.organization}/tx/")
    assert ".." not in row.object_key


class Scanner:
    """A scanner that knows one file, or answers nobody."""

    def __init__(self, down: bool = False) -> None:
        self.down = down

    def scan(self, content: bytes) -> ScanAnswer:
        if self.down:
            raise UnavailableError("the scanner does not answer")
        return ScanAnswer(found="Test.Virus") if b"RE-2026-0815.pdf" in content else ScanAnswer()


def test_a_virus_is_put_aside(calls: Calls, office: Office):
    office.virus_scanner = Scanner()

    answer = hand_in(calls("clerk"))

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "virus")
    assert counts(office) == (1, 0)


def test_without_the_scanner_nothing_is_taken_in(calls: Calls, office: Office):
    office.virus_scanner = Scanner(down=True)
    caller = calls("clerk")

    answer = hand_in(caller, once="a")

    assert answer.status_code == 503
    assert counts(office) == (0, 0)
    office.virus_scanner = None
    assert hand_in(caller, once="a").status_code == 201


def test_whoever_hands_an_invoice_in_is_not_asked_to_approve_it(calls: Calls, office: Office):
    office.desk.read_file = extract
    office.desk.customer = office.desk.customer.model_copy(
        update={"approvals": office.desk.customer.approvals.model_copy(update={"straight_through_limit": None})}
    )
    boss = office.person("boss@acme.example", "officer")

    hand_in(calls("officer", user=boss))
    office.desk.run()

    assert office.desk.rows("SELECT 1 FROM approvals") == []


def test_the_ledger_of_documents_is_no_mailbox_that_is_not_read(calls: Calls, office: Office):
    caller = calls("clerk")
    hand_in(caller)
    hand_in(caller, once=str(uuid4()))

    assert caller.get("/mailboxes").json() == {"items": []}
    assert [row.uid for row in office.desk.rows("SELECT uid FROM messages ORDER BY uid")] == [1, 2]
    assert {each["mailbox"] for each in caller.get("/messages").json()["items"]} == {"rest:api"}
