"""Things tests are made of: customers, processes, transactions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from mailroom.database.session import Database
from mailroom.database.transactions import insert_transactions
from mailroom.domain.outcome import Outcome
from mailroom.domain.transaction import State
from mailroom.engine.apply import Applier
from mailroom.engine.common_writers import common_writers
from mailroom.engine.process import Process, ProcessStep
from mailroom.engine.run import Engine
from mailroom.engine.setup import CustomerSetup
from mailroom.engine.step import NoSettings, Step
from mailroom.engine.writers import Writers
from mailroom.settings.customers import CustomerPolicy
from mailroom.settings.retry import RetryPolicy

AUDIT_KEY = b"for-tests-only"


def a_customer(organization: str = "acme", **changes: Any) -> CustomerPolicy:
    """Return a customer's policy."""
    return CustomerPolicy(
        **{
            "organization": organization,
            "name": organization.title(),
            "mode": "auto",
            "sender": f"ap@{organization}.example",
            "owner": f"owner@{organization}.example",
            **changes,
        }
    )


def a_step(name: str, decide: Callable[[Any], Outcome], **parts: Any) -> Step:
    """Return a step whose facts are the transaction itself."""
    return Step(name, lambda connection, transactions, context: {each.id: each for each in transactions},
                lambda fact, context: decide(fact), **parts)  # fmt: skip


def a_process(*steps: tuple[Step, State, dict[str, Any]], name: str = "test", max_attempts: int = 3) -> Process:
    """Return a process of (step, state it reaches, other states)."""
    retry = RetryPolicy(name="default", max_attempts=max_attempts, base_seconds=1, factor=1)
    found, state = [], State.RECEIVED
    for step, reaches, more in steps:
        found.append(ProcessStep(step, NoSettings(), retry, state, reaches, more.get("waits_as"), more.get("during")))
        state = reaches
    return Process(name, tuple(found))


class OneSetup:
    """The same setup for every organization."""

    def __init__(self, process: Process, customer: CustomerPolicy | None = None) -> None:
        self.setup = CustomerSetup(customer or a_customer(), {process.name: process}, "tests")

    def of(self, organization_id: UUID) -> CustomerSetup:
        return self.setup


def an_engine(
    database: Database, process: Process, *, worker: str = "worker-1", writers: Writers | None = None, **changes: Any
) -> Engine:
    """Return an engine that runs one process for everybody."""
    applier = Applier(database, writers or common_writers(), AUDIT_KEY, worker, 60.0, lambda planned, context: ())
    return Engine(database, OneSetup(process), applier, worker, jitter=lambda bound: 0.0, **changes)


def due_transactions(
    database: Database,
    organization_id: UUID,
    count: int = 1,
    *,
    step: str = "first",
    process: str = "test",
    mode: str = "auto",
) -> list[UUID]:
    """Insert transactions that are due now."""
    ids = sorted(uuid4() for _ in range(count))
    with database.organization(organization_id) as connection:
        now = connection.execute(text("SELECT now()")).scalar_one()
        insert_transactions(
            connection,
            [
                {
                    "id": key, "organization_id": organization_id, "process": process, "step": step,
                    "state": "received", "mode": mode, "version": 1, "attempts": 0, "fence": 0, "due_at": now,
                    "working_directory": f"org/{organization_id}/tx/{key}", "inputs": {},
                    "created_at": now, "updated_at": now,
                }
                for key in ids
            ],
        )  # fmt: skip
    return ids


def rows(database: Database, organization_id: UUID, query: str, **parameters: Any) -> Sequence[Any]:
    """Return the rows of a query as this organization sees them."""
    with database.organization(organization_id) as connection:
        return connection.execute(text(query), parameters).all()
