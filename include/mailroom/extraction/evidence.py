"""A value that was found, with the place on the page it rests on, before it becomes a field."""

from __future__ import annotations

from dataclasses import dataclass

from mailroom.domain.document import FieldValue
from mailroom.extraction.sheet import Slot

SOURCE = "layout"
_LEAST, _MOST = 0.05, 0.99


@dataclass(frozen=True, slots=True)
class Evidence:
    """A value in public form, how surely it is the field (0 to 1), and where it stands."""

    value: str
    score: float
    slot: Slot | None = None
    start: int = 0
    end: int | None = None

    def field(self) -> FieldValue:
        """Return the field with page and box."""
        confidence = min(max(self.score, _LEAST), _MOST)
        if self.slot is None:
            return FieldValue(self.value, confidence, SOURCE)
        return FieldValue(self.value, confidence, SOURCE, self.slot.page, self.slot.box(self.start, self.end))


def best(candidates: list[Evidence]) -> Evidence | None:
    """Return the highest scored; the same value found again adds a little, an equal rival takes away."""
    if not candidates:
        return None
    top = max(candidates, key=lambda found: found.score)
    again = sum(found.value == top.value for found in candidates) - 1
    rival = max((found.score for found in candidates if found.value != top.value), default=0.0)
    score = top.score + 0.02 * min(again, 2) - (0.15 if rival > 0.95 * top.score else 0.0)
    return Evidence(top.value, score, top.slot, top.start, top.end)
