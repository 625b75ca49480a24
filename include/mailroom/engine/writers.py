"""Who writes which effect. Bootstrap registers the writers; the engine only groups and calls them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from mailroom.domain.transaction import Transaction
from mailroom.settings.customers import CustomerPolicy


@dataclass(frozen=True, slots=True)
class EffectItem:
    """One effect, the transaction it belongs to, and the event that caused it."""

    transaction: Transaction
    effect: Any
    event_seq: int


@dataclass(frozen=True, slots=True)
class WriterContext:
    """What a writer may know: the organization's open database transaction, the customer, the time."""

    connection: Connection
    organization_id: UUID
    customer: CustomerPolicy
    now: datetime
    configuration_hash: str


Writer = Callable[[WriterContext, Sequence[EffectItem]], None]


class Writers:
    """Writers by effect type, called in the order in which they were registered."""

    def __init__(self, writers: Mapping[type, Writer] | None = None) -> None:
        self._writers: dict[type, Writer] = dict(writers or {})

    def add(self, effect: type, writer: Writer) -> None:
        """Register the writer of one effect type."""
        self._writers[effect] = writer

    def write(self, context: WriterContext, items: Iterable[EffectItem]) -> None:
        """Hand each type's effects, in bulk, to its writer.

        Raises `TypeError` for an effect nobody writes: an effect is never dropped in silence.
        """
        by_type: dict[type, list[EffectItem]] = defaultdict(list)
        for item in items:
            by_type[type(item.effect)].append(item)
        unknown = [kind.__name__ for kind in by_type if kind not in self._writers]
        if unknown:
            raise TypeError(f"nobody writes effects of type {', '.join(unknown)}")
        for kind, writer in self._writers.items():
            if kind in by_type:
                writer(context, by_type[kind])
