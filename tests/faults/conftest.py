"""What breaks while mail is read."""

from __future__ import annotations

from tests.intake_fixtures import dovecot, pool, room, shared_room, user

__all__ = ["dovecot", "pool", "room", "shared_room", "user"]
