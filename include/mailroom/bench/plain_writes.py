"""The writes of eight no-op steps in plain psycopg: the same tables and rows, one event chain, no engine.

Runs as the schema's owner of the cluster, whom row-level security does not bind; no claim, lease, fence or
version is looked at, and no step is called.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg

from mailroom.bench.noop import AUDIT_KEY, PROCESS, STATES
from mailroom.database.bulk import to_json
from mailroom.domain.event import Event, canonical_body, chain_hash

SLICE = 500

_EVENTS = """INSERT INTO events (organization_id, seq, at, kind, transaction_id, actor, body, hash)
    SELECT %s, seq, %s, 'advanced', transaction_id, 'plain', body, hash
    FROM unnest(%s::bigint[], %s::uuid[], %s::text[], %s::text[]) AS r (seq, transaction_id, body, hash)"""
_MOVES = """UPDATE transactions t SET state = %s, step = %s, version = t.version + 1, event_seq = m.seq,
        due_at = %s, updated_at = now() FROM unnest(%s::uuid[], %s::bigint[]) AS m (id, seq) WHERE t.id = m.id"""
_RUNS = """INSERT INTO step_runs (organization_id, transaction_id, step, attempt, outcome, worker, started_at)
    SELECT %s, id, %s, 1, 'advanced', 'plain', %s FROM unnest(%s::uuid[]) AS r (id)"""
_OUTBOX = """INSERT INTO outbox (id, organization_id, transaction_id, event_seq, template, recipient, dedupe_key,
        internet_message_id, content)
    SELECT id, organization_id, transaction_id, event_seq, template, recipient, dedupe_key, internet_message_id, content
    FROM jsonb_populate_recordset(NULL::outbox, %s::jsonb)"""


def write_all(url: str, organizations: Sequence[UUID]) -> int:
    """Take every due transaction of these organizations through its eight steps; return how many there were."""
    done = 0
    with psycopg.connect(url.replace("+psycopg", "", 1), autocommit=True) as connection:
        for organization in organizations:
            rows = connection.execute(
                "SELECT id FROM transactions WHERE organization_id = %s AND process = %s AND due_at IS NOT NULL "
                "ORDER BY id",
                (organization, PROCESS),
            ).fetchall()
            ids = [row[0] for row in rows]
            done += len(ids)
            for start in range(0, len(ids), SLICE):
                for number in range(len(STATES)):
                    with connection.transaction():
                        _write_step(connection, organization, ids[start : start + SLICE], number)
    return done


def _write_step(connection: psycopg.Connection[Any], organization: UUID, ids: list[UUID], number: int) -> None:
    row = connection.execute(
        "SELECT seq, hash, now() FROM chain_heads WHERE organization_id = %s FOR UPDATE", (organization,)
    ).fetchone()
    assert row is not None
    first, link, now = row
    last = number == len(STATES) - 1
    step = f"step_{number + 1}"
    seqs = list(range(first + 1, first + 1 + len(ids)))
    bodies, hashes = _chained(organization, seqs, link, now, ids, step)
    connection.execute(_EVENTS, (organization, now, seqs, ids, bodies, hashes))
    connection.execute(
        "UPDATE chain_heads SET seq = %s, hash = %s WHERE organization_id = %s", (seqs[-1], hashes[-1], organization)
    )
    following = step if last else f"step_{number + 2}"
    connection.execute(_MOVES, (STATES[number].value, following, None if last else now, ids, seqs))
    connection.execute(_RUNS, (organization, step, now, ids))
    if last:
        connection.execute(_OUTBOX, (to_json([_mail(organization, *each) for each in zip(ids, seqs, strict=True)]),))


def _chained(
    organization: UUID, seqs: Sequence[int], link: str, now: datetime, ids: Sequence[UUID], step: str
) -> tuple[list[str], list[str]]:
    bodies, hashes = [], []
    for seq, key in zip(seqs, ids, strict=True):
        facts = {"step": step, "configuration": "benchmark"}
        bodies.append(canonical_body(organization, seq, Event("advanced", now, "plain", key, facts=facts)))
        link = chain_hash(AUDIT_KEY, link, bodies[-1])
        hashes.append(link)
    return bodies, hashes


def _mail(organization: UUID, transaction: UUID, seq: int) -> dict[str, Any]:
    return {
        "id": uuid4(),
        "organization_id": organization,
        "transaction_id": transaction,
        "event_seq": seq,
        "template": "done",
        "recipient": "reader@bench.example",
        "dedupe_key": uuid4().hex,
        "internet_message_id": f"<{uuid4()}@bench.example>",
        "content": {},
    }
