"""Wait on the IDLE connections of all mailboxes in one select loop."""

from __future__ import annotations

import selectors
import time
from dataclasses import dataclass, field

import structlog

from mailroom.adapters.imap import MailboxConnection
from mailroom.bootstrap import Services
from mailroom.domain.errors import MailroomError
from mailroom.settings.mailboxes import Mailbox

log = structlog.get_logger()

RENEW_AFTER = 240.0
"""Seconds; well under the 29 minutes of RFC 2177 and what NAT routers forget."""
RENEW_AFTER_LOCAL = 5.0
"""The local stack's mail server tells of new mail only when IDLE is renewed."""
LONGEST_BACKOFF = 600.0


@dataclass(slots=True)
class _Watched:
    """One mailbox: its connection when there is one, and when it may be opened again."""

    mailbox: Mailbox
    connection: MailboxConnection | None = None
    renew_at: float = 0.0
    open_at: float = 0.0
    failures: int = 0


@dataclass(slots=True)
class IdleWatch:
    """Keeps one IDLE connection for each mailbox's first folder; a mailbox that fails waits longer each time."""

    services: Services
    _watched: list[_Watched] = field(default_factory=list)
    _renew_after: float = 0.0

    def wait(self, seconds: float = 30.0) -> bool:
        """Wait up to `seconds`; tell whether mail has arrived anywhere."""
        if not self._watched:
            self._renew_after = RENEW_AFTER_LOCAL if self.services.environment.profile == "local" else RENEW_AFTER
            self._watched = [_Watched(mailbox) for mailbox, _ in self.services.mailboxes() if mailbox.idle]
        deadline = time.monotonic() + seconds
        while (now := time.monotonic()) < deadline:
            arrived = [self._attend(each, now) for each in self._watched]
            if any(arrived):
                return True
            self._select(min(deadline, self._next_renewal()) - time.monotonic())
        return False

    def close(self) -> None:
        """Log out everywhere."""
        for each in self._watched:
            if each.connection is not None:
                each.connection.close()
        self._watched = []

    def _next_renewal(self) -> float:
        moments = [each.renew_at if each.connection else each.open_at for each in self._watched]
        return min(moments, default=time.monotonic() + self._renew_after)

    def _attend(self, each: _Watched, now: float) -> bool:
        """Open, read or renew one connection when it is time; tell whether mail has arrived."""
        try:
            if each.connection is None:
                if now < each.open_at:
                    return False
                each.connection = self.services.open_mailbox(each.mailbox)
                each.connection.select(each.mailbox.folders[0])
                arrived = each.connection.begin_idle()
            elif now >= each.renew_at:
                arrived = each.connection.end_idle()
                arrived = each.connection.begin_idle() or arrived
            else:
                return False
        except MailroomError as err:
            self._failed(each, err, now)
            return False
        each.failures = 0
        each.renew_at = time.monotonic() + self._renew_after
        return arrived

    def _failed(self, each: _Watched, err: MailroomError, now: float) -> None:
        if each.connection is not None:
            each.connection.close()
            each.connection = None
        each.failures += 1
        wait = (
            LONGEST_BACKOFF
            if err.code in {"login_refused", "no_idle"}
            else min(5.0 * 2**each.failures, LONGEST_BACKOFF)
        )
        each.open_at = now + wait
        log.warning("mailbox not watched, the schedule still reads it", mailbox=each.mailbox.name, code=err.code)

    def _select(self, seconds: float) -> None:
        """Sleep until a server says something; that connection is then due for renewal."""
        selector = selectors.DefaultSelector()
        try:
            for each in self._watched:
                if each.connection is not None:
                    selector.register(each.connection.fileno(), selectors.EVENT_READ, each)
            if not selector.get_map():
                time.sleep(max(0.0, min(seconds, 1.0)))
                return
            for key, _ in selector.select(max(0.0, seconds)):
                key.data.renew_at = 0.0
        finally:
            selector.close()
