"""What every test can ask for: a real Postgres, one organization, a directory store."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import structlog
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from mailroom.adapters.directory import DirectoryStore
from mailroom.database.migrate import upgrade
from mailroom.database.organizations import add_organization
from mailroom.database.session import Database
from mailroom.local.postgres import Postgres
from tests.servers.fixtures import tryton

__all__ = ["tryton"]

LOGIN_PASSWORD = "for-tests-only"
AUDIT_KEY = b"for-tests-only"


def pytest_configure(config: pytest.Config) -> None:
    # Airflow's home and every setting of the product come from the tests, not from whoever runs them.
    for name in [
        name for name in os.environ if name.startswith("MAILROOM_") and name not in {"MAILROOM_CI", "MAILROOM_SAMPLES"}
    ]:
        del os.environ[name]


@pytest.fixture(autouse=True)
def plain_logging() -> Iterator[None]:
    """A command sets logging up for its process; here the process goes on to the next test."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Return a running Postgres of this test run, thrown away at its end."""
    root = Path(tempfile.mkdtemp(prefix="mailroom-tests-", dir="/var/tmp"))
    root.chmod(0o755)
    server = Postgres(root, durable=False)
    try:
        server.start()
        server.create_database("template_mailroom")
        upgrade(server.url("template_mailroom"))
        server.set_login("mailroom_login", LOGIN_PASSWORD)
        yield server
    finally:
        server.stop()
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def owner_url(postgres: Postgres) -> Iterator[str]:
    """Return the owner's URL of a fresh, migrated database of this test's own."""
    name = f"test_{uuid4().hex}"
    yield postgres.create_database(name, template="template_mailroom")
    postgres.drop_database(name)


@pytest.fixture
def login_url(owner_url: str, postgres: Postgres) -> str:
    """Return the URL the product itself logs in with."""
    return postgres.url(owner_url.rpartition("/")[2], user="mailroom_login", password=LOGIN_PASSWORD)


@pytest.fixture
def database(login_url: str) -> Iterator[Database]:
    """Return the product's view of the database: walled by organization."""
    database = Database(login_url)
    yield database
    database.close()


@pytest.fixture
def organization(owner_url: str) -> UUID:
    """Return a fresh organization's id; its slug is `acme`."""
    return make_organization(owner_url, "acme")


@pytest.fixture
def other_organization(owner_url: str) -> UUID:
    """Return a second organization's id; its slug is `globex`."""
    return make_organization(owner_url, "globex")


@pytest.fixture
def store(tmp_path: Path) -> DirectoryStore:
    """Return an empty object store in a directory."""
    return DirectoryStore(tmp_path / "objects")


def make_organization(owner_url: str, slug: str) -> UUID:
    """Create one more organization."""
    engine = create_engine(owner_url, poolclass=NullPool)
    with engine.begin() as owner:
        return add_organization(owner, slug, slug.title())
