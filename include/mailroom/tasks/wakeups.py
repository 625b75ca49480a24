"""What wakes a DAG within seconds: mail that arrives, and transactions that fall due.

An event carries nothing but "look now": it can be lost or doubled without harm, since every task reads
what is due from Postgres, and the schedule is the safety net.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import structlog
from airflow.sdk import Asset, AssetOrTimeSchedule, AssetWatcher, CronTriggerTimetable
from airflow.triggers.base import BaseEventTrigger, TriggerEvent

from mailroom.bootstrap import Services
from mailroom.database.dispatch import next_due_in
from mailroom.database.outbox import next_mail_in
from mailroom.domain.errors import MailroomError
from mailroom.tasks.idle import IdleWatch

log = structlog.get_logger()

LONGEST_SLEEP = 300.0
"""Seconds after which the database is asked again even when nobody notified."""
AFTER_AN_EVENT = 15.0
"""Seconds until a transaction that is still due wakes the DAG once more: the run it woke needs time to claim it."""
RECONNECT_AFTER = 5.0


class ImapIdleTrigger(BaseEventTrigger):
    """Fires when mail arrives in any configured mailbox that offers IDLE.

    One trigger serves all mailboxes: it reads the configuration in the triggerer and waits on all their
    connections at once.
    """

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return what the triggerer needs to make this trigger again."""
        return "mailroom.tasks.wakeups.ImapIdleTrigger", {}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Yield an event each time mail arrives."""
        found = await asyncio.to_thread(Services)
        watch = IdleWatch(found)
        try:
            while True:
                if await asyncio.to_thread(watch.wait):
                    yield TriggerEvent("look now")
        finally:
            await asyncio.to_thread(watch.close)
            found.close()


class PostgresNotifyTrigger(BaseEventTrigger):
    """Fires when work is committed as due, or falls due by the clock.

    `processes` names the processes whose transactions count; without any it watches the outbox.
    """

    def __init__(self, processes: list[str]) -> None:
        super().__init__()
        self.processes = processes

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return what the triggerer needs to make this trigger again."""
        return "mailroom.tasks.wakeups.PostgresNotifyTrigger", {"processes": self.processes}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Yield an event each time there is something to do."""
        found = await asyncio.to_thread(Services)
        try:
            while True:
                try:
                    async for _ in self._listen(found):
                        yield TriggerEvent("look now")
                except (psycopg.Error, MailroomError) as err:
                    log.warning("listening stopped, again soon", cause=type(err).__name__)
                await asyncio.sleep(RECONNECT_AFTER)
        finally:
            found.close()

    async def _listen(self, found: Services) -> AsyncIterator[None]:
        """Ask once at the start, then sleep until notified or until the next due time."""
        url = found.environment.database_url.replace("+psycopg", "", 1)
        channel = "mailroom_due" if self.processes else "mailroom_outbox"
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            await connection.execute(f"LISTEN {channel}")
            pause = await self._due_in(found)
            while True:
                if pause <= 0:
                    yield None
                    pause = AFTER_AN_EVENT
                notified = await self._notified(connection, pause)
                pause = 0.0 if notified else await self._due_in(found)

    async def _notified(self, connection: psycopg.AsyncConnection[Any], seconds: float) -> bool:
        async for _ in connection.notifies(timeout=seconds, stop_after=1):
            return True
        return False

    async def _due_in(self, found: Services) -> float:
        seconds = await asyncio.to_thread(_seconds_until_due, found, self.processes)
        return LONGEST_SLEEP if seconds is None else min(seconds, LONGEST_SLEEP)


def _seconds_until_due(found: Services, processes: list[str]) -> float | None:
    with found.database.dispatch() as connection:
        return next_due_in(connection, processes) if processes else next_mail_in(connection)


def on_mail(cron: str) -> AssetOrTimeSchedule:
    """Return a schedule: when mail arrives, and by the clock."""
    asset = Asset("mailroom_mail", watchers=[AssetWatcher(name="imap_idle", trigger=ImapIdleTrigger())])
    return AssetOrTimeSchedule(timetable=CronTriggerTimetable(cron, timezone="UTC"), assets=[asset])


def on_due(processes: list[str], cron: str) -> AssetOrTimeSchedule:
    """Return a schedule: when a transaction of these processes (mail, without any) is due, and by the clock."""
    name = f"mailroom_due_{'_'.join(processes) or 'outbox'}"
    watcher = AssetWatcher(name=f"postgres_{name}", trigger=PostgresNotifyTrigger(processes))
    return AssetOrTimeSchedule(
        timetable=CronTriggerTimetable(cron, timezone="UTC"), assets=[Asset(name, watchers=[watcher])]
    )
