"""The schema's owner is no superuser in production; row-level security binds it too."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from sqlalchemy import create_engine, text

from mailroom.database.messages import assign_message
from mailroom.database.migrate import upgrade
from mailroom.database.organizations import add_organization, list_organizations
from mailroom.database.session import Database
from mailroom.local.postgres import Postgres
from tests.conftest import LOGIN_PASSWORD


@pytest.fixture
def plain_owner_url(postgres: Postgres) -> Iterator[str]:
    name, role = f"plain_{uuid4().hex}", f"owner_{uuid4().hex}"
    with postgres.connect() as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN CREATEROLE PASSWORD 'plain'")
        connection.execute(f"GRANT mailroom_app, mailroom_dispatch TO {role} WITH ADMIN OPTION")
    postgres.create_database(name, owner=role)
    yield postgres.url(name, user=role, password="plain")
    postgres.drop_database(name)
    with postgres.connect() as connection:
        connection.execute(f"DROP OWNED BY {role}")
        connection.execute(f"DROP ROLE {role}")


def test_an_owner_who_is_no_superuser_migrates_and_makes_organizations(plain_owner_url: str):
    upgrade(plain_owner_url)
    engine = create_engine(plain_owner_url)
    with engine.begin() as owner:
        add_organization(owner, "acme", "Acme")
        assert [row["slug"] for row in list_organizations(owner)] == ["acme"]
        assert owner.execute(text("SELECT count(*) FROM transactions")).scalar_one() == 0
    engine.dispose()


def test_only_the_operator_gives_its_own_shared_mail_away(plain_owner_url: str, postgres: Postgres):
    upgrade(plain_owner_url)
    engine = create_engine(plain_owner_url)
    with engine.begin() as owner:
        operator, acme = add_organization(owner, "operator", "Operator"), add_organization(owner, "acme", "Acme")
    engine.dispose()
    name = plain_owner_url.rpartition("/")[2]
    database = Database(postgres.url(name, user="mailroom_login", password=LOGIN_PASSWORD))
    message = uuid4()
    with database.organization(operator) as connection:
        mailbox: UUID = connection.execute(
            text("INSERT INTO mailboxes (organization_id, name) VALUES (:o, 'shared') RETURNING id"), {"o": operator}
        ).scalar_one()
        connection.execute(
            text(
                """INSERT INTO messages (id, organization_id, mailbox_id, uidvalidity, uid)
                VALUES (:id, :o, :m, 1, 1)"""
            ),
            {"id": message, "o": operator, "m": mailbox},
        )

    with database.organization(acme) as connection:
        assign_message(connection, message, acme)  # acme cannot take what is not its own
        assert connection.execute(text("SELECT count(*) FROM messages")).scalar_one() == 0
    with database.organization(operator) as connection:
        assign_message(connection, message, acme)

    with database.organization(acme) as connection:
        assert connection.execute(text("SELECT id FROM messages")).scalars().all() == [message]
    database.close()
