"""The words on a PDF's pages, read in a sandbox child, to see whom the paper names."""

from __future__ import annotations

from mailroom.documents.sandbox import SandboxPool
from mailroom.documents.text_layer import opened, read_pages
from mailroom.domain.errors import RejectedInputError

_TASK = "mailroom.payables.paper_text:text_here"
_PAGES = 5
_LONGEST = 100_000


def paper_text(content: bytes, pool: SandboxPool) -> str:
    """Return the words of the first pages with blanks between; nothing when the file has no text to read."""
    try:
        return str(pool.run(_TASK, content))
    except RejectedInputError:
        return ""


def text_here(content: bytes) -> str:
    """Read inside a sandbox child."""
    with opened(content) as document:
        return " ".join(page.text() for page in read_pages(document, _PAGES))[:_LONGEST]
