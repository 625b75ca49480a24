"""Lists are read a page at a time, without a gap and without a repetition."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from mailroom.database.session import Database
from mailroom.database.transactions import search_transactions
from tests.builders import due_transactions, rows


def pages(database: Database, organization: UUID, limit: int, **filters: object) -> list[list[UUID]]:
    found, after = [], None
    while True:
        with database.organization(organization) as connection:
            some = search_transactions(connection, after=after, limit=limit, **filters)  # type: ignore[arg-type]
        if not some:
            return found
        found.append([row["id"] for row in some])
        after = (some[-1]["created_at"], some[-1]["id"])


def test_pages_hold_every_row_once_even_of_one_moment(database: Database, organization: UUID):
    # One database transaction: all ten have the same created_at.
    ids = due_transactions(database, organization, 10)

    found = pages(database, organization, 3)

    assert [len(page) for page in found] == [3, 3, 3, 1]
    assert sorted(key for page in found for key in page) == ids


def test_what_comes_in_meanwhile_moves_no_page(database: Database, organization: UUID):
    first = due_transactions(database, organization, 4)
    with database.organization(organization) as connection:
        some = search_transactions(connection, limit=2)
    due_transactions(database, organization, 5)

    with database.organization(organization) as connection:
        rest = search_transactions(connection, after=(some[-1]["created_at"], some[-1]["id"]), limit=10)

    assert sorted(row["id"] for row in some + rest) == first


def test_a_page_shows_its_own_organization_only(database: Database, organization: UUID, other_organization: UUID):
    due_transactions(database, organization, 2)

    assert pages(database, other_organization, 10) == []


@pytest.mark.parametrize(("search", "references"), [("50%", ["50%-A"]), ("_1", ["X_1"]), ("x", ["X_1"]), ("\\", [])])
def test_a_search_takes_words_as_they_are(database: Database, organization: UUID, search: str, references: list[str]):
    for reference, key in zip(
        ("50%-A", "500-A", "X_1", "Y-1"), due_transactions(database, organization, 4), strict=True
    ):
        rows(
            database,
            organization,
            "UPDATE transactions SET reference = :r WHERE id = :k RETURNING 1",
            r=reference,
            k=key,
        )

    with database.organization(organization) as connection:
        found = [row["reference"] for row in search_transactions(connection, search=search)]

    assert found == references


def test_a_window_holds_its_first_moment_and_not_its_last(database: Database, organization: UUID):
    day = datetime(2026, 3, 2, tzinfo=UTC)
    for hours, key in enumerate(due_transactions(database, organization, 3)):
        at = day + timedelta(hours=24 * hours)
        rows(database, organization, "UPDATE transactions SET created_at = :at WHERE id = :k RETURNING 1", at=at, k=key)

    with database.organization(organization) as connection:
        found = search_transactions(connection, since=day, until=day + timedelta(hours=24))

    assert [row["created_at"] for row in found] == [day]
