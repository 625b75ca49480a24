"""`mailroom api-key`: made, shown once, listed without secrets, revoked."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner

from mailroom.cli.api_keys import app
from mailroom.database.api_keys import organization_of_key
from mailroom.database.organizations import add_user
from mailroom.database.session import Database
from mailroom.domain.api_key import is_api_key, key_hash
from mailroom.domain.errors import RejectedInputError, UnknownIdError
from tests.builders import rows


@pytest.fixture(autouse=True)
def environment(login_url: str, organization: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILROOM_DATABASE_URL", login_url)
    monkeypatch.setenv("MAILROOM_S3_URL", f"file://{tmp_path / 'objects'}")
    monkeypatch.setenv("MAILROOM_CONFIG_DIR", str(tmp_path))
    for name in ("AUDIT_KEY", "TOKEN_KEY"):
        monkeypatch.setenv(f"MAILROOM_SECRET_{name}", "for tests only")


def run(*words: str) -> str:
    result = CliRunner().invoke(app, [*words, "--organization", "acme"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_key_is_shown_once_and_works(database: Database, organization: UUID):
    key = run("add", "erp-export", "--role", "viewer").strip()

    assert is_api_key(key)
    with database.dispatch() as connection:
        assert organization_of_key(connection, key_hash(key)) is not None
    listed = run("list", "--json")
    (row,) = [json.loads(line) for line in listed.splitlines()]
    assert (row["name"], row["role"], row["status"], row["user"]) == ("erp-export", "viewer", "active", None)
    assert key not in listed
    assert key_hash(key) not in listed


def test_neither_table_nor_log_knows_the_key(database: Database, organization: UUID):
    key = run("add", "erp-export", "--role", "viewer").strip()

    kept = rows(database, organization, "SELECT api_keys::text FROM api_keys UNION SELECT body FROM events")
    assert len(kept) == 2
    assert all(key not in str(row) for row in kept)


def test_a_key_of_a_person_has_their_role(database: Database, organization: UUID):
    with database.organization(organization) as connection:
        add_user(connection, organization, email="anna@acme.example", name="Anna", role="officer")

    run("add", "anna", "--user", "Anna@acme.example")

    (row,) = [json.loads(line) for line in run("list", "--json").splitlines()]
    assert (row["user"], row["role"]) == ("anna@acme.example", "officer")


def test_a_revoked_key_is_listed_as_such(database: Database, organization: UUID):
    run("add", "erp-export", "--role", "viewer")

    run("revoke", "erp-export")

    (row,) = [json.loads(line) for line in run("list", "--json").splitlines()]
    assert row["status"] == "revoked"
    kinds = [row.kind for row in rows(database, organization, "SELECT kind FROM events ORDER BY seq")]
    assert kinds == ["api_key_added", "api_key_revoked"]


def test_what_cannot_be_is_said():
    with pytest.raises(RejectedInputError, match="--role"):
        run("add", "x")
    with pytest.raises(UnknownIdError, match="no active user"):
        run("add", "x", "--user", "nobody@acme.example")
    with pytest.raises(UnknownIdError, match="no valid key"):
        run("revoke", "x")
    run("add", "x", "--role", "viewer")
    with pytest.raises(RejectedInputError, match="already"):
        run("add", "x", "--role", "clerk")
