"""A row that belongs to a transaction cannot name another organization's."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from mailroom.database.session import Database
from tests.builders import due_transactions

INSERTS = {
    "posting_intents": """INSERT INTO posting_intents (organization_id, transaction_id, connector, idem_key,
        request_hash, fence) VALUES (:o, :t, 'ledger', CAST(:t AS text), 'h', 1)""",
    "findings": """INSERT INTO findings (organization_id, transaction_id, step, rule, severity, message)
        VALUES (:o, :t, 's', 'r', 'note', 'm')""",
    "sla_clocks": "INSERT INTO sla_clocks (organization_id, transaction_id, kind) VALUES (:o, :t, 'k')",
}


@pytest.mark.parametrize("table", INSERTS)
def test_a_row_cannot_hang_on_anothers_transaction(
    database: Database, organization: UUID, other_organization: UUID, table: str
):
    (theirs,) = due_transactions(database, organization)
    (ours,) = due_transactions(database, other_organization)
    statement = text(INSERTS[table])

    with database.organization(other_organization) as connection:
        connection.execute(statement, {"o": other_organization, "t": ours})
    with pytest.raises(DBAPIError, match="transaction_own"), database.organization(other_organization) as connection:
        connection.execute(statement, {"o": other_organization, "t": theirs})
