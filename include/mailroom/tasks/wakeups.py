"""What wakes a DAG within seconds: mail that arrives, and work that falls due.

An event carries nothing but "look now": it can be lost or doubled without harm, since every task reads
what is due from Postgres, and the schedule is the safety net. DAG files are parsed all the time, so what a
trigger needs is imported when it runs.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

from airflow.sdk import Asset, AssetOrTimeSchedule, AssetWatcher, CronTriggerTimetable
from airflow.triggers.base import BaseEventTrigger, TriggerEvent

LOOK_NOW = "look now"
AT_MOST_EVERY = 1.0
"""Seconds between two events about mail; what comes meanwhile is told by the next one."""


class ImapIdleTrigger(BaseEventTrigger):
    """Fires when mail arrives in any configured mailbox that offers IDLE, and once when a mailbox is first opened.

    One trigger serves all mailboxes: it reads the configuration in the triggerer and waits on all their
    connections at once.
    """

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return what the triggerer needs to make this trigger again."""
        return "mailroom.tasks.wakeups.ImapIdleTrigger", {}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Yield an event each time mail arrives."""
        from mailroom.tasks.mailboxes import MailboxesWatch

        watch = MailboxesWatch()
        try:
            while True:
                if await asyncio.to_thread(watch.wait):
                    yield TriggerEvent(LOOK_NOW)
                    await asyncio.sleep(AT_MOST_EVERY)
        finally:
            await asyncio.to_thread(watch.close)


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
        from mailroom.tasks.due import due_moments

        async with contextlib.aclosing(due_moments(self.processes)) as moments:
            async for _ in moments:
                yield TriggerEvent(LOOK_NOW)


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
