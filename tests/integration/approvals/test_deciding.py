"""Decisions: once, by the right person, about the version they saw."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from mailroom.approvals.decisions import Answer, DecisionResult, record_decision
from mailroom.database.approvals import void_approvals
from mailroom.database.events import verify_chain
from mailroom.domain.approval import Decision
from mailroom.domain.errors import UnknownIdError
from mailroom.engine.reentry import continue_at, locked
from tests.approval_story import ANNA, BOB, Story


@pytest.fixture
def asked(story: Story) -> Story:
    """An invoice that waits for Anna or Bob."""
    story.arrives()
    story.works()
    return story


def test_an_approval_lets_the_invoice_go_on(asked: Story):
    assert asked.decides(ANNA, Decision.APPROVE).recorded

    asked.works()

    assert asked.state() == ("approved", None)
    assert asked.asked() == {ANNA: "approved", BOB: "superseded"}
    facts = asked.events("done")[-1]
    assert (facts["version"], facts["channel"]) == ("v1", "staff")


def test_a_rejection_ends_it(asked: Story):
    asked.decides(BOB, Decision.REJECT)

    asked.works()

    assert asked.state() == ("rejected", "rejected_by_approver")


def test_of_two_who_decide_the_first_counts_and_the_second_is_told(asked: Story):
    asked.decides(ANNA, Decision.APPROVE)

    late = asked.decides(BOB, Decision.REJECT)

    assert late.answer is Answer.ALREADY_DECIDED
    asked.works()
    assert asked.state() == ("approved", None)
    (ignored,) = asked.events("decision_ignored")
    assert (ignored["decision"], ignored["code"]) == ("reject", "already_decided")


def test_deciding_again_changes_nothing(asked: Story):
    asked.decides(ANNA, Decision.APPROVE)

    assert asked.decides(ANNA, Decision.REJECT).answer is Answer.REPEATED


def test_approve_and_reject_in_the_same_second_have_one_effect(asked: Story):
    answers: list[DecisionResult] = []
    both = threading.Barrier(2)

    def decide(who: str, decision: Decision) -> None:
        both.wait()
        answers.append(asked.decides(who, decision))

    people = [(ANNA, Decision.APPROVE), (BOB, Decision.REJECT)]
    threads = [threading.Thread(target=decide, args=each) for each in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(each.recorded for each in answers) == [False, True]
    assert len(asked.events("approval_decided")) == 1


def test_somebody_else_cannot_decide(asked: Story):
    assert asked.decides(ANNA, Decision.APPROVE, actor=BOB).answer is Answer.WRONG_PERSON
    assert asked.asked() == {ANNA: "open", BOB: "open"}


def test_after_its_time_nothing_can_be_decided(asked: Story):
    asked.waits(hours=73)

    assert asked.decides(ANNA, Decision.APPROVE).answer is Answer.EXPIRED


def test_after_an_edit_the_old_question_is_void(asked: Story):
    (transaction,) = asked.rows("SELECT id FROM transactions")
    with asked.database.organization(asked.organization) as connection:
        found = locked(connection, transaction.id)
        void_approvals(connection, transaction.id)
        continue_at(connection, found, asked.process, "check", audit_key=asked.audit_key, actor="user:clerk")

    assert asked.decides(ANNA, Decision.APPROVE).answer is Answer.VOID


def test_while_it_is_being_checked_again_nothing_can_be_decided(asked: Story):
    (transaction,) = asked.rows("SELECT id FROM transactions")
    with asked.database.organization(asked.organization) as connection:
        found = locked(connection, transaction.id)
        continue_at(connection, found, asked.process, "check", audit_key=asked.audit_key, actor="user:clerk")

    assert asked.decides(ANNA, Decision.APPROVE).answer is Answer.MOVED_ON


def test_an_approval_of_another_version_is_none(asked: Story):
    asked.decides(ANNA, Decision.APPROVE)
    asked.subject = replace(asked.subject, version_hash="v2")

    asked.works()

    assert asked.state()[0] == "awaiting_approval"
    assert asked.asked() == {ANNA: "open", BOB: "open"}


def test_a_person_whose_access_was_taken_cannot_decide(asked: Story):
    asked.changes("UPDATE users SET status = 'revoked' WHERE email = :e", e=ANNA)

    assert asked.decides(ANNA, Decision.APPROVE).answer is Answer.NO_AUTHORITY


def test_another_organization_has_no_such_approval(asked: Story, other_organization):
    question = asked.question(ANNA)
    asked.organization, own = other_organization, asked.organization
    with pytest.raises(UnknownIdError):
        record_decision(
            asked.database, other_organization, question.id, Decision.APPROVE, setup=asked.setup, channel="staff",
            actor=ANNA, reason=None, evidence={}, audit_key=asked.audit_key,
        )  # fmt: skip
    asked.organization = own
    assert asked.asked()[ANNA] == "open"


def test_after_expiry_a_person_can_let_it_be_asked_again(asked: Story):
    asked.waits(hours=73)
    asked.works()
    (transaction,) = asked.rows("SELECT id FROM transactions")
    with asked.database.organization(asked.organization) as connection:
        found = locked(connection, transaction.id)
        continue_at(connection, found, asked.process, "approve", audit_key=asked.audit_key, actor="user:clerk")

    asked.works()

    assert asked.state()[0] == "awaiting_approval"
    states = asked.rows("SELECT state, count(*) AS n FROM approvals GROUP BY 1 ORDER BY 1")
    assert [(row.state, row.n) for row in states] == [("expired", 2), ("open", 2)]


def test_the_event_chain_holds_after_all_that(asked: Story):
    asked.decides(ANNA, Decision.APPROVE)
    asked.decides(BOB, Decision.REJECT)
    asked.works()
    asked.delivers()

    with asked.database.organization(asked.organization) as connection:
        assert verify_chain(connection, asked.organization, asked.audit_key).fault is None
