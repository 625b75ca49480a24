"""Tell when mail arrives in any configured mailbox."""

from __future__ import annotations

import time

import structlog

from mailroom.bootstrap import Services
from mailroom.domain.errors import MailroomError
from mailroom.settings.mailboxes import Mailbox
from mailroom.tasks.idle import RENEW_AFTER, RENEW_AFTER_LOCAL, IdleWatch

log = structlog.get_logger()

REREAD_AFTER = 600.0
"""Seconds after which the mailboxes are read from the configuration again."""
AGAIN_AFTER = 5.0


class MailboxesWatch:
    """The watch on all configured mailboxes; a new one is watched ten minutes after it was configured."""

    def __init__(self) -> None:
        self._found: Services | None = None
        self._watch: IdleWatch | None = None
        self._mailboxes: list[Mailbox] = []
        self._read_at = 0.0

    def wait(self, seconds: float = 30.0) -> bool:
        """Wait up to `seconds`; tell whether mail may have arrived anywhere."""
        if self._watch is None or time.monotonic() >= self._read_at + REREAD_AFTER:
            self._read_again()
        if self._watch is None:
            time.sleep(min(seconds, AGAIN_AFTER))
            return False
        return self._watch.wait(seconds)

    def close(self) -> None:
        """Log out everywhere and let go of everything."""
        if self._watch is not None:
            self._watch.close()
        if self._found is not None:
            self._found.close()

    def _read_again(self) -> None:
        found = Services()
        try:
            mailboxes = [mailbox for mailbox, _ in found.mailboxes()]
        except MailroomError as err:
            log.warning("mailboxes not known, again soon", code=err.code)
            found.close()
            return
        self._read_at = time.monotonic()
        if self._watch is not None and mailboxes == self._mailboxes:
            found.close()
            return
        self.close()
        local = found.environment.profile == "local"
        self._found, self._mailboxes = found, mailboxes
        self._watch = IdleWatch(mailboxes, found.open_mailbox, RENEW_AFTER_LOCAL if local else RENEW_AFTER)
