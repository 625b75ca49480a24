"""What one poll of a mailbox did."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class PollReport:
    """What one poll did. `error` is one sentence when the mailbox could not be read."""

    mailbox: str
    seen: int = 0
    dispositions: Counter[str] = field(default_factory=Counter)
    transactions: int = 0
    error: str | None = None
    skipped: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return counts for a log line or XCom."""
        return {
            "mailbox": self.mailbox,
            "seen": self.seen,
            "dispositions": dict(self.dispositions),
            "transactions": self.transactions,
            "error": self.error,
            "skipped": self.skipped,
        }
