"""Answers by mail: what counts, what is answered, and what nobody hears about."""

from __future__ import annotations

from email.message import EmailMessage
from uuid import uuid4

import pytest

from mailroom.domain.mail import Disposition
from tests.approval_story import ANNA, BOB, MAIL_SERVER, OWNER, Story, body_of


@pytest.fixture
def asked(story: Story) -> Story:
    """An invoice that waits, its requests delivered, replies proved by the mailbox's server."""
    story.proof = f"authserv {MAIL_SERVER}"
    story.arrives()
    story.works()
    story.delivers()
    return story


@pytest.fixture
def request_mail(asked: Story) -> EmailMessage:
    """What Anna got."""
    return asked.mails_to(ANNA)[0]


def answers(story: Story) -> list[EmailMessage]:
    story.delivers()
    return [mail for mail in story.mails_to(ANNA) if mail["Subject"].startswith("Your answer")]


def test_a_proved_approval_lets_the_invoice_go_on(asked: Story, request_mail: EmailMessage):
    found = asked.reads(asked.reply(request_mail, "Approved, thanks\n\nAnna"))

    asked.works()

    assert (found.disposition, found.reason) == (Disposition.APPROVAL_REPLY, "approve")
    assert asked.state() == ("approved", None)
    assert asked.question(ANNA).channel == "mail"


def test_a_proved_rejection_keeps_its_reason(asked: Story, request_mail: EmailMessage):
    asked.reads(asked.reply(request_mail, "Rejected: we never ordered this"))

    asked.works()

    assert asked.state() == ("rejected", "rejected_by_approver")
    assert "never ordered" in (asked.question(ANNA).reason or "")


@pytest.mark.parametrize("words", ["Rejected: not\x00ours", "Why so\x00much?", "Hm\x00"])
def test_what_a_database_cannot_hold_stops_nothing(asked: Story, request_mail: EmailMessage, words: str):
    found = asked.reads(asked.reply(request_mail, words))

    assert found.disposition is Disposition.APPROVAL_REPLY
    asked.delivers()


def test_an_answer_to_a_reminder_counts_too(asked: Story):
    asked.waits(hours=25)
    asked.follows_up()
    asked.delivers()
    reminder = asked.mails_to(ANNA)[-1]
    assert reminder["Subject"].startswith("Reminder:")

    assert asked.reads(asked.reply(reminder, "approved")).reason == "approve"


def test_the_same_message_read_twice_counts_once_and_is_not_answered(asked: Story, request_mail: EmailMessage):
    mail, message = asked.reply(request_mail, "approved"), uuid4()
    asked.reads(mail, message_id=message)

    again = asked.reads(mail, message_id=message)

    assert again.reason == "approve"
    assert len(asked.events("approval_decided")) == 1
    assert answers(asked) == []


def test_a_copy_sent_again_is_told_that_it_is_decided(asked: Story, request_mail: EmailMessage):
    mail = asked.reply(request_mail, "approved")
    asked.reads(mail)

    assert asked.reads(mail).decision is None
    assert "already" in body_of(answers(asked)[0])


def test_an_unproved_answer_is_quarantined_and_the_approver_alerted(asked: Story, request_mail: EmailMessage):
    found = asked.reads(asked.reply(request_mail, "approved", proved=False))

    asked.works()

    assert (found.disposition, found.reason) == (Disposition.QUARANTINED, "not_proved")
    assert asked.state()[0] == "awaiting_approval"
    (alert,) = answers(asked)
    assert "If you did not write it" in body_of(alert)


def test_a_forwarded_request_answered_by_somebody_else_decides_nothing(asked: Story, request_mail: EmailMessage):
    found = asked.reads(asked.reply(request_mail, "approved", sender=BOB))

    assert (found.disposition, found.reason) == (Disposition.QUARANTINED, "another_sender")
    assert asked.asked() == {ANNA: "open", BOB: "open"}
    # Whoever has the link can decide, so it goes to nobody but the approver.
    assert len(answers(asked)) == 1
    assert len(asked.mails_to(BOB)) == 1


def test_with_link_only_a_reply_is_answered_with_the_link(asked: Story, request_mail: EmailMessage):
    asked.proof = "link_only"

    found = asked.reads(asked.reply(request_mail, "approved"))

    assert found.reason == "link_only"
    assert asked.question(ANNA).state.value == "open"
    assert "/a/" in body_of(answers(asked)[0])


def test_a_question_goes_to_the_owner_once(asked: Story, request_mail: EmailMessage):
    mail = asked.reply(request_mail, "Is the second line really ours?")

    asked.reads(mail)
    asked.reads(mail)
    asked.delivers()

    (question,) = asked.mails_to(OWNER)
    assert "Is the second line really ours?" in body_of(question)
    assert asked.state()[0] == "awaiting_approval"
    assert len(answers(asked)) == 1


def test_words_that_are_no_decision_are_answered_once_however_often_they_come(asked: Story, request_mail: EmailMessage):
    for number in range(20):
        asked.reads(asked.reply(request_mail, f"I will look at it {number}"))

    assert len(answers(asked)) == 1
    assert asked.question(ANNA).state.value == "open"


@pytest.mark.parametrize("header", [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"List_Id": "<x.y>"}])
def test_automatic_mail_decides_nothing_and_is_never_answered(
    asked: Story, request_mail: EmailMessage, header: dict[str, str]
):
    found = asked.reads(asked.reply(request_mail, "approved", **header))

    assert found.disposition is Disposition.AUTO_REPLY
    assert asked.question(ANNA).state.value == "open"
    assert answers(asked) == []


def test_a_reply_to_our_answer_still_carries_the_token(asked: Story, request_mail: EmailMessage):
    asked.reads(asked.reply(request_mail, "hm"))
    (answer,) = answers(asked)

    assert asked.reads(asked.reply(answer, "approved")).reason == "approve"


def test_an_approval_after_an_edit_is_void(asked: Story, request_mail: EmailMessage):
    asked.changes("UPDATE approvals SET state = 'void'")

    assert asked.reads(asked.reply(request_mail, "approved")).reason == "void"
    assert "changed after you were asked" in body_of(answers(asked)[0])


def test_the_sixth_unknown_token_in_an_hour_locks_its_sender_and_tells_the_owner(
    asked: Story, request_mail: EmailMessage
):
    for number in range(6):
        guess = EmailMessage()
        guess["Message-ID"] = f"<approval.{'abcdef'[number] * 26}@acme.example>"
        guess["Subject"] = "Approval needed"
        asked.reads(asked.reply(guess, "approved"))
    asked.delivers()

    locked = asked.reads(asked.reply(request_mail, "approved"))

    assert locked.reason == "locked"
    assert asked.question(ANNA).state.value == "open"
    assert len(asked.events("tokens_locked")) == 1
    assert len(asked.mails_to(OWNER)) == 1


def test_a_token_of_another_organization_is_unknown(asked: Story, request_mail: EmailMessage, other_organization):
    own, asked.organization = asked.organization, other_organization

    found = asked.reads(asked.reply(request_mail, "approved"))

    asked.organization = own
    assert found.reason == "unknown_token"
    assert asked.question(ANNA).state.value == "open"
