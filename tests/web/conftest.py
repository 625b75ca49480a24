from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from mailroom.adapters.directory import DirectoryStore
from mailroom.database.session import Database
from mailroom.web.app import create_app
from tests.approval_story import ANNA, Story, token_in
from tests.servers.fixtures import smtp_sink
from tests.servers.smtp_sink import SmtpSink

__all__ = ["smtp_sink"]


@pytest.fixture
def story(database: Database, organization: UUID, store: DirectoryStore, smtp_sink: SmtpSink) -> Story:
    """An invoice that waits for Anna or Bob, both asked by mail."""
    story = Story(database, organization, store, smtp_sink)
    story.arrives()
    story.works()
    story.delivers()
    return story


@pytest.fixture
def browser(story: Story) -> Iterator[TestClient]:
    """A browser that follows no redirects by itself."""
    with TestClient(create_app(story), follow_redirects=False) as client:
        yield client


@pytest.fixture
def link(story: Story) -> str:
    """Anna's link."""
    return f"/a/{token_in(story.mails_to(ANNA)[0])}"
