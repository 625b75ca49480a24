"""The servers that connectors are tested against."""

from __future__ import annotations

from tests.servers.fixtures import tryton

__all__ = ["tryton"]
