"""What a database error says: never what stood in the row (reliability T37)."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from mailroom.database.session import Database


def test_an_error_does_not_tell_the_values(database: Database, organization: UUID):
    canary = "DE89370400440532013000\x00"

    with pytest.raises(DBAPIError) as raised, database.organization(organization) as connection:
        connection.execute(text("SELECT CAST(:account AS text)"), {"account": canary})

    assert "DE8937" not in str(raised.value)
