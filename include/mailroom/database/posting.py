"""Posting intents: what is about to be, or was, put into an accounting system (reliability I7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from mailroom.database.bulk import insert_rows, to_json


@dataclass(frozen=True, slots=True)
class PostingIntent:
    """One transaction's intent; `state` is intended, sent, confirmed, unknown or rejected."""

    transaction_id: UUID
    connector: str
    idem_key: str
    request_hash: str
    state: str
    attempt: int
    external_id: str | None
    external_reference: str | None
    sent_at: datetime | None


def save_intents(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write intents before anything is sent.

    Keys: organization_id, transaction_id, connector, idem_key, request_hash, state, fence, gross_total,
    currency, attempt, intended_at, evidence, id. An intent whose bill may be in the system already is left as
    it is. One that another live transaction's intent stands for is not written at all: `intents_of` tells.
    """
    connection.execute(
        text(
            """UPDATE posting_intents p SET state = 'rejected' FROM transactions t,
                unnest(CAST(:connectors AS text[]), CAST(:keys AS text[])) AS mine (connector, idem_key)
            WHERE t.id = p.transaction_id AND t.state IN ('rejected', 'cancelled') AND p.state = 'intended'
                AND p.connector = mine.connector AND p.idem_key = mine.idem_key"""
        ),
        {"connectors": [row["connector"] for row in rows], "keys": [row["idem_key"] for row in rows]},
    )
    _reopen(connection, rows)
    insert_rows(connection, "posting_intents", rows, on_conflict="ON CONFLICT DO NOTHING")


def _reopen(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    connection.execute(
        text(
            """UPDATE posting_intents p SET connector = r.connector, idem_key = r.idem_key,
                request_hash = r.request_hash, gross_total = r.gross_total, currency = r.currency, fence = r.fence,
                state = 'intended', intended_at = now(), last_error_code = NULL, external_id = NULL,
                external_reference = NULL, already_there = NULL
            FROM jsonb_populate_recordset(NULL::posting_intents, CAST(:rows AS jsonb)) AS r
            WHERE p.transaction_id = r.transaction_id AND p.state IN ('intended', 'rejected')
                AND NOT EXISTS (SELECT 1 FROM posting_intents o WHERE o.connector = r.connector
                    AND o.idem_key = r.idem_key AND o.state <> 'rejected' AND o.transaction_id <> r.transaction_id)"""
        ),
        {"rows": to_json(list(rows))},
    )


def intents_of(connection: Connection, transaction_ids: Sequence[UUID]) -> dict[UUID, PostingIntent]:
    """Return intents by transaction."""
    rows = connection.execute(
        text(
            """SELECT transaction_id, connector, idem_key, request_hash, state, attempt, external_id,
                external_reference, sent_at FROM posting_intents WHERE transaction_id = ANY(:ids)"""
        ),
        {"ids": list(transaction_ids)},
    )
    return {row.transaction_id: PostingIntent(**row._mapping) for row in rows}


class Marked(StrEnum):
    """Whether a bill may be sent: `SENT` yes; `STALE` the claim was lost; `TAKEN` another intent has its key."""

    SENT = "sent"
    STALE = "stale"
    TAKEN = "taken"


def mark_sent(
    connection: Connection,
    transaction_id: UUID,
    *,
    connector: str,
    idem_key: str,
    request_hash: str,
    fence: int,
    version: int,
) -> Marked:
    """Note that a bill is being sent now, under this key.

    The claim is good while the transaction has this fence and version and its lease has not run out (I9).
    """
    claimed = connection.execute(
        text(
            """SELECT id FROM transactions WHERE id = :id AND fence = :fence AND version = :version
            AND leased_until > now() FOR UPDATE"""
        ),
        {"id": transaction_id, "fence": fence, "version": version},
    ).one_or_none()
    if claimed is None:
        return Marked.STALE
    try:
        with connection.begin_nested():
            done = connection.execute(
                text(
                    """UPDATE posting_intents SET state = 'sent', attempt = attempt + 1, fence = :fence,
                        connector = :connector, idem_key = :key, request_hash = :hash, sent_at = now()
                    WHERE transaction_id = :id AND state <> 'confirmed'"""
                ),
                {
                    "id": transaction_id,
                    "fence": fence,
                    "connector": connector,
                    "key": idem_key,
                    "hash": request_hash,
                },
            )
    except IntegrityError:
        return Marked.TAKEN
    return Marked.SENT if done.rowcount == 1 else Marked.TAKEN


def confirm_intents(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Note receipts: transaction_id, external_id, external_reference, already_there, evidence."""
    connection.execute(
        text(
            """UPDATE posting_intents p SET state = 'confirmed', external_id = r.external_id,
                external_reference = r.external_reference, already_there = r.already_there, evidence = r.evidence,
                confirmed_at = now(), last_error_code = NULL
            FROM jsonb_populate_recordset(NULL::posting_intents, CAST(:rows AS jsonb)) AS r
            WHERE p.transaction_id = r.transaction_id"""
        ),
        {"rows": to_json(list(rows))},
    )


def confirm_by_hand(connection: Connection, transaction_id: UUID, external_reference: str) -> bool:
    """Note that a person saw the bill in the system; False when no intent is open for it."""
    done = connection.execute(
        text(
            """UPDATE posting_intents SET state = 'confirmed', external_reference = :reference,
                external_id = coalesce(external_id, :reference), already_there = true, confirmed_at = now(),
                last_error_code = NULL
            WHERE transaction_id = :id AND state IN ('intended', 'sent', 'unknown')"""
        ),
        {"id": transaction_id, "reference": external_reference},
    )
    return done.rowcount == 1


def set_intent_states(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Note what became of intents: transaction_id, state, last_error_code, external_id, external_reference."""
    connection.execute(
        text(
            """UPDATE posting_intents p SET state = r.state, last_error_code = r.last_error_code,
                external_id = coalesce(r.external_id, p.external_id),
                external_reference = coalesce(r.external_reference, p.external_reference)
            FROM jsonb_populate_recordset(NULL::posting_intents, CAST(:rows AS jsonb)) AS r
            WHERE p.transaction_id = r.transaction_id AND p.state <> 'confirmed'"""
        ),
        {"rows": to_json(list(rows))},
    )


def key_holders(connection: Connection, connector: str, keys: Sequence[str]) -> dict[str, UUID]:
    """Return which transaction's intent stands for each key; refused and dropped ones are absent."""
    rows = connection.execute(
        text(
            """SELECT p.idem_key, p.transaction_id FROM posting_intents p JOIN transactions t ON t.id = p.transaction_id
            WHERE p.connector = :connector AND p.idem_key = ANY(:keys) AND p.state <> 'rejected'
                AND NOT (p.state = 'intended' AND t.state IN ('rejected', 'cancelled'))"""
        ),
        {"connector": connector, "keys": list(keys)},
    )
    return {row.idem_key: row.transaction_id for row in rows}


def postable_versions(connection: Connection, transaction_ids: Sequence[UUID]) -> dict[UUID, set[str]]:
    """Return the versions that may be posted: approved by a person, or let through by an event.

    A step lets a version through with the facts `straight_through: true` and `version: <hash>`.
    """
    rows = connection.execute(
        text(
            """SELECT transaction_id, version_hash FROM approvals
            WHERE transaction_id = ANY(:ids) AND state = 'approved'
            UNION SELECT transaction_id, body::jsonb #>> '{facts,version}' FROM events
            WHERE transaction_id = ANY(:ids) AND kind = 'advanced'
                AND body::jsonb #> '{facts,straight_through}' = 'true'::jsonb"""
        ),
        {"ids": list(transaction_ids)},
    )
    versions: dict[UUID, set[str]] = defaultdict(set)
    for row in rows:
        if row.version_hash:
            versions[row.transaction_id].add(row.version_hash)
    return versions
