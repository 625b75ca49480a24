"""The page behind an approval link: opening it changes nothing, sending its form decides (reliability T7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import quote
from uuid import UUID

import structlog
from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from mailroom.approvals.decisions import MESSAGES, Answer, DecisionResult, record_decision, storable
from mailroom.approvals.links import is_sealed, sealed_form
from mailroom.approvals.wording import local_time, shown
from mailroom.database.approvals import Approval, approvals_of, get_approval
from mailroom.database.dispatch import organization_of_token
from mailroom.database.transactions import database_now
from mailroom.domain.approval import ApprovalState, Decision
from mailroom.domain.approval_token import token_hash
from mailroom.domain.errors import UnavailableError, UnknownIdError
from mailroom.engine.setup import CustomerSetup
from mailroom.settings.customers import CustomerPolicy
from mailroom.web.attempts import FailedAttempts
from mailroom.web.pages import message, page
from mailroom.web.services import WebServices

log = structlog.get_logger()

_SERVED_TYPES = frozenset({"application/pdf", "image/png", "image/jpeg", "image/tiff", "application/xml", "text/xml"})
_CLOSED = {
    ApprovalState.VOID: Answer.VOID,
    ApprovalState.EXPIRED: Answer.EXPIRED,
    ApprovalState.OPEN: Answer.EXPIRED,
}


@dataclass(frozen=True, slots=True)
class Opened:
    """What a good link leads to."""

    token: str
    organization_id: UUID
    setup: CustomerSetup
    approval: Approval
    asked: tuple[Approval, ...]
    now: datetime

    @property
    def customer(self) -> CustomerPolicy:
        """The customer's policy."""
        return self.setup.customer

    @property
    def is_open(self) -> bool:
        """Tell whether it can be decided."""
        return self.approval.is_open(self.now)


@dataclass(frozen=True, slots=True)
class Given:
    """What was filled in."""

    decision: str = ""
    reason: str = ""
    seal: str = ""


def approval_routes(services: WebServices, attempts: FailedAttempts) -> APIRouter:
    """Return the routes under /a."""
    router = APIRouter()
    guarded = _Guard(services, attempts)

    @router.api_route("/a/{token}", methods=["GET", "HEAD"])
    def show(request: Request, token: str, answer: Annotated[str, Query(max_length=20)] = "") -> Response:
        return guarded.open(request, token, lambda opened: _shown(services, opened, leaning=answer))

    @router.post("/a/{token}")
    def decide(
        request: Request,
        token: str,
        decision: Annotated[str, Form()] = "",
        reason: Annotated[str, Form()] = "",
        seal: Annotated[str, Form()] = "",
    ) -> Response:
        given = Given(decision, storable(reason), seal)
        return guarded.open(request, token, lambda opened: _decided(services, request, opened, given))

    @router.api_route("/a/{token}/document", methods=["GET", "HEAD"])
    def document(request: Request, token: str, file: Annotated[int, Query(ge=1, le=100)] = 1) -> Response:
        return guarded.open(request, token, lambda opened: _document(services, opened, file))

    return router


@dataclass(frozen=True, slots=True)
class _Guard:
    """Finds what a link leads to; every bad link gets one and the same answer."""

    services: WebServices
    attempts: FailedAttempts

    def open(self, request: Request, token: str, answer: Callable[[Opened], Response]) -> Response:
        address = request.client.host if request.client else ""
        wait = self.attempts.locked_for(address)
        if wait > 0:
            words = "Too many links that do not exist were opened from here. Please try again later."
            return message("Please wait", words, 429, Retry_After=str(int(wait) + 1))
        opened = _opened(self.services, token)
        if opened is None:
            if self.attempts.note(address):
                log.warning("too many unknown approval links", address=address)
            words = "This link does not exist or is no longer valid. Please use the one in your latest mail."
            return message("Link not found", words, 404)
        return answer(opened)


def _opened(services: WebServices, token: str) -> Opened | None:
    """Return what a token leads to, or None."""
    with services.database.dispatch() as connection:
        known = organization_of_token(connection, token_hash(token))
    if known is None:
        return None
    organization_id, approval_id = known
    setup = services.setups.of(organization_id)
    if setup is None:
        raise UnavailableError("the customer has no usable configuration", code="no_configuration")
    with services.database.organization(organization_id) as connection:
        approval = get_approval(connection, approval_id)
        if approval is None:
            return None
        asked = approvals_of(connection, [approval.transaction_id])[approval.transaction_id]
        now = database_now(connection)
    return Opened(token, organization_id, setup, approval, tuple(asked), now)


