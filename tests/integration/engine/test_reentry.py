"""A person's hand on a transaction."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from mailroom.database.session import Database
from mailroom.domain.errors import NotAllowedError, UnknownIdError
from mailroom.domain.outcome import Advance, Hold
from mailroom.domain.transaction import State
from mailroom.engine.reentry import continue_at, locked, put_aside
from tests.builders import AUDIT_KEY, a_process, a_step, an_engine, due_transactions, rows

PROCESS = a_process(
    (a_step("first", lambda _: Advance()), State.EXTRACTED, {}),
    (a_step("second", lambda _: Hold("look")), State.VALIDATED, {}),
    (a_step("third", lambda _: Advance()), State.APPROVED, {}),
)


@pytest.fixture
def held(database: Database, organization: UUID) -> UUID:
    (key,) = due_transactions(database, organization)
    an_engine(database, PROCESS).run_due(["test"])
    return key


def take_on(database: Database, organization: UUID, key: UUID, step: str) -> None:
    with database.organization(organization) as connection:
        continue_at(
            connection, locked(connection, key), PROCESS, step, audit_key=AUDIT_KEY, actor="clerk", reason="fixed"
        )


@pytest.mark.parametrize(("step", "state"), [("second", "extracted"), ("first", "received")])
def test_it_goes_on_where_the_person_says(database: Database, organization: UUID, held: UUID, step: str, state: str):
    take_on(database, organization, held, step)

    (row,) = rows(database, organization, "SELECT state, step, reason, due_at <= now() AS due FROM transactions")
    assert (row.state, row.step, row.reason, row.due) == (state, step, None, True)
    last = rows(database, organization, "SELECT kind, actor FROM events ORDER BY seq DESC LIMIT 1")[0]
    assert (last.kind, last.actor) == ("continued", "clerk")


def test_it_never_skips_the_step_it_stands_at(database: Database, organization: UUID, held: UUID):
    with pytest.raises(NotAllowedError, match="would leave that out"):
        take_on(database, organization, held, "third")


def test_rejected_is_for_good(database: Database, organization: UUID, held: UUID):
    with database.organization(organization) as connection:
        put_aside(
            connection, locked(connection, held), State.REJECTED, "not ours", audit_key=AUDIT_KEY, actor="clerk",
            kind="rejected",
        )  # fmt: skip

    with pytest.raises(NotAllowedError):
        take_on(database, organization, held, "second")


def test_another_organizations_id_is_unknown(
    database: Database, organization: UUID, other_organization: UUID, held: UUID
):
    with pytest.raises(UnknownIdError), database.organization(other_organization) as connection:
        locked(connection, held)
    with pytest.raises(UnknownIdError), database.organization(organization) as connection:
        locked(connection, uuid4())
