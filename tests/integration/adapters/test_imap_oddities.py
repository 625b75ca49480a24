"""Answers that a well-behaved server gives rarely."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from mailroom.adapters.imap import MailboxConnection
from mailroom.domain.errors import ConfigurationError, UnavailableError
from mailroom.settings.mailboxes import Mailbox
from tests.servers.scripted_imap import ScriptedImap, running_scripted_imap


@pytest.fixture
def server() -> Iterator[ScriptedImap]:
    yield from running_scripted_imap()


def connect(server: ScriptedImap, **changes: Any) -> MailboxConnection:
    settings = {
        "name": "ap",
        "address": "ap@acme.example",
        "host": "127.0.0.1",
        "port": server.port,
        "security": "plain",
        "username": "ap",
        "password_secret": "ap_password",
        "organization": "acme",
        "timeout": 3,
    }
    return MailboxConnection.open(Mailbox.model_validate(settings | changes), "password")


def test_mail_told_in_the_same_packet_as_the_start_of_idle_ends_the_wait(server: ScriptedImap):
    server.answers[b"IDLE"] = b"+ idling\r\n* 1 EXISTS\r\n"
    with connect(server) as connection:
        connection.select("INBOX")
        before = time.monotonic()

        assert connection.idle(10) is True
        assert time.monotonic() - before < 3


def test_a_keep_alive_is_no_mail(server: ScriptedImap):
    server.answers[b"IDLE"] = b"+ idling\r\n* OK Still here\r\n"
    with connect(server) as connection:
        connection.select("INBOX")

        assert connection.idle(0.5) is False


def test_a_server_that_keeps_alive_at_once_is_not_asked_in_a_tight_loop(server: ScriptedImap):
    server.answers[b"IDLE"] = b"+ idling\r\n* OK Still here\r\n"
    with connect(server) as connection:
        connection.select("INBOX")
        connection.idle(2.5)

    assert server.commands.count(b"IDLE") <= 4


def test_mail_between_the_look_and_the_wait_ends_the_wait(server: ScriptedImap):
    server.answers[b"EXAMINE"] = server.answers[b"EXAMINE"].replace(b"UIDNEXT 1", b"UIDNEXT 2")
    with connect(server) as connection:
        connection.select("INBOX")

        assert connection.idle(10) is True


def test_a_server_without_idle_is_left_to_the_schedule():
    for server in running_scripted_imap(b"IMAP4rev1 AUTH=PLAIN"):
        connection = connect(server)
        connection.select("INBOX")
        with pytest.raises(ConfigurationError) as caught:
            connection.begin_idle()
        connection.close()

        assert caught.value.code == "no_idle"


@pytest.mark.parametrize(
    ("answer", "error", "code"),
    [
        (b"{tag} NO [AUTHENTICATIONFAILED] no\r\n", ConfigurationError, "login_refused"),
        (b"{tag} NO wrong\r\n", ConfigurationError, "login_refused"),
        (b"{tag} NO [UNAVAILABLE] backend down\r\n", UnavailableError, "mailbox_busy"),
        (b"{tag} NO [LIMIT] too many connections\r\n", UnavailableError, "mailbox_busy"),
        (b"* BYE [UNAVAILABLE] going down\r\n", UnavailableError, "mailbox_unreachable"),
    ],
)
def test_a_refused_login_and_a_server_in_trouble_are_told_apart(server, answer: bytes, error: type, code: str):
    server.login_answer = answer
    with pytest.raises(error) as caught:
        connect(server)

    assert caught.value.code == code


def test_no_password_is_sent_when_the_encryption_was_taken_out(server: ScriptedImap):
    with pytest.raises(ConfigurationError) as caught:
        connect(server, security="starttls")

    assert caught.value.code == "no_starttls"
    assert not {b"AUTHENTICATE", b"LOGIN"} & set(server.commands)


def test_a_folder_without_an_epoch_is_for_a_person(server: ScriptedImap):
    server.answers[b"STATUS"] = b"* STATUS INBOX (UIDNEXT 4 MESSAGES 3)\r\n{tag} OK done\r\n"
    with connect(server) as connection, pytest.raises(ConfigurationError) as caught:
        connection.select("INBOX")

    assert caught.value.code == "no_uidvalidity"
