"""One request, one answer, however often it is sent."""

from __future__ import annotations

import threading
import time
from uuid import UUID, uuid4

from mailroom.database.kept_answers import KeptAnswer, claim_request, forget_answers, keep_answer
from mailroom.database.session import Database
from tests.builders import rows

CALLER = uuid4()


def claim(database: Database, organization: UUID, key: str = "k", request: str = "r1", caller: UUID = CALLER):
    with database.organization(organization) as connection:
        known = claim_request(connection, organization, caller, key, request)
        if known is None:
            keep_answer(connection, caller, key, 201, {"id": 7})
        return known


def test_the_second_request_finds_the_answer_to_the_first(database: Database, organization: UUID):
    assert claim(database, organization) is None

    assert claim(database, organization) == KeptAnswer("r1", 201, {"id": 7})
    assert claim(database, organization, request="r2") == KeptAnswer("r1", 201, {"id": 7})


def test_keys_of_others_are_others(database: Database, organization: UUID, other_organization: UUID):
    claim(database, organization)

    assert claim(database, organization, caller=uuid4()) is None
    assert claim(database, other_organization) is None


def test_a_request_that_came_to_nothing_keeps_nothing(database: Database, organization: UUID):
    class StoppedError(Exception):
        pass

    try:
        with database.organization(organization) as connection:
            claim_request(connection, organization, CALLER, "k", "r1")
            raise StoppedError
    except StoppedError:
        pass

    assert claim(database, organization) is None


def test_a_second_request_waits_for_the_first(database: Database, organization: UUID):
    answers = []
    with database.organization(organization) as connection:
        claim_request(connection, organization, CALLER, "k", "r1")
        second = threading.Thread(target=lambda: answers.append(claim(database, organization)))
        second.start()
        time.sleep(0.3)
        assert answers == []
        keep_answer(connection, CALLER, "k", 200, {"first": True})
    second.join(10)

    assert answers == [KeptAnswer("r1", 200, {"first": True})]


def test_old_answers_are_forgotten(database: Database, organization: UUID):
    claim(database, organization)
    claim(database, organization, key="young")
    rows(
        database,
        organization,
        "UPDATE kept_answers SET created_at = now() - interval '73 h' WHERE key = 'k' RETURNING 1",
    )

    with database.organization(organization) as connection:
        assert forget_answers(connection, 72) == 1

    assert [row.key for row in rows(database, organization, "SELECT key FROM kept_answers")] == ["young"]
