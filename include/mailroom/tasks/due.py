"""Tell when work falls due: as Postgres notifies, and by the clock."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence
from typing import Any

import psycopg
import structlog

from mailroom.bootstrap import Services, services
from mailroom.database.dispatch import next_due_in
from mailroom.database.outbox import next_mail_in
from mailroom.domain.errors import MailroomError

log = structlog.get_logger()

LONGEST_SLEEP = 300.0
"""Seconds after which the database is asked again even when nobody notified."""
STILL_DUE_AFTER = 15.0
"""Seconds until work that is still due is told once more: the run that was woken needs time to claim it."""
AT_MOST_EVERY = 1.0
"""Seconds between two moments; what comes meanwhile is told by the next one."""
RECONNECT_AFTER = 5.0


async def due_moments(processes: Sequence[str]) -> AsyncGenerator[None]:
    """Yield each time transactions of `processes` are due, or mail when there are none; never ends.

    Asks the database at the start and after each reconnect, and survives any outage of it.
    """
    while True:
        try:
            async with contextlib.aclosing(_listen(processes)) as moments:
                async for _ in moments:
                    yield None
        except (psycopg.Error, OSError, MailroomError) as err:
            log.warning("listening stopped, again soon", cause=type(err).__name__)
        await asyncio.sleep(RECONNECT_AFTER)


async def _listen(processes: Sequence[str]) -> AsyncGenerator[None]:
    with services() as found:
        url = found.environment.database_url.replace("+psycopg", "", 1)
        channel = "mailroom_due" if processes else "mailroom_outbox"
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            while True:
                # Again each time: a connection that has died silently is found by it.
                await connection.execute(f"LISTEN {channel}")
                pause = await _due_in(found, processes)
                if pause <= 0:
                    yield None
                    await asyncio.sleep(AT_MOST_EVERY)
                    pause = STILL_DUE_AFTER - AT_MOST_EVERY
                await _notified(connection, pause)


async def _notified(connection: psycopg.AsyncConnection[Any], seconds: float) -> None:
    """Return at the first notification, those that came before the call included, or when time is up."""
    async for _ in connection.notifies(timeout=seconds, stop_after=1):
        pass


async def _due_in(found: Services, processes: Sequence[str]) -> float:
    seconds = await asyncio.to_thread(_seconds_until_due, found, processes)
    return LONGEST_SLEEP if seconds is None else min(seconds, LONGEST_SLEEP)


def _seconds_until_due(found: Services, processes: Sequence[str]) -> float | None:
    with found.database.dispatch() as connection:
        return next_due_in(connection, processes) if processes else next_mail_in(connection)
