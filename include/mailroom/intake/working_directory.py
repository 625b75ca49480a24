"""Keys in the object store: one copy of each file by its hash, and a working directory per transaction.

Keys are made of ids, hashes and fixed words. A file's own name is metadata, never part of a path (T25, T26).
"""

from __future__ import annotations

import re
from uuid import UUID

TRANSACTION_FILE = "transaction.json"

_EXTENSIONS = {
    "application/pdf": "pdf",
    "application/xml": "xml",
    "text/xml": "xml",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/tiff": "tif",
    "text/plain": "txt",
    "text/html": "html",
    "message/rfc822": "eml",
}
_WORD = re.compile(r"[^a-z0-9]+")


def object_key(organization_id: UUID, sha256: str) -> str:
    """Return where a file of this hash lives, once for an organization."""
    return f"org/{organization_id}/objects/{sha256}"


def quarantine_key(organization_id: UUID, sha256: str) -> str:
    """Return where mail is kept that nobody is to open."""
    return f"org/{organization_id}/quarantine/{sha256}"


def working_directory(organization_id: UUID, transaction_id: UUID) -> str:
    """Return a transaction's folder, without a slash at its end."""
    return f"org/{organization_id}/tx/{transaction_id}"


def file_key(directory: str, kind: str, part_path: str, sha256: str, content_type: str) -> str:
    """Return a file's key in a working directory: what it is, its place in the mail, its hash."""
    word = _WORD.sub("_", kind.lower()).strip("_") or "file"
    place = re.sub(r"[^0-9.]", "", part_path).strip(".") or "0"
    return f"{directory}/{word}-{place}-{sha256[:16]}.{_EXTENSIONS.get(content_type, 'bin')}"
