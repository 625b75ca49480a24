"""Nothing opens a mail before a real clamd has seen it; without an answer, mail waits (reliability T23)."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest

from mailroom.adapters.clamd import ClamdScanner
from mailroom.domain.approval_token import subject_tag
from tests.mail_room import MailRoom, a_mail, a_paper
from tests.servers.clamd import EICAR, LARGEST, NAME, Clamd
from tests.servers.dovecot import Dovecot


@pytest.fixture
def scanned(room: MailRoom, clamd: Clamd) -> MailRoom:
    """A mail room with a scanner."""
    room.scanner = ClamdScanner(clamd.tcp)
    return room


@pytest.fixture
def looked_into(room: MailRoom) -> list[bytes]:
    """Every file that is opened to see what it is."""
    seen: list[bytes] = []

    def look(content: bytes, filename: str) -> Any:
        seen.append(content)
        return SimpleNamespace(document_type=None, reason="", error=None)

    room.look = look
    return seen


def a_zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("INV-2.exe", EICAR)
    return packed.getvalue()


def test_infected_mail_is_put_aside_and_nothing_opens_it(scanned: MailRoom, dovecot: Dovecot, looked_into: list[bytes]):
    mails = [
        a_mail("INV-1", files=[("INV-1.pdf", EICAR)]),
        a_mail("INV-2", files=[("INV-2.pdf", a_paper("INV-2")), ("INV-2.zip", a_zip())]),
        a_mail("INV-3", files=[], body=EICAR.decode()),
        a_mail("INV-4"),
    ]
    dovecot.seed(scanned.user, mails)

    report = scanned.poll()

    assert report.error is None
    assert scanned.ended()["quarantined", "virus"] == 3
    assert scanned.dispositions() == {"quarantined": 3, "invoice": 1}
    assert looked_into == [a_paper("INV-4")]
    assert [row.inputs["mail"]["subject"] for row in scanned.transactions()] == ["Invoice INV-4"]
    assert scanned.rows("SELECT 1 FROM outbox") == []


def test_infected_mail_is_kept_apart_from_every_file_that_is_opened(scanned: MailRoom, dovecot: Dovecot):
    infected = a_mail("INV-1", files=[("INV-1.pdf", a_paper("INV-1")), ("terms.pdf", EICAR)])
    dovecot.deliver(scanned.user, infected)

    scanned.poll()

    (message,) = scanned.rows("SELECT object_key, raw_sha256, parts FROM messages")
    place = f"org/{scanned.organizations['acme']}"
    assert list(scanned.store.list("")) == [f"{place}/quarantine/{message.raw_sha256}"]
    assert scanned.store.get(message.object_key).replace(b"\r\n", b"\n") == infected
    assert scanned.rows("SELECT 1 FROM documents") == []
    assert [(part["filename"], part["kind"]) for part in message.parts] == [
        (None, "unopened"), ("INV-1.pdf", "unopened"), ("terms.pdf", "virus"),
    ]  # fmt: skip
    assert NAME in message.parts[2]["reason"]


def test_an_infected_answer_to_an_approval_request_decides_nothing(scanned: MailRoom, dovecot: Dovecot):
    # The room's `answer_approval` fails the message when it is asked.
    answer = a_mail("INV-1", Subject=f"Re: {subject_tag('a' * 26)}", body="Approved", files=[("note.pdf", EICAR)])
    dovecot.deliver(scanned.user, answer)

    scanned.poll()

    assert scanned.ended() == {("quarantined", "virus"): 1}


def test_an_infected_mail_of_a_shared_mailbox_stays_with_whom_it_was_for(
    shared_room: MailRoom, scanned: MailRoom, dovecot: Dovecot
):
    shared = {
        "name": "shared-invoices",
        "organization": "shared",
        "whose": [{"organization": "globex", "recipients": ["globex@mailroom.example"]}],
    }
    scanned.poll(**shared)
    for address in ("globex@mailroom.example", "nobody@mailroom.example"):
        dovecot.deliver(scanned.user, a_mail(address, To=address, files=[("INV-1.pdf", EICAR)]))

    scanned.poll(**shared)

    assert scanned.ended("globex") == {("quarantined", "virus"): 1}
    assert scanned.ended("operator") == {("quarantined", "virus"): 1}


def test_without_a_scanner_mail_waits_and_is_read_once_it_answers(
    scanned: MailRoom, dovecot: Dovecot, clamd: Clamd, looked_into: list[bytes]
):
    dovecot.seed(scanned.user, [a_mail("INV-1"), a_mail("INV-2", files=[("INV-2.pdf", EICAR)])])
    clamd.stop()
    try:
        down = scanned.poll()
    finally:
        clamd.start()

    assert down.error is not None
    assert clamd.tcp in down.error
    assert scanned.dispositions() == {"": 2}
    assert looked_into == []
    (mailbox,) = scanned.rows("SELECT last_error_code FROM mailboxes WHERE last_error_code IS NOT NULL")
    assert mailbox.last_error_code == "scanner_unreachable"

    scanned.let_backoff_run_out()
    up = scanned.poll()

    assert up.error is None
    assert scanned.dispositions() == {"invoice": 1, "quarantined": 1}


def test_mail_over_the_scanner_limit_is_put_aside_as_not_scanned(
    scanned: MailRoom, dovecot: Dovecot, looked_into: list[bytes]
):
    large = EmailMessage()
    large["From"], large["To"], large["Subject"] = "a@nordlicht.example", "ap@acme.example", "Invoice"
    large.add_attachment(bytes(LARGEST), maintype="application", subtype="pdf", filename="INV-1.pdf")
    dovecot.seed(scanned.user, [large.as_bytes(), a_mail("INV-2")])

    scanned.poll()

    assert scanned.ended()["quarantined", "not_scanned"] == 1
    assert scanned.dispositions() == {"quarantined": 1, "invoice": 1}
    assert looked_into == [a_paper("INV-2")]
