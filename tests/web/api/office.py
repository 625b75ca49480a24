"""A customer with an accounts payable desk, people and keys, behind the REST API."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid4

from fastapi.testclient import TestClient

from mailroom.database.api_keys import add_api_key
from mailroom.database.organizations import add_user
from mailroom.database.session import Database
from mailroom.demo.paper import invoice_pdf
from mailroom.documents.inspection import Inspection, inspect
from mailroom.domain.api_key import SECRET_BYTES, api_key, key_hash, key_prefix
from mailroom.ports import ObjectStore, VirusScanner
from tests.builders import AUDIT_KEY
from tests.integration.payables.desk import Desk
from tests.integration.payables.test_paper import PAPER

ROLES = ("viewer", "clerk", "approver", "officer", "admin")
TOKEN_KEY = b"token key for tests only"


@dataclass
class Office:
    """What the web process needs, from a desk."""

    desk: Desk
    audit_key: bytes = AUDIT_KEY
    token_key: bytes = TOKEN_KEY
    virus_scanner: VirusScanner | None = None
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        return self.desk.database

    @property
    def store(self) -> ObjectStore:
        return self.desk.store

    @property
    def setups(self) -> Desk:
        return self.desk

    def inspect(self, content: bytes, filename: str) -> Inspection:
        return inspect(content, filename, self.desk.pool)

    def person(self, email: str, role: str = "approver") -> UUID:
        with self.database.organization(self.desk.organization) as connection:
            return add_user(connection, self.desk.organization, email=email, name=email, role=role)

    def key(self, role: str, *, user: UUID | None = None, days: float = 1) -> str:
        """Make a key; return it as it is shown."""
        made = api_key(secrets.token_bytes(SECRET_BYTES))
        with self.database.organization(self.desk.organization) as connection:
            add_api_key(
                connection,
                self.desk.organization,
                name=f"{role}-{uuid4()}",
                prefix=key_prefix(made),
                key_hash=key_hash(made),
                role=role,
                user_id=user,
                expires_at=datetime.now(UTC) + timedelta(days=days),
                created_by="test",
            )
        return made

    def held(self, **changes: Any) -> UUID:
        """Return an invoice that is held for a missing number."""
        key = self.desk.receive(self.desk.paper(**{"invoice_number": None, **changes}))
        self.desk.run()
        assert self.desk.state(key)[0] == "on_hold"
        return key


@dataclass
class Caller:
    """A program with a key: every POST has an Idempotency-Key of its own unless one is given."""

    http: TestClient
    key: str

    def get(self, path: str, **more: Any) -> Any:
        return self.http.get(f"/api/v1{path}", headers={"X-API-Key": self.key}, **more)

    def post(self, path: str, body: Any = None, *, once: str | None = None, **more: Any) -> Any:
        headers = {"X-API-Key": self.key, "Idempotency-Key": once or str(uuid4())}
        if body is not None:
            more["json"] = body
        return self.http.post(f"/api/v1{path}", headers=headers, **more)


@cache
def a_pdf() -> bytes:
    """Return an invoice of the supplier on file."""
    return invoice_pdf(PAPER)
