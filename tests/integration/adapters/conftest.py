"""Servers for the adapters' tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mailroom.adapters.imap import MailboxConnection
from mailroom.settings.mailboxes import Mailbox
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.fixtures import clamd, dovecot, s3, smtp_sink

__all__ = ["clamd", "connect", "dovecot", "mailbox", "s3", "smtp_sink", "user"]


@pytest.fixture
def user(request: pytest.FixtureRequest) -> str:
    """A mailbox user of the test's own."""
    return f"u{abs(hash(request.node.nodeid)):x}"


@pytest.fixture
def mailbox(dovecot: Dovecot, user: str) -> Callable[..., Mailbox]:
    """Make settings for the test's mailbox, over TLS unless told otherwise."""

    def make(**changes: Any) -> Mailbox:
        settings: dict[str, Any] = {
            "name": "accounts-payable",
            "address": "ap@acme.example",
            "host": "127.0.0.1",
            "port": dovecot.imaps_port,
            "ca_file": str(dovecot.ca),
            "username": user,
            "password_secret": "ap_password",
            "organization": "acme",
            "timeout": 5,
        }
        return Mailbox.model_validate(settings | changes)

    return make


@pytest.fixture
def connect(mailbox: Callable[..., Mailbox]) -> Iterator[Callable[..., MailboxConnection]]:
    """Open connections to the test's mailbox; they are closed afterwards."""
    opened: list[MailboxConnection] = []

    def make(password: str = PASSWORD, **changes: Any) -> MailboxConnection:
        opened.append(MailboxConnection.open(mailbox(**changes), password))
        return opened[-1]

    yield make
    for connection in opened:
        connection.close()
