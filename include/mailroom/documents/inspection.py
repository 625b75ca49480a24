"""Look at a file once, cheaply: what it is, how many pages, what kind of paper, or why it can't be read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from mailroom.documents.classification import classify
from mailroom.documents.content import Content, ContentKind, recognize
from mailroom.documents.faults import Fault, unreadable
from mailroom.documents.rows import rows_of
from mailroom.documents.text_layer import opened, read_pages
from mailroom.domain.document import DocumentType
from mailroom.domain.errors import RejectedInputError

if TYPE_CHECKING:  # the child imports this module, and starts in half the time without what the pool needs
    from mailroom.documents.sandbox import SandboxPool

_FIRST_PAGES = 2
_TASK = "mailroom.documents.inspection:inspect_here"


@dataclass(frozen=True, slots=True)
class Inspection:
    """What one look told. `pages` and `document_type` are None where the file has none or was not opened.

    `error` is a code of `documents.faults.Fault`; `reason` says in words what was decided and why.
    """

    kind: ContentKind
    media_type: str
    pages: int | None
    document_type: DocumentType | None
    reason: str
    error: str | None = None


def inspect(content: bytes, filename: str, pool: SandboxPool) -> Inspection:
    """Return what the file is, in one sandbox trip; a file that can't be read is an answer, not an error."""
    if not content:
        return _unread(recognize(b""), unreadable(Fault.EMPTY))
    try:
        seen = pool.run(_TASK, content, filename=filename)
    except RejectedInputError as err:
        return _unread(recognize(content[:2048], filename), err)
    return Inspection(
        kind=ContentKind(seen["kind"]),
        media_type=seen["media_type"],
        pages=seen["pages"],
        document_type=None if seen["document_type"] is None else DocumentType(seen["document_type"]),
        reason=seen["reason"],
        error=seen["error"],
    )


def inspect_here(content: bytes, filename: str = "") -> dict[str, Any]:
    """Inspect inside a sandbox child; the JSON form of `Inspection`."""
    found = recognize(content, filename)
    seen: dict[str, Any] = {"kind": found.kind.value, "media_type": found.media_type, "error": None}
    seen |= {"pages": None, "document_type": None, "reason": f"it is {found.words}"}
    try:
        require_pdf(found, filename)
        with opened(content) as document:
            seen["pages"] = len(document)
            pages = read_pages(document, _FIRST_PAGES)
    except RejectedInputError as err:
        return seen | {"error": err.code, "reason": err.message}
    cells = [cell for page in pages for row in rows_of(page) for cell in row.cells]
    told = classify([cell.text for cell in cells], [cell.height for cell in cells])
    return seen | {"document_type": told.document_type.value, "reason": told.reason}


def require_pdf(found: Content, filename: str) -> None:
    """Raise the fault that fits unless the content is a PDF."""
    if found.kind is ContentKind.PDF:
        return
    if PurePath(filename).suffix.lower() == ".pdf":
        raise unreadable(Fault.NOT_A_PDF, found=found.words)
    if found.kind is ContentKind.IMAGE:
        raise unreadable(Fault.NO_TEXT_LAYER)
    raise unreadable(Fault.UNSUPPORTED_FORMAT, found=found.words)


def _unread(found: Content, err: RejectedInputError) -> Inspection:
    return Inspection(found.kind, found.media_type, None, None, err.message, err.code)
