"""A technical failure opens a ticket, by mail, by webhook, or both; a desk that is away keeps no mail waiting."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from pydantic import ValidationError

from mailroom.bootstrap.registration import tell_owner
from mailroom.bootstrap.tickets import TICKET, ticket_letter
from mailroom.domain.errors import MailroomError, UnavailableError
from mailroom.domain.outcome import Advance, Fail
from mailroom.domain.transaction import State
from mailroom.engine.delivery import deliver_outbox
from mailroom.engine.rendering import Templates, rendering
from tests.approval_story import OWNER, Story
from tests.builders import a_customer, a_process, a_step
from tests.servers.fixtures import smtp_sink

__all__ = ["smtp_sink"]

DESK, URL = "it@acme.example", "https://desk.example/hooks"
BOTH = {"mail": DESK, "webhook": URL, "webhook_secret": "TICKETS"}


class Calls:
    """What would have been called."""

    def __init__(self, error: MailroomError | None = None) -> None:
        self.made: list[tuple[str, dict, str, str]] = []
        self.error = error

    def call(self, url: str, body: bytes, *, secret: str, delivery: str) -> None:
        self.made.append((url, json.loads(body), secret, delivery))
        if self.error:
            raise self.error


class Failing(Story):
    """A customer whose step fails for good."""

    @property
    def process(self):
        return a_process(
            (a_step("read", lambda _: Advance()), State.EXTRACTED, {}),
            (a_step("check", lambda _: Fail("boom", "The machine broke.")), State.VALIDATED, {}),
        )

    def engine(self):
        engine = super().engine()
        return replace(engine, applier=replace(engine.applier, on_failure=tell_owner()))

    def calls(self, webhooks: Calls | None, *, rounds: int = 1) -> dict:
        templates = Templates([])
        render = rendering(templates, self.setups, {TICKET: ticket_letter(templates)})
        counts = {}
        for _ in range(rounds):
            counts = deliver_outbox(
                self.database, self.mailer, self.store, render, audit_key=self.audit_key, worker="w", webhooks=webhooks
            ).as_json()
            self.waits(hours=1)
        return counts["mails"]


@pytest.fixture
def story(database, organization, store, smtp_sink) -> Failing:
    return Failing(database, organization, store, smtp_sink, customer=a_customer(tickets=BOTH))


def test_a_failure_opens_a_ticket_by_mail_and_webhook(story: Failing):
    (key,) = story.arrives()
    story.works()
    calls = Calls()

    assert story.calls(calls) == {"sent": 3}

    ((url, body, secret, _),) = calls.made
    assert (url, secret) == (URL, "TICKETS")
    assert body.pop("failed_at")
    assert body == {
        "event": "ticket", "organization": "acme", "transaction": str(key), "reference": None, "process": "test",
        "step": "check", "error": "boom", "message": "The machine broke.",
    }  # fmt: skip
    (mail,) = story.mails_to(DESK)
    assert mail["Subject"] == f"[Acme] boom at check: {key}"
    assert len(story.mails_to(OWNER)) == 1


def test_without_the_setting_no_ticket_is_opened(story: Failing):
    story.customer = a_customer()
    story.arrives()
    story.works()

    assert story.calls(Calls()) == {"sent": 1}


def test_a_shadow_opens_none(story: Failing):
    story.arrives(mode="shadow")
    story.works()
    calls = Calls()

    assert (story.calls(calls), calls.made) == ({}, [])


def test_a_desk_that_is_away_is_tried_three_times_and_keeps_no_mail_waiting(story: Failing):
    story.arrives(4)
    story.works()
    calls = Calls(UnavailableError("away", code="webhook_unavailable"))

    assert story.calls(calls) == {"sent": 8, "retried": 4}
    story.calls(calls, rounds=4)

    assert len(calls.made) == 12
    assert len({delivery for *_, delivery in calls.made}) == 4
    states = {row.state for row in story.rows("SELECT state FROM outbox WHERE channel = 'webhook'")}
    assert states == {"failed"}
    told = [mail["Subject"] for mail in story.mails_to(OWNER) if "could not be delivered" in mail["Subject"]]
    # The host alone: the path of such an address can be a secret.
    assert told == ["A mail to desk.example could not be delivered"] * 4


@pytest.mark.parametrize(
    "tickets",
    [{"webhook": URL}, {"webhook": "http://desk.example", "webhook_secret": "X"},
     {"webhook": "https://me:secret@desk.example", "webhook_secret": "X"},
     {"webhook": "file:///x", "webhook_secret": "X"}],
)  # fmt: skip
def test_settings_that_cannot_be_are_refused(tickets: dict[str, str]):
    with pytest.raises(ValidationError):
        a_customer(tickets=tickets)
