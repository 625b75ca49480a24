"""Writers of the payables effects; bootstrap registers them with the engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid5

from mailroom.database.documents import insert_extractions, set_document_results
from mailroom.database.invoices import save_invoices
from mailroom.engine.writers import EffectItem, Writer, WriterContext
from mailroom.payables.effects import SaveExtraction, SaveInvoice


def payables_writers() -> dict[type, Writer]:
    """Return the writers of what `extract` and `validate` save."""
    return {SaveExtraction: write_extractions, SaveInvoice: write_invoices}


def write_extractions(context: WriterContext, items: Sequence[EffectItem]) -> None:
    """Keep each reading and note what became of its file."""
    insert_extractions(
        context.connection,
        [
            {
                "id": uuid5(item.effect.document_id, str(item.event_seq)),
                "organization_id": context.organization_id,
                "transaction_id": item.transaction.id,
                "document_id": item.effect.document_id,
                "reader": item.effect.reader,
                "content": item.effect.content,
                "created_at": context.now,
            }
            for item in items
        ],
    )
    set_document_results(
        context.connection,
        [(item.effect.document_id, item.effect.status, item.effect.document_type) for item in items],
    )


def write_invoices(context: WriterContext, items: Sequence[EffectItem]) -> None:
    """Write invoices, registered by the event of the move: see `Facts.stands_before`."""
    invoices = [replace(item.effect.invoice, registered_seq=item.event_seq) for item in items]
    save_invoices(context.connection, context.organization_id, invoices, context.now)
