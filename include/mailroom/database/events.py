"""The append-only event log, one hash chain per organization."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from mailroom.domain.event import Event, canonical_body, chain_hash

_LOCK_HEAD = text("SELECT seq, hash FROM chain_heads WHERE organization_id = :organization FOR UPDATE")
_MOVE_HEAD = text("UPDATE chain_heads SET seq = :seq, hash = :hash WHERE organization_id = :organization")
_INSERT = text(
    """INSERT INTO events (organization_id, seq, at, kind, transaction_id, message_id, actor, body, hash)
    SELECT :organization, seq, at, kind, transaction_id, message_id, actor, body, hash
    FROM unnest(CAST(:seqs AS bigint[]), CAST(:ats AS timestamptz[]), CAST(:kinds AS text[]),
        CAST(:transactions AS uuid[]), CAST(:messages AS uuid[]), CAST(:actors AS text[]),
        CAST(:bodies AS text[]), CAST(:hashes AS text[]))
        AS row (seq, at, kind, transaction_id, message_id, actor, body, hash)"""
)


def append_events(connection: Connection, organization_id: UUID, key: bytes, events: Sequence[Event]) -> list[int]:
    """Append events in order and return their sequence numbers.

    The head's row lock is taken last in every writer (transaction rows first), so writers never deadlock.
    """
    if not events:
        return []
    head = connection.execute(_LOCK_HEAD, {"organization": organization_id}).one()
    seq, link = head.seq, head.hash
    seqs, bodies, hashes = [], [], []
    for event in events:
        seq += 1
        body = canonical_body(organization_id, seq, event)
        link = chain_hash(key, link, body)
        seqs.append(seq)
        bodies.append(body)
        hashes.append(link)
    connection.execute(
        _INSERT,
        {
            "organization": organization_id,
            "seqs": seqs,
            "ats": [event.at for event in events],
            "kinds": [event.kind for event in events],
            "transactions": [event.transaction_id for event in events],
            "messages": [event.message_id for event in events],
            "actors": [event.actor for event in events],
            "bodies": bodies,
            "hashes": hashes,
        },
    )
    connection.execute(_MOVE_HEAD, {"organization": organization_id, "seq": seq, "hash": link})
    return seqs


@dataclass(frozen=True, slots=True)
class ChainFault:
    """The first place where a chain does not hold, and why."""

    seq: int
    what: str


@dataclass(frozen=True, slots=True)
class ChainVerdict:
    """What a walk over one organization's chain found."""

    events: int
    head_seq: int
    head_hash: str
    fault: ChainFault | None


def verify_chain(
    connection: Connection, organization_id: UUID, key: bytes, anchors: dict[int, str] | None = None
) -> ChainVerdict:
    """Walk the whole chain and name the first fault.

    `anchors` maps sequence numbers to hashes kept outside the database: a chain alone cannot see
    that its tail was cut or that all of it was rewritten.
    """
    head = connection.execute(
        text("SELECT seq, hash FROM chain_heads WHERE organization_id = :o"), {"o": organization_id}
    ).one()
    seq, link = 0, ""
    anchors = anchors or {}
    for row in _walk(connection, organization_id):
        fault = _link_fault(row, seq, link, key, anchors)
        if fault is not None:
            return ChainVerdict(seq, head.seq, head.hash, fault)
        seq, link = row.seq, row.hash
    fault = None
    if (seq, link) != (head.seq, head.hash):
        fault = ChainFault(seq + 1, f"the chain ends at {seq}, its head says {head.seq}")
    elif anchors and max(anchors) > seq:
        fault = ChainFault(seq + 1, f"the chain ends at {seq}, an anchor outside knows {max(anchors)}")
    return ChainVerdict(seq, head.seq, head.hash, fault)


def _link_fault(row: Any, seq: int, link: str, key: bytes, anchors: dict[int, str]) -> ChainFault | None:
    if row.seq != seq + 1:
        return ChainFault(seq + 1, f"event {seq + 1} is missing, {row.seq} follows {seq}")
    if chain_hash(key, link, row.body) != row.hash:
        return ChainFault(row.seq, f"event {row.seq} was changed")
    if not row.agrees:
        return ChainFault(row.seq, f"event {row.seq}: a column differs from what was signed")
    if row.seq in anchors and anchors[row.seq] != row.hash:
        return ChainFault(row.seq, f"event {row.seq} differs from its anchor outside the database")
    return None


def _walk(connection: Connection, organization_id: UUID) -> Iterator[Any]:
    return iter(
        connection.execution_options(yield_per=5000).execute(
            text(
                """SELECT seq, body, hash,
                    kind = body::jsonb ->> 'kind' AND actor = body::jsonb ->> 'actor'
                    AND seq = (body::jsonb ->> 'seq')::bigint AND at = (body::jsonb ->> 'at')::timestamptz
                    AND transaction_id IS NOT DISTINCT FROM (body::jsonb ->> 'transaction')::uuid
                    AND message_id IS NOT DISTINCT FROM (body::jsonb ->> 'message')::uuid
                    AND organization_id = (body::jsonb ->> 'organization')::uuid AS agrees
                FROM events WHERE organization_id = :o ORDER BY seq"""
            ),
            {"o": organization_id},
        )
    )


def chain_head(connection: Connection, organization_id: UUID) -> tuple[int, str]:
    """Return the last sequence number and its hash."""
    row = connection.execute(
        text("SELECT seq, hash FROM chain_heads WHERE organization_id = :o"), {"o": organization_id}
    ).one()
    return row.seq, row.hash


def events_of_transaction(connection: Connection, transaction_id: UUID) -> list[dict[str, Any]]:
    """Return a transaction's events, oldest first, as their signed bodies."""
    rows = connection.execute(
        text("SELECT body::jsonb AS body FROM events WHERE transaction_id = :t ORDER BY seq"),
        {"t": transaction_id},
    )
    return [row.body for row in rows]


def events_of_day(connection: Connection, organization_id: UUID, day: date, timezone: str) -> list[dict[str, Any]]:
    """Return the events of one calendar day in `timezone` (IANA name), oldest first."""
    rows = connection.execute(
        text(
            """SELECT body::jsonb AS body FROM events WHERE organization_id = :o
            AND at >= CAST(:day AS timestamp) AT TIME ZONE :zone
            AND at < (CAST(:day AS timestamp) + interval '1 day') AT TIME ZONE :zone ORDER BY seq"""
        ),
        {"o": organization_id, "day": day, "zone": timezone},
    )
    return [row.body for row in rows]


def export_events(connection: Connection, organization_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield every event with its hash, for an auditor."""
    rows = connection.execution_options(yield_per=5000).execute(
        text("SELECT seq, body::jsonb AS body, hash FROM events WHERE organization_id = :o ORDER BY seq"),
        {"o": organization_id},
    )
    for row in rows:
        yield {**row.body, "hash": row.hash}
