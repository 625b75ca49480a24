"""Fixtures of a mail room on a real Dovecot; a conftest imports those it needs by name."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from mailroom.adapters.directory import DirectoryStore
from mailroom.database.session import Database
from mailroom.documents.sandbox import SandboxPool
from tests.conftest import make_organization
from tests.mail_room import MailRoom
from tests.servers.dovecot import Dovecot
from tests.servers.fixtures import dovecot

__all__ = ["dovecot", "pool", "room", "shared_room", "user"]


@pytest.fixture(scope="session")
def pool() -> Iterator[SandboxPool]:
    """Warm children for the whole run."""
    with SandboxPool(2) as pool:
        yield pool


@pytest.fixture
def user() -> str:
    """A mailbox user of the test's own."""
    return f"u{uuid4().hex[:12]}"


@pytest.fixture
def room(
    dovecot: Dovecot, database: Database, store: DirectoryStore, organization: UUID, owner_url: str, user: str
) -> MailRoom:
    """A mail room whose mailbox was empty when it was first read; attachments are told by their names."""
    organizations = {"acme": organization}
    dovecot.maildir(user)
    room = MailRoom(database, store, dovecot.imaps_port, dovecot.ca, user, organizations)
    assert room.poll().error is None
    return room


@pytest.fixture
def shared_room(room: MailRoom, owner_url: str) -> MailRoom:
    """The same, with an operator and a second customer for a shared mailbox."""
    for slug in ("globex", "operator"):
        room.organizations[slug] = make_organization(owner_url, slug)
    return room
