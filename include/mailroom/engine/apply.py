"""Write a slice's moves, events, effects and step runs in one commit."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from mailroom.database.events import append_events
from mailroom.database.session import Database
from mailroom.database.transactions import (
    Move,
    StepRun,
    database_now,
    lock_claimed,
    write_moves,
    write_step_runs,
)
from mailroom.domain.event import Event
from mailroom.domain.outcome import Fail
from mailroom.domain.slices import Claim
from mailroom.domain.transaction import State
from mailroom.engine.moves import Planned
from mailroom.engine.step import StepContext
from mailroom.engine.watching import Arrived, OnMoves, nobody
from mailroom.engine.writers import EffectItem, WriterContext, Writers

log = structlog.get_logger()

OnFailure = Callable[[Planned, StepContext], Sequence[Any]]
"""Effects of a failure, such as the mail to the owner."""


@dataclass(frozen=True, slots=True)
class Applier:
    """Writes planned moves of one organization. `keep` tells whose lease goes on to the next step."""

    database: Database
    writers: Writers
    audit_key: bytes
    worker: str
    lease_seconds: float
    on_failure: OnFailure
    on_moves: OnMoves = nobody

    def apply(
        self,
        organization_id: UUID,
        claims: Mapping[UUID, Claim],
        planned: Sequence[Planned],
        context: StepContext,
        *,
        started_at: datetime,
        keep: Callable[[Planned], bool],
    ) -> list[Planned]:
        """Write the moves and return those written; stale ones are absent.

        A move that Postgres refuses fails alone: the rest of the slice is written without it.
        """
        if not planned:
            return []
        try:
            with self.database.organization(organization_id) as connection:
                return self._write(connection, organization_id, claims, planned, context, started_at, keep)
        except (DBAPIError, TypeError, ValueError) as err:
            if len(planned) > 1:
                middle = len(planned) // 2
                return [
                    done
                    for part in (planned[:middle], planned[middle:])
                    for done in self.apply(organization_id, claims, part, context, started_at=started_at, keep=keep)
                ]
            return self._refused(organization_id, claims, planned[0], context, started_at, err)

    def _refused(
        self,
        organization_id: UUID,
        claims: Mapping[UUID, Claim],
        planned: Planned,
        context: StepContext,
        started_at: datetime,
        err: Exception,
    ) -> list[Planned]:
        if planned.error == "write_refused":
            raise err
        state = getattr(getattr(err, "orig", None), "sqlstate", None) or type(err).__name__
        log.error("write refused", transaction=str(planned.transaction.id), step=planned.ran, cause=state)
        message = f"what step {planned.ran!r} wanted to write was refused ({state})"
        failed = Planned(
            planned.transaction,
            planned.ran,
            Fail("write_refused", message),
            State.FAILED,
            planned.ran,
            "failed",
            reason="write_refused",
            attempts=planned.transaction.attempts + 1,
            error="write_refused",
            message=message,
        )
        return self.apply(organization_id, claims, [failed], context, started_at=started_at, keep=lambda _: False)

    def _write(
        self,
        connection: Connection,
        organization_id: UUID,
        claims: Mapping[UUID, Claim],
        planned: Sequence[Planned],
        context: StepContext,
        started_at: datetime,
        keep: Callable[[Planned], bool],
    ) -> list[Planned]:
        versions = lock_claimed(connection, [claims[each.transaction.id] for each in planned])
        fresh = [each for each in planned if versions.get(each.transaction.id) == each.transaction.version]
        if not fresh:
            return []
        now = database_now(connection)
        seqs = append_events(
            connection, organization_id, self.audit_key, [self._event(each, now, context) for each in fresh]
        )
        moves = [_move(each, seq, keep(each)) for each, seq in zip(fresh, seqs, strict=True)]
        write_moves(connection, moves, lease_seconds=self.lease_seconds)
        writer_context = WriterContext(connection, organization_id, context.customer, now, context.configuration_hash)
        self.writers.write(
            writer_context,
            [
                EffectItem(each.transaction, effect, seq)
                for each, seq in zip(fresh, seqs, strict=True)
                for effect in (*each.outcome.effects, *self._failure_effects(each, context))
            ],
        )
        self._escalate(connection, organization_id, fresh, now)
        self.on_moves(writer_context, [_arrived(each) for each in fresh])
        runs = [
            StepRun(
                each.transaction.id,
                each.ran,
                each.transaction.attempts + 1,
                each.kind,
                each.reason or each.error,
            )
            for each in fresh
        ]
        write_step_runs(connection, organization_id, runs, worker=self.worker, started_at=started_at)
        return fresh

    def _failure_effects(self, planned: Planned, context: StepContext) -> Sequence[Any]:
        return self.on_failure(planned, context) if planned.state is State.FAILED else ()

    def _escalate(self, connection: Connection, organization_id: UUID, fresh: Sequence[Planned], now: datetime) -> None:
        """Record each failure, then let it rest as escalated until a person resolves it (requirements X3)."""
        failed = [each for each in fresh if each.state is State.FAILED]
        events = [
            Event(
                "escalated",
                now,
                self.worker,
                each.transaction.id,
                facts={"from": "failed", "to": "escalated", "step": each.ran, "error": each.error},
            )
            for each in failed
        ]
        if not events:
            return
        seqs = append_events(connection, organization_id, self.audit_key, events)
        moves = [
            Move(
                each.transaction.id,
                State.ESCALATED,
                each.step,
                each.reason,
                seq,
                None,
                each.attempts,
                each.error,
                each.message,
            )
            for each, seq in zip(failed, seqs, strict=True)
        ]
        write_moves(connection, moves, lease_seconds=self.lease_seconds)

    def _event(self, planned: Planned, now: datetime, context: StepContext) -> Event:
        facts = {**planned.facts(), "configuration": context.configuration_hash}
        return Event(planned.kind, now, self.worker, planned.transaction.id, facts=facts)


def _arrived(planned: Planned) -> Arrived:
    failed = planned.state is State.FAILED
    return Arrived(planned.transaction, State.ESCALATED if failed else planned.state, planned.reason, failed)


def _move(planned: Planned, event_seq: int, keep: bool) -> Move:
    return Move(
        id=planned.transaction.id,
        state=planned.state,
        step=planned.step,
        reason=planned.reason,
        event_seq=event_seq,
        due_at=planned.due_at,
        attempts=planned.attempts,
        error=planned.error,
        message=planned.message,
        reference=planned.outcome.reference,
        keep_lease=keep,
    )
