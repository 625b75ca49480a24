"""Three weeks of two invoices: asked, reminded, stood in for, escalated, failed, and in the end approved.

Every six hours all sweeps run. Time passes by moving what is stored into the past; every day is a business day.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from email.message import EmailMessage
from uuid import UUID

import pytest

from mailroom.approvals.decisions import record_decision
from mailroom.database.approvals import approvals_of
from mailroom.domain.approval import Decision
from mailroom.engine.reentry import continue_at, locked
from mailroom.settings.sla import SlaPolicy
from tests.approval_story import ANNA, AUDIT_KEY, EVERY_DAY, OWNER, Story
from tests.builders import a_customer

CAROL, CONTACT = "carol@acme.example", "head@acme.example"
SLA = SlaPolicy(name="p", follow_ups=2, follow_up_hours=24, escalate_after_hours=36, fail_after_hours=240)


class Weeks:
    """The story, its clock in hours since the invoices came, and when each mail arrived."""

    def __init__(self, story: Story) -> None:
        self.story, self.hour = story, 0
        self.arrived: list[tuple[int, str, str]] = []

    def sweeps(self) -> None:
        """Run every sweep, as their DAGs do."""
        for _ in range(2):
            self.story.works()
            self.story.follows_up()
            self.story.escalates()
            self.story.delivers()
        mails = self.story.sink.messages()[len(self.arrived) :]
        self.arrived += [(self.hour, _to(mail), _kind(mail)) for mail in mails]

    def until(self, hour: int, *, step: int = 6) -> None:
        while self.hour < hour:
            self.story.waits(hours=step)
            self.hour += step
            self.sweeps()

    def to(self, address: str) -> list[tuple[int, str]]:
        return [(hour, kind) for hour, to, kind in self.arrived if to == address]


def _to(mail: EmailMessage) -> str:
    return str(mail["To"].addresses[0].addr_spec)


def _kind(mail: EmailMessage) -> str:
    """Return a subject without its token and what it is about."""
    subject = str(mail["Subject"])
    for kind in ("Reminder: Approval needed", "Approval needed", "approvals are waiting", "waited too long",
                 "has failed", "needs somebody"):  # fmt: skip
        if kind in subject:
            return kind
    return "expired"


@pytest.fixture
def weeks(database, organization, store, smtp_sink) -> Weeks:
    customer = a_customer(
        approvals={"rules": [{"approvers": [ANNA]}], "substitutes": {ANNA: CAROL}, "link_hours": 72},
        timezone="Europe/Berlin",
        calendar=EVERY_DAY,
        escalation_contact=CONTACT,
    )
    story = Story(database, organization, store, smtp_sink, customer=customer, sla=SLA)
    story.people((CAROL, "Carol Conrad"))
    story.arrives(2)
    return Weeks(story)


def decides(story: Story, email: str, transaction: UUID, decision: Decision) -> None:
    with story.database.organization(story.organization) as connection:
        asked = approvals_of(connection, [transaction])[transaction]
    question = [each for each in asked if each.approver_email == email and each.state.value == "open"][-1]
    assert record_decision(
        story.database, story.organization, question.id, decision, setup=story.setup, channel="staff", actor=email,
        reason=None, evidence={}, audit_key=AUDIT_KEY,
    ).recorded  # fmt: skip


def states(story: Story) -> Counter[tuple[str, str | None]]:
    return Counter((row.state, row.reason) for row in story.rows("SELECT state, reason FROM transactions"))


def test_three_weeks(weeks: Weeks):
    story = weeks.story
    weeks.sweeps()
    assert weeks.to(ANNA) == [(0, "Approval needed")] * 2

    # Anna's mailbox answers by itself: she is away for nine days.
    weeks.until(6)
    last = datetime.now(story.customer.zone).date() + timedelta(days=9)
    words = f"Ich bin bis {last:%d.%m.%Y} nicht im Büro."
    story.reads(story.reply(story.mails_to(ANNA)[0], words, Auto_Submitted="auto-replied"))
    weeks.sweeps()
    assert weeks.to(CAROL) == [(6, "Approval needed")] * 2

    # A day after the requests both are reminded, of both invoices in one mail.
    weeks.until(30)
    assert weeks.to(ANNA)[2:] == weeks.to(CAROL)[2:] == [(24, "approvals are waiting")]

    # Carol approves one; the other is escalated after 36 hours and still waits.
    first, second = (row.id for row in story.rows("SELECT id FROM transactions ORDER BY id"))
    decides(story, CAROL, first, Decision.APPROVE)
    weeks.until(48)
    assert states(story) == {("approved", None): 1, ("awaiting_approval", None): 1}
    assert weeks.to(CONTACT) == [(36, "waited too long")]
    assert weeks.to(ANNA)[3:] == weeks.to(CAROL)[3:] == [(48, "Reminder: Approval needed")]

    # Anna's request runs out after 72 hours, Carol's six later: held, and its owner told.
    weeks.until(72)
    assert states(story)["awaiting_approval", None] == 1
    weeks.until(78)
    assert states(story)["on_hold", "approval_expired"] == 1
    assert weeks.to(OWNER) == [(78, "expired")]

    # A day and two days later the owner is reminded; 36 hours later it is escalated.
    weeks.until(132)
    assert states(story)["escalated", "approval_expired"] == 1
    assert weeks.to(OWNER)[1:] == [(102, "needs somebody"), (126, "needs somebody")]
    assert weeks.to(CONTACT)[1:] == [(114, "waited too long")]

    # Nothing runs until the end of the third week; then ten days in all have long been over: it fails, once.
    before = len(weeks.arrived)
    weeks.until(504, step=372)
    for _ in range(3):
        weeks.sweeps()
    assert weeks.arrived[before:] == [(504, CONTACT, "has failed")]
    assert states(story)["escalated", "sla_exceeded"] == 1
    moves = [each["to"] for each in story.events("failed") + story.events("escalated") if "to" in each]
    assert Counter(moves) == {"failed": 1, "escalated": 2, "awaiting_approval": 1}

    # A clerk asks again. Anna is back, so nobody stands in for her; she approves, and no clock runs any more.
    with story.database.organization(story.organization) as connection:
        continue_at(
            connection, locked(connection, second), story.process, "approve", audit_key=AUDIT_KEY, actor="clerk"
        )
    weeks.sweeps()
    assert weeks.to(ANNA)[-1] == (504, "Approval needed")
    assert weeks.to(CAROL)[-1] == (48, "Reminder: Approval needed")
    decides(story, ANNA, second, Decision.APPROVE)
    weeks.until(900, step=396)
    assert states(story) == {("approved", None): 2}
    assert story.rows("SELECT 1 FROM sla_clocks WHERE fired_at IS NULL AND stopped_at IS NULL") == []
    assert weeks.arrived[-1][0] == 504
