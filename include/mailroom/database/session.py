"""Connections that see one organization, or only what is due.

Both roles are unable to bypass row-level security. A role and an organization are set for one
database transaction only (`SET LOCAL`), so a pooled connection carries nothing over.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from mailroom.domain.errors import UnavailableError

_AS_ORGANIZATION = text(
    "SELECT set_config('role', 'mailroom_app', true), set_config('mailroom.organization', :organization, true)"
)
_AS_DISPATCH = text("SELECT set_config('role', 'mailroom_dispatch', true)")


class Database:
    """A pool of connections to the product's database; safe to share between threads."""

    def __init__(self, url: str, *, pool_size: int = 5, application: str = "mailroom") -> None:
        self.url = url
        self.engine: Engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=True,
            # What stands in a row must not come out in the text of an error (T37).
            hide_parameters=True,
            connect_args={
                "application_name": application,
                "connect_timeout": 10,
                "options": "-c idle_in_transaction_session_timeout=120000 -c lock_timeout=30000",
            },
        )

    @contextmanager
    def organization(self, organization_id: UUID) -> Iterator[Connection]:
        """Open one database transaction that sees and writes this organization's rows only.

        Commits at the end, rolls back on an error. Raises `UnavailableError` when Postgres is out of reach.
        """
        with self._begin() as connection:
            connection.execute(_AS_ORGANIZATION, {"organization": str(organization_id)})
            yield connection

    @contextmanager
    def dispatch(self) -> Iterator[Connection]:
        """Open one database transaction that sees what is due and whose a token is, and nothing else."""
        with self._begin() as connection:
            connection.execute(_AS_DISPATCH)
            yield connection

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        try:
            with self.engine.begin() as connection:
                yield connection
        except OperationalError as err:
            raise _unavailable(err) from err
        except DBAPIError as err:
            if err.connection_invalidated or _is_connection_loss(err.orig):
                raise _unavailable(err) from err
            raise


def switch_organization(connection: Connection, organization_id: UUID) -> None:
    """Let the rest of a database transaction see and write another organization's rows."""
    connection.execute(_AS_ORGANIZATION, {"organization": str(organization_id)})


def _is_connection_loss(error: BaseException | None) -> bool:
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)


def _unavailable(err: DBAPIError) -> UnavailableError:
    state = getattr(err.orig, "sqlstate", None) or "no answer"
    return UnavailableError(f"Postgres cannot be used now ({state}); it is tried again", code="database_unavailable")
