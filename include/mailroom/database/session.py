"""Connections that see one organization, or only what is due.

Both roles are unable to bypass row-level security. A role and an organization are set for one
database transaction only (`SET LOCAL`), so a pooled connection carries nothing over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from mailroom.domain.errors import ConfigurationError, UnavailableError

_AS_ORGANIZATION = text(
    "SELECT set_config('role', 'mailroom_app', true), set_config('mailroom.organization', :organization, true)"
)
_AS_DISPATCH = text("SELECT set_config('role', 'mailroom_dispatch', true)")

_CONNECT_SECONDS = 10
_REFUSED = re.compile(r"FATAL:\s+([^\n]+)")
_UNDEFINED_TABLE = "42P01"


class Database:
    """A pool of connections to the product's database; safe to share between threads."""

    def __init__(self, url: str, *, pool_size: int = 5, application: str = "mailroom") -> None:
        self.url = url
        options = "-c idle_in_transaction_session_timeout=120000 -c lock_timeout=30000"
        self.engine = postgres_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_pre_ping=True,
            connect_args={"application_name": application, "options": options},
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
        with explained(), self.engine.begin() as connection:
            yield connection


def postgres_engine(url: str, *, connect_args: dict[str, Any] | None = None, **settings: Any) -> Engine:
    """Return an engine for a Postgres address; raises `ConfigurationError` for any other."""
    try:
        backend = make_url(url).get_backend_name()
    except (ArgumentError, ValueError) as err:
        raise _no_address() from err
    if backend != "postgresql":
        raise _no_address()
    # What stands in a row must not come out in the text of an error (T37).
    return create_engine(
        url,
        hide_parameters=True,
        connect_args={"connect_timeout": _CONNECT_SECONDS, **(connect_args or {})},
        **settings,
    )


@contextmanager
def explained() -> Iterator[None]:
    """Raise `UnavailableError` when Postgres is out of reach, `ConfigurationError` when it has no schema."""
    try:
        yield
    except OperationalError as err:
        raise _unavailable(err) from err
    except DBAPIError as err:
        if err.connection_invalidated or _is_connection_loss(err.orig):
            raise _unavailable(err) from err
        if getattr(err.orig, "sqlstate", None) == _UNDEFINED_TABLE:
            message = "The database has no schema, or an older one; run `mailroom migrate`."
            raise ConfigurationError(message, code="no_schema") from err
        raise


def switch_organization(connection: Connection, organization_id: UUID) -> None:
    """Let the rest of a database transaction see and write another organization's rows."""
    connection.execute(_AS_ORGANIZATION, {"organization": str(organization_id)})


def _is_connection_loss(error: BaseException | None) -> bool:
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)


def _unavailable(err: DBAPIError) -> UnavailableError:
    refused = _REFUSED.search(str(err.orig))
    why = getattr(err.orig, "sqlstate", None) or (refused[1] if refused else "no answer")
    return UnavailableError(f"Postgres cannot be used now: {why}", code="database_unavailable")


def _no_address() -> ConfigurationError:
    # The address itself is not shown: it may hold a password.
    message = "The database's address is none of Postgres; write postgresql+psycopg://user:password@host:port/database."
    return ConfigurationError(message, code="database_url")
