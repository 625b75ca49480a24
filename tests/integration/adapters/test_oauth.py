"""XOAUTH2 logins: a token server, and a Dovecot that asks it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mailroom.adapters.imap import MailboxConnection
from mailroom.adapters.oauth import TokenSource
from mailroom.adapters.secret_source import SecretSource
from mailroom.domain.errors import ConfigurationError, UnavailableError
from mailroom.settings.mailboxes import Mailbox
from tests.servers import dovecot as dovecot_server
from tests.servers.dovecot import running_dovecot
from tests.servers.fixtures import require
from tests.servers.listening import free_port
from tests.servers.token_server import TokenServer, running_token_server

SECRETS = {"MAILROOM_SECRET_REFRESH": "refresh-1", "MAILROOM_SECRET_CLIENT": "client-1"}


class Seconds:
    """A clock that is set by hand."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def tokens() -> Iterator[TokenServer]:
    yield from running_token_server()


@pytest.fixture
def now() -> Seconds:
    return Seconds()


@pytest.fixture
def source(now: Seconds) -> TokenSource:
    return TokenSource(SecretSource(SECRETS), now=now)


def a_mailbox(token_url: str, **changes: object) -> Mailbox:
    grant = {"token_url": token_url, "client_id": "mailroom", "grant": "refresh_token", "scope": "imap"}
    settings = {
        "name": "ap",
        "address": "ap@acme.example",
        "host": "127.0.0.1",
        "username": "ap@acme.example",
        "password_secret": "refresh",
        "organization": "acme",
        "oauth": grant,
        "timeout": 3,
    }
    return Mailbox.model_validate(settings | changes)


def test_a_token_opens_the_mailbox_and_another_does_not(tokens: TokenServer, source: TokenSource):
    require(dovecot_server.why_not())
    tokens.user = "ap@acme.example"
    for server in running_dovecot(tokens.introspection_url):
        mailbox = a_mailbox(tokens.token_url, port=server.imaps_port, ca_file=str(server.ca))
        with MailboxConnection.open(mailbox, source.login_secret(mailbox)) as connection:
            assert connection.select("INBOX").exists == 0
        with pytest.raises(ConfigurationError) as caught:
            MailboxConnection.open(mailbox, "token-of-nobody")
        assert caught.value.code == "login_refused"


def test_a_refresh_token_is_sent_as_the_standard_says(tokens: TokenServer, source: TokenSource):
    source.login_secret(a_mailbox(tokens.token_url))

    # RFC 6749, 6
    assert tokens.requests == [
        {"grant_type": "refresh_token", "client_id": "mailroom", "scope": "imap", "refresh_token": "refresh-1"}
    ]


def test_client_credentials_are_sent_as_the_standard_says(tokens: TokenServer, source: TokenSource):
    grant = {"token_url": tokens.token_url, "client_id": "mailroom"}
    source.login_secret(a_mailbox("", oauth=grant, password_secret="client"))

    # RFC 6749, 4.4.2
    assert tokens.requests == [
        {"grant_type": "client_credentials", "client_id": "mailroom", "client_secret": "client-1"}
    ]


def test_a_token_is_kept_until_shortly_before_its_end(tokens: TokenServer, source: TokenSource, now: Seconds):
    mailbox = a_mailbox(tokens.token_url)
    given = []
    for now.at in (0, 3_400, 3_590):
        given.append(source.login_secret(mailbox))

    assert given == ["token-1", "token-1", "token-2"]


def test_a_forgotten_token_is_fetched_anew(tokens: TokenServer, source: TokenSource):
    mailbox = a_mailbox(tokens.token_url)
    source.login_secret(mailbox)
    source.forget(mailbox)

    assert source.login_secret(mailbox) == "token-2"


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, b'{"error": "invalid_grant"}', ConfigurationError),
        (401, b"<html>", ConfigurationError),
        (400, b'{"error": "temporarily_unavailable"}', UnavailableError),
        (503, b"", UnavailableError),
        (200, b'{"access_token": ""}', UnavailableError),
        (200, b"[]", UnavailableError),
    ],
)
def test_a_token_server_that_gives_none(
    tokens: TokenServer, source: TokenSource, status: int, body: bytes, error: type[Exception]
):
    tokens.answers = [(status, body)]
    with pytest.raises(error):
        source.login_secret(a_mailbox(tokens.token_url))


def test_a_token_server_that_is_not_there(source: TokenSource):
    with pytest.raises(UnavailableError):
        source.login_secret(a_mailbox(f"http://127.0.0.1:{free_port()}/token"))


def test_a_mailbox_with_a_password_gets_its_password(source: TokenSource, tokens: TokenServer):
    assert source.login_secret(a_mailbox("", oauth=None)) == "refresh-1"
    assert tokens.requests == []
