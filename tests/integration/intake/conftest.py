"""Intake on a real Dovecot and a real Postgres."""

from __future__ import annotations

from tests.intake_fixtures import dovecot, pool, room, shared_room, user

__all__ = ["dovecot", "pool", "room", "shared_room", "user"]
