"""What the web process needs from the outside."""

from __future__ import annotations

from typing import Protocol

from mailroom.database.session import Database
from mailroom.engine.setup import Setups
from mailroom.intake.parts import Inspected
from mailroom.ports import ObjectStore, VirusScanner


class WebServices(Protocol):
    """The parts the pages work with; `mailroom.bootstrap` has them, tests bring their own."""

    @property
    def database(self) -> Database:
        """The product's database."""
        ...

    @property
    def store(self) -> ObjectStore:
        """Where documents are."""
        ...

    @property
    def setups(self) -> Setups:
        """Each organization's configuration."""
        ...

    @property
    def audit_key(self) -> bytes:
        """The event log's key."""
        ...

    @property
    def token_key(self) -> bytes:
        """The key of approval tokens and of forms."""
        ...


class ApiServices(WebServices, Protocol):
    """What the REST API needs besides, to take documents in."""

    @property
    def virus_scanner(self) -> VirusScanner | None:
        """The virus scanner; None where the local profile does without one."""
        ...

    def inspect(self, content: bytes, filename: str) -> Inspected:
        """Look into a file in the sandbox."""
        ...
