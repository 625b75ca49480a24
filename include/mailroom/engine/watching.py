"""Tell whoever watches where transactions have come to, in the commit of the move. Knows no desk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mailroom.domain.transaction import State, Transaction
from mailroom.engine.writers import WriterContext


@dataclass(frozen=True, slots=True)
class Arrived:
    """A transaction as it was before the move, and where it stands now.

    `failed` marks one that rests as escalated because its step failed.
    """

    transaction: Transaction
    state: State
    reason: str | None
    failed: bool = False


OnMoves = Callable[[WriterContext, Sequence[Arrived]], None]
"""Called once for each slice, after its moves and effects are written and before they are committed."""


def nobody(_context: WriterContext, _arrived: Sequence[Arrived]) -> None:
    """Watch nothing."""
