"""Wait on the IDLE connections of many mailboxes in one select loop."""

from __future__ import annotations

import os
import selectors
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import structlog

from mailroom.adapters.imap import MailboxConnection
from mailroom.domain.errors import MailroomError
from mailroom.settings.mailboxes import Mailbox

log = structlog.get_logger()

RENEW_AFTER = 240.0
"""Seconds; well under the 29 minutes of RFC 2177 and what NAT routers forget."""
RENEW_AFTER_LOCAL = 5.0
"""The local stack's mail server tells of some new mail only when IDLE is renewed."""
AGAIN_AFTER = 5.0
"""Seconds, doubled with each failure, until a mailbox that failed is opened again; `LONGEST_BACKOFF` at most."""
LONGEST_BACKOFF = 600.0
NO_SECRET_BACKOFF = 20.0
"""Seconds, while a password is missing here: nobody is asked, so no account can be locked."""
FOR_A_PERSON = frozenset({"login_refused", "no_idle", "no_such_folder", "certificate_refused"})
"""What only a person can change: trying soon would not help, and could lock the account."""
AT_ONCE = 8
"""Connections opened or renewed side by side; a server that does not answer holds up no other mailbox."""


@dataclass(slots=True)
class _Watched:
    """One mailbox: its connection when there is one, and when somebody must attend to it."""

    mailbox: Mailbox
    connection: MailboxConnection | None = None
    attend_at: float = 0.0
    attending: Future[bool] | None = None
    folder_state: tuple[int, int] | None = None
    failures: int = 0


class IdleWatch:
    """Keeps one IDLE connection for each mailbox's first folder; one that fails is tried again later each time."""

    def __init__(
        self,
        mailboxes: Iterable[Mailbox],
        open_mailbox: Callable[[Mailbox], MailboxConnection],
        renew_after: float = RENEW_AFTER,
        again_after: float = AGAIN_AFTER,
    ) -> None:
        self._watched = [_Watched(mailbox) for mailbox in mailboxes if mailbox.idle]
        self._open_mailbox = open_mailbox
        self._renew_after = renew_after
        self._again_after = again_after
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="idle")
        self._closing = threading.Event()
        self._waiting = threading.Lock()
        self._wake_reader, self._wake_writer = os.pipe()

    def wait(self, seconds: float = 30.0) -> bool:
        """Wait up to `seconds`; tell whether mail may have arrived anywhere.

        A mailbox counts once when it is first opened, and after a lost connection when its folder has changed.
        """
        deadline = time.monotonic() + seconds
        with self._waiting:
            while not self._closing.is_set():
                if self._answers():
                    return True
                now = time.monotonic()
                if now >= deadline:
                    return False
                self._attend_to_what_is_due(now)
                self._sleep(min(deadline, self._next_moment()) - now)
        return False

    def close(self) -> None:
        """Make a wait that is under way return, and log out everywhere."""
        if self._closing.is_set():
            return
        self._closing.set()
        os.write(self._wake_writer, b".")
        with self._waiting:
            self._pool.shutdown(cancel_futures=True)
            for each in self._watched:
                if each.connection is not None:
                    each.connection.close()
            os.close(self._wake_reader)
            os.close(self._wake_writer)

    def _next_moment(self) -> float:
        moments = [each.attend_at for each in self._watched if each.attending is None]
        return min(moments, default=time.monotonic() + self._renew_after)

    def _attend_to_what_is_due(self, now: float) -> None:
        for each in self._watched:
            if each.attending is None and now >= each.attend_at:
                each.attending = self._pool.submit(self._attend, each)
                each.attending.add_done_callback(self._poke)

    def _poke(self, _done: Future[bool]) -> None:
        if not self._closing.is_set():
            os.write(self._wake_writer, b".")

    def _answers(self) -> bool:
        arrived = False
        for each in self._watched:
            if each.attending is not None and each.attending.done():
                arrived = each.attending.result() or arrived
                each.attending = None
        return arrived

    def _sleep(self, seconds: float) -> None:
        """Sleep until a server says something; that connection is then due to be attended to."""
        idling = [each for each in self._watched if each.connection is not None and each.attending is None]
        with selectors.DefaultSelector() as selector:
            selector.register(self._wake_reader, selectors.EVENT_READ)
            for each in idling:
                assert each.connection is not None
                selector.register(each.connection.fileno(), selectors.EVENT_READ, each)
            for key, _ in selector.select(max(0.0, seconds)):
                if key.data is None:
                    os.read(self._wake_reader, 1024)
                else:
                    key.data.attend_at = 0.0

    def _attend(self, each: _Watched) -> bool:
        """Open or renew one connection; tell whether mail may have arrived. Never raises."""
        try:
            arrived = self._open(each) if each.connection is None else self._renew(each.connection, each)
        except MailroomError as err:
            self._failed(each, err.code)
            return False
        except Exception:
            log.exception("watching a mailbox failed", mailbox=each.mailbox.name)
            self._failed(each, "unexpected")
            return False
        each.attend_at = time.monotonic() + self._renew_after
        return arrived

    def _open(self, each: _Watched) -> bool:
        connection = self._open_mailbox(each.mailbox)
        try:
            status = connection.select(each.mailbox.folders[0])
            arrived = connection.begin_idle()
        except BaseException:
            connection.close()
            raise
        each.connection = connection
        before, each.folder_state = each.folder_state, (status.uidvalidity, status.uidnext)
        return arrived or each.folder_state != before

    def _renew(self, connection: MailboxConnection, each: _Watched) -> bool:
        arrived = connection.end_idle()
        arrived = connection.begin_idle() or arrived
        # Only now: a server that drops each connection right after the login must not be asked every few seconds.
        each.failures = 0
        return arrived

    def _failed(self, each: _Watched, code: str) -> None:
        if each.connection is not None:
            each.connection.close()
            each.connection = None
        each.failures += 1
        longest = NO_SECRET_BACKOFF if code == "no_secret" else LONGEST_BACKOFF
        wait = LONGEST_BACKOFF if code in FOR_A_PERSON else min(self._again_after * 2**each.failures, longest)
        each.attend_at = time.monotonic() + wait
        log.warning(
            "mailbox not watched, the schedule still reads it", mailbox=each.mailbox.name, code=code, next_in=wait
        )
