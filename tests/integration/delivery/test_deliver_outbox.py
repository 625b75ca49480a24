"""Delivery of the outbox against a real SMTP server that misbehaves as told (reliability F18, I13)."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from email.message import EmailMessage

import pytest

from mailroom.adapters.clock import SystemClock
from mailroom.adapters.smtp import MailServer, SmtpMailer
from mailroom.database.outbox import insert_outbox
from mailroom.database.transactions import database_now
from mailroom.domain.effects import SendMail
from mailroom.domain.mail import OutgoingMail
from mailroom.engine.common_writers import outbox_row
from mailroom.engine.writers import WriterContext
from mailroom.ports import Mailer
from tests.approval_story import ANNA, OWNER, Story, body_of
from tests.servers.listening import free_port
from tests.servers.smtp_sink import SmtpSink

NOTICE = {"subject": "Invoice", "reason": "no_document", "message": "There was no document in it."}


@pytest.fixture
def sink(smtp_sink: SmtpSink) -> SmtpSink:
    return smtp_sink


def written(story: Story, *recipients: str, template: str = "cannot_use_mail", **context: object) -> None:
    """Put mails into the outbox, due now."""
    with story.database.organization(story.organization) as connection:
        writer = WriterContext(connection, story.organization, story.customer, database_now(connection), "tests")
        mails = [SendMail(template, each, f"{template}:{each}", {**NOTICE, **context}) for each in recipients]
        insert_outbox(connection, [outbox_row(writer, None, mail, None, "auto") for mail in mails])


def states(story: Story) -> dict[str, str]:
    return {row.recipient: row.state for row in story.rows("SELECT recipient, state FROM outbox")}


def ids(mails: list[EmailMessage]) -> set[str]:
    return {mail["Message-ID"] for mail in mails}


def test_a_mail_is_sent_once_and_noted(story: Story):
    written(story, "a@x.example")

    story.delivers()
    story.delivers()

    assert states(story) == {"a@x.example": "sent"}
    assert len(story.mails_to("a@x.example")) == 1
    assert [event["template"] for event in story.events("mail_sent")] == ["cannot_use_mail"]


def test_a_deferred_mail_is_tried_again_later_and_gets_through(story: Story, sink: SmtpSink):
    sink.answers["a@x.example"] = ["451 greylisted", "451 greylisted"]
    written(story, "a@x.example")

    assert story.delivers().mails == {"retried": 1}
    assert story.delivers().mails == {}
    story.waits(hours=1)
    story.delivers()
    story.waits(hours=1)
    story.delivers()

    assert states(story) == {"a@x.example": "sent"}
    assert len(story.mails_to("a@x.example")) == 1


def test_three_deferrals_are_the_end_and_the_owner_is_told(story: Story, sink: SmtpSink):
    sink.answers["a@x.example"] = ["451 no"] * 9
    written(story, "a@x.example")

    for _ in range(5):
        story.delivers()
        story.waits(hours=1)

    assert len(sink.answers["a@x.example"]) == 6
    assert states(story)["a@x.example"] == "failed"
    (told,) = story.mails_to(OWNER)
    assert "a@x.example" in body_of(told)
    assert len(story.events("mail_failed")) == 1


def test_a_refused_recipient_fails_at_once_and_stops_no_other(story: Story, sink: SmtpSink):
    sink.answers["nobody@x.example"] = ["550 no such user"]
    written(story, "nobody@x.example", "a@x.example")

    story.delivers()
    story.delivers()

    assert states(story)["nobody@x.example"] == "failed"
    assert states(story)["a@x.example"] == "sent"
    assert len(story.mails_to(OWNER)) == 1


def test_a_failed_notice_to_the_owner_makes_no_loop(story: Story, sink: SmtpSink):
    sink.answers["nobody@x.example"] = ["550 no"]
    sink.answers[OWNER] = ["550 no"] * 5
    written(story, "nobody@x.example")

    for _ in range(4):
        story.delivers()

    assert states(story) == {"nobody@x.example": "failed", OWNER: "failed"}


def test_an_answer_lost_after_the_data_brings_one_repeat_with_the_same_message_id(story: Story, sink: SmtpSink):
    sink.drop_after_data = 1
    written(story, "a@x.example")

    story.delivers()
    story.waits(hours=1)
    story.delivers()
    story.delivers()

    mails = story.mails_to("a@x.example")
    assert len(mails) == 2
    assert len(ids(mails)) == 1


def test_a_crash_between_sending_and_noting_repeats_with_the_same_message_id(story: Story, sink: SmtpSink):
    class Crash(Exception):
        pass

    @dataclass
    class CrashingMailer:
        real: Mailer
        mails: list[OutgoingMail] = field(default_factory=list)

        def send(self, mail: OutgoingMail) -> None:
            self.real.send(mail)
            raise Crash

    story.arrives()
    story.works()
    with pytest.raises(Crash):
        story.delivers(mailer=CrashingMailer(story.mailer))
    story.changes("UPDATE outbox SET leased_until = now() - interval '1 second' WHERE leased_until IS NOT NULL")

    story.delivers()

    # One of the two requests went out before the crash; nobody got two different mails.
    everything = story.sink.messages() if story.sink else []
    assert len(everything) == 3
    assert len(ids(everything)) == 2


def test_while_the_server_is_away_nothing_fails_and_nothing_is_lost(story: Story):
    nobody = SmtpMailer(MailServer("127.0.0.1", free_port(), "plain"), SystemClock())
    written(story, *(f"p{number}@x.example" for number in range(30)))

    for _ in range(6):
        report = story.delivers(mailer=nobody)
        assert len(story.rows("SELECT 1 FROM outbox WHERE leased_until > now() + interval '50 s'")) == 2
        assert report.stopped == "smtp_disconnected"
        assert report.mails == {"postponed": 2}
        story.changes("UPDATE outbox SET leased_until = NULL")
    story.delivers()

    assert set(states(story).values()) == {"sent"}
    assert story.events("mail_failed") == []


def test_one_mail_that_the_server_hangs_up_on_does_not_stop_the_others(story: Story, sink: SmtpSink):
    sink.answers["poison@x.example"] = ["421 closing"] * 9
    written(story, "poison@x.example", "a@x.example", "b@x.example")

    report = story.delivers()

    assert report.mails == {"postponed": 1, "sent": 2}


def test_after_a_day_without_a_server_a_mail_is_given_up(story: Story):
    nobody = SmtpMailer(MailServer("127.0.0.1", free_port(), "plain"), SystemClock())
    written(story, "a@x.example")
    story.waits(hours=25)

    story.delivers(mailer=nobody)

    assert states(story)["a@x.example"] == "failed"


def test_several_workers_send_each_mail_once(story: Story, sink: SmtpSink):
    written(story, *(f"p{number}@x.example" for number in range(120)))

    def work(number: int) -> None:
        mailer = SmtpMailer(MailServer("127.0.0.1", sink.port, "plain"), SystemClock())
        story.delivers(mailer=mailer, worker=f"post-{number}")
        mailer.close()

    workers = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert len(sink.mails) == 120
    assert len(ids(sink.messages())) == 120


@pytest.mark.parametrize(("template", "context"), [("no_such_template", {}), ("report_failed", {})])
def test_a_mail_that_cannot_be_made_fails_alone(story: Story, template: str, context: dict[str, object]):
    written(story, "bad@x.example", template=template, **context)
    written(story, "good@x.example")

    story.delivers()

    assert states(story)["bad@x.example"] == "failed"
    assert states(story)["good@x.example"] == "sent"


def test_a_missing_attachment_fails_its_mail_alone(story: Story):
    story.arrives()
    story.works()
    for attachment in story.subject.attachments:
        story.store.delete(attachment.key)
    written(story, "good@x.example")

    story.delivers()

    assert states(story)[ANNA] == "failed"
    assert states(story)["good@x.example"] == "sent"


def test_a_line_end_in_a_subject_stays_in_the_subject(story: Story):
    written(story, "a@x.example", subject="Invoice\r\nBcc: thief@evil.example")

    story.delivers()

    (mail,) = story.mails_to("a@x.example")
    assert mail["Bcc"] is None
    assert mail.get_all("Subject") == ["We could not use your mail: Invoice Bcc: thief@evil.example"]


def test_html_in_outside_text_is_shown_and_not_run(story: Story):
    written(story, "a@x.example", message="<script>alert(1)</script>")

    story.delivers()

    html = body_of(story.mails_to("a@x.example")[0], "html")
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
