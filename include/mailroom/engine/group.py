"""Run one step for transactions of one organization that stand at it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import structlog

from mailroom.database.session import Database
from mailroom.database.transactions import database_now
from mailroom.domain.errors import MailroomError, UnavailableError
from mailroom.domain.outcome import Act, Fail, Outcome, Retry
from mailroom.domain.slices import Claim
from mailroom.domain.transaction import Transaction
from mailroom.engine.apply import Applier
from mailroom.engine.moves import Jitter, Planned, moved, plan
from mailroom.engine.process import Process, ProcessStep
from mailroom.engine.setup import CustomerSetup
from mailroom.engine.step import ActItem, StepContext

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Group:
    """One step's work on one organization's transactions: load, read, decide, write, act, write.

    `goes_on` names the steps that follow under the same lease (None: every step).
    """

    database: Database
    applier: Applier
    setup: CustomerSetup
    process: Process
    at: ProcessStep
    claims: Mapping[UUID, Claim]
    goes_on: frozenset[str] | None
    threads: int
    act_group: int
    jitter: Jitter

    def run(self, organization_id: UUID, transactions: Sequence[Transaction]) -> list[Planned]:
        """Return the moves that were written; transactions somebody else has moved are absent."""
        with self.database.organization(organization_id) as connection:
            context = StepContext(self.setup.customer, self.at.settings, database_now(connection), self.setup.hash)
            facts = dict(self.at.step.load(connection, transactions, context))
        facts, outcomes = self._decided(facts, context)
        written = self._apply(
            organization_id,
            [self._plan(each, outcomes.get(each.id), context) for each in transactions],
            context,
        )
        acting = [each for each in written if isinstance(each.outcome, Act)]
        if not acting:
            return written
        rest = [each for each in written if not isinstance(each.outcome, Act)]
        return rest + self._acted(organization_id, facts, acting, context)

    def continues(self, planned: Planned) -> bool:
        """Tell whether the transaction's next step runs under the same lease."""
        return planned.kind == "advanced" and (self.goes_on is None or planned.step in self.goes_on)

    def _plan(self, transaction: Transaction, outcome: Outcome | None, context: StepContext) -> Planned:
        answer = outcome or Fail("no_facts", f"step {self.at.name!r} found nothing to decide on")
        return plan(transaction, self.process, answer, context.now, self.jitter)

    def _decided(self, facts: dict[UUID, Any], context: StepContext) -> tuple[dict[UUID, Any], dict[UUID, Outcome]]:
        def one(key: UUID) -> tuple[UUID, Any, Outcome]:
            return key, *_guarded(self.at, facts[key], context)

        if self.at.step.read is None:
            results = [one(key) for key in facts]
        else:
            with ThreadPoolExecutor(self.threads, thread_name_prefix=self.at.name) as pool:
                results = list(pool.map(one, facts))
        return {key: fact for key, fact, _ in results}, {key: outcome for key, _, outcome in results}

    def _acted(
        self,
        organization_id: UUID,
        facts: dict[UUID, Any],
        acting: Sequence[Planned],
        context: StepContext,
    ) -> list[Planned]:
        if self.at.step.act is None:
            raise TypeError(f"step {self.at.name!r} answers with Act and has no act function")
        current = {each.transaction.id: moved(each) for each in acting}
        items = [
            ActItem(current[each.transaction.id], facts[each.transaction.id], each.outcome)
            for each in acting
            if isinstance(each.outcome, Act)
        ]
        written: list[Planned] = []
        waiting: list[Planned] = []
        for key, outcome in self.at.step.act(self.database, items, context):
            waiting.append(self._plan(current[key], outcome, context))
            if len(waiting) >= self.act_group:
                written += self._apply(organization_id, waiting, context)
                waiting = []
        return written + self._apply(organization_id, waiting, context)

    def _apply(self, organization_id: UUID, planned: Sequence[Planned], context: StepContext) -> list[Planned]:
        return self.applier.apply(
            organization_id,
            self.claims,
            planned,
            context,
            started_at=context.now,
            keep=lambda each: isinstance(each.outcome, Act) or self.continues(each),
        )


def _guarded(at: ProcessStep, fact: Any, context: StepContext) -> tuple[Any, Outcome]:
    """One bad record is one bad outcome, never a dead slice."""
    try:
        if at.step.read is not None:
            fact = at.step.read(fact, context)
        return fact, at.step.decide(fact, context)
    except UnavailableError as err:
        return fact, Retry(err.code, err.message, err.retry_after)
    except MailroomError as err:
        return fact, Fail(err.code, err.message)
    except Exception as err:
        log.exception("step raised", step=at.name)
        return fact, Retry("step_error", f"step {at.name!r} raised {type(err).__name__}")
