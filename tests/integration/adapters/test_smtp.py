"""Sending mail to a real SMTP server that sometimes misbehaves."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from mailroom.adapters.outgoing_message import DkimKey, clean_header
from mailroom.adapters.smtp import MailServer, SmtpMailer
from mailroom.domain.errors import ConfigurationError, RejectedInputError, UnavailableError
from mailroom.domain.mail import OutgoingMail
from tests.servers.certificates import ServerCertificate, make_certificate
from tests.servers.listening import free_port
from tests.servers.smtp_sink import SmtpSink, running_smtp_sink
from tests.servers.tcp_proxy import TcpProxy, running_tcp_proxy


class Noon:
    """A clock that stands still."""

    def now(self) -> datetime:
        return datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def a_mail(**changes: object) -> OutgoingMail:
    fields: dict[str, object] = {
        "message_id": "<tx-1.request@mailroom.example>",
        "sender": "Mailroom <ap@acme.example>",
        "recipient": "anna@acme.example",
        "subject": "Please approve INV-7",
        "text": "Hello Anna",
    }
    return OutgoingMail(**(fields | changes))  # type: ignore[arg-type]


@pytest.fixture
def mailer(smtp_sink: SmtpSink) -> Iterator[SmtpMailer]:
    mailer = SmtpMailer(MailServer("127.0.0.1", smtp_sink.port, "plain", timeout=3), Noon())
    yield mailer
    mailer.close()


@pytest.fixture
def proxy(smtp_sink: SmtpSink) -> Iterator[TcpProxy]:
    yield from running_tcp_proxy(smtp_sink.port)


@pytest.fixture
def certificate(tmp_path: Path) -> ServerCertificate:
    return make_certificate(tmp_path)


class TestTheMessage:
    def test_it_says_who_when_what_and_that_a_machine_wrote_it(self, mailer: SmtpMailer, smtp_sink: SmtpSink):
        mailer.send(a_mail(in_reply_to="<q@x.example>", references=("<p@x.example>", "<q@x.example>")))
        (message,) = smtp_sink.messages()

        assert message["From"] == "Mailroom <ap@acme.example>"
        assert message["To"] == "anna@acme.example"
        assert message["Message-ID"] == "<tx-1.request@mailroom.example>"
        assert message["Date"].datetime == Noon().now()
        assert message["Auto-Submitted"] == "auto-generated"  # RFC 3834, 5
        assert (message["In-Reply-To"], message["References"]) == ("<q@x.example>", "<p@x.example> <q@x.example>")
        assert smtp_sink.mails[0][:2] == ("ap@acme.example", ["anna@acme.example"])

    def test_text_and_html_are_alternatives_and_files_keep_names_and_bytes(self, mailer, smtp_sink):
        attachments = (
            ("Größe; “1”.pdf", "application/pdf", b"%PDF\r\n.\r\n\x00"),
            ("ä" * 90 + ".csv", "text/csv; charset=utf-8", "ä;b\n".encode()),
            ("mail.eml", "message/rfc822", b"From: a\n\nb"),
        )
        mailer.send(a_mail(text="Grüße\n.\nFrom x", html="<p>Grüße</p>", attachments=attachments))
        (message,) = smtp_sink.messages()
        text, html = message.get_body(("plain",)), message.get_body(("html",))

        assert text is not None
        assert html is not None
        assert text.get_content().splitlines() == ["Grüße", ".", "From x"]
        assert html.get_content().strip() == "<p>Grüße</p>"
        files = list(message.iter_attachments())
        assert [file.get_filename() for file in files] == [name for name, _, _ in attachments]
        assert [file.get_payload(decode=True) for file in files] == [body for _, _, body in attachments]

    def test_long_ids_in_a_thread_arrive_as_they_are(self, mailer: SmtpMailer, smtp_sink: SmtpSink):
        ids = tuple(f"<{letter * 120}@mailroom.example>" for letter in "abcdefghijkl")
        mailer.send(a_mail(message_id=ids[0], in_reply_to=ids[1], references=ids))
        raw = smtp_sink.mails[0][2]
        (message,) = smtp_sink.messages()

        assert b"=?" not in raw
        assert max(map(len, raw.split(b"\r\n"))) <= 998  # RFC 5322, 2.1.1
        assert message["Message-ID"] == ids[0]
        assert message["References"].split() == list(ids)

    @pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\u0085", "\x0b", "\x00\r\n"])
    def test_a_line_end_in_a_subject_or_name_adds_no_header(self, mailer, smtp_sink, end: str):
        mailer.send(
            a_mail(
                subject=f"Invoice{end}Bcc: evil@x.example{end}{end}body",
                sender=f'"Acme{end}Bcc: evil@x.example" <ap@acme.example>',
                headers={"X-Mailroom-Case": f"1{end}Bcc: evil@x.example"},
                attachments=((f"a{end}Bcc: evil@x.example.pdf", "application/pdf", b""),),
            )
        )
        (message,) = smtp_sink.messages()

        assert message["Bcc"] is None
        assert len(message.get_all("Subject")) == 1
        assert message["Subject"] == "Invoice Bcc: evil@x.example body"
        assert smtp_sink.mails[0][1] == ["anna@acme.example"]

    def test_a_clean_header_is_one_line_of_printable_text(self):
        assert clean_header(" a\r\n\tb \x1b[31m\ud800 c ") == "a b [31m c"

    @pytest.mark.parametrize(
        "address",
        [
            *("", "anna", "@acme.example", "a@", "a@b@c", "a@x.example, b@y.example", "a@x.example; b@y.example"),
            *("a@x.example b@y.example", "approver@bank.example <evil@x.example> <b@c.example>", "ä@x.example"),
            *("group: a@x.example;", "a@[127.0.0.1]", "a b@x.example", "a@x .example", "<>", "a@" + "x" * 300),
        ],
    )
    def test_anything_but_one_address_is_refused(self, mailer, smtp_sink, address: str):
        with pytest.raises(RejectedInputError) as caught:
            mailer.send(a_mail(recipient=address))

        assert caught.value.code == "bad_address"
        assert smtp_sink.mails == []

    def test_a_domain_with_an_umlaut_is_sent_to_in_ascii(self, mailer, smtp_sink):
        mailer.send(a_mail(recipient="Anna Müller <anna@müller.example>"))

        assert smtp_sink.mails[0][1] == ["anna@xn--mller-kva.example"]

    def test_a_header_of_ours_can_not_be_added_twice(self, mailer):
        for name in ("Bcc", "subject", "Content-Type", "X Y", "X:Y", ""):
            with pytest.raises(RejectedInputError):
                mailer.send(a_mail(headers={name: "x"}))

    def test_a_message_id_that_is_none_is_refused(self, mailer):
        for message_id in ("", "a@b", "<a b@c>", "<a@b>\r\nBcc: x@y", "<a>"):
            with pytest.raises(RejectedInputError):
                mailer.send(a_mail(message_id=message_id))

    def test_a_signature_verifies_and_covers_what_a_decision_needs(self, smtp_sink: SmtpSink):
        key = rsa.generate_private_key(65537, 2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        record = b"v=DKIM1; k=rsa; p=" + b"".join(public.split(b"\n")[1:-2])
        mailer = SmtpMailer(
            MailServer("127.0.0.1", smtp_sink.port, "plain"), Noon(), dkim_key=DkimKey("acme.example", "s1", pem)
        )
        mailer.send(a_mail(subject="Größe", attachments=(("a.pdf", "application/pdf", b"x" * 9_000),)))
        raw = smtp_sink.mails[0][2]
        names = {b"s1._domainkey.acme.example.": record}
        signed = raw.split(b"h=")[1].split(b";")[0].lower()

        assert dkim.verify(raw, dnsfunc=lambda name, timeout=5: names.get(name))
        assert not dkim.verify(raw.replace(b"anna", b"bert"), dnsfunc=lambda name, timeout=5: names.get(name))
        for name in (b"from", b"subject", b"date", b"message-id"):
            assert name in [part.strip() for part in signed.split(b":")]


class TestTheConnection:
    def test_one_connection_carries_many_mails(self, mailer: SmtpMailer, smtp_sink: SmtpSink):
        for _ in range(5):
            mailer.send(a_mail())

        assert (len(smtp_sink.mails), smtp_sink.connections) == (5, 1)

    def test_a_kept_connection_that_the_server_has_closed_is_replaced(self, mailer, smtp_sink):
        mailer.send(a_mail())
        smtp_sink.hang_up()
        time.sleep(0.1)
        mailer.send(a_mail())

        assert (len(smtp_sink.mails), smtp_sink.connections) == (2, 2)

    def test_a_server_that_is_not_there_is_unavailable(self):
        with pytest.raises(UnavailableError):
            SmtpMailer(MailServer("127.0.0.1", free_port(), "plain"), Noon()).send(a_mail())

    def test_a_server_that_does_not_speak_is_given_up_after_the_timeout(self, proxy: TcpProxy):
        proxy.stalled = True
        before = time.monotonic()
        with pytest.raises(UnavailableError) as caught:
            SmtpMailer(MailServer("127.0.0.1", proxy.port, "plain", timeout=1), Noon()).send(a_mail())

        assert caught.value.code != "outcome_unknown"
        assert time.monotonic() - before < 4

    @pytest.mark.parametrize("security", ["tls", "starttls"])
    def test_encrypted_and_logged_in(self, certificate: ServerCertificate, security):
        running = contextmanager(running_smtp_sink)
        keys = (certificate.certificate, certificate.key)
        with running(certificate=keys, security=security, login=("ap", "pass")) as sink:
            server = MailServer("localhost", sink.port, security, username="ap", ca_file=str(certificate.ca))
            SmtpMailer(server, Noon(), password="pass").send(a_mail())
            with pytest.raises(ConfigurationError) as refused:
                SmtpMailer(server, Noon(), password="wrong").send(a_mail())
            with pytest.raises(ConfigurationError) as untrusted:
                SmtpMailer(MailServer("localhost", sink.port, security), Noon()).send(a_mail())

            assert len(sink.mails) == 1
        assert (refused.value.code, untrusted.value.code) == ("login_refused", "certificate_refused")

    def test_a_server_without_starttls_gets_no_mail(self, smtp_sink: SmtpSink):
        server = MailServer("127.0.0.1", smtp_sink.port, "starttls", username="ap")
        with pytest.raises(ConfigurationError):
            SmtpMailer(server, Noon(), password="secret").send(a_mail())

        assert smtp_sink.mails == []

    def test_another_machine_is_never_spoken_to_in_the_clear(self):
        with pytest.raises(ConfigurationError):
            MailServer("mail.example.com", 25, "plain")


class TestTheOutcome:
    def test_greylisting_may_be_tried_again(self, mailer, smtp_sink):
        smtp_sink.answers = {"anna@acme.example": ["451 4.7.1 greylisted, come back"]}
        with pytest.raises(UnavailableError) as caught:
            mailer.send(a_mail())
        mailer.send(a_mail())

        assert caught.value.code == "smtp_deferred"
        assert len(smtp_sink.mails) == 1

    def test_an_unknown_recipient_is_refused_for_good_and_stops_no_other(self, mailer, smtp_sink):
        smtp_sink.answers = {"anna@acme.example": ["550 5.1.1 no such user"]}
        with pytest.raises(RejectedInputError, match="no such user") as caught:
            mailer.send(a_mail())
        mailer.send(a_mail(recipient="bert@acme.example"))

        assert caught.value.code == "recipient_refused"
        assert [mail[1] for mail in smtp_sink.mails] == [["bert@acme.example"]]

    def test_a_mail_refused_after_its_text_is_refused_for_good(self, mailer, smtp_sink):
        smtp_sink.data_answers = ["552 5.3.4 too big", "452 4.3.1 disk full"]
        with pytest.raises(RejectedInputError) as refused:
            mailer.send(a_mail())
        with pytest.raises(UnavailableError) as deferred:
            mailer.send(a_mail())

        assert (refused.value.code, deferred.value.code) == ("mail_refused", "smtp_deferred")

    def test_a_drop_before_the_answer_leaves_the_outcome_open_and_a_second_send_has_the_same_id(
        self, mailer, smtp_sink
    ):
        smtp_sink.drop_after_data = 1
        with pytest.raises(UnavailableError) as caught:
            mailer.send(a_mail())
        mailer.send(a_mail())

        assert caught.value.code == "outcome_unknown"
        ids = [message["Message-ID"] for message in smtp_sink.messages()]
        assert ids == ["<tx-1.request@mailroom.example>"] * 2

    def test_a_drop_before_the_text_is_no_open_outcome(self, mailer, smtp_sink):
        smtp_sink.answers = {"anna@acme.example": ["421 4.3.0 going down"]}
        with pytest.raises(UnavailableError) as caught:
            mailer.send(a_mail())

        assert caught.value.code != "outcome_unknown"
        assert smtp_sink.mails == []
