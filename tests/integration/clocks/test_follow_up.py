"""Reminders: on time, on business days, once, and only to who is still asked."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mailroom.domain.approval import Decision
from mailroom.domain.approval_token import tokens_in
from tests.approval_story import ANNA, APPROVALS, BOB, Story, body_of, token_in
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


def test_many_requests_come_as_one_digest(story: Story):
    story.arrives(3)
    story.works()
    story.delivers()
    story.waits(hours=25)

    story.follows_up()

    assert reminders(story) == reminders(story, BOB) == ["Reminder: 3 approvals are waiting for you"]
    digest = body_of(story.mails_to(ANNA)[-1])
    links = {token_in(mail) for mail in story.mails_to(ANNA)[:3]}
    assert set(re.findall(r"/a/([a-z2-7]{26})\b", digest)) == links
    assert len(links) == 3


def test_a_digest_lists_what_still_waits_when_it_is_sent(story: Story):
    first, _, _ = story.arrives(3)
    story.works()
    story.waits(hours=25)
    story.follows_up()
    # Decided after the reminder was written, before it went out.
    story.changes("UPDATE approvals SET state = 'superseded' WHERE transaction_id = :id", id=first)

    assert reminders(story) == ["Reminder: 2 approvals are waiting for you"]


def test_two_sweeps_at_once_write_one_digest(story: Story):
    story.arrives(8)
    story.works()
    story.waits(hours=25)
    sweeps = [threading.Thread(target=story.follows_up) for _ in range(2)]
    for sweep in sweeps:
        sweep.start()
    for sweep in sweeps:
        sweep.join()

    assert reminders(story) == ["Reminder: 8 approvals are waiting for you"]


def test_a_reply_to_a_digest_answers_no_request(story: Story):
    story.arrives(2)
    story.works()
    story.waits(hours=25)
    story.follows_up()
    story.delivers()
    digest = story.mails_to(ANNA)[-1]

    assert tokens_in(story.reply(digest, "APPROVE")) == ()


@pytest.mark.parametrize(("minutes", "expected"), [(-30, "fired"), (30, "put_off")])
def test_reminders_go_out_in_the_morning_when_the_customer_wants_it(story: Story, minutes: int, expected: str):
    """The clock has just fallen due; the hour at which reminders go out is half an hour ago, or to come."""
    # Noon is far enough from midnight: choose a zone in which it is noon now.
    offset = 12 - datetime.now(UTC).hour
    zone = ZoneInfo(f"Etc/GMT{-offset:+d}" if offset else "UTC")
    at = datetime.now(zone) + timedelta(minutes=minutes)
    waiting(story).waits(hours=24)
    if expected == "fired":
        story.waits(hours=1)
    approvals = {**APPROVALS, "remind_at": f"{at:%H:%M}"}
    story.customer = a_customer(approvals=approvals, timezone=zone.key, calendar={"weekend": []})

    report = story.follows_up()

    assert report.clocks == {expected: 1}
