"""The trigger that tells when work falls due, on a real Postgres."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from airflow.triggers.base import TriggerEvent
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from mailroom.tasks.wakeups import ImapIdleTrigger, PostgresNotifyTrigger, on_due, on_mail

PROCESS = "accounts_payable"
NEVER_BEFORE = 0.7
"""Seconds in which nothing may be told; an event comes within a tenth of this."""

Insert = Callable[..., UUID]


class Listener:
    """A running trigger and the moments at which it fired."""

    def __init__(self, trigger: PostgresNotifyTrigger) -> None:
        self._trigger = trigger
        self._events: asyncio.Queue[TriggerEvent] = asyncio.Queue()

    async def run(self) -> None:
        async for event in self._trigger.run():
            self._events.put_nowait(event)

    async def fires(self, within: float = 5.0) -> TriggerEvent:
        return await asyncio.wait_for(self._events.get(), within)

    async def rests(self, seconds: float = NEVER_BEFORE) -> None:
        await asyncio.sleep(seconds)
        assert self._events.empty(), "it fired with nothing to do"

    def fired(self) -> int:
        return self._events.qsize()


@asynccontextmanager
async def listening(*processes: str) -> AsyncIterator[Listener]:
    listener = Listener(PostgresNotifyTrigger(list(processes)))
    task = asyncio.create_task(listener.run())
    try:
        yield listener
        assert not task.done(), "the trigger has ended"
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture(autouse=True)
def settings(login_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILROOM_DATABASE_URL", login_url)


@pytest.fixture
def owner(owner_url: str) -> Iterator[Engine]:
    engine = create_engine(owner_url, poolclass=NullPool)
    yield engine
    engine.dispose()


@pytest.fixture
def insert(owner: Engine, organization: UUID) -> Insert:
    """Insert one transaction that falls due in some seconds."""

    def one(due_in: float = 0.0, process: str = PROCESS) -> UUID:
        key = uuid4()
        with owner.begin() as connection:
            connection.execute(
                text(
                    """INSERT INTO transactions (id, organization_id, process, step, state, mode, due_at,
                        working_directory) VALUES (:id, :organization, :process, 'extract', 'received', 'auto',
                        now() + :due, 'org/tx')"""
                ),
                {"id": key, "organization": organization, "process": process, "due": timedelta(seconds=due_in)},
            )
        return key

    return one


@pytest.fixture
def lease(owner: Engine) -> Callable[[float], None]:
    """Lease everything, as a worker does that has claimed it."""

    def all_of_it(seconds: float = 60.0) -> None:
        with owner.begin() as connection:
            connection.execute(
                text("UPDATE transactions SET leased_until = now() + :lease"), {"lease": timedelta(seconds=seconds)}
            )

    return all_of_it


def test_it_fires_at_its_start_when_something_is_due(insert: Insert):
    async def story() -> None:
        insert()
        async with listening(PROCESS) as listener:
            assert (await listener.fires()).payload == "look now"

    asyncio.run(story())


def test_it_rests_while_nothing_is_due_and_fires_as_soon_as_something_is(insert: Insert):
    async def story() -> None:
        async with listening(PROCESS) as listener:
            await listener.rests()
            started = time.monotonic()
            insert()
            await listener.fires()
            assert time.monotonic() - started < 1.0

    asyncio.run(story())


def test_it_fires_when_a_wait_comes_due_by_the_clock(insert: Insert):
    async def story() -> None:
        insert(due_in=2.0)
        async with listening(PROCESS) as listener:
            await listener.rests(1.2)
            await listener.fires(within=2.0)

    asyncio.run(story())


def test_a_shorter_wait_that_is_set_meanwhile_counts(insert: Insert):
    async def story() -> None:
        insert(due_in=200.0)
        async with listening(PROCESS) as listener:
            await listener.rests()
            insert(due_in=1.5)
            await listener.rests(1.0)
            await listener.fires(within=2.0)

    asyncio.run(story())


def test_work_of_another_process_is_not_its_business(insert: Insert):
    async def story() -> None:
        async with listening(PROCESS) as listener:
            await listener.rests()
            insert(process="pay_stub")
            await listener.rests()

    asyncio.run(story())


def test_work_that_a_worker_has_claimed_meanwhile_is_not_told(insert: Insert, lease: Callable[..., None]):
    async def story() -> None:
        insert()
        async with listening(PROCESS) as listener:
            await listener.fires()
            lease()
            insert(process="pay_stub")
            await listener.rests(2.0)

    asyncio.run(story())


def test_what_stays_due_is_told_again_but_not_in_a_loop(insert: Insert, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("mailroom.tasks.due.STILL_DUE_AFTER", 2.0)

    async def story() -> None:
        insert()
        async with listening(PROCESS) as listener:
            await asyncio.sleep(5.0)
            # At once, after two seconds and after four.
            assert 2 <= listener.fired() <= 3

    asyncio.run(story())


def test_a_hundred_commits_are_a_few_events(insert: Insert):
    async def story() -> None:
        async with listening(PROCESS) as listener:
            await listener.rests()
            started = time.monotonic()
            for _ in range(100):
                await asyncio.to_thread(insert)
            await asyncio.sleep(1.5)
            assert 1 <= listener.fired() <= time.monotonic() - started + 1

    asyncio.run(story())


def test_it_comes_back_after_its_connection_was_ended_and_asks_what_was_missed(
    insert: Insert, owner: Engine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("mailroom.tasks.due.RECONNECT_AFTER", 1.0)

    async def story() -> None:
        async with listening(PROCESS) as listener:
            await listener.rests()
            assert end_listeners(owner) == 1
            insert()
            await listener.fires()

    asyncio.run(story())


def test_it_survives_a_database_that_is_not_there_yet(insert: Insert, login_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("mailroom.tasks.due.RECONNECT_AFTER", 0.3)
    name = login_url.rpartition("/")[2]
    monkeypatch.setenv("MAILROOM_DATABASE_URL", login_url.replace(name, "not_there"))

    async def story() -> None:
        async with listening(PROCESS) as listener:
            await listener.rests(1.0)

    asyncio.run(story())


def test_without_a_process_it_watches_the_outbox(owner: Engine, organization: UUID):
    async def story() -> None:
        async with listening() as listener:
            await listener.rests()
            with owner.begin() as connection:
                connection.execute(
                    text(
                        """INSERT INTO outbox (organization_id, template, recipient, dedupe_key, internet_message_id)
                        VALUES (:o, 'failure_notice', 'clerk@acme.example', 'k', '<1@mailroom.example>')"""
                    ),
                    {"o": organization},
                )
            await listener.fires()

    asyncio.run(story())


@pytest.mark.parametrize("trigger", [PostgresNotifyTrigger([PROCESS]), PostgresNotifyTrigger([]), ImapIdleTrigger()])
def test_a_trigger_can_be_made_again_from_what_airflow_keeps(trigger: Any):
    path, arguments = trigger.serialize()

    module, _, name = path.rpartition(".")
    again = getattr(__import__(module, fromlist=[name]), name)(**arguments)
    assert type(again) is type(trigger)
    assert again.serialize() == (path, arguments)


def test_a_schedule_has_a_clock_behind_its_events():
    for schedule, cron in ((on_due([PROCESS], "*/10 * * * *"), "*/10"), (on_mail("*/5 * * * *"), "*/5")):
        assert cron in str(schedule.timetable.expression)
        assert len(schedule.asset_condition.objects) == 1


def end_listeners(owner: Engine) -> int:
    """End every connection that listens in this database; return how many there were."""
    with owner.begin() as connection:
        ended = connection.execute(
            text(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()
                AND pid <> pg_backend_pid() AND query LIKE 'LISTEN %'"""
            )
        )
        return len(ended.all())
