"""What waits too long is escalated once, and what takes longer than anything may fails once."""

from __future__ import annotations

import threading
from dataclasses import replace
from uuid import UUID

import pytest

from mailroom.database.clocks import claim_clocks
from mailroom.domain.approval import Decision
from mailroom.domain.outcome import Advance, Fail, Hold
from mailroom.domain.transaction import State
from mailroom.engine.reentry import continue_at, locked, put_aside
from mailroom.settings.sla import SlaPolicy
from tests.approval_story import APPROVALS, EVERY_DAY, OWNER, Story
from tests.builders import AUDIT_KEY, a_customer, a_process, a_step

CONTACT, CFO = "head@acme.example", "cfo@acme.example"
SLA = SlaPolicy.model_validate({
    "name": "p", "escalate_after_hours": 36, "fail_after_hours": 240,
    "rules": [{"above": "5000", "escalate_to": CFO, "escalate_after_hours": 4}],
})  # fmt: skip


class HeldStory(Story):
    """The same customer, whose invoices are held with a reason, or fail."""

    answer = Hold("duplicate")

    @property
    def process(self):
        return a_process(
            (a_step("read", lambda _: Advance()), State.EXTRACTED, {}),
            (a_step("check", lambda _: self.answer), State.VALIDATED, {}),
        )


@pytest.fixture
def story(database, organization, store, smtp_sink) -> Story:
    return Story(database, organization, store, smtp_sink, customer=customer(), sla=SLA)


@pytest.fixture
def held(database, organization, store, smtp_sink) -> HeldStory:
    story = HeldStory(database, organization, store, smtp_sink, customer=customer(), sla=SLA)
    story.arrives()
    story.works()
    return story


def customer():
    return a_customer(approvals=APPROVALS, timezone="Europe/Berlin", calendar=EVERY_DAY, escalation_contact=CONTACT)


def told(story: Story, address: str = CONTACT) -> list[str]:
    story.delivers()
    return [mail["Subject"] for mail in story.mails_to(address)]


def open_clocks(story: Story) -> list[str]:
    query = "SELECT kind FROM sla_clocks WHERE fired_at IS NULL AND stopped_at IS NULL ORDER BY kind"
    return [row.kind for row in story.rows(query)]


def moves(story: Story) -> list[tuple[str, str]]:
    query = """SELECT kind, body::jsonb -> 'facts' ->> 'to' AS state FROM events
        WHERE actor = 'follow_up' AND body::jsonb -> 'facts' ? 'to' ORDER BY seq"""
    return [(row.kind, row.state) for row in story.rows(query)]


def continues(story: Story, step: str) -> None:
    (row,) = story.rows("SELECT id FROM transactions")
    with story.database.organization(story.organization) as connection:
        continue_at(connection, locked(connection, row.id), story.process, step, audit_key=AUDIT_KEY, actor="clerk")


def test_what_is_held_too_long_is_escalated_once(held: HeldStory):
    held.waits(hours=37)

    held.escalates()
    held.escalates()

    assert held.state() == ("escalated", "duplicate")
    assert told(held) == ["A transaction has waited too long"]
    assert moves(held) == [("escalated", "escalated")]


def test_before_its_time_nothing_is_escalated(held: HeldStory):
    held.waits(hours=35)

    assert held.escalates().total == 0
    assert held.state() == ("on_hold", "duplicate")


def test_after_an_outage_each_level_fires_once_and_it_ends_as_failed(held: HeldStory):
    held.waits(hours=400)
    sweeps = [threading.Thread(target=held.escalates) for _ in range(3)]
    for sweep in sweeps:
        sweep.start()
    for sweep in sweeps:
        sweep.join()

    assert held.state() == ("escalated", "sla_exceeded")
    assert moves(held) in (
        [("escalated", "escalated"), ("failed", "failed"), ("escalated", "escalated")],
        [("failed", "failed"), ("escalated", "escalated")],
    )
    assert [subject for subject in told(held) if "failed" in subject] == ["A transaction has failed: its time is over"]


def test_the_total_time_fires_once_in_a_transactions_life(held: HeldStory):
    held.waits(hours=400)
    held.escalates()
    continues(held, "check")
    held.works()
    held.waits(hours=400)
    held.escalates()

    assert [kind for kind, _ in moves(held)].count("failed") == 1
    assert held.state() == ("escalated", "duplicate")


def test_a_person_who_takes_it_on_stops_the_clocks_and_a_new_hold_starts_them_anew(held: HeldStory):
    held.waits(hours=30)
    continues(held, "check")
    assert open_clocks(held) == []

    held.works()
    held.waits(hours=30)
    assert held.escalates().total == 0

    held.waits(hours=7)
    held.escalates()
    assert held.state() == ("escalated", "duplicate")


