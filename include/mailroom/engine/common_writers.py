"""Writers of the effects every desk uses: mails to the outbox, clocks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from mailroom.database.clocks import set_clocks, stop_clocks
from mailroom.database.outbox import WEBHOOK, insert_outbox
from mailroom.domain.effects import CallWebhook, SendMail, SetClock, StopClocks
from mailroom.engine.writers import EffectItem, WriterContext, Writers

_NAMESPACE = UUID("5d2a4a0e-6a54-4a6f-9d8e-6b3f2f1c7a10")


def stable_message_id(seed: str, sender: str) -> str:
    """Return a Message-ID that is the same for the same seed, in the sender's domain."""
    return f"<{uuid5(_NAMESPACE, seed)}@{sender.rpartition('@')[2]}>"


def outbox_row(
    context: WriterContext, transaction_id: UUID | None, mail: SendMail, event_seq: int | None, mode: str
) -> dict[str, Any]:
    """Return the outbox row of a mail. In shadow mode it is recorded and never sent."""
    dedupe = f"{transaction_id}:{mail.key}:{mail.recipient}"
    due_at = None if mode == "shadow" else (mail.due_at or context.now)
    return {
        "id": uuid5(_NAMESPACE, f"{context.organization_id}:{dedupe}"),
        "organization_id": context.organization_id,
        "transaction_id": transaction_id,
        "event_seq": event_seq,
        "channel": "mail",
        "template": mail.template,
        "recipient": mail.recipient,
        "dedupe_key": hashlib.sha256(dedupe.encode()).hexdigest(),
        "internet_message_id": mail.internet_message_id or stable_message_id(dedupe, context.customer.sender),
        "content": {
            "context": mail.context,
            "in_reply_to": mail.in_reply_to,
            "attachments": [
                {"key": each.key, "filename": each.filename, "content_type": each.content_type}
                for each in mail.attachments
            ],
        },
        "state": "suppressed" if mode == "shadow" else "waiting",
        "due_at": due_at,
        "attempts": 0,
        "fence": 0,
        "created_at": context.now,
    }


def write_mails(context: WriterContext, items: Sequence[EffectItem]) -> None:
    """Record mails to send."""
    insert_outbox(
        context.connection,
        [
            outbox_row(context, item.transaction.id, item.effect, item.event_seq, item.transaction.mode)
            for item in items
        ],
    )


def write_webhooks(context: WriterContext, items: Sequence[EffectItem]) -> None:
    """Record calls to other systems."""
    rows = []
    for item in items:
        call: CallWebhook = item.effect
        mail = SendMail(call.event, call.url, call.key, {"body": call.body})
        row = outbox_row(context, item.transaction.id, mail, item.event_seq, item.transaction.mode)
        rows.append({**row, "channel": WEBHOOK})
    insert_outbox(context.connection, rows)


def clock_row(context: WriterContext, transaction_id: UUID, clock: SetClock) -> dict[str, Any]:
    """Return the row of a clock."""
    return {
        "organization_id": context.organization_id,
        "transaction_id": transaction_id,
        "kind": clock.kind,
        "level": clock.level,
        "due_at": clock.due_at,
        "policy": clock.policy,
    }


def write_clocks(context: WriterContext, items: Sequence[EffectItem]) -> None:
    """Set clocks."""
    set_clocks(context.connection, [clock_row(context, item.transaction.id, item.effect) for item in items])


def write_stops(context: WriterContext, items: Sequence[EffectItem]) -> None:
    """Stop clocks."""
    for item in items:
        stop_clocks(context.connection, [item.transaction.id], item.effect.kinds)


def common_writers() -> Writers:
    """Return a registry with the writers every process needs."""
    return Writers(
        {StopClocks: write_stops, SetClock: write_clocks, SendMail: write_mails, CallWebhook: write_webhooks}
    )
