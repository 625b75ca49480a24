from __future__ import annotations

from uuid import UUID

import pytest

from mailroom.adapters.directory import DirectoryStore
from mailroom.database.session import Database
from tests.approval_story import Story
from tests.servers.fixtures import smtp_sink
from tests.servers.smtp_sink import SmtpSink

__all__ = ["smtp_sink"]


@pytest.fixture
def story(database: Database, organization: UUID, store: DirectoryStore, smtp_sink: SmtpSink) -> Story:
    """A customer with two approvers, a desk, and a mail server."""
    return Story(database, organization, store, smtp_sink)
