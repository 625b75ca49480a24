"""Claims of mail are fair: a long queue of one organization delays no other."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from mailroom.database.outbox import claim_outbox, insert_outbox
from mailroom.database.session import Database
from mailroom.domain.slices import Claim
from tests.conftest import make_organization


def written(database: Database, organization: UUID, count: int, *, minutes_ago: int) -> list[UUID]:
    """Put mails into the outbox, due for so long and a second longer each; return their ids, oldest first."""
    now = datetime.now(UTC)
    mails = [
        {
            "id": uuid4(), "organization_id": organization, "channel": "mail", "template": "cannot_use_mail",
            "recipient": "a@x.example", "dedupe_key": uuid4().hex, "internet_message_id": f"<{uuid4().hex}@x.example>",
            "content": {}, "state": "waiting",
            "due_at": now - timedelta(minutes=minutes_ago, seconds=count - number),
        }
        for number in range(count)
    ]  # fmt: skip
    with database.organization(organization) as connection:
        assert insert_outbox(connection, mails) == count
    return [mail["id"] for mail in mails]


def claimed(database: Database, most: int) -> list[Claim]:
    with database.dispatch() as connection:
        return claim_outbox(connection, most, owner="tests", lease_seconds=300)


def test_each_organization_gets_its_share_and_its_oldest_mail_first(
    database: Database, organization: UUID, other_organization: UUID
):
    backlog = written(database, organization, 50, minutes_ago=60)
    new = written(database, other_organization, 3, minutes_ago=1)

    claims = claimed(database, 20)

    assert {claim.id for claim in claims if claim.organization_id == other_organization} == set(new)
    assert {claim.id for claim in claims if claim.organization_id == organization} == set(backlog[:17])


def test_what_the_others_leave_goes_to_the_one_with_more(
    database: Database, organization: UUID, other_organization: UUID
):
    written(database, organization, 50, minutes_ago=60)
    written(database, other_organization, 1, minutes_ago=60)

    shares = Counter(claim.organization_id for claim in claimed(database, 20))

    assert shares == {organization: 19, other_organization: 1}


def test_claims_are_for_one_worker_and_end(database: Database, organization: UUID):
    mails = written(database, organization, 5, minutes_ago=1)

    first, second, third = claimed(database, 3), claimed(database, 3), claimed(database, 3)

    assert [claim.id for claim in third] == []
    assert sorted(claim.id for claim in first + second) == sorted(mails)


def test_with_more_organizations_than_are_claimed_at_once_each_has_its_turn(database: Database, owner_url: str):
    for number in range(8):
        written(database, make_organization(owner_url, f"busy-{number}"), 200, minutes_ago=60)
    late = make_organization(owner_url, "late")
    written(database, late, 1, minutes_ago=1)

    served = [claim.organization_id for _ in range(100) for claim in claimed(database, 2)]

    # Chosen at random, 2 of 9 a time: that one is left out 100 times in a row has a chance of (7/9)^100 = 1e-11.
    assert late in served
