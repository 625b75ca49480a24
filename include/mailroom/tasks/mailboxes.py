"""Tell when mail arrives in any configured mailbox."""

from __future__ import annotations

import time

import structlog

from mailroom.bootstrap import Services
from mailroom.domain.errors import MailroomError
from mailroom.settings.mailboxes import Mailbox
from mailroom.tasks.idle import RENEW_AFTER, RENEW_AFTER_LOCAL, IdleWatch

log = structlog.get_logger()

REREAD_AFTER = 300.0
"""Seconds after which the mailboxes are read from the configuration again."""
AGAIN_AFTER = 5.0
"""Seconds, while no mailbox is known."""


class MailboxesWatch:
    """The watch on all configured mailboxes; a new one is watched a few minutes after it was configured."""

    def __init__(self) -> None:
        self._found: Services | None = None
        self._watch: IdleWatch | None = None
        self._mailboxes: list[Mailbox] = []
        self._read_again_at = 0.0

    def wait(self, seconds: float = 30.0) -> bool:
        """Wait up to `seconds`; tell whether mail may have arrived anywhere."""
        if time.monotonic() >= self._read_again_at:
            known = self._read_again()
            self._read_again_at = time.monotonic() + (REREAD_AFTER if known else AGAIN_AFTER)
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

    def _read_again(self) -> bool:
        """Begin again when the configuration names other mailboxes; tell whether there are any."""
        try:
            found = Services()
        except MailroomError as err:
            log.error("mailboxes not watched", code=err.code, cause=err.message)
            return False
        try:
            mailboxes = [mailbox for mailbox, _ in found.mailboxes()]
        except MailroomError as err:
            log.warning("mailboxes not known, again soon", code=err.code)
            found.close()
            return bool(self._mailboxes)
        if mailboxes == self._mailboxes:
            found.close()
            return bool(mailboxes)
        self.close()
        local = found.environment.profile == "local"
        self._found, self._mailboxes = found, mailboxes
        self._watch = IdleWatch(mailboxes, found.open_mailbox, RENEW_AFTER_LOCAL if local else RENEW_AFTER)
        return bool(mailboxes)
