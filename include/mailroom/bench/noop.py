"""A process of steps that do nothing, for measuring what the engine itself costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from mailroom.database.organizations import add_organization
from mailroom.database.session import Database
from mailroom.database.transactions import insert_transactions
from mailroom.domain.effects import SendMail
from mailroom.domain.outcome import Advance
from mailroom.domain.transaction import State, Transaction
from mailroom.engine.apply import Applier
from mailroom.engine.common_writers import common_writers
from mailroom.engine.process import Process, ProcessStep
from mailroom.engine.run import Engine
from mailroom.engine.setup import CustomerSetup
from mailroom.engine.step import NoSettings, Step, StepContext
from mailroom.settings.customers import CustomerPolicy
from mailroom.settings.retry import RetryPolicy

STATES = (
    State.COLLECTING,
    State.COLLECTED,
    State.EXTRACTED,
    State.VALIDATED,
    State.APPROVED,
    State.UPLOADING,
    State.UPLOADED,
    State.COMPLETED,
)
PROCESS = "noop"
AUDIT_KEY = b"benchmark"


def noop_steps() -> list[Step]:
    """Return eight steps that go on at once; the last also sends a mail."""
    names = [f"step_{number}" for number in range(1, len(STATES) + 1)]
    return [Step(name, _load, _last if name == names[-1] else _go_on) for name in names]


def noop_process() -> Process:
    """Return the eight steps with the states they reach."""
    retry = RetryPolicy(name="default")
    starts = (State.RECEIVED, *STATES[:-1])
    return Process(
        PROCESS,
        tuple(
            ProcessStep(step, NoSettings(), retry, start, state, None, None)
            for step, start, state in zip(noop_steps(), starts, STATES, strict=True)
        ),
    )


class NoopSetups:
    """The same customer for every organization."""

    def of(self, organization_id: UUID) -> CustomerSetup:
        """Return a setup whose only process does nothing."""
        policy = CustomerPolicy(
            organization=f"o-{organization_id}",
            name="Benchmark",
            sender="ap@bench.example",
            owner="owner@bench.example",
        )
        return CustomerSetup(policy, {PROCESS: noop_process()}, "benchmark")


def noop_engine(database: Database, worker: str, batch: int = 500) -> Engine:
    """Return an engine that runs the no-op process."""
    applier = Applier(database, common_writers(), AUDIT_KEY, worker, 60.0, lambda planned, context: ())
    return Engine(database, NoopSetups(), applier, worker, batch=batch)


def seed(owner_url: str, database: Database, organizations: int, each: int) -> list[UUID]:
    """Create organizations with due transactions; return the organizations' ids."""
    with create_engine(owner_url, poolclass=NullPool).begin() as owner:
        ids = [add_organization(owner, f"bench-{uuid4().hex[:12]}", "Benchmark") for _ in range(organizations)]
    for organization_id in ids:
        with database.organization(organization_id) as connection:
            _insert(connection, organization_id, each)
    return ids


def _insert(connection: Connection, organization_id: UUID, count: int) -> None:
    now = connection.execute(text("SELECT now()")).scalar_one()
    for start in range(0, count, 5000):
        rows = [
            {
                "id": (key := uuid4()),
                "organization_id": organization_id,
                "process": PROCESS,
                "step": "step_1",
                "state": "received",
                "mode": "auto",
                "version": 1,
                "attempts": 0,
                "fence": 0,
                "due_at": now,
                "working_directory": f"org/{organization_id}/tx/{key}",
                "inputs": {},
                "created_at": now,
                "updated_at": now,
            }
            for _ in range(min(5000, count - start))
        ]
        insert_transactions(connection, rows)


def _load(connection: Connection, transactions: Sequence[Transaction], context: StepContext) -> Mapping[UUID, Any]:
    return {each.id: each.id for each in transactions}


def _go_on(fact: Any, context: StepContext) -> Advance:
    return Advance()


def _last(fact: Any, context: StepContext) -> Advance:
    return Advance(effects=(SendMail("done", "reader@bench.example", "done"),))
