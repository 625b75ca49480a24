"""Tickets: what a technical failure tells the desk that looks after the machinery."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection

from mailroom.database.outbox import WEBHOOK, OutboxItem
from mailroom.domain.effects import CallWebhook, SendMail
from mailroom.engine.moves import Planned
from mailroom.engine.rendering import Composer, Letter, Templates
from mailroom.engine.step import StepContext
from mailroom.settings.customers import CustomerPolicy

TICKET = "ticket"


def tickets(planned: Planned, context: StepContext) -> list[Any]:
    """Return the tickets of a failure, as the customer has them."""
    transaction, policy = planned.transaction, context.customer.tickets
    facts = {
        "event": TICKET,
        "organization": context.customer.organization,
        "transaction": str(transaction.id),
        "reference": transaction.reference,
        "process": transaction.process,
        "step": planned.ran,
        "error": planned.error,
        "message": planned.message or "",
        "failed_at": context.now.isoformat(),
    }
    key = f"{TICKET}:{transaction.version}"
    opened: list[Any] = [SendMail(TICKET, policy.mail, key, facts)] if policy.mail else []
    return opened + ([CallWebhook(TICKET, policy.webhook, key, facts)] if policy.webhook else [])


def ticket_letter(templates: Templates) -> Composer:
    """Return the composer of tickets: a mail to the desk, or the JSON of a call."""

    def compose(_connection: Connection, item: OutboxItem, customer: CustomerPolicy) -> Letter:
        context = item.content["context"]
        if item.channel == WEBHOOK:
            body = json.dumps(context["body"], sort_keys=True, separators=(",", ":"))
            return Letter(subject=item.template, text=body, html="")
        # `organization` is the slug in the facts and the name in a mail.
        return templates.render(TICKET, {**context, "organization": customer.name})

    return compose
