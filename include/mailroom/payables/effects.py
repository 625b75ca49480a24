"""What the payables steps write in the commit of their moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from mailroom.database.invoices import Invoice


@dataclass(frozen=True, slots=True)
class SaveExtraction:
    """What was read out of one file: the documents as public JSON, or why it could not be read."""

    document_id: UUID
    status: str
    document_type: str | None
    reader: str
    content: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SaveInvoice:
    """The invoice as it is understood now."""

    invoice: Invoice
