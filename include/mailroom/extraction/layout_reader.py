"""The reader of text-layer PDFs by general layout rules; the work is done in a sandbox child."""

from __future__ import annotations

from mailroom.documents.sandbox import SandboxPool
from mailroom.domain.document import ExtractedDocument, document_from_json

_TASK = "mailroom.extraction.layout:read_here"


class LayoutReader:
    """Reads any supplier's PDF by what labels and arithmetic say."""

    name = "layout"

    def read(self, content: bytes, filename: str, pool: SandboxPool) -> list[ExtractedDocument]:
        """Return the file's documents; see `readers.Reader`."""
        found = pool.run(_TASK, content, filename=filename)
        return [document_from_json(body) for body in found]
