"""Transactions: loading a slice, writing its moves, waking and re-entering. Run as `mailroom_app`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from mailroom.database.bulk import insert_rows
from mailroom.database.pages import Mark, contains, page
from mailroom.domain.slices import Claim
from mailroom.domain.transaction import State, Transaction

_COLUMNS = "id, organization_id, process, state, step, version, fence, attempts, mode, reference, created_at, reason"
_BY_CLAIM = f"""SELECT {_COLUMNS} FROM transactions t
    JOIN unnest(CAST(:ids AS uuid[]), CAST(:fences AS bigint[])) AS c (id, fence) USING (id, fence)
    ORDER BY id"""
_LOAD = text(_BY_CLAIM)
_LOCK = text(
    """SELECT t.id, t.version FROM transactions t
    JOIN unnest(CAST(:ids AS uuid[]), CAST(:fences AS bigint[])) AS c (id, fence) USING (id, fence)
    ORDER BY id FOR UPDATE OF t"""
)
_WRITE = text(
    """UPDATE transactions t SET state = m.state, step = m.step, reason = m.reason, version = t.version + 1,
        event_seq = m.event_seq, due_at = m.due_at, attempts = m.attempts, last_error_code = m.error,
        last_error_message = m.message, reference = coalesce(m.reference, t.reference),
        leased_until = CASE WHEN m.keep THEN now() + make_interval(secs => :lease) END,
        lease_owner = CASE WHEN m.keep THEN t.lease_owner END, updated_at = now()
    FROM unnest(CAST(:ids AS uuid[]), CAST(:states AS text[]), CAST(:steps AS text[]), CAST(:reasons AS text[]),
        CAST(:seqs AS bigint[]), CAST(:dues AS timestamptz[]), CAST(:attempts AS integer[]),
        CAST(:errors AS text[]), CAST(:messages AS text[]), CAST(:references AS text[]), CAST(:keeps AS boolean[]))
        AS m (id, state, step, reason, event_seq, due_at, attempts, error, message, reference, keep)
    WHERE t.id = m.id"""
)
_STEP_RUNS = text(
    """INSERT INTO step_runs (organization_id, transaction_id, step, attempt, outcome, reason, worker, started_at)
    SELECT :organization, id, step, attempt, outcome, reason, :worker, :started
    FROM unnest(CAST(:ids AS uuid[]), CAST(:steps AS text[]), CAST(:attempts AS integer[]),
        CAST(:outcomes AS text[]), CAST(:reasons AS text[])) AS r (id, step, attempt, outcome, reason)"""
)


@dataclass(frozen=True, slots=True)
class Move:
    """What one step's answer writes to its transaction.

    `keep_lease` holds on to the row for the worker's next step; `due_at` None means nobody is waited for.
    """

    id: UUID
    state: State
    step: str
    reason: str | None
    event_seq: int
    due_at: datetime | None
    attempts: int
    error: str | None = None
    message: str | None = None
    reference: str | None = None
    keep_lease: bool = False


@dataclass(frozen=True, slots=True)
class StepRun:
    """One execution of one step, for the record."""

    transaction_id: UUID
    step: str
    attempt: int
    outcome: str
    reason: str | None


def load_claimed(connection: Connection, claims: Sequence[Claim]) -> list[Transaction]:
    """Return the claimed transactions in id order; those whose fence has moved on are absent."""
    rows = connection.execute(_LOAD, _fences(claims))
    return [_transaction(row) for row in rows]


def lock_claimed(connection: Connection, claims: Sequence[Claim]) -> dict[UUID, int]:
    """Lock the claimed rows in id order and return their versions; stale claims are absent."""
    return {row.id: row.version for row in connection.execute(_LOCK, _fences(claims))}


def write_moves(connection: Connection, moves: Sequence[Move], *, lease_seconds: float) -> None:
    """Write every move; Postgres refuses an illegal one, or one without an event of its own."""
    connection.execute(
        _WRITE,
        {
            "ids": [move.id for move in moves],
            "states": [move.state.value for move in moves],
            "steps": [move.step for move in moves],
            "reasons": [move.reason for move in moves],
            "seqs": [move.event_seq for move in moves],
            "dues": [move.due_at for move in moves],
            "attempts": [move.attempts for move in moves],
            "errors": [move.error for move in moves],
            "messages": [move.message for move in moves],
            "references": [move.reference for move in moves],
            "keeps": [move.keep_lease for move in moves],
            "lease": lease_seconds,
        },
    )


def write_step_runs(
    connection: Connection,
    organization_id: UUID,
    runs: Sequence[StepRun],
    *,
    worker: str,
    started_at: datetime,
) -> None:
    """Record step executions of one slice."""
    connection.execute(
        _STEP_RUNS,
        {
            "organization": organization_id,
            "worker": worker,
            "started": started_at,
            "ids": [run.transaction_id for run in runs],
            "steps": [run.step for run in runs],
            "attempts": [run.attempt for run in runs],
            "outcomes": [run.outcome for run in runs],
            "reasons": [run.reason for run in runs],
        },
    )


def database_now(connection: Connection) -> datetime:
    """Return the database's clock: the only one that due times and leases are compared with."""
    now: datetime = connection.execute(text("SELECT now()")).scalar_one()
    return now


