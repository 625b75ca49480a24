"""Identity of a mail across deliveries (reliability I3)."""

from __future__ import annotations

from mailroom.domain.rfc822 import canonical_sha256, read_mail
from tests.unit.raw_mail import a_mail, raw

TRACE = (
    "Received: from mx1.test by mx2.test;\r\n\tMon, 2 Mar 2026 09:00:01 +0000\r\n"
    "Delivered-To: ap@customer.test\r\nX-Spam-Score: 1\r\nReturn-Path: <billing@acme.test>\r\n"
)


def test_two_deliveries_of_one_mail_are_one_mail():
    once = a_mail().replace(b"\n", b"\r\n")

    assert canonical_sha256(once) == canonical_sha256(TRACE.encode() + once)
    assert canonical_sha256(once) == canonical_sha256(once.replace(b"\r\n", b"\n"))
    assert canonical_sha256(once) == canonical_sha256(b"From x@y Mon Mar  2 09:00:00 2026\r\n" + once + b"\r\n")


def test_another_body_subject_or_message_id_is_another_mail():
    assert (
        len({canonical_sha256(a_mail()), canonical_sha256(a_mail("other")), canonical_sha256(a_mail(subject="x"))}) == 3
    )
    assert canonical_sha256(a_mail()) != canonical_sha256(a_mail().replace(b"<one@", b"<two@"))


def test_a_mail_without_message_id_or_date_is_legal():
    mail = read_mail(raw("From: a@b.test"))

    assert (mail.message_id, mail.date, mail.subject, mail.problem) == (None, None, "", None)


def test_recipients_are_those_of_the_envelope_and_the_header():
    mail = read_mail(raw("Delivered-To: ap+x@customer.test", "To: Ann <ann@customer.test>", "Cc: Bob@Customer.test"))

    assert mail.recipients == ("ap+x@customer.test", "ann@customer.test", "bob@customer.test")


def test_thread_ids_are_listed_in_order():
    mail = read_mail(raw("In-Reply-To: <b@x.test>", "References: <a@x.test>\r\n <b@x.test>"))

    assert mail.in_reply_to == ("<b@x.test>",)
    assert mail.references == ("<a@x.test>", "<b@x.test>")
