"""Fixtures of the test servers; a conftest imports those it needs by name."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.servers import clamd as clamd_server
from tests.servers import dovecot as dovecot_server
from tests.servers.clamd import Clamd, running_clamd
from tests.servers.dovecot import Dovecot, running_dovecot
from tests.servers.s3 import S3Server, running_s3
from tests.servers.smtp_sink import SmtpSink, running_smtp_sink
from tests.servers.tryton import template as tryton_template
from tests.servers.tryton.server import TrytonServer, running_tryton


def require(reason: str | None) -> None:
    """Skip a test that lacks something, or fail it where nothing may lack (`MAILROOM_CI=1`)."""
    if reason is None:
        return
    if os.environ.get("MAILROOM_CI") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """A running Dovecot; every user name is a mailbox."""
    require(dovecot_server.why_not())
    yield from running_dovecot()


@pytest.fixture(scope="session")
def clamd() -> Iterator[Clamd]:
    """A running clamd that knows one virus."""
    require(clamd_server.why_not())
    yield from running_clamd()


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    """An SMTP server that keeps what it is given."""
    yield from running_smtp_sink()


@pytest.fixture(scope="session")
def s3() -> Iterator[S3Server]:
    """An S3 server."""
    yield from running_s3()


@pytest.fixture(scope="session")
def tryton() -> Iterator[TrytonServer]:
    """A real Tryton 8 with a company in it; tests share it, so each asks for its records to be restored."""
    require(tryton_template.why_not())
    yield from running_tryton()
