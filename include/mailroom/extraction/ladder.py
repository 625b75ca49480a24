"""Extract the documents of a file: climb down the ladder of readers until one can read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mailroom.documents.faults import Fault, unreadable
from mailroom.documents.sandbox import SandboxPool
from mailroom.domain.document import ExtractedDocument
from mailroom.domain.errors import RejectedInputError
from mailroom.extraction.layout_reader import LayoutReader
from mailroom.extraction.readers import LADDER, Attempt, Reader, checked_names

AVAILABLE: Mapping[str, Reader] = {reader.name: reader for reader in (LayoutReader(),)}
"""The readers that are installed, by name."""

WARM_MODULES = ("mailroom.documents.inspection", "mailroom.extraction.layout")
"""Modules for `SandboxPool(warm_modules=...)`, so that the first file costs no import."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The documents found, what each reader did, and the error when none could read the file."""

    documents: tuple[ExtractedDocument, ...]
    attempts: tuple[Attempt, ...]
    error: RejectedInputError | None = None


def extract(
    content: bytes,
    filename: str,
    pool: SandboxPool,
    readers: Sequence[str] = LADDER,
    *,
    available: Mapping[str, Reader] = AVAILABLE,
) -> list[ExtractedDocument]:
    """Return the documents of a file.

    Raises `RejectedInputError` whose code is a `documents.faults.Fault` when no reader can read it,
    `UnavailableError` when the sandbox can't start.
    """
    told = explain(content, filename, pool, readers, available=available)
    if told.error is not None:
        raise told.error
    return list(told.documents)


def explain(
    content: bytes,
    filename: str,
    pool: SandboxPool,
    readers: Sequence[str] = LADDER,
    *,
    available: Mapping[str, Reader] = AVAILABLE,
) -> Explanation:
    """Extract, and tell for each reader of the ladder whether it read, was skipped or refused, and why."""
    attempts: list[Attempt] = []
    error: RejectedInputError | None = None
    for name in checked_names(readers):
        reader = available.get(name)
        if reader is None:
            attempts.append(Attempt(name, "skipped", f"the {name} reader is not installed"))
            continue
        try:
            documents = reader.read(content, filename, pool)
        except RejectedInputError as err:
            attempts.append(Attempt(name, "refused", err.message))
            error = error or err
            continue
        if documents:
            attempts.append(Attempt(name, "read", f"{len(documents)} document(s)"))
            return Explanation(tuple(documents), tuple(attempts))
        attempts.append(Attempt(name, "nothing", "nothing of its kind in the file"))
    return Explanation((), tuple(attempts), error or unreadable(Fault.NO_TEXT_LAYER))
