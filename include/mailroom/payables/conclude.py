"""Step `conclude`: stop the clocks and close the working directory."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from mailroom.database.posting import PostingIntent, intents_of
from mailroom.domain.effects import StopClocks
from mailroom.domain.errors import UnknownIdError
from mailroom.domain.outcome import Advance, Outcome
from mailroom.domain.transaction import Transaction
from mailroom.engine.step import Step, StepContext
from mailroom.intake.working_directory import TRANSACTION_FILE, working_directory
from mailroom.ports import ObjectStore

NAME = "conclude"


@dataclass(frozen=True, slots=True)
class ConcludeFacts:
    """A transaction and its receipt, when something was posted."""

    transaction: Transaction
    intent: PostingIntent | None


def conclude_step(store: ObjectStore) -> Step:
    """Return the step; the receipt is written into the working directory's `transaction.json`."""

    def read(facts: ConcludeFacts, _context: StepContext) -> ConcludeFacts:
        _close(store, facts)
        return facts

    return Step(NAME, load, decide, read)


def load(
    connection: Connection, transactions: Sequence[Transaction], _context: StepContext
) -> Mapping[UUID, ConcludeFacts]:
    """Fetch receipts."""
    intents = intents_of(connection, [each.id for each in transactions])
    return {each.id: ConcludeFacts(each, intents.get(each.id)) for each in transactions}


def decide(facts: ConcludeFacts, _context: StepContext) -> Outcome:
    """Complete the transaction."""
    posted = {} if facts.intent is None else {"external_id": facts.intent.external_id}
    return Advance(effects=(StopClocks(),), facts=posted)


def _close(store: ObjectStore, facts: ConcludeFacts) -> None:
    """Note the end in the file intake wrote; the same end again changes nothing."""
    transaction = facts.transaction
    key = f"{working_directory(transaction.organization_id, transaction.id)}/{TRANSACTION_FILE}"
    try:
        manifest: dict[str, Any] = json.loads(store.get(key))
    except UnknownIdError:
        manifest = {"transaction": str(transaction.id)}
    manifest |= {"status": "COMPLETED", "reference": transaction.reference, "mode": transaction.mode}
    if facts.intent is not None:
        manifest["receipt"] = {
            "connector": facts.intent.connector,
            "key": facts.intent.idem_key,
            "external_id": facts.intent.external_id,
            "external_reference": facts.intent.external_reference,
        }
    body = json.dumps(manifest, indent=2, ensure_ascii=False).encode()
    store.put(key, body, content_type="application/json")
