"""What the story tells while it runs; the command line decides how it looks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from mailroom.demo.standing import Standing


class Show(Protocol):
    """Whoever shows the story to a person."""

    def act(self, words: str) -> None:
        """Begin a part of the story."""
        ...

    def waiting(self, words: str) -> None:
        """Say what is waited for now; called again and again."""
        ...

    def mails(self, standings: Sequence[Standing]) -> None:
        """Show where each mail stands."""
        ...

    def note(self, words: str) -> None:
        """Say what has just been done."""
        ...
