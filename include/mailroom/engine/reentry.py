"""A person's hand on a transaction: continue at a step, release, reject, cancel, hold."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Connection

from mailroom.database.clocks import stop_clocks
from mailroom.database.events import append_events
from mailroom.database.transactions import database_now, get_transaction, reenter, settle
from mailroom.domain.clock import REST_CLOCKS
from mailroom.domain.errors import NotAllowedError, UnknownIdError
from mailroom.domain.event import Event
from mailroom.domain.transaction import FINAL, RESTING, State, Transaction, is_legal
from mailroom.engine.process import Process


def locked(connection: Connection, transaction_id: UUID) -> Transaction:
    """Return a transaction of this organization with its row locked.

    Raises `UnknownIdError` for any other id, another organization's included.
    """
    transaction = get_transaction(connection, transaction_id, lock=True)
    if transaction is None:
        raise UnknownIdError(f"there is no transaction {transaction_id}")
    return transaction


def continue_at(
    connection: Connection,
    transaction: Transaction,
    process: Process,
    step: str,
    *,
    audit_key: bytes,
    actor: str,
    kind: str = "continued",
    reason: str | None = None,
) -> None:
    """Put a locked transaction back before `step` and make it due: the one re-entry after a person's fix.

    Raises `NotAllowedError` when its state cannot be left that way, or when a step would be left out.
    """
    target = process.step(step).starts_from
    order = [each.name for each in process.steps]
    if transaction.step in order and order.index(step) > order.index(transaction.step):
        raise NotAllowedError(
            f"transaction {transaction.id} stands at {transaction.step!r}; continuing at {step!r} would leave that out",
            code="skips_step",
        )
    if not is_legal(transaction.state, target) or _is_over(transaction.state):
        raise NotAllowedError(
            f"transaction {transaction.id} is {transaction.state}; it cannot continue at {step!r}",
            code="wrong_state",
        )
    now = database_now(connection)
    facts = {"from": transaction.state.value, "to": target.value, "step": step}
    if reason:
        facts["why"] = "given"
    (seq,) = append_events(
        connection,
        transaction.organization_id,
        audit_key,
        [Event(kind, now, actor, transaction.id, facts=facts)],
    )
    reenter(connection, transaction.id, state=target, step=step, event_seq=seq, due_at=now)
    stop_clocks(connection, [transaction.id], REST_CLOCKS)


def put_aside(
    connection: Connection,
    transaction: Transaction,
    state: State,
    reason: str | None,
    *,
    audit_key: bytes,
    actor: str,
    kind: str,
) -> None:
    """Reject, cancel or hold a locked transaction; nothing is due for it any more.

    Raises `NotAllowedError` when the state machine has no such move.
    """
    if not is_legal(transaction.state, state) or transaction.state == state:
        raise NotAllowedError(
            f"transaction {transaction.id} is {transaction.state}; it cannot become {state}",
            code="wrong_state",
        )
    now = database_now(connection)
    facts = {"from": transaction.state.value, "to": state.value, "step": transaction.step, "reason": reason}
    (seq,) = append_events(
        connection,
        transaction.organization_id,
        audit_key,
        [Event(kind, now, actor, transaction.id, facts=facts)],
    )
    settle(connection, transaction.id, state=state, reason=reason, event_seq=seq)
    if state in FINAL:
        stop_clocks(connection, [transaction.id])


def _is_over(state: State) -> bool:
    return state not in RESTING and state is not State.AWAITING_APPROVAL
