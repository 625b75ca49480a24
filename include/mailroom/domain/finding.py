"""What a check found, in words a clerk can act on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """`BLOCK` stops until released with a reason, `HOLD` needs a person, `NOTE` informs."""

    BLOCK = "block"
    HOLD = "hold"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of one rule: `rule` is a stable code; `expected` and `found` are shown side by side."""

    rule: str
    severity: Severity
    message: str
    expected: str | None = None
    found: str | None = None
    field: str | None = None
