"""Documents of a transaction, and what readers found in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from mailroom.database.bulk import insert_rows


@dataclass(frozen=True, slots=True)
class Document:
    """One file of a transaction; its bytes are in the object store under `object_key`."""

    id: UUID
    transaction_id: UUID
    document_type: str
    filename: str | None
    content_type: str
    sha256: str
    size_bytes: int
    object_key: str


def documents_of(connection: Connection, transaction_ids: Sequence[UUID]) -> dict[UUID, list[Document]]:
    """Return each transaction's documents in the order in which they came in."""
    rows = connection.execute(
        text(
            """SELECT id, transaction_id, document_type, filename, content_type, sha256, size_bytes, object_key
            FROM documents WHERE transaction_id = ANY(:ids) ORDER BY created_at, part_path, id"""
        ),
        {"ids": list(transaction_ids)},
    )
    found: dict[UUID, list[Document]] = defaultdict(list)
    for row in rows:
        found[row.transaction_id].append(Document(**row._mapping))
    return found


def set_document_results(connection: Connection, results: Sequence[tuple[UUID, str, str | None]]) -> None:
    """Note what became of documents: (id, status, document type or None to leave it)."""
    connection.execute(
        text(
            """UPDATE documents d SET status = r.status, document_type = coalesce(r.kind, d.document_type)
            FROM unnest(CAST(:ids AS uuid[]), CAST(:statuses AS text[]), CAST(:kinds AS text[]))
                AS r (id, status, kind) WHERE d.id = r.id"""
        ),
        {
            "ids": [key for key, _, _ in results],
            "statuses": [status for _, status, _ in results],
            "kinds": [kind for _, _, kind in results],
        },
    )


def insert_extractions(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keep readings: organization_id, transaction_id, document_id, reader, content, id, created_at."""
    insert_rows(connection, "extractions", rows)


def transaction_inputs(connection: Connection, transaction_ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return what intake wrote for each transaction: reply_to, message_id, subject."""
    rows = connection.execute(
        text("SELECT id, inputs FROM transactions WHERE id = ANY(:ids)"), {"ids": list(transaction_ids)}
    )
    return {row.id: row.inputs for row in rows}
