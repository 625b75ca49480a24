"""Transactions: find them, see their story, clear what stops them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from sqlalchemy import Connection

from mailroom.bootstrap.by_hand import ByHand, story_of
from mailroom.database.pages import Mark
from mailroom.database.transactions import get_transaction, search_transactions
from mailroom.domain.roles import Right
from mailroom.domain.transaction import State
from mailroom.web.api.asked import (
    Asked,
    Code,
    ContinueAsked,
    CorrectAsked,
    PostedAsked,
    ReleaseAsked,
    TransactionSearch,
    WithReason,
)
from mailroom.web.api.once import Once, OnlyOnce, Told
from mailroom.web.api.paging import MOMENT_AND_ID, Cursor, Limit, listed
from mailroom.web.api.principal import Clearer, Overruler, Parts, Principal, Reader
from mailroom.web.api.told import MovedTold, TransactionPage, TransactionStory
from mailroom.web.services import ApiServices

router = APIRouter(prefix="/transactions", tags=["transactions"])

_ORDER = ("created_at", "id")


@router.get("", response_model=TransactionPage, summary="List transactions")
def list_transactions(
    who: Reader,
    services: Parts,
    state: Annotated[State | None, Query(description="Only these.")] = None,
    reason: Annotated[Code | None, Query(description="Only these: duplicate, missing_fields, ...")] = None,
    process: Annotated[Code | None, Query(description="Only these: accounts_payable, ...")] = None,
    since: Annotated[datetime | None, Query(description="Came in at or after.")] = None,
    until: Annotated[datetime | None, Query(description="Came in before.")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Return transactions, newest first, a page at a time. Words are looked for by POST /transactions/search."""
    filters = {"state": state and state.value, "reason": reason, "process": process, "since": since, "until": until}
    return _listed(services, who, filters, cursor, limit)


@router.post("/search", response_model=TransactionPage, summary="Look for transactions")
def search(who: Reader, services: Parts, asked: TransactionSearch) -> dict[str, Any]:
    """Return transactions whose invoice number or id holds these words."""
    filters = {"search": asked.search, "state": asked.state and asked.state.value, "reason": asked.reason}
    return _listed(services, who, filters, asked.cursor, asked.limit)


@router.get("/{transaction_id}", response_model=TransactionStory, summary="One transaction with its story")
def show(who: Reader, services: Parts, transaction_id: UUID) -> dict[str, Any]:
    """Return where it stands, what was read and found, every step and event."""
    with services.database.organization(who.organization_id) as connection:
        return story_of(connection, transaction_id)


@router.post("/{transaction_id}/continue", response_model=MovedTold, summary="Continue at a step")
def continue_at(who: Clearer, services: Parts, once: OnlyOnce, transaction_id: UUID, asked: ContinueAsked) -> Response:
    """Take a held, failed or escalated transaction on at a step, once its cause is put right."""
    return _by_hand(
        services, who, once, asked, transaction_id, lambda hand, key: hand.continue_at(key, asked.step, asked.reason)
    )


@router.post("/{transaction_id}/correct", response_model=MovedTold, summary="Correct fields")
def correct(who: Clearer, services: Parts, once: OnlyOnce, transaction_id: UUID, asked: CorrectAsked) -> Response:
    """Correct what was read; open approval requests are void, and it is checked again."""
    return _by_hand(
        services, who, once, asked, transaction_id, lambda hand, key: hand.correct(key, asked.fields, asked.reason)
    )


@router.post("/{transaction_id}/release", response_model=MovedTold, summary="Release findings")
def release(who: Clearer, services: Parts, once: OnlyOnce, transaction_id: UUID, asked: ReleaseAsked) -> Response:
    """Let findings pass with a reason. What blocks is released by an officer or admin."""
    return _by_hand(
        services, who, once, asked, transaction_id, lambda hand, key: hand.release(key, asked.findings, asked.reason)
    )


@router.post("/{transaction_id}/reject", response_model=MovedTold, summary="Reject for good")
def reject(who: Clearer, services: Parts, once: OnlyOnce, transaction_id: UUID, asked: WithReason) -> Response:
    """Reject a transaction: it is never posted."""
    return _by_hand(services, who, once, asked, transaction_id, lambda hand, key: hand.reject(key, asked.reason))


@router.post("/{transaction_id}/cancel", response_model=MovedTold, summary="Cancel")
def cancel(who: Clearer, services: Parts, once: OnlyOnce, transaction_id: UUID, asked: WithReason) -> Response:
    """Cancel a transaction that needs nothing more."""
    return _by_hand(services, who, once, asked, transaction_id, lambda hand, key: hand.cancel(key, asked.reason))


@router.post("/{transaction_id}/posted", response_model=MovedTold, summary="It is in the accounting system")
def posted(who: Overruler, services: Parts, once: OnlyOnce, transaction_id: UUID, asked: PostedAsked) -> Response:
    """Take a bill for posted that is in the accounting system already; it is never sent again."""
    return _by_hand(
        services,
        who,
        once,
        asked,
        transaction_id,
        lambda hand, key: hand.record_posted(key, asked.reference, asked.reason),
    )


def _listed(
    services: ApiServices, who: Principal, filters: dict[str, Any], cursor: str | None, limit: int
) -> dict[str, Any]:
    def rows(after: Mark | None, most: int) -> list[dict[str, Any]]:
        with services.database.organization(who.organization_id) as connection:
            return search_transactions(connection, after=after, limit=most, **filters)

    return listed(rows, _ORDER, MOMENT_AND_ID, cursor, limit)


def _by_hand(
    services: ApiServices,
    who: Principal,
    once: Once,
    asked: Asked,
    transaction_id: UUID,
    act: Callable[[ByHand, UUID], object],
) -> Response:
    """Carry out an action once, and tell where the transaction stands after it."""

    def acted(connection: Connection) -> Told:
        overrules = Right.OVERRULE in who.rights
        hand = ByHand(connection, services.setups, services.audit_key, who.actor, overrules, who.user_id)
        act(hand, transaction_id)
        now = get_transaction(connection, transaction_id)
        assert now is not None
        return Told({"id": str(now.id), "state": now.state.value, "step": now.step, "reason": now.reason})

    return once.run(services, who, asked.model_dump(mode="json"), acted)
