"""The local mail server, spoken to over IMAP and SMTP only."""

from __future__ import annotations

import json
import smtplib
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import dkim
import dns.zone
import pytest
from imapclient import IMAPClient
from imapclient.exceptions import LoginError

from mailroom.local.generated import generated
from mailroom.local.mail import MailServer
from mailroom.local.state_folder import StateFolder

RAW = (
    b"From: Ann <ann@customer.test>\r\n"
    b"To: somebody-else@elsewhere.test\r\n"
    b"Subject: =?utf-8?q?Rechnung_f=C3=BCr_M=C3=A4rz?=\r\n"
    b"Date: Mon, 02 Mar 2026 09:00:00 +0000\r\n"
    b"Message-ID: <7@customer.test>\r\n"
    b"X-Folded: one\r\n two\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: 8bit\r\n"
    b"\r\n"
    b"Gr\xc3\xbc\xc3\x9fe\r\nFrom here on  \r\n.a dot\r\n\r\n"
)


@pytest.fixture(scope="module")
def server(shared_state_dir: Path) -> Iterator[MailServer]:
    with MailServer(shared_state_dir, domains=("customer.test",)) as server:
        yield server


@pytest.fixture
def account() -> str:
    """Return an address nobody has used."""
    return f"{uuid4().hex}@acme.test"


def test_a_mail_arrives_byte_for_byte_at_its_envelopes_recipient(server: MailServer, account: str):
    local, domain = account.split("@")
    tagged = f"{local.upper()}+T7@{domain}"
    send(server, RAW, tagged)

    [found] = inbox(server, account)

    assert found.endswith(RAW)
    trace = found.removesuffix(RAW).decode()
    assert f"Delivered-To: {tagged}\r\n" in trace
    assert "Return-Path: <bounces@customer.test>\r\n" in trace
    assert inbox(server, "somebody-else@elsewhere.test") == []


def test_a_mail_handed_in_with_a_login_is_signed_for_its_senders_domain(server: MailServer, account: str):
    send(server, RAW, account, login="ann@customer.test")

    [found] = inbox(server, account)

    assert dkim.verify(found, dnsfunc=zone_answers(server))
    signature = b"".join(found.split(b"DKIM-Signature:", 1)[1].split(b"\r\nFrom:", 1)[0].lower().split())
    signed = signature.split(b";h=", 1)[1].split(b";", 1)[0].split(b":")
    assert {b"from", b"subject", b"date", b"message-id"} <= set(signed)


@pytest.mark.parametrize("login", [None, "mallory@customer.test", "ann@elsewhere.test"])
def test_nobody_else_is_given_a_signature(server: MailServer, account: str, login: str | None):
    send(server, RAW, account, login=login)

    [found] = inbox(server, account)

    assert b"DKIM-Signature" not in found


def test_a_wrong_password_opens_neither_imap_nor_smtp(server: MailServer):
    with IMAPClient(server.host, server.imap_port, ssl=False) as client, pytest.raises(LoginError):
        client.login("ap@acme.test", "guessed")
    with smtplib.SMTP(server.host, server.smtp_port) as client, pytest.raises(smtplib.SMTPAuthenticationError):
        client.login("ann@customer.test", "guessed")


def test_a_password_that_looks_like_an_option_works(state_dir: Path):
    generated(StateFolder(state_dir))
    path = state_dir / "secrets" / "generated.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"mail": "-x--y"}))

    with MailServer(state_dir) as server:
        assert inbox(server, "ap@acme.test") == []


def test_idle_announces_every_one_of_mails_that_come_together(server: MailServer, account: str):
    # pymap's own mailbox missed one in 46 rounds of 100 when four mails came together.
    with IMAPClient(server.host, server.imap_port, ssl=False) as client:
        client.login(account, server.password)
        client.select_folder("INBOX")
        for announced in range(4, 41, 4):
            client.idle()
            senders = [threading.Thread(target=send, args=(server, RAW, account)) for _ in range(4)]
            for sender in senders:
                sender.start()
            assert heard_of(client, announced, within=2)
            client.idle_done()
            for sender in senders:
                sender.join()


def heard_of(client: IMAPClient, number: int, within: float) -> bool:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        for event in client.idle_check(timeout=0.2):
            if event[:2] == (number, b"EXISTS"):
                return True
    return False


def send(server: MailServer, raw: bytes, recipient: str, login: str | None = None) -> None:
    with smtplib.SMTP(server.host, server.smtp_port) as client:
        if login:
            client.login(login, server.password)
        client.sendmail("bounces@customer.test", [recipient], raw, mail_options=["BODY=8BITMIME"])


def inbox(server: MailServer, account: str) -> list[bytes]:
    with IMAPClient(server.host, server.imap_port, ssl=False) as client:
        client.login(account, server.password)
        client.select_folder("INBOX", readonly=True)
        found = client.fetch(client.search("ALL"), ["BODY.PEEK[]"])
        return [found[uid][b"BODY[]"] for uid in sorted(found)]


def zone_answers(server: MailServer):
    zone = dns.zone.from_file(str(server.folder.dns_zone), origin=".", relativize=False, check_origin=False)

    def answer(name: bytes, timeout: int = 5) -> bytes | None:
        found = zone.get_rdataset(name.decode(), "TXT")
        return b"".join(found[0].strings) if found else None

    return answer
