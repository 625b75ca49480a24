"""Who may decide is asked when they decide, not only when they are asked: role, access, limit, currency."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mailroom.approvals.decisions import Answer
from mailroom.domain.approval import Decision
from tests.approval_story import ANNA, BOB, MAIL_SERVER, OWNER, Story, body_of

# The invoice that waits is 1,204.10 EUR.
BELOW, EXACT, ABOVE = Decimal("1204.09"), Decimal("1204.10"), Decimal("5000")


@pytest.fixture
def asked(story: Story) -> Story:
    """An invoice that waits for Anna or Bob, asked while neither had a limit."""
    story.proof = f"authserv {MAIL_SERVER}"
    story.arrives()
    story.works()
    story.delivers()
    return story


def limit(story: Story, amount: Decimal | None, of: str = ANNA) -> None:
    story.changes("UPDATE users SET approval_limit = :limit WHERE email = :email", limit=amount, email=of)


@pytest.mark.parametrize("decision", list(Decision))
def test_a_limit_that_was_lowered_below_the_amount_refuses_the_decision(asked: Story, decision: Decision):
    limit(asked, BELOW)

    found = asked.decides(ANNA, decision)

    assert found.answer is Answer.OVER_LIMIT
    assert "above what you may approve" in found.message
    asked.works()
    assert asked.state()[0] == "awaiting_approval"
    assert asked.asked() == {ANNA: "open", BOB: "open"}
    assert [(each["decision"], each["code"]) for each in asked.events("decision_ignored")] == [
        (decision.value, "over_limit")
    ]


@pytest.mark.parametrize("amount", [EXACT, ABOVE, None])
def test_a_limit_that_still_suffices_lets_it_through(asked: Story, amount: Decimal | None):
    limit(asked, amount)

    assert asked.decides(ANNA, Decision.APPROVE).recorded


def test_an_amount_in_another_currency_than_the_limits_is_above_all_of_them(asked: Story):
    limit(asked, ABOVE)
    in_dollars = asked.customer.approvals.model_copy(update={"currency": "USD"})
    asked.customer = asked.customer.model_copy(update={"approvals": in_dollars})

    assert asked.decides(ANNA, Decision.APPROVE).answer is Answer.OVER_LIMIT

    limit(asked, None)
    assert asked.decides(ANNA, Decision.APPROVE).recorded


def test_the_owner_is_told_once_what_stands_in_the_way(asked: Story):
    limit(asked, Decimal("500"))
    asked.decides(ANNA, Decision.APPROVE)
    asked.decides(ANNA, Decision.APPROVE)

    asked.delivers()

    (mail,) = asked.mails_to(OWNER)
    assert mail["Subject"].startswith("Anna Arendt may not decide:")
    words = " ".join(body_of(mail).split())
    assert "RE-2026-0117" in words
    assert "above 500" in words
    assert "also asked: Bob Brandt" in words


def test_the_owner_is_told_of_access_that_was_taken_too(asked: Story):
    asked.changes("UPDATE users SET status = 'revoked' WHERE email = :e", e=ANNA)
    asked.decides(ANNA, Decision.APPROVE)

    asked.delivers()

    (mail,) = asked.mails_to(OWNER)
    assert "not entitled to decide any more" in " ".join(body_of(mail).split())


def test_an_answer_by_mail_over_the_limit_is_answered_with_the_reason(asked: Story):
    limit(asked, BELOW)

    found = asked.reads(asked.reply(asked.mails_to(ANNA)[0], "Approved"))

    asked.delivers()
    assert (found.reason, found.decision) == ("over_limit", None)
    (answer,) = [mail for mail in asked.mails_to(ANNA) if mail["Subject"].startswith("Your answer")]
    assert "above what you may approve" in " ".join(body_of(answer).split())
    assert len(asked.mails_to(OWNER)) == 1


def test_a_limit_that_is_restored_lets_the_same_request_be_answered(asked: Story):
    limit(asked, BELOW)
    asked.decides(ANNA, Decision.APPROVE)
    limit(asked, EXACT)

    assert asked.decides(ANNA, Decision.APPROVE).recorded
    asked.works()
    assert asked.state() == ("approved", None)
