"""The event log's entry: what moved, who did it, and codes; never personal data."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `facts` holds ids, states, codes and hashes only."""

    kind: str
    at: datetime
    actor: str
    transaction_id: UUID | None = None
    message_id: UUID | None = None
    facts: dict[str, Any] = field(default_factory=dict)


def canonical_body(organization_id: UUID, seq: int, event: Event) -> str:
    """Return the event as canonical JSON: sorted keys, no spaces, ASCII."""
    body: dict[str, Any] = {
        "organization": str(organization_id),
        "seq": seq,
        "at": event.at.isoformat(),
        "kind": event.kind,
        "actor": event.actor,
        "facts": event.facts,
    }
    if event.transaction_id is not None:
        body["transaction"] = str(event.transaction_id)
    if event.message_id is not None:
        body["message"] = str(event.message_id)
    return json.dumps(body, sort_keys=True, separators=(",", ":"), default=str)


def chain_hash(key: bytes, previous: str, body: str) -> str:
    """Return HMAC-SHA256 over the previous hash and this body, in hex; the key is not in the database."""
    return hmac.new(key, f"{previous}\n{body}".encode(), hashlib.sha256).hexdigest()