def postpone(connection: Connection, claims: Sequence[Claim], seconds: float) -> None:
    """Give claimed transactions back and make them due later, unchanged otherwise."""
    connection.execute(
        text(
            """UPDATE transactions t SET due_at = now() + make_interval(secs => :seconds), leased_until = NULL,
                lease_owner = NULL
            FROM unnest(CAST(:ids AS uuid[]), CAST(:fences AS bigint[])) AS c (id, fence)
            WHERE t.id = c.id AND t.fence = c.fence"""
        ),
        {**_fences(claims), "seconds": seconds},
    )


def insert_transactions(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Insert new transactions: id, organization_id, process, step, mode, due_at, working_directory, ..."""
    insert_rows(connection, "transactions", rows)


def get_transaction(connection: Connection, transaction_id: UUID, *, lock: bool = False) -> Transaction | None:
    """Return one transaction, or None when this organization has no such."""
    row = connection.execute(
        text(f"SELECT {_COLUMNS} FROM transactions WHERE id = :id {'FOR UPDATE' if lock else ''}"),
        {"id": transaction_id},
    ).one_or_none()
    return None if row is None else _transaction(row)


def wake(connection: Connection, transaction_ids: Sequence[UUID]) -> None:
    """Make waiting transactions due now because an answer came.

    Raises the version, so that a worker which read the row before the answer cannot write over it.
    """
    connection.execute(
        text(
            """UPDATE transactions SET due_at = now(), version = version + 1, updated_at = now()
            WHERE id = ANY(:ids) AND due_at IS NOT NULL"""
        ),
        {"ids": list(transaction_ids)},
    )
    notify_due(connection)


def notify_due(connection: Connection) -> None:
    """Tell whoever listens that something is due, when this database transaction commits."""
    connection.execute(text("SELECT pg_notify('mailroom_due', '')"))


def reenter(
    connection: Connection,
    transaction_id: UUID,
    *,
    state: State,
    step: str,
    event_seq: int,
    due_at: datetime | None,
) -> None:
    """Put a transaction to `state` before `step` by a person's hand; void any worker's claim on it."""
    connection.execute(
        text(
            """UPDATE transactions SET state = :state, step = :step, reason = NULL, event_seq = :seq,
                version = version + 1, fence = fence + 1, attempts = 0, due_at = :due, leased_until = NULL,
                lease_owner = NULL, last_error_code = NULL, last_error_message = NULL, updated_at = now()
            WHERE id = :id"""
        ),
        {"id": transaction_id, "state": state.value, "step": step, "seq": event_seq, "due": due_at},
    )
    notify_due(connection)


def settle(connection: Connection, transaction_id: UUID, *, state: State, reason: str | None, event_seq: int) -> None:
    """Put a transaction to a resting or final state by a person's hand; nothing is due any more."""
    connection.execute(
        text(
            """UPDATE transactions SET state = :state, reason = :reason, event_seq = :seq, version = version + 1,
                fence = fence + 1, due_at = NULL, leased_until = NULL, lease_owner = NULL, updated_at = now()
            WHERE id = :id"""
        ),
        {"id": transaction_id, "state": state.value, "reason": reason, "seq": event_seq},
    )


def search_transactions(
    connection: Connection,
    *,
    state: str | None = None,
    reason: str | None = None,
    process: str | None = None,
    search: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    after: Mark | None = None,
    limit: int = 100,
) -> list[dict[str, Any]]:
    """Return transactions for people, newest first; `search` looks at id and reference.

    `since` and `until` limit when they came in; `after` is a page's last (created_at, id).
    """
    return page(
        connection,
        """SELECT id, process, state, reason, step, mode, reference, attempts, due_at, last_error_code,
            last_error_message, created_at, updated_at
        FROM (SELECT * FROM transactions WHERE deleted_at IS NULL) AS kept""",
        {
            "state": "state = :state",
            "reason": "reason = :reason",
            "process": "process = :process",
            "search": "(id::text LIKE :search OR reference ILIKE :search)",
            "since": "created_at >= :since",
            "until": "created_at < :until",
        },
        {
            "state": state,
            "reason": reason,
            "process": process,
            "search": contains(search),
            "since": since,
            "until": until,
        },
        order={"created_at": "timestamptz", "id": "uuid"},
        after=after,
        limit=limit,
    )


def transaction_row(connection: Connection, transaction_id: UUID) -> dict[str, Any] | None:
    """Return every column of one transaction for people."""
    row = connection.execute(text("SELECT * FROM transactions WHERE id = :id"), {"id": transaction_id}).one_or_none()
    return None if row is None else dict(row._mapping)


def transactions_of_message(connection: Connection, message_id: UUID) -> list[UUID]:
    """Return the transactions that a message opened, in the order of its papers."""
    rows = connection.execute(
        text(
            """SELECT id FROM transactions WHERE message_id = :id
            ORDER BY CAST(inputs ->> 'number_in_mail' AS integer), id"""
        ),
        {"id": message_id},
    )
    return list(rows.scalars())


def step_runs_of(connection: Connection, transaction_id: UUID) -> list[dict[str, Any]]:
    """Return a transaction's step executions, oldest first."""
    rows = connection.execute(
        text(
            """SELECT step, attempt, outcome, reason, worker, started_at, ended_at FROM step_runs
            WHERE transaction_id = :id ORDER BY id"""
        ),
        {"id": transaction_id},
    )
    return [dict(row._mapping) for row in rows]


def _fences(claims: Sequence[Claim]) -> dict[str, Any]:
    return {"ids": [claim.id for claim in claims], "fences": [claim.fence for claim in claims]}


def _transaction(row: Any) -> Transaction:
    values = dict(row._mapping)
    values["state"] = State(values["state"])
    return Transaction(**values)
