"""`mailroom user` and `organization` given what makes no sense: one sentence, nothing written."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner

from mailroom.cli.admin import organization_app, user_app
from mailroom.database.organizations import list_users
from mailroom.database.session import Database
from mailroom.domain.errors import RejectedInputError
from tests.integration.payables.desk import PROCESS_FILE


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, login_url: str, owner_url: str, tmp_path: Path) -> None:
    for name, value in {
        "DATABASE_URL": login_url,
        "DATABASE_OWNER_URL": owner_url,
        "CONFIG_DIR": str(PROCESS_FILE.parents[1]),
        "SECRET_AUDIT_KEY": "for-tests-only",
        "SECRET_TOKEN_KEY": "for-tests-only",
        "S3_URL": (tmp_path / "objects").as_uri(),
    }.items():
        monkeypatch.setenv(f"MAILROOM_{name}", value)


@pytest.mark.parametrize("limit", ["NaN", "-NaN", "sNaN", "Infinity", "-1", "1e400", "10000000000000000", "1.2.3", ""])
def test_what_is_no_amount_is_no_limit(limit: str, database: Database, organization: UUID):
    done = CliRunner().invoke(user_app, ["add", "ann@acme.example", "Ann", "-o", "acme", "--limit", limit])

    assert isinstance(done.exception, RejectedInputError)
    with database.organization(organization) as connection:
        assert list_users(connection) == []


@pytest.mark.parametrize(
    "email", ["", "ann", "Ann <ann@acme.example>", "a@b.example\r\nBcc: x@y.example", "ann@аcme.example"]
)
def test_what_is_no_address_is_nobody(email: str, database: Database, organization: UUID):
    done = CliRunner().invoke(user_app, ["add", email, "Ann", "-o", "acme"])

    assert isinstance(done.exception, RejectedInputError)
    with database.organization(organization) as connection:
        assert list_users(connection) == []


@pytest.mark.parametrize("slug", ["../x", "", "Acme", "shared", "a b"])
def test_what_is_no_slug_is_no_organization(slug: str):
    done = CliRunner().invoke(organization_app, ["add", slug, "Name"])

    assert isinstance(done.exception, RejectedInputError)
