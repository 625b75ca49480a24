"""The ladder of readers: best first, each by name; one that is not there is skipped with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from mailroom.documents.sandbox import SandboxPool
from mailroom.domain.document import ExtractedDocument
from mailroom.domain.errors import ConfigurationError

LADDER = ("xml", "learned", "layout", "ocr")
"""Names of the readers, best first (design.md, Documents and extraction)."""


class Reader(Protocol):
    """Reads documents out of one file."""

    name: str

    def read(self, content: bytes, filename: str, pool: SandboxPool) -> list[ExtractedDocument]:
        """Return what the file holds; an empty list when this reader finds nothing to read in it.

        Raises `RejectedInputError` with a code of `documents.faults.Fault` when the file can't be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one rung of the ladder did: `read`, `nothing`, `skipped` or `refused`, and why."""

    reader: str
    result: str
    reason: str


def checked_names(names: Sequence[str]) -> tuple[str, ...]:
    """Return reader names in ladder order; raises `ConfigurationError` for one that does not exist."""
    unknown = sorted(set(names) - set(LADDER))
    if unknown:
        raise ConfigurationError(f"There is no reader {', '.join(unknown)}; readers are {', '.join(LADDER)}.")
    return tuple(name for name in LADDER if name in set(names))
