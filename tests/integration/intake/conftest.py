"""Intake on a real Dovecot and a real Postgres."""

from __future__ import annotations

from tests.intake_fixtures import dovecot, pool, room, shared_room, user
from tests.servers.fixtures import clamd

__all__ = ["clamd", "dovecot", "pool", "room", "shared_room", "user"]
