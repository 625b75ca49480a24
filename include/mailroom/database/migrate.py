"""Bring a database's schema to a revision."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.pool import NullPool

from mailroom.database.session import explained, postgres_engine

_LOCK = 7_305_120_001
"""Advisory lock key: one migration at a time per database."""


def upgrade(owner_url: str, revision: str = "head") -> None:
    """Migrate up to `revision` as the schema's owner; harmless when already there."""
    with _locked(owner_url) as connection:
        command.upgrade(_config(connection), revision)
        connection.commit()


def downgrade(owner_url: str, revision: str) -> None:
    """Migrate down to `revision` (`base` removes everything but the cluster's roles)."""
    with _locked(owner_url) as connection:
        command.downgrade(_config(connection), revision)
        connection.commit()


def current_revision(owner_url: str) -> str | None:
    """Return the revision the database is at, or None before the first."""
    with explained(), postgres_engine(owner_url, poolclass=NullPool).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def _locked(owner_url: str) -> Connection:
    with explained():
        connection = postgres_engine(owner_url, poolclass=NullPool).connect()
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
    connection.commit()
    return connection


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
