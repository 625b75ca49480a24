"""What a due clock does in the commit that fires it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mailroom.database.clocks import DueClock
from mailroom.database.events import append_events
from mailroom.database.outbox import insert_outbox
from mailroom.domain.effects import SendMail
from mailroom.domain.event import Event
from mailroom.domain.transaction import Transaction
from mailroom.engine.common_writers import outbox_row
from mailroom.engine.writers import WriterContext


@dataclass(frozen=True, slots=True)
class Firing:
    """A clock that fires now, and its transaction as it stands now, its row locked (requirements C36)."""

    writing: WriterContext
    transaction: Transaction
    clock: DueClock
    audit_key: bytes
    worker: str

    def note(self, kind: str, **facts: Any) -> int:
        """Append an event and return its number."""
        noted = {"clock": self.clock.kind, "level": self.clock.level, **facts}
        event = Event(kind, self.writing.now, self.worker, self.transaction.id, facts=noted)
        return append_events(self.writing.connection, self.writing.organization_id, self.audit_key, [event])[0]

    def post(self, *mails: SendMail) -> None:
        """Record mails about this transaction; those of a shadow are never sent."""
        transaction = self.transaction
        rows = [outbox_row(self.writing, transaction.id, mail, None, transaction.mode) for mail in mails]
        insert_outbox(self.writing.connection, rows)


Act = Callable[[Firing], bool]
"""Does what a clock asks for; False when the transaction does not need it any more."""
