"""What a benchmark stands on: a throw-away Postgres that really syncs, with a migrated database per run."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from mailroom.database.migrate import upgrade
from mailroom.database.organizations import add_organization
from mailroom.local.postgres import Postgres

_PASSWORD = "benchmark"  # noqa: S105 - of a throw-away server on loopback


@dataclass(frozen=True, slots=True)
class Rig:
    """A running database: `owner_url` may do anything, `login_url` is the product's own way in."""

    folder: Path
    owner_url: str
    login_url: str

    def organization(self) -> UUID:
        """Create an organization."""
        with create_engine(self.owner_url, poolclass=NullPool).begin() as owner:
            return add_organization(owner, f"bench-{uuid4().hex[:12]}", "Benchmark")


@contextmanager
def database_rig() -> Iterator[Rig]:
    """Start a Postgres with fsync on, and remove it with all that was written."""
    folder = Path(tempfile.mkdtemp(prefix="mailroom-bench-", dir="/var/tmp"))
    folder.chmod(0o755)
    server = Postgres(folder)
    try:
        server.start()
        owner_url = server.create_database("bench")
        upgrade(owner_url)
        server.set_login("mailroom_login", _PASSWORD)
        yield Rig(folder, owner_url, server.url("bench", user="mailroom_login", password=_PASSWORD))
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)
