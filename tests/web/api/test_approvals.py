"""Approvals over the API: decided by the person who was asked, once."""

from __future__ import annotations

from uuid import UUID

from tests.web.api.conftest import Calls
from tests.web.api.office import Office

BOSS = "boss@acme.example"
BIG = {"net_total": "600.00", "tax_total": "114.00", "gross_total": "714.00"}
"""Above what goes straight through, so the boss is asked."""


def asked_about(office: Office, **changes: str) -> UUID:
    """Return the approval that an invoice waits for."""
    office.desk.receive(office.desk.paper(**{**BIG, **changes}))
    office.desk.run()
    (row,) = office.desk.rows("SELECT id FROM approvals WHERE state = 'open'")
    return row.id


def test_the_person_who_was_asked_decides(calls: Calls, office: Office):
    approval = asked_about(office)
    boss = calls("approver", user=office.person(BOSS))

    answer = boss.post(f"/approvals/{approval}/decision", {"decision": "approve"})

    assert (answer.status_code, answer.json()["answer"]) == (200, "recorded")
    office.desk.run()
    (row,) = office.desk.rows("SELECT state, channel, evidence ->> 'key' AS key FROM approvals")
    assert (row.state, row.channel) == ("approved", "api")
    assert row.key is not None
    assert [row.state for row in office.desk.rows("SELECT state FROM transactions")] == ["completed"]


def test_nobody_else_decides(calls: Calls, office: Office):
    approval = asked_about(office)
    other = calls("admin", user=office.person("other@acme.example", "admin"))

    answer = other.post(f"/approvals/{approval}/decision", {"decision": "approve"})

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "wrong_person")
    assert [row.state for row in office.desk.rows("SELECT state FROM approvals")] == ["open"]
    # That somebody else tried is on record.
    assert len(office.desk.rows("SELECT 1 FROM events WHERE kind = 'decision_ignored'")) == 1


def test_a_key_that_is_nobodys_decides_nothing(calls: Calls, office: Office):
    approval = asked_about(office)

    answer = calls("admin").post(f"/approvals/{approval}/decision", {"decision": "approve"})

    assert answer.status_code == 403
    assert "only a person's key decides" in answer.json()["error"]["message"]


def test_rejecting_needs_a_reason(calls: Calls, office: Office):
    approval = asked_about(office)
    boss = calls("approver", user=office.person(BOSS))

    assert boss.post(f"/approvals/{approval}/decision", {"decision": "reject"}).json()["error"]["code"] == "no_reason"
    assert boss.post(f"/approvals/{approval}/decision", {"decision": "reject", "reason": "not ours"}).status_code == 200
    assert [row.reason for row in office.desk.rows("SELECT reason FROM approvals")] == ["not ours"]


def test_a_second_decision_is_told_that_the_first_stands(calls: Calls, office: Office):
    approval = asked_about(office)
    boss = calls("approver", user=office.person(BOSS))
    boss.post(f"/approvals/{approval}/decision", {"decision": "approve"})

    late = boss.post(f"/approvals/{approval}/decision", {"decision": "reject", "reason": "no"})

    assert (late.status_code, late.json()["error"]["code"]) == (409, "repeated")


def test_approvals_are_listed_and_shown_as_the_approver_sees_them(calls: Calls, office: Office):
    approval = asked_about(office)
    boss = calls("approver", user=office.person(BOSS))

    (row,) = boss.get("/approvals?mine=true&state=open").json()["items"]
    story = boss.get(f"/approvals/{approval}").json()

    assert (row["id"], row["approver"], row["state"]) == (str(approval), BOSS, "open")
    assert story["subject"]["amount"] == ["714.00", "EUR"]
    assert calls("viewer").get("/approvals?mine=true").status_code == 422


def test_whoever_corrects_an_invoice_is_not_asked_about_it(calls: Calls, office: Office):
    asked_about(office)
    (transaction,) = [row.id for row in office.desk.rows("SELECT id FROM transactions")]
    boss = calls("officer", user=office.person(BOSS, "officer"))

    answer = boss.post(
        f"/transactions/{transaction}/correct", {"fields": {"due_date": "2026-12-31"}, "reason": "misread"}
    )
    office.desk.run()

    assert answer.status_code == 200
    assert [row.state for row in office.desk.rows("SELECT state FROM approvals")] == ["void"]


def test_whoever_releases_a_finding_does_not_approve_the_invoice(calls: Calls, office: Office):
    key = office.desk.receive(office.desk.paper(**BIG), sender="someone@elsewhere.example", reply_to=None)
    office.desk.run()
    boss = calls("officer", user=office.person(BOSS, "officer"))

    boss.post(f"/transactions/{key}/release", {"reason": "I know them"})
    office.desk.run()

    assert [row.state for row in office.desk.rows("SELECT state FROM approvals")] == ["void"]
    assert "Released by user:boss@acme.example" not in str(office.desk.rows("SELECT body FROM events"))