@pytest.mark.parametrize("state", [State.REJECTED, State.CANCELLED])
def test_what_is_put_aside_is_not_escalated(held: HeldStory, state: State):
    (row,) = held.rows("SELECT id FROM transactions")
    with held.database.organization(held.organization) as connection:
        put_aside(
            connection, locked(connection, row.id), state, "not ours", audit_key=AUDIT_KEY, actor="clerk", kind="aside"
        )
    held.waits(hours=400)

    assert held.escalates().total == 0
    assert told(held) == []


def test_a_request_that_waits_is_escalated_and_its_answer_still_counts(story: Story):
    story.arrives()
    story.works()
    story.waits(hours=37)

    story.escalates()

    assert story.state() == ("awaiting_approval", None)
    assert told(story) == ["A transaction has waited too long"]
    assert story.decides("anna@acme.example", Decision.APPROVE).recorded
    story.works()
    assert story.state()[0] == "approved"
    assert open_clocks(story) == []


def test_looking_again_at_what_waits_does_not_start_its_time_anew(story: Story):
    story.arrives()
    story.works()
    story.waits(hours=30)
    story.changes("UPDATE transactions SET due_at = now()")
    story.works()
    story.waits(hours=7)

    assert story.escalates().clocks == {"fired": 1}


def test_a_rule_names_another_contact_and_another_time(story: Story):
    large = replace(story.subject.amount, amount=story.subject.amount.amount * 5)
    story.subject = replace(story.subject, amount=large)  # 6,020.50
    story.arrives()
    story.works()
    story.waits(hours=5)

    story.escalates()

    assert told(story, CFO) == ["A transaction has waited too long"]
    assert told(story) == []


def test_a_failure_is_escalated_to_the_contact_when_nobody_takes_it_on_and_does_not_fail_twice(held: HeldStory):
    held.answer = Fail("boom")
    held.arrives()
    held.works()
    query = "SELECT kind FROM sla_clocks JOIN transactions t ON t.id = transaction_id WHERE t.reason = 'boom'"

    assert [row.kind for row in held.rows(query)] == ["sla_escalate"]


def test_a_shadow_has_no_clocks(held: HeldStory):
    held.changes("DELETE FROM sla_clocks")
    held.arrives(mode="shadow")
    held.works()

    assert open_clocks(held) == []


def test_without_a_policy_there_are_no_clocks(database, organization: UUID, store, smtp_sink):
    story = Story(database, organization, store, smtp_sink)
    story.arrives()
    story.works()

    assert set(open_clocks(story)) == {"approval_reminder"}


def test_a_calendar_nobody_can_read_stops_no_work(held: HeldStory):
    held.customer = a_customer(calendar={"country": "XX", "weekend": []})
    held.changes("DELETE FROM sla_clocks")
    held.arrives()
    held.works()

    assert open_clocks(held) == ["sla_escalate", "sla_fail"]


def test_the_owner_is_reminded_of_held_work_as_often_as_the_policy_says(held: HeldStory):
    held.sla = SLA.model_copy(update={"follow_ups": 2, "escalate_after_hours": 1000, "fail_after_hours": 1000})
    held.changes("DELETE FROM sla_clocks")
    held.changes("UPDATE transactions SET deleted_at = now(), due_at = NULL")
    held.arrives()
    held.works()
    for _ in range(4):
        held.waits(hours=25)
        held.follows_up()

    assert len(told(held, OWNER)) == 2


def test_of_500_none_is_early_missed_or_twice(held: HeldStory):
    """Reliability F13: half are overdue, half are not; three workers sweep at once after one has died."""
    held.changes("DELETE FROM sla_clocks")
    held.arrives(500)
    held.works()
    late = "SELECT transaction_id FROM sla_clocks WHERE kind = 'sla_escalate' ORDER BY transaction_id LIMIT 249"
    held.changes(
        f"""UPDATE sla_clocks SET due_at = now() - interval '1 s'
        WHERE kind = 'sla_escalate' AND transaction_id IN ({late})"""
    )
    # A worker that died a moment ago had claimed ten; its lease has run out since.
    with held.database.dispatch() as connection:
        assert len(claim_clocks(connection, ["sla_escalate"], 10, lease_seconds=-1)) == 10
    sweeps = [threading.Thread(target=held.escalates) for _ in range(3)]
    for sweep in sweeps:
        sweep.start()
    for sweep in sweeps:
        sweep.join()

    assert [len(each) for each in (held.events("escalated"), told(held))] == [249, 249]
    (row,) = held.rows("SELECT count(*) AS n FROM transactions WHERE state = 'escalated'")
    assert row.n == 249
