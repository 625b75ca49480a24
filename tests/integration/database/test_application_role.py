"""What whoever holds the product's own login can reach beyond it: nothing."""

from __future__ import annotations

from uuid import uuid4

from sqlalchemy import create_engine, text


def test_a_temporary_table_of_the_caller_never_runs_anything_as_the_owner(login_url: str):
    engine = create_engine(login_url)
    message, organization = uuid4(), uuid4()
    with engine.begin() as connection:
        connection.execute(text("SET ROLE mailroom_app"))
        connection.execute(text("CREATE TEMP TABLE messages (id uuid, organization_id uuid)"))
        connection.execute(text("CREATE TEMP TABLE ran_as (who text)"))
        connection.execute(text("GRANT ALL ON messages, ran_as TO PUBLIC"))
        connection.execute(
            text("INSERT INTO messages VALUES (:id, :organization)"), {"id": message, "organization": organization}
        )
        connection.execute(
            text(
                """CREATE FUNCTION pg_temp.note() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN INSERT INTO pg_temp.ran_as VALUES (current_user); RETURN NEW; END $$"""
            )
        )
        connection.execute(
            text("CREATE TRIGGER note BEFORE UPDATE ON messages FOR EACH ROW EXECUTE FUNCTION pg_temp.note()")
        )
        connection.execute(text("SELECT set_config('mailroom.organization', :id, true)"), {"id": str(organization)})

        connection.execute(text("SELECT assign_message(:id, :other)"), {"id": message, "other": uuid4()})

        assert connection.execute(text("SELECT who FROM ran_as")).scalars().all() == []
    engine.dispose()


def test_every_function_that_runs_as_its_owner_looks_for_temporary_tables_last(owner_url: str):
    engine = create_engine(owner_url)
    with engine.connect() as connection:
        paths = connection.execute(
            text("SELECT proconfig FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace")
        ).scalars().all()  # fmt: skip
    engine.dispose()

    assert paths
    assert all(path and path[0].endswith(", pg_temp") for path in paths)
