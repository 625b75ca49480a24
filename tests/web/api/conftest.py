from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from mailroom.adapters.directory import DirectoryStore
from mailroom.database.session import Database
from mailroom.web.api.policy import ApiPolicy
from mailroom.web.app import create_app
from tests.integration.payables.desk import Desk
from tests.web.api.office import Caller, Office

Calls = Callable[..., Caller]


@pytest.fixture
def office(database: Database, store: DirectoryStore, organization: UUID, owner_url: str) -> Iterator[Office]:
    desk = Desk(database, store, organization, owner_url=owner_url)
    desk.supplier()
    desk.approver()
    yield Office(desk)
    desk.pool.close()


@pytest.fixture
def other_office(office: Office, other_organization: UUID) -> Office:
    """Another customer of the same installation."""
    return Office(Desk(office.database, office.store, other_organization, pool=office.desk.pool))


@pytest.fixture
def http(office: Office) -> Iterator[TestClient]:
    with TestClient(create_app(office, policy=ApiPolicy(rate="1000/second"))) as client:
        yield client


@pytest.fixture
def calls(office: Office, http: TestClient) -> Calls:
    """Make a caller of a role."""
    return lambda role, **more: Caller(http, office.key(role, **more))
