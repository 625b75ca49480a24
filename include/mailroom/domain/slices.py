"""How due work is handed out: slices for the scheduler, claims for a worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class IdRange:
    """Every due id of one organization between two ids, both included."""

    organization_id: UUID
    first: UUID
    last: UUID

    def as_json(self) -> list[str]:
        """Return a form small enough for XCom."""
        return [str(self.organization_id), str(self.first), str(self.last)]


@dataclass(frozen=True, slots=True)
class Slice:
    """A named share of the due work: some ranges of ids."""

    name: str
    ranges: tuple[IdRange, ...]

    def as_json(self) -> dict[str, Any]:
        """Return a form small enough for XCom."""
        return {"name": self.name, "ranges": [each.as_json() for each in self.ranges]}


def slice_from_json(body: dict[str, Any]) -> Slice:
    """Read back what `Slice.as_json` wrote."""
    ranges = tuple(IdRange(*(UUID(part) for part in each)) for each in body["ranges"])
    return Slice(body["name"], ranges)


@dataclass(frozen=True, slots=True)
class DueItem:
    """One due transaction as the dispatcher sees it; `label` names it for people."""

    organization_id: UUID
    id: UUID
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """A lease on one transaction: writes count only under this fence."""

    organization_id: UUID
    id: UUID
    step: str
    fence: int


def pack(items: Sequence[DueItem], *, one_each_up_to: int, max_slices: int) -> list[Slice]:
    """Pack due items into slices: one each while they are few, at most `max_slices` when they are many.

    Items are sorted by organization and id, so that two slices lock rows and chains in the same order.
    """
    ordered = sorted(items, key=lambda item: (item.organization_id, item.id))
    if len(ordered) <= one_each_up_to:
        return [_single(item) for item in ordered]
    size, extra = divmod(len(ordered), max_slices)
    slices, start = [], 0
    for number in range(max_slices):
        end = start + size + (1 if number < extra else 0)
        part, start = ordered[start:end], end
        if part:
            slices.append(Slice(f"{number + 1} of {max_slices}: {len(part)} transactions", _ranges(part)))
    return slices


def _single(item: DueItem) -> Slice:
    return Slice(item.label or str(item.id), (IdRange(item.organization_id, item.id, item.id),))


def _ranges(items: Sequence[DueItem]) -> tuple[IdRange, ...]:
    ranges: dict[UUID, IdRange] = {}
    for item in items:
        known = ranges.get(item.organization_id)
        first = item.id if known is None else known.first
        ranges[item.organization_id] = IdRange(item.organization_id, first, item.id)
    return tuple(ranges.values())
