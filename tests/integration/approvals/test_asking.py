"""The step `approve` through the engine: who is asked, what goes straight through, what waits and what is held."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from mailroom.domain.approval import Decision
from mailroom.domain.approval_token import token_hash
from mailroom.domain.money import Money
from tests.approval_story import ANNA, BOB, OWNER, SUBJECT, Story, body_of, token_in
from tests.builders import a_customer

STRAIGHT = {"straight_through_limit": "2000", "currency": "EUR", "rules": [{"approvers": [ANNA]}]}
CLEAN = replace(SUBJECT, findings=())


def test_every_approver_of_the_rule_is_asked_once(story: Story):
    story.arrives()

    story.works()
    story.delivers()
    story.works()
    story.delivers()

    assert story.state() == ("awaiting_approval", None)
    assert story.asked() == {ANNA: "open", BOB: "open"}
    assert len(story.mails_to(ANNA)) == len(story.mails_to(BOB)) == 1


def test_a_clean_invoice_under_the_limit_goes_straight_through(story: Story):
    story.customer = a_customer(approvals=STRAIGHT)
    story.subject = CLEAN
    story.arrives(mode="auto")

    story.works()

    assert story.state() == ("approved", None)
    assert story.events("done")[-1]["straight_through"] is True
    assert story.rows("SELECT 1 FROM outbox") == []


@pytest.mark.parametrize(
    ("changed", "mode"),
    [
        ({"findings": SUBJECT.findings}, "auto"),
        ({"amount": Money(Decimal("2000.01"), "EUR")}, "auto"),
        ({"amount": Money(Decimal("10.00"), "USD")}, "auto"),
        ({"amount": None}, "auto"),
        ({"confidence": Decimal("0.85")}, "auto"),
        ({"confidence": None}, "auto"),
        ({}, "draft"),
    ],
)
def test_anything_less_than_clean_is_asked(story: Story, changed: dict[str, object], mode: str):
    story.customer = a_customer(approvals=STRAIGHT)
    story.subject = replace(CLEAN, **changed)  # type: ignore[arg-type]
    story.arrives(mode=mode)

    story.works()

    assert story.state()[0] == "awaiting_approval"


def test_without_a_limit_everything_is_asked(story: Story):
    story.subject = CLEAN
    story.arrives(mode="auto")

    story.works()

    assert story.state()[0] == "awaiting_approval"


def test_nobody_approves_what_they_brought_in(story: Story):
    story.subject = replace(SUBJECT, submitters=frozenset({"Anna@acme.example"}))
    story.arrives()

    story.works()

    assert story.asked() == {BOB: "open"}


def test_without_anybody_left_it_is_held(story: Story):
    story.subject = replace(SUBJECT, submitters=frozenset({ANNA, BOB}))
    story.arrives()

    story.works()

    assert story.state() == ("on_hold", "no_approver")


def test_a_shadow_asks_nobody_and_goes_on(story: Story):
    story.arrives(mode="shadow")

    story.works()
    story.delivers()

    assert story.state() == ("approved", None)
    assert story.events("done")[-1]["would_ask"] == 2
    assert story.asked() == {}
    assert story.sink is not None
    assert story.sink.mails == []


def test_an_edit_voids_what_was_asked_and_asks_again(story: Story):
    story.arrives()
    story.works()
    story.subject = replace(story.subject, version_hash="v2")
    story.changes("UPDATE transactions SET due_at = now()")

    story.works()

    found = story.rows("SELECT version_hash, state, count(*) AS n FROM approvals GROUP BY 1, 2 ORDER BY 1")
    assert [(row.version_hash, row.state, row.n) for row in found] == [("v1", "void", 2), ("v2", "open", 2)]


def test_time_running_out_holds_and_tells_the_owner(story: Story):
    story.arrives()
    story.works()
    story.waits(hours=73)

    story.works()
    story.delivers()

    assert story.state() == ("on_hold", "approval_expired")
    assert set(story.asked().values()) == {"expired"}
    (mail,) = story.mails_to(OWNER)
    assert "Anna Arendt, Bob Brandt" in body_of(mail)


def test_the_request_shows_what_is_decided_and_carries_the_document(story: Story):
    story.arrives()
    story.works()

    story.delivers()

    (mail,) = story.mails_to(ANNA)
    token = token_in(mail)
    text, html = body_of(mail), body_of(mail, "html")
    for words in ("Nordwind Büromöbel GmbH", "1,204.10 EUR", "RE-2026-0117", "480.00 EUR", "505.00 EUR", "Bob Brandt"):
        assert words in text
        assert words in html
    assert mail["Message-ID"] == f"<approval.{token}@acme.example>"
    assert mail["Subject"].endswith(f"[#{token}]")
    assert mail["Auto-Submitted"] == "auto-generated"
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "RE-2026-0117.pdf"
    assert story.question(ANNA).token_hash == token_hash(token)


def test_no_token_is_stored_anywhere(story: Story):
    story.arrives()
    story.works()
    story.delivers()
    tokens = [token_in(mail) for mail in (*story.mails_to(ANNA), *story.mails_to(BOB))]

    tables = ("approvals", "outbox", "events", "sla_clocks", "transactions", "step_runs")
    for table in tables:
        lines = [row.line for row in story.rows(f"SELECT t::text AS line FROM {table} t")]
        assert lines, table
        assert not any(token in line for token in tokens for line in lines), table


@pytest.mark.parametrize(("proof", "words"), [("dkim", "REJECT: your reason"), ("link_only", "not decisions")])
def test_the_request_says_whether_replies_count(story: Story, proof: str, words: str):
    story.proof = proof
    story.arrives()
    story.works()

    story.delivers()

    assert words in body_of(story.mails_to(ANNA)[0])


def test_a_request_that_was_decided_meanwhile_is_not_sent(story: Story):
    story.arrives()
    story.works()
    story.decides(ANNA, Decision.APPROVE)

    report = story.delivers()

    assert report.mails == {"suppressed": 2}
    assert story.mails_to(BOB) == []
