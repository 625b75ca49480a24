"""Run the next step of claimed transactions, slice by slice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog

from mailroom.database.dispatch import claim_due, claim_ranges, release
from mailroom.database.session import Database
from mailroom.database.transactions import database_now, load_claimed, postpone
from mailroom.domain.errors import UnavailableError
from mailroom.domain.outcome import Fail
from mailroom.domain.slices import Claim, Slice
from mailroom.domain.transaction import Transaction
from mailroom.engine.apply import Applier
from mailroom.engine.group import Group
from mailroom.engine.lease import kept_alive
from mailroom.engine.moves import Jitter, Planned, moved, plan_failure, uniform_jitter
from mailroom.engine.process import Process, ProcessStep
from mailroom.engine.setup import CustomerSetup, Setups
from mailroom.engine.step import NoSettings, StepContext

log = structlog.get_logger()

POSTPONED_SECONDS = 300.0
"""How long work of a customer without a usable configuration waits before it is looked at again."""


@dataclass(slots=True)
class RunReport:
    """What a run did: moves by kind, and what failed or was held, by reason."""

    moves: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, planned: Iterable[Planned]) -> None:
        """Count moves."""
        for each in planned:
            self.moves[each.kind] += 1
            if why := each.reason or each.error:
                self.reasons[why] += 1

    def merge(self, other: RunReport) -> None:
        """Add another report's counts."""
        self.moves += other.moves
        self.reasons += other.reasons

    @property
    def total(self) -> int:
        """Return how many moves were made."""
        return self.moves.total()

    def as_json(self) -> dict[str, Any]:
        """Return counts for a log line or XCom."""
        return {"moves": dict(self.moves), "reasons": dict(self.reasons)}


@dataclass(frozen=True, slots=True)
class Engine:
    """Claims due transactions and runs their steps. Safe to run in any number of processes at once.

    `batch` transactions are loaded and written together; `threads` read files side by side;
    outcomes of a step that acts outside are written every `act_group`.
    """

    database: Database
    setups: Setups
    applier: Applier
    worker: str
    lease_seconds: float = 60.0
    batch: int = 500
    threads: int = 4
    act_group: int = 20
    jitter: Jitter = uniform_jitter

    def run_due(self, processes: Sequence[str], most: int | None = None) -> RunReport:
        """Claim what is due and take each transaction as far as it goes without waiting."""
        with self.database.dispatch() as connection:
            claims = claim_due(
                connection, processes, most or self.batch, owner=self.worker, lease_seconds=self.lease_seconds
            )
        return self._run(claims, goes_on=None)

    def run_slice(self, share: Slice, steps: Sequence[str], processes: Sequence[str]) -> RunReport:
        """Run `steps` on what is due in a slice. Safe to run twice: what is done is not due any more."""
        report = RunReport()
        while claims := self._claim(share, steps, processes):
            report.merge(self._run(claims, goes_on=frozenset(steps)))
        return report

    def _claim(self, share: Slice, steps: Sequence[str], processes: Sequence[str]) -> list[Claim]:
        with self.database.dispatch() as connection:
            return claim_ranges(
                connection,
                share.ranges,
                steps,
                processes,
                most=self.batch,
                owner=self.worker,
                lease_seconds=self.lease_seconds,
            )

    def _run(self, claims: Sequence[Claim], goes_on: frozenset[str] | None) -> RunReport:
        report = RunReport()
        by_organization: dict[UUID, list[Claim]] = defaultdict(list)
        for claim in claims:
            by_organization[claim.organization_id].append(claim)
        with kept_alive(self.database, claims, self.lease_seconds):
            try:
                for organization_id, own in sorted(by_organization.items()):
                    report.merge(self._run_organization(organization_id, own, goes_on))
            finally:
                self._give_back(claims)
        return report

    def _run_organization(
        self, organization_id: UUID, claims: Sequence[Claim], goes_on: frozenset[str] | None
    ) -> RunReport:
        setup = self.setups.of(organization_id)
        report = RunReport()
        with self.database.organization(organization_id) as connection:
            if setup is None:
                postpone(connection, claims, POSTPONED_SECONDS)
                report.moves["postponed"] = len(claims)
                return report
            waiting = load_claimed(connection, claims)
        by_id = {claim.id: claim for claim in claims}
        while waiting:
            following: list[Transaction] = []
            for (process, step), transactions in _grouped(waiting).items():
                found = setup.find(process, step)
                if found is None:
                    report.add(self._no_step(organization_id, setup, by_id, transactions))
                    continue
                group = self._group(setup, found, by_id, goes_on)
                written = group.run(organization_id, transactions)
                report.add(written)
                following += [moved(each) for each in written if group.continues(each)]
            waiting = sorted(following, key=lambda transaction: transaction.id)
        return report

    def _group(
        self,
        setup: CustomerSetup,
        found: tuple[Process, ProcessStep],
        claims: Mapping[UUID, Claim],
        goes_on: frozenset[str] | None,
    ) -> Group:
        process, at = found
        return Group(
            self.database,
            self.applier,
            setup,
            process,
            at,
            claims,
            goes_on,
            self.threads,
            self.act_group,
            self.jitter,
        )

    def _no_step(
        self,
        organization_id: UUID,
        setup: CustomerSetup,
        claims: Mapping[UUID, Claim],
        transactions: Sequence[Transaction],
    ) -> list[Planned]:
        first = transactions[0]
        message = f"the configuration has no step {first.step!r} in process {first.process!r} any more"
        with self.database.organization(organization_id) as connection:
            now = database_now(connection)
        context = StepContext(setup.customer, NoSettings(), now, setup.hash)
        planned = [plan_failure(each, Fail("no_step", message), each.attempts + 1) for each in transactions]
        return self.applier.apply(organization_id, claims, planned, context, started_at=now, keep=lambda _: False)

    def _give_back(self, claims: Sequence[Claim]) -> None:
        try:
            with self.database.dispatch() as connection:
                release(connection, claims)
        except UnavailableError as err:
            log.warning("leases not released; they run out", claims=len(claims), cause=err.code)


def _grouped(transactions: Sequence[Transaction]) -> dict[tuple[str, str], list[Transaction]]:
    groups: dict[tuple[str, str], list[Transaction]] = defaultdict(list)
    for transaction in transactions:
        groups[transaction.process, transaction.step].append(transaction)
    return groups


def run_until_quiet(run_once: Callable[[], RunReport]) -> RunReport:
    """Repeat a run until it moves nothing."""
    total = RunReport()
    while (report := run_once()).total:
        total.merge(report)
    return total
