"""The sample ledger: a database beside the product's, which config/connectors/ledger.yaml posts to.

It stands in for a customer's accounting system, so it has a role, a password and tables of its own.
"""

from __future__ import annotations

from importlib.resources import files

import psycopg

from mailroom.local.listening import LOOPBACK
from mailroom.local.postgres import Postgres
from mailroom.local.settings import StackSettings

LEDGER_DATABASE = "ledger"
LEDGER_ROLE = "mailroom"


def ledger_environment(settings: StackSettings, password: str) -> dict[str, str]:
    """Return what config/connectors/ledger.yaml asks of the environment."""
    return {
        "MAILROOM_LEDGER_URL": (
            f"postgresql+psycopg://{LEDGER_ROLE}@{LOOPBACK}:{settings.port_postgres}/{LEDGER_DATABASE}"
        ),
        "MAILROOM_SECRET_LEDGER_PASSWORD": password,
    }


def make_ledger(postgres: Postgres, password: str) -> None:
    """Make the ledger's role, database and tables; those that are there stay as they are."""
    postgres.set_login(LEDGER_ROLE, password)
    postgres.create_database(LEDGER_DATABASE, owner=LEDGER_ROLE)
    address = postgres.url(LEDGER_DATABASE, user=LEDGER_ROLE, password=password).replace("+psycopg", "", 1)
    tables = files("mailroom.local").joinpath("ledger.sql").read_text(encoding="utf-8")
    with psycopg.connect(address, autocommit=True, connect_timeout=5) as connection:
        connection.execute(tables)
