"""What /health asks. Run as `mailroom_dispatch`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, text


def last_poll(connection: Connection) -> datetime | None:
    """Return when a mailbox was last read to its end."""
    at: datetime | None = connection.execute(text("SELECT max(last_success_at) FROM mailboxes")).scalar()
    return at
