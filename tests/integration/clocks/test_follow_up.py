"""Reminders: on time, on business days, once, and only to who is still asked."""

from __future__ import annotations

import threading
from datetime import datetime

from mailroom.domain.approval import Decision
from tests.approval_story import ANNA, APPROVALS, BOB, Story
from tests.builders import a_customer


def reminders(story: Story, address: str = ANNA) -> list[str]:
    story.delivers()
    return [mail["Subject"] for mail in story.mails_to(address) if mail["Subject"].startswith("Reminder:")]


def waiting(story: Story) -> Story:
    story.arrives()
    story.works()
    story.delivers()
    return story


def test_after_a_day_everybody_asked_is_reminded_once(story: Story):
    waiting(story).waits(hours=25)

    story.follows_up()
    story.follows_up()

    assert len(reminders(story)) == len(reminders(story, BOB)) == 1


def test_before_a_day_nobody_is_reminded(story: Story):
    waiting(story).waits(hours=23)

    assert story.follows_up().total == 0


def test_a_second_day_brings_a_second_reminder_and_no_third(story: Story):
    waiting(story)
    for _ in range(2):
        story.waits(hours=24)
        story.follows_up()
    story.waits(hours=20)
    story.follows_up()

    assert len(reminders(story)) == 2


def test_after_an_outage_the_overdue_reminders_are_one(story: Story):
    waiting(story).waits(hours=50)

    story.follows_up()

    assert len(reminders(story)) == 1


def test_who_has_decided_is_not_reminded(story: Story):
    waiting(story).decides(ANNA, Decision.APPROVE)
    story.waits(hours=25)

    story.follows_up()

    assert reminders(story) == reminders(story, BOB) == []


def test_a_decision_stops_the_clocks(story: Story):
    waiting(story).decides(ANNA, Decision.APPROVE)

    story.works()

    (row,) = story.rows("SELECT count(*) AS n FROM sla_clocks WHERE stopped_at IS NULL AND fired_at IS NULL")
    assert row.n == 0


def test_on_a_day_off_a_reminder_waits_for_the_next_business_morning(story: Story):
    waiting(story).waits(hours=25)
    # Today is a day off by the customer's clock, whatever day it is.
    today = datetime.now(story.customer.zone).date()
    closed = {"weekend": [], "closed": [today.isoformat()]}
    story.customer = a_customer(approvals=APPROVALS, timezone="Europe/Berlin", calendar=closed)

    report = story.follows_up()

    assert report.clocks == {"put_off": 1}
    assert reminders(story) == []
    (row,) = story.rows("SELECT due_at FROM sla_clocks WHERE level = 1 AND fired_at IS NULL")
    local = row.due_at.astimezone(story.customer.zone)
    assert ((local.date() - today).days, local.hour, local.minute) == (1, 8, 0)


def test_two_sweeps_at_once_remind_once(story: Story):
    waiting(story).waits(hours=25)
    sweeps = [threading.Thread(target=story.follows_up) for _ in range(2)]
    for sweep in sweeps:
        sweep.start()
    for sweep in sweeps:
        sweep.join()

    assert len(reminders(story)) == 1


def test_a_country_nobody_knows_stops_its_own_customer_only(story: Story):
    waiting(story).waits(hours=25)
    story.customer = a_customer(approvals=APPROVALS, calendar={"country": "XX"})

    assert story.follows_up().clocks == {"left": 1}


def test_no_reminder_after_the_last_one_allowed(story: Story):
    waiting(story).waits(hours=25)
    story.customer = a_customer(approvals={**APPROVALS, "max_reminders": 0}, calendar={"weekend": []})

    story.follows_up()

    assert reminders(story) == []
