"""One customer's ids, with another customer's key: not there, neither to read nor to write (T30)."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient

from mailroom.database.reporting import save_report
from tests.web.api.office import Caller, Office
from tests.web.api.test_approvals import asked_about


@pytest.fixture
def stranger(http: TestClient, other_office: Office) -> Caller:
    """Whoever may do everything, at another customer."""
    boss = other_office.person("boss@acme.example", "admin")
    return Caller(http, other_office.key("admin", user=boss))


def everything(office: Office) -> list[str]:
    kept = office.desk.rows("SELECT transactions::text AS row FROM transactions UNION ALL SELECT approvals::text "
                            "FROM approvals UNION ALL SELECT events::text FROM events")  # fmt: skip
    return sorted(row.row for row in kept)


def test_every_id_of_another_customer_is_unknown(office: Office, stranger: Caller):
    approval = asked_about(office)
    (transaction,) = [row.id for row in office.desk.rows("SELECT id FROM transactions")]
    before = everything(office)
    answers = []
    for path, body in actions(transaction, approval):
        answers += [
            (path, stranger.post(path, body)),
            (path, stranger.post(path.replace(str(transaction), str(uuid4())), body)),
        ]
    answers += [(path, stranger.get(path)) for path in (f"/transactions/{transaction}", f"/approvals/{approval}")]

    for path, answer in answers:
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found"), path
    assert everything(office) == before
    for path in ("/transactions", "/approvals", "/messages", "/mailboxes"):
        assert stranger.get(path).json()["items"] == []


def actions(transaction: UUID, approval: UUID) -> list[tuple[str, dict[str, object]]]:
    why = {"reason": "because"}
    return [
        (f"/transactions/{transaction}/continue", {"step": "extract", **why}),
        (f"/transactions/{transaction}/correct", {"fields": {"invoice_number": "X"}, **why}),
        (f"/transactions/{transaction}/release", why),
        (f"/transactions/{transaction}/reject", why),
        (f"/transactions/{transaction}/cancel", why),
        (f"/transactions/{transaction}/posted", {"reference": "B-1", **why}),
        (f"/approvals/{approval}/decision", {"decision": "approve"}),
    ]


def test_a_report_of_another_customer_is_unknown(office: Office, stranger: Caller):
    prefix = f"org/{office.desk.organization}/reports/daily/2026-03-02/"
    office.store.put(f"{prefix}report.html", b"<p>secret")
    with office.database.organization(office.desk.organization) as connection:
        save_report(
            connection, office.desk.organization, kind="daily", day=date(2026, 3, 2), figures={}, object_prefix=prefix
        )

    assert stranger.get("/reports/2026-03-02").status_code == 404
    assert stranger.get("/reports/2026-03-02/files/report.html").status_code == 404


def test_a_cursor_of_another_customer_leads_nowhere(office: Office, stranger: Caller, http: TestClient):
    for _ in range(3):
        office.desk.receive(office.desk.paper())
    cursor = Caller(http, office.key("viewer")).get("/transactions?limit=1").json()["next_cursor"]

    assert stranger.get(f"/transactions?cursor={cursor}").json() == {"items": [], "next_cursor": None}