def _shown(
    services: WebServices, opened: Opened, *, leaning: str = "", given: Given | None = None, fault: str = ""
) -> Response:
    if not opened.is_open:
        return _closed(opened)
    context = {
        "organization": opened.customer.name,
        "owner": opened.customer.owner,
        "it": shown(opened.approval, opened.asked, opened.customer.zone),
        "action": f"/a/{opened.token}",
        "seal": sealed_form(services.token_key, opened.token),
        "rejecting": leaning == Decision.REJECT.value,
        "reason": given.reason if given else "",
        "fault": fault,
    }
    return page("approval", context, 422 if fault else 200)


def _decided(services: WebServices, request: Request, opened: Opened, given: Given) -> Response:
    if not is_sealed(services.token_key, opened.token, given.seal):
        fault = "This page was open for too long. Nothing was decided; please choose again."
        return _shown(services, opened, leaning=given.decision, given=given, fault=fault)
    if given.decision not in {"approve", "reject"}:
        return _shown(services, opened, given=given, fault="Please choose Approve or Reject.")
    decision = Decision(given.decision)
    if decision is Decision.REJECT and not given.reason:
        fault = "Please say why you reject it; the reason helps whoever deals with it next."
        return _shown(services, opened, leaning="reject", given=given, fault=fault)
    result = record_decision(
        services.database,
        opened.organization_id,
        opened.approval.id,
        decision,
        setup=opened.setup,
        channel="link",
        actor=opened.approval.approver_email,
        reason=given.reason,
        evidence={
            "address": request.client.host if request.client else None,
            "agent": request.headers.get("user-agent", "")[:200],
        },
        audit_key=services.audit_key,
    )
    if result.recorded or _is_same(result, decision):
        # See other: going back or reloading sends nothing twice.
        return RedirectResponse(f"/a/{opened.token}", 303, headers={"Cache-Control": "no-store"})
    return _refused(services, opened, result)


def _refused(services: WebServices, opened: Opened, result: DecisionResult) -> Response:
    """Say why this decision does not count, and who was first."""
    words = result.message
    now = _opened(services, opened.token)
    decider = _decider(now) if now else None
    if now is not None and decider is not None:
        who, verb, when = _how_it_ended(now, decider)
        words = f"{words} {who} {verb} it on {when}."
    return message("Nothing was changed", words, 409, organization=opened.customer.name)


def _is_same(result: DecisionResult, decision: Decision) -> bool:
    """Tell whether a second click only says what the first one said."""
    said = ApprovalState.APPROVED if decision is Decision.APPROVE else ApprovalState.REJECTED
    return result.answer is Answer.REPEATED and result.approval.state is said


def _closed(opened: Opened) -> Response:
    """Show how it ended. What is void or expired shows nothing of the document any more."""
    decider = _decider(opened)
    if decider is None:
        answer = _CLOSED.get(opened.approval.state, Answer.MOVED_ON)
        return message("This request is closed", MESSAGES[answer], 410, organization=opened.customer.name)
    approved = decider.state is ApprovalState.APPROVED
    who, verb, when = _how_it_ended(opened, decider)
    what = shown(opened.approval, opened.asked, opened.customer.zone).title
    context = {
        "organization": opened.customer.name,
        "title": f"{who} {verb} this",
        "words": f"{what}, on {when}.",
        "tone": verb,
        "after": "It goes on by itself; there is nothing more to do."
        if approved
        else "It goes no further. Whoever deals with it sees the reason.",
    }
    return page("message", context)


def _decider(opened: Opened) -> Approval | None:
    """Return the approval that decided this question, one's own or that of another who was asked."""
    own = opened.approval
    if own.decided_at is not None or own.state is not ApprovalState.SUPERSEDED:
        return own if own.decided_at is not None else None
    same = [each for each in opened.asked if (each.step, each.version_hash) == (own.step, own.version_hash)]
    return next((each for each in same if each.decided_at is not None), None)


def _how_it_ended(opened: Opened, decider: Approval) -> tuple[str, str, str]:
    """Return who, what they did and when, in words."""
    who = "You" if decider.id == opened.approval.id else decider.approver_name
    verb = "approved" if decider.state is ApprovalState.APPROVED else "rejected"
    return who, verb, local_time(decider.decided_at or opened.now, opened.customer.zone)


def _document(services: WebServices, opened: Opened, number: int) -> Response:
    """Return the document as a download, while it is to be decided."""
    files = opened.approval.subject.attachments
    if not opened.is_open or number > len(files):
        return message("Not available", "This document is not available here any more.", 410)
    file = files[number - 1]
    try:
        body = services.store.get(file.key)
    except UnknownIdError:
        log.error("document missing", approval=str(opened.approval.id))
        return message("Not available", "This document cannot be found. Please tell whoever sent you here.", 404)
    kind = file.content_type.partition(";")[0].strip().lower()
    headers = {
        "Content-Disposition": f"attachment; filename=\"document\"; filename*=UTF-8''{quote(file.filename, safe='')}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "no-store",
    }
    return Response(body, media_type=kind if kind in _SERVED_TYPES else "application/octet-stream", headers=headers)
