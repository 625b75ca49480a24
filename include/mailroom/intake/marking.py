"""Show in the mailbox which mail is done; all cosmetic, the ledger alone counts (reliability I2)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import structlog

from mailroom.database.messages import MailboxRow, set_marked, unmarked
from mailroom.database.session import Database
from mailroom.domain.errors import ConfigurationError, UnknownIdError
from mailroom.ports import MailboxReader
from mailroom.settings.mailboxes import Mailbox

log = structlog.get_logger()

AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Marking:
    """Marks one folder's messages as the mailbox's `after` says."""

    database: Database
    mailbox: Mailbox
    row: MailboxRow
    reader: MailboxReader

    def finished_mail(self, organization_id: UUID, uidvalidity: int) -> None:
        """Show finished mail as done. A failure here loses nothing; it is tried again at the next poll."""
        finished, rows = self.mailbox.finished, self._unmarked(organization_id, uidvalidity)
        while rows:
            try:
                self.reader.mark(
                    [uid for _, uid in rows],
                    folder=self.row.folder,
                    uidvalidity=uidvalidity,
                    seen=finished.seen,
                    flag=finished.flag,
                    move_to=finished.move_to,
                )
            except UnknownIdError:
                log.warning("not marked, the mailbox was renumbered", mailbox=self.mailbox.name)
            except ConfigurationError as err:
                # The mail is read and kept; only its looks in the mailbox are wrong.
                log.warning("not marked, see `after` of the mailbox", mailbox=self.mailbox.name, code=err.code)
                return
            with self.database.organization(organization_id) as connection:
                set_marked(connection, [key for key, _ in rows])
            rows = self._unmarked(organization_id, uidvalidity) if len(rows) == AT_ONCE else []

    def _unmarked(self, organization_id: UUID, uidvalidity: int) -> list[tuple[UUID, int]]:
        with self.database.organization(organization_id) as connection:
            return unmarked(connection, self.row.id, uidvalidity, AT_ONCE)
