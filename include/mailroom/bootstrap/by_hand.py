"""A person's hand on a transaction: the same for the command line and the REST API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from mailroom.database.approvals import void_approvals, void_question_to
from mailroom.database.documents import documents_of
from mailroom.database.events import events_of_transaction
from mailroom.database.findings import KeptFinding, findings_of
from mailroom.database.invoices import registered_invoices
from mailroom.database.transactions import step_runs_of, transaction_row
from mailroom.domain.errors import ConfigurationError, NotAllowedError, RejectedInputError, UnknownIdError
from mailroom.domain.finding import Severity
from mailroom.domain.transaction import State, Transaction
from mailroom.engine.process import Process
from mailroom.engine.reentry import continue_at, locked, put_aside
from mailroom.engine.setup import Setups
from mailroom.payables.corrections import CORRECTABLE, Hand, correct_fields, release_findings
from mailroom.posting.resolve import record_posted


@dataclass(frozen=True, slots=True)
class ByHand:
    """One person's actions within one database transaction of their organization.

    Every action needs a reason, raises `UnknownIdError` for an id that is not this organization's,
    `NotAllowedError` when the transaction's state or the person's authority does not allow it, and
    `RejectedInputError` for what cannot be meant. `overrules` says that this person may release what blocks;
    `user_id` is a user of the product, who may not approve what they had a hand in.
    """

    connection: Connection
    setups: Setups
    audit_key: bytes
    actor: str
    overrules: bool = True
    user_id: UUID | None = None

    def continue_at(self, transaction_id: UUID, step: str, reason: str) -> None:
        """Take a held, failed or escalated transaction on at a step."""
        transaction = locked(self.connection, transaction_id)
        process = self._process(transaction)
        if step not in {each.name for each in process.steps}:
            known = ", ".join(each.name for each in process.steps)
            raise RejectedInputError(f"there is no step {step!r}; the steps are {known}", code="no_step")
        hand = self._hand(reason)
        continue_at(
            self.connection,
            transaction,
            process,
            step,
            audit_key=self.audit_key,
            actor=self.actor,
            reason=hand.reason,
        )
        if process.step(step).starts_from in {State.RECEIVED, State.COLLECTED, State.EXTRACTED}:
            void_approvals(self.connection, transaction_id)

    def correct(self, transaction_id: UUID, changes: Mapping[str, str], reason: str) -> None:
        """Correct what was read from an invoice; open questions about it are void, and it is checked again."""
        if not changes:
            raise RejectedInputError(
                f"name a field to correct; fields are {', '.join(CORRECTABLE)}", code="unknown_field"
            )
        process = self._process(locked(self.connection, transaction_id))
        correct_fields(self.connection, transaction_id, changes, self._hand(reason), process, void_approvals)

    def release(self, transaction_id: UUID, rules: Sequence[str] | None, reason: str) -> tuple[str, ...]:
        """Let findings pass, all that stop the transaction when none is named; return their rules."""
        process = self._process(locked(self.connection, transaction_id))
        kept = findings_of(self.connection, [transaction_id]).get(transaction_id, [])
        stopping = [each for each in kept if not each.is_released and each.finding.severity is not Severity.NOTE]
        chosen = tuple(dict.fromkeys(rules or [each.finding.rule for each in stopping]))
        if not chosen:
            raise UnknownIdError(f"nothing stops transaction {transaction_id} that could be released")
        blocking = {each.finding.rule for each in stopping if each.finding.severity is Severity.BLOCK}
        if not self.overrules and blocking & set(chosen):
            raise NotAllowedError(
                f"{', '.join(sorted(blocking & set(chosen)))} blocks the invoice; an officer or admin may release that",
                code="no_authority",
            )
        release_findings(self.connection, transaction_id, chosen, self._hand(reason), process)
        if self.user_id is not None:
            void_question_to(self.connection, transaction_id, self.user_id)
        return chosen

    def record_posted(self, transaction_id: UUID, reference: str, reason: str) -> None:
        """Take a bill for posted that is in the accounting system already; it is never sent again."""
        process = self._process(locked(self.connection, transaction_id))
        record_posted(
            self.connection,
            transaction_id,
            reference,
            process,
            actor=self.actor,
            reason=reason,
            audit_key=self.audit_key,
        )

    def reject(self, transaction_id: UUID, reason: str) -> None:
        """Reject a transaction for good: it is never posted."""
        self._put_aside(transaction_id, State.REJECTED, "rejected", reason)

    def cancel(self, transaction_id: UUID, reason: str) -> None:
        """Cancel a transaction that needs nothing more."""
        self._put_aside(transaction_id, State.CANCELLED, "cancelled", reason)

    def _put_aside(self, transaction_id: UUID, state: State, kind: str, reason: str) -> None:
        hand = self._hand(reason)
        transaction = locked(self.connection, transaction_id)
        put_aside(
            self.connection,
            transaction,
            state,
            hand.reason,
            audit_key=self.audit_key,
            actor=self.actor,
            kind=kind,
        )
        void_approvals(self.connection, transaction_id)

    def _hand(self, reason: str) -> Hand:
        return Hand(self.actor, reason, self.audit_key)

    def _process(self, transaction: Transaction) -> Process:
        setup = self.setups.of(transaction.organization_id)
        process = None if setup is None else setup.processes.get(transaction.process)
        if process is None:
            raise ConfigurationError(
                f"process {transaction.process!r} is not configured for this customer; run mailroom check-config",
                code="no_configuration",
            )
        return process


def story_of(connection: Connection, transaction_id: UUID) -> dict[str, Any]:
    """Return everything about one transaction: its row, invoice, documents, findings, steps and events.

    Raises `UnknownIdError` for an id that is not this organization's.
    """
    row = transaction_row(connection, transaction_id)
    if row is None:
        raise UnknownIdError(f"there is no transaction {transaction_id}")
    registered = registered_invoices(connection, [transaction_id], lock=False).get(transaction_id)
    return {
        **row,
        "invoice": registered.invoice if registered else None,
        "documents": documents_of(connection, [transaction_id]).get(transaction_id, []),
        "findings": [_finding(each) for each in findings_of(connection, [transaction_id]).get(transaction_id, [])],
        "steps": step_runs_of(connection, transaction_id),
        "events": events_of_transaction(connection, transaction_id),
    }


def _finding(kept: KeptFinding) -> dict[str, Any]:
    found = kept.finding
    return {
        "rule": found.rule,
        "severity": found.severity.value,
        "message": found.message,
        "expected": found.expected,
        "found": found.found,
        "released": kept.is_released,
    }
