"""GET /live: whether the process runs. GET /health: whether it can work and the work is done in time."""

from __future__ import annotations

from datetime import timedelta

from fastapi.testclient import TestClient

from mailroom.database.session import Database
from mailroom.web.app import create_app
from tests.approval_story import Story


def test_all_well(browser: TestClient):
    answer = browser.get("/health")

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "database": "ok",
        "oldest_unsent_mail_seconds": None,
        "last_poll_seconds": None,
        "problems": [],
    }


def test_a_mail_that_waits_too_long_is_a_problem(story: Story, browser: TestClient):
    story.changes("UPDATE outbox SET state = 'waiting', due_at = now() - interval '16 minutes'")

    answer = browser.get("/health")

    assert answer.status_code == 503
    assert answer.json()["problems"] == ["mail_not_sent"]
    assert answer.json()["oldest_unsent_mail_seconds"] >= timedelta(minutes=16).total_seconds()


def test_mailboxes_that_are_not_read_are_a_problem(story: Story, browser: TestClient):
    story.changes(
        "INSERT INTO mailboxes (organization_id, name, last_success_at) VALUES (:o, 'ap', now() - interval '5 min')",
        o=story.organization,
    )
    assert browser.get("/health").status_code == 200

    story.changes("UPDATE mailboxes SET last_success_at = now() - interval '20 minutes'")

    assert browser.get("/health").json()["problems"] == ["mailboxes_not_read"]


def test_without_the_database_it_is_down(story: Story):
    story.database.close()
    story.database = Database("postgresql+psycopg://nobody@127.0.0.1:9/none")
    with TestClient(create_app(story)) as browser:
        answer = browser.get("/health")

    assert (answer.status_code, answer.json()["status"]) == (503, "down")


def test_a_process_that_runs_is_alive_however_late_the_work_is(story: Story, browser: TestClient):
    story.changes("UPDATE outbox SET state = 'waiting', due_at = now() - interval '16 minutes'")
    assert browser.get("/health").status_code == 503

    answer = browser.get("/live")

    assert (answer.status_code, answer.text) == (200, "live")
    assert browser.head("/live").status_code == 200


def test_a_process_is_alive_without_the_database(story: Story):
    story.database.close()
    story.database = Database("postgresql+psycopg://nobody@127.0.0.1:9/none")
    with TestClient(create_app(story)) as browser:
        assert browser.get("/live").status_code == 200
