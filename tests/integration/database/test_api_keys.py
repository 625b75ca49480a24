"""Keys of the REST API: who can find one, and when it is good for nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import ProgrammingError

from mailroom.database.api_keys import (
    add_api_key,
    list_api_keys,
    organization_of_key,
    revoke_api_key,
    usable_key,
)
from mailroom.database.organizations import add_user, revoke_user, set_organization_status
from mailroom.database.session import Database

ANNA = "anna@acme.example"


def a_key(database: Database, organization: UUID, name: str = "export", *, days: float = 1, user: bool = False) -> UUID:
    with database.organization(organization) as connection:
        user_id = add_user(connection, organization, email=ANNA, name="Anna", role="approver") if user else None
        return add_api_key(
            connection,
            organization,
            name=name,
            prefix="mrk_abcdefgh",
            key_hash=f"hash of {name}",
            role="clerk",
            user_id=user_id,
            expires_at=datetime.now(UTC) + timedelta(days=days),
            created_by="test",
        )


def found(database: Database, name: str = "export") -> tuple[UUID, UUID] | None:
    with database.dispatch() as connection:
        return organization_of_key(connection, f"hash of {name}")


def is_usable(database: Database, organization: UUID, key: UUID) -> bool:
    with database.organization(organization) as connection:
        return usable_key(connection, key) is not None


def test_a_key_is_found_by_its_hash_and_read_by_its_organization_only(
    database: Database, organization: UUID, other_organization: UUID
):
    key = a_key(database, organization)

    assert found(database) == (organization, key)
    assert found(database, "something else") is None
    assert is_usable(database, organization, key)
    assert not is_usable(database, other_organization, key)


@pytest.mark.parametrize("column", ["role", "prefix", "expires_at", "name", "*"])
def test_the_dispatcher_sees_nothing_but_whose_a_hash_is(database: Database, organization: UUID, column: str):
    a_key(database, organization)

    with pytest.raises(ProgrammingError, match="permission denied"), database.dispatch() as connection:
        connection.execute(text(f"SELECT {column} FROM api_keys"))


@pytest.mark.parametrize("statement", ["DELETE FROM api_keys", "UPDATE api_keys SET expires_at = now() + '9 years'"])
def test_a_key_is_neither_deleted_nor_prolonged(database: Database, organization: UUID, statement: str):
    a_key(database, organization)

    with pytest.raises(ProgrammingError, match="permission denied"), database.organization(organization) as connection:
        connection.execute(text(statement))


def test_an_expired_key_is_good_for_nothing(database: Database, organization: UUID):
    key = a_key(database, organization, days=-1 / 86_400)

    assert not is_usable(database, organization, key)
    with database.organization(organization) as connection:
        assert [row["status"] for row in list_api_keys(connection)] == ["expired"]


@pytest.mark.parametrize("how", ["mrk_abcdefgh", "export", "id"])
def test_a_revoked_key_is_good_for_nothing(database: Database, organization: UUID, how: str):
    key = a_key(database, organization)

    with database.organization(organization) as connection:
        assert revoke_api_key(connection, str(key) if how == "id" else how, "test") == [key]
    with database.organization(organization) as connection:
        assert revoke_api_key(connection, how, "test") == []

    assert not is_usable(database, organization, key)


def test_a_key_ends_with_its_person(database: Database, organization: UUID):
    key = a_key(database, organization, user=True)
    assert is_usable(database, organization, key)

    with database.organization(organization) as connection:
        revoke_user(connection, ANNA)

    assert not is_usable(database, organization, key)


def test_a_suspended_organization_has_no_keys(database: Database, organization: UUID, owner_url: str):
    a_key(database, organization)
    engine = create_engine(owner_url)
    with engine.begin() as owner:
        set_organization_status(owner, "acme", "suspended")
    engine.dispose()

    assert found(database) is None
