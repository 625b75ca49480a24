"""An approver who is away: their reply decides nothing, and a substitute is asked as well while it lasts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from uuid import uuid4

import pytest

from mailroom.approvals.delegation import delegate, end
from mailroom.database.delegations import list_delegations
from mailroom.domain.approval import Decision
from mailroom.domain.errors import NotAllowedError, RejectedInputError, UnknownIdError
from mailroom.domain.mail import Disposition
from tests.approval_story import ANNA, AUDIT_KEY, BOB, EVERY_DAY, OWNER, Story, body_of
from tests.builders import a_customer

CAROL, DORA = "carol@acme.example", "dora@acme.example"
RULES = {"rules": [{"approvers": [ANNA]}]}


@pytest.fixture
def asked(story: Story) -> Story:
    """Anna is asked; Carol stands in for her, and Dora for Carol."""
    story.people((CAROL, "Carol Conrad"), (DORA, "Dora Dahl"))
    story.customer = customer({ANNA: CAROL, CAROL: DORA})
    story.arrives()
    story.works()
    story.delivers()
    return story


def customer(substitutes: dict[str, str]):
    approvals = {**RULES, "substitutes": substitutes}
    return a_customer(approvals=approvals, timezone="Europe/Berlin", calendar=EVERY_DAY)


def is_away(story: Story, words: str = "I am away.", *, sender: str = ANNA, request: EmailMessage | None = None):
    """Let a mailbox answer the latest request by itself."""
    mail = request or story.mails_to(sender)[-1]
    automatic = story.reply(mail, words, sender=sender, Auto_Submitted="auto-replied")
    found = story.reads(automatic)
    story.works()
    story.delivers()
    return found


def running(story: Story) -> list[dict]:
    with story.database.organization(story.organization) as connection:
        return list_delegations(connection)


def by_hand(story: Story, absent: str, substitute: str, *, first: date | None = None, last: date | None = None):
    zone = story.customer.zone
    today = datetime.now(zone).date()
    with story.database.organization(story.organization) as connection:
        key = delegate(
            connection, story.organization, absent, substitute, first or today, last or today + timedelta(days=7),
            zone=zone, actor="cli:clerk", audit_key=AUDIT_KEY,
        )  # fmt: skip
    story.works()
    story.delivers()
    return key


def test_what_waits_goes_to_the_substitute_as_well_and_the_reply_decides_nothing(asked: Story):
    found = is_away(asked)

    assert (found.disposition, found.reason) == (Disposition.AUTO_REPLY, "out_of_office")
    assert asked.state() == ("awaiting_approval", None)
    assert asked.asked() == {ANNA: "open", CAROL: "open"}
    (request,) = asked.mails_to(CAROL)
    assert "You stand in for Anna Arendt" in body_of(request)
    assert "stand in" not in body_of(asked.mails_to(ANNA)[0])


def test_an_approve_in_an_automatic_reply_is_no_answer(asked: Story):
    is_away(asked, "APPROVE")

    assert asked.state() == ("awaiting_approval", None)


def test_the_substitute_decides(asked: Story):
    is_away(asked)

    assert asked.decides(CAROL, Decision.APPROVE).recorded
    asked.works()
    assert asked.state()[0] == "approved"
    assert asked.asked() == {ANNA: "superseded", CAROL: "approved"}


def test_the_next_request_goes_to_both_at_once(asked: Story):
    is_away(asked)
    asked.arrives()
    asked.works()

    (row,) = asked.rows("""SELECT count(*) AS n, count(DISTINCT transaction_id) AS papers FROM approvals""")
    assert (row.n, row.papers) == (4, 2)


def test_the_absence_lasts_until_the_end_of_the_day_it_names(asked: Story):
    last = datetime.now(asked.customer.zone).date() + timedelta(days=9)

    is_away(asked, f"I am out of the office until {last:%d %B %Y}.")

    (row,) = running(asked)
    local = row["ends_at"].astimezone(asked.customer.zone)
    assert (local.date(), local.hour, local.minute) == (last + timedelta(days=1), 0, 0)


def test_without_a_date_it_lasts_three_days(asked: Story):
    is_away(asked)

    (row,) = running(asked)
    assert row["ends_at"] - row["starts_at"] == timedelta(days=3)


def test_when_it_is_over_nobody_stands_in(asked: Story):
    is_away(asked)
    asked.waits(hours=73)
    asked.arrives()
    asked.works()

    (row,) = asked.rows("SELECT count(*) AS n FROM approvals a JOIN users u ON u.id = a.approver_id WHERE u.email = :e",
                        e=CAROL)  # fmt: skip
    assert row.n == 1


def test_each_request_answers_again_and_one_delegation_runs(asked: Story):
    request = asked.mails_to(ANNA)[-1]
    for _ in range(3):
        is_away(asked, request=request)

    assert len(running(asked)) == 1
    assert len(asked.mails_to(CAROL)) == 1


def test_the_same_reply_read_again_changes_nothing(asked: Story):
    mail = asked.reply(asked.mails_to(ANNA)[0], "I am away.", Auto_Submitted="auto-replied")
    message = uuid4()
    asked.reads(mail, message_id=message)
    asked.reads(mail, message_id=message)

    assert len(running(asked)) == 1


@pytest.mark.parametrize("sender", [BOB, "mallory@evil.example"])
def test_somebody_elses_reply_begins_nothing(asked: Story, sender: str):
    found = is_away(asked, sender=sender, request=asked.mails_to(ANNA)[0])

    assert (found.disposition, found.reason) == (Disposition.AUTO_REPLY, "auto_reply")
    assert running(asked) == []


def test_a_reply_without_the_token_begins_nothing(asked: Story):
    unrelated = EmailMessage()
    unrelated["Subject"], unrelated["Message-ID"] = "Lunch", "<lunch@acme.example>"

    is_away(asked, request=unrelated)

    assert running(asked) == []


def test_a_bounce_is_no_absence(asked: Story):
    request = asked.mails_to(ANNA)[0]
    found = asked.reads(asked.reply(request, "undeliverable", sender=ANNA, X_Failed_Recipients=ANNA))

    assert (found.reason, running(asked)) == ("bounce", [])


def test_never_to_the_submitter_but_to_who_stands_in_for_them(asked: Story):
    asked.subject = replace(asked.subject, submitters=frozenset({CAROL}))
    by_hand(asked, CAROL, DORA)

    is_away(asked)

    assert asked.asked() == {ANNA: "open", DORA: "open"}


def test_the_chain_of_those_away_is_followed_and_a_circle_ends(asked: Story):
    asked.customer = customer({ANNA: CAROL, CAROL: ANNA})
    is_away(asked)
    is_away(asked, sender=CAROL)

    assert len(running(asked)) == 2
    assert asked.asked() == {ANNA: "open", CAROL: "open"}


def test_a_substitute_decides_within_their_own_limit(asked: Story):
    asked.people((CAROL, "Carol Conrad"), limit=1000)  # the invoice is 1,204.10

    is_away(asked)

    assert asked.asked() == {ANNA: "open"}


@pytest.mark.parametrize("named", [{}, {ANNA: "nobody@acme.example"}, {ANNA: ANNA}])
def test_without_a_usable_substitute_the_owner_is_told_once(asked: Story, named: dict[str, str]):
    asked.customer = customer(named)
    is_away(asked)
    is_away(asked)

    assert running(asked) == []
    assert [mail["Subject"] for mail in asked.mails_to(OWNER)] == ["Anna Arendt is away and nobody stands in"]


def test_a_request_to_the_substitute_has_its_own_time(asked: Story):
    asked.waits(hours=70)
    is_away(asked)
    asked.waits(hours=3)
    asked.changes("UPDATE transactions SET due_at = now()")
    asked.works()

    assert asked.state() == ("awaiting_approval", None)
    assert asked.decides(CAROL, Decision.APPROVE).recorded


def test_by_hand_what_waits_goes_to_the_substitute_too(asked: Story):
    key = by_hand(asked, ANNA, CAROL)

    assert asked.asked() == {ANNA: "open", CAROL: "open"}
    with asked.database.organization(asked.organization) as connection:
        end(connection, asked.organization, key, actor="cli:clerk", audit_key=AUDIT_KEY)
    assert running(asked) == []


def test_a_delegation_to_come_has_not_begun(asked: Story):
    tomorrow = datetime.now(asked.customer.zone).date() + timedelta(days=1)

    by_hand(asked, ANNA, CAROL, first=tomorrow)

    assert len(running(asked)) == 1
    assert asked.asked() == {ANNA: "open"}


def test_what_cannot_be_is_refused_with_its_reason(asked: Story):
    asked.people(("erik@acme.example", "Erik"), role="clerk")
    by_hand(asked, CAROL, DORA)
    long_ago = date(2020, 1, 1)

    with pytest.raises(RejectedInputError, match="circle"):
        by_hand(asked, DORA, CAROL)
    with pytest.raises(RejectedInputError, match="circle"):
        by_hand(asked, ANNA, ANNA)
    with pytest.raises(RejectedInputError, match="is over"):
        by_hand(asked, ANNA, CAROL, first=long_ago, last=long_ago)
    with pytest.raises(NotAllowedError, match="clerk"):
        by_hand(asked, ANNA, "erik@acme.example")
    with pytest.raises(UnknownIdError, match="nobody@"):
        by_hand(asked, ANNA, "nobody@acme.example")
