"""Writers of the posting effects; bootstrap registers them with the engine."""

from __future__ import annotations

from collections.abc import Sequence

from mailroom.database.posting import confirm_intents, save_intents, set_intent_states
from mailroom.domain.effects import SaveFindings
from mailroom.engine.writers import EffectItem, Writer, WriterContext
from mailroom.posting.effects import ConfirmIntent, SaveIntent, SetIntent
from mailroom.posting.findings_writer import write_findings


def posting_writers() -> dict[type, Writer]:
    """Return the writers of intents, receipts and findings."""
    return {
        SaveIntent: write_intents,
        ConfirmIntent: write_confirmations,
        SetIntent: write_intent_states,
        SaveFindings: write_findings,
    }


def write_intents(context: WriterContext, items: Sequence[EffectItem]) -> None:
    """Record intents; see `database.posting.save_intents` for what is left alone."""
    save_intents(
        context.connection,
        [
            {
                "organization_id": context.organization_id,
                "transaction_id": item.transaction.id,
                "connector": item.effect.connector,
                "idem_key": item.effect.key,
                "request_hash": item.effect.request_hash,
                "state": "intended",
                "attempt": 0,
                "fence": item.transaction.fence,
                "gross_total": item.effect.gross,
                "currency": item.effect.currency,
            }
            for item in items
        ],
    )


def write_confirmations(context: WriterContext, items: Sequence[EffectItem]) -> None:
    """Record receipts."""
    confirm_intents(
        context.connection,
        [
            {
                "transaction_id": item.transaction.id,
                "external_id": item.effect.external_id,
                "external_reference": item.effect.external_reference,
                "already_there": item.effect.already_there,
                "evidence": dict(item.effect.evidence),
            }
            for item in items
        ],
    )


def write_intent_states(context: WriterContext, items: Sequence[EffectItem]) -> None:
    """Record what is not known, was refused, or was found entered by hand."""
    set_intent_states(
        context.connection,
        [
            {
                "transaction_id": item.transaction.id,
                "state": item.effect.state,
                "last_error_code": item.effect.error_code,
                "external_id": item.effect.external_id,
                "external_reference": item.effect.external_reference,
            }
            for item in items
        ],
    )
