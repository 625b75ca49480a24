"""Migrations go up, down to nothing, and up again."""

from __future__ import annotations

from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from mailroom.database import migrate
from mailroom.database.migrate import current_revision, downgrade, upgrade

MIGRATIONS = Path(migrate.__file__).parent / "migrations"

VERSIONS = Path(migrate.__file__).parent / "migrations" / "versions"


def test_down_to_nothing_and_up_again(owner_url: str):
    downgrade(owner_url, "base")
    engine = create_engine(owner_url)
    with engine.connect() as connection:
        left = connection.execute(
            text("SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
                 "WHERE nspname = 'public' AND relkind IN ('r', 'S', 'v') AND relname <> 'alembic_version'")
        ).scalars().all()  # fmt: skip
        functions = (
            connection.execute(
                text(
                    "SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = 'public'"
                )
            )
            .scalars()
            .all()
        )
    assert (left, functions) == ([], [])
    assert current_revision(owner_url) is None

    upgrade(owner_url)

    assert current_revision(owner_url) == ScriptDirectory(str(MIGRATIONS)).get_current_head()
    engine.dispose()


def test_every_table_with_an_organization_is_walled(owner_url: str):
    engine = create_engine(owner_url)
    with engine.connect() as connection:
        open_tables = (
            connection.execute(
                text(
                    """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = 'public' AND c.relkind = 'r' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)"""
                )
            )
            .scalars()
            .all()
        )
    engine.dispose()

    assert sorted(open_tables) == ["alembic_version", "heartbeats", "transaction_moves"]
