"""Approvals: what was asked, whom, and what they answered; one's own can be decided here."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection

from mailroom.approvals.decisions import Answer, decide_locked
from mailroom.database.approvals import get_approval, search_approvals
from mailroom.database.pages import Mark
from mailroom.domain.approval import ApprovalState, Decision
from mailroom.domain.approval_json import subject_as_json
from mailroom.domain.errors import RejectedInputError, UnavailableError, UnknownIdError
from mailroom.web.api.asked import DecideAsked
from mailroom.web.api.errors import correlation_id, error_body
from mailroom.web.api.once import OnlyOnce, Told
from mailroom.web.api.paging import MOMENT_AND_ID, Cursor, Limit, listed
from mailroom.web.api.principal import Decider, Parts, Reader
from mailroom.web.api.told import ApprovalPage, ApprovalStory, DecisionTold

router = APIRouter(prefix="/approvals", tags=["approvals"])

_ORDER = ("asked_at", "id")
_NOT_THEIRS = frozenset({Answer.WRONG_PERSON, Answer.NO_AUTHORITY})


@router.get("", response_model=ApprovalPage, summary="List approvals")
def list_approvals(
    who: Reader,
    services: Parts,
    state: Annotated[ApprovalState | None, Query(description="Only these.")] = None,
    transaction_id: Annotated[UUID | None, Query(description="Only this transaction's.")] = None,
    mine: Annotated[bool, Query(description="Only those put to the person of this key.")] = False,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> dict[str, Any]:
    """Return approvals, newest first, a page at a time."""
    if mine and who.user_id is None:
        raise RejectedInputError("this key is nobody's own; leave `mine` out", code="no_person")

    def rows(after: Mark | None, most: int) -> list[dict[str, Any]]:
        with services.database.organization(who.organization_id) as connection:
            return search_approvals(
                connection,
                state=state and state.value,
                transaction_id=transaction_id,
                approver_id=who.user_id if mine else None,
                after=after,
                limit=most,
            )

    return listed(rows, _ORDER, MOMENT_AND_ID, cursor, limit)


@router.get("/{approval_id}", response_model=ApprovalStory, summary="One approval with what is to be decided")
def show(who: Reader, services: Parts, approval_id: UUID) -> dict[str, Any]:
    """Return one approval with what the approver is shown."""
    with services.database.organization(who.organization_id) as connection:
        found = get_approval(connection, approval_id)
    if found is None:
        raise UnknownIdError(f"there is no approval {approval_id}")
    return {
        "id": found.id,
        "transaction_id": found.transaction_id,
        "reference": found.subject.reference,
        "step": found.step,
        "state": found.state.value,
        "approver": found.approver_email,
        "asked_at": found.asked_at,
        "expires_at": found.expires_at,
        "reminders": found.reminders,
        "decided_at": found.decided_at,
        "channel": found.channel,
        "reason": found.reason,
        "subject": subject_as_json(found.subject),
    }


@router.post("/{approval_id}/decision", response_model=DecisionTold, summary="Decide")
def decide(
    request: Request, who: Decider, services: Parts, once: OnlyOnce, approval_id: UUID, asked: DecideAsked
) -> Response:
    """Approve or reject what was put to the person of this key; the first valid decision stands.

    The person shows who they are by their key; its id is kept as evidence.
    """
    if asked.decision == Decision.REJECT.value and asked.reason is None:
        raise RejectedInputError("say why you reject it", code="no_reason")

    def acted(connection: Connection) -> Told:
        setup = services.setups.of(who.organization_id)
        if setup is None:
            raise UnavailableError("the customer has no usable configuration", code="no_configuration")
        result = decide_locked(
            connection,
            approval_id,
            Decision(asked.decision),
            setup=setup,
            channel="api",
            actor=who.user_email or "",
            reason=asked.reason,
            evidence={"key": str(who.key_id), "address": request.client.host if request.client else None},
            audit_key=services.audit_key,
        )
        if result.recorded:
            return Told({"approval_id": str(approval_id), "answer": result.answer.value, "message": result.message})
        # What came too late is on record too, so this is an answer and no exception.
        status = 403 if result.answer in _NOT_THEIRS else 409
        return Told(error_body(result.answer.value, result.message, correlation_id(request)), status)

    return once.run(services, who, asked.model_dump(mode="json"), acted)
