from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest

from mailroom.adapters.directory import DirectoryStore
from mailroom.database.session import Database
from tests.integration.payables.desk import Desk


@pytest.fixture
def desk(database: Database, store: DirectoryStore, organization: UUID, owner_url: str) -> Iterator[Desk]:
    """Return a desk with one supplier on file and one approver."""
    made = Desk(database, store, organization, owner_url=owner_url)
    made.supplier()
    made.approver()
    yield made
    made.pool.close()
