"""A made-up customer to report on."""

from __future__ import annotations

from uuid import UUID

import pytest

from mailroom.database.session import Database
from tests.integration.reporting.made_up import MadeUp


@pytest.fixture
def customer(database: Database, organization: UUID) -> MadeUp:
    """Return the pen that writes the customer's story."""
    return MadeUp(database, organization)
