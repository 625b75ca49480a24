"""The mails about an approval, made when they are sent: the token is derived then and kept nowhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from mailroom.approvals.links import approval_link, request_message_id, token_of
from mailroom.approvals.wording import shown
from mailroom.database.approvals import Approval, approvals_of, get_approval, open_questions_to
from mailroom.database.delegations import running_delegations
from mailroom.database.outbox import OutboxItem
from mailroom.database.transactions import database_now
from mailroom.domain.approval_token import subject_tag
from mailroom.engine.rendering import Composer, Letter, Templates
from mailroom.settings.customers import CustomerPolicy

APPROVAL_TEMPLATES = Path(__file__).parent / "templates"
"""To be listed when `Templates` is made."""

MOST_IN_DIGEST = 50
"""Requests listed in one digest, the first to run out first; it tells how many there are in all."""

ProofOf = Callable[[CustomerPolicy], str]
"""The proof setting of the mailbox that answers to a customer's mails come to (`link_only` where none does)."""


@dataclass(frozen=True, slots=True)
class ApprovalLetters:
    """Composes approval mails. `web_url` is where people reach the link page."""

    templates: Templates
    token_key: bytes
    web_url: str
    proof_of: ProofOf

    def composers(self) -> dict[str, Composer]:
        """Return the composer of each template, for delivery."""
        return {
            "approval_request": self.request,
            "approval_reminder": self.reminder,
            "approval_answer": self.answer,
            "approval_question": self.about,
            "approval_expired": self.about,
            "approval_refused": self.about,
        }

    def request(self, connection: Connection, item: OutboxItem, customer: CustomerPolicy) -> Letter | None:
        """Ask, or ask again; nothing when the question has been closed since."""
        approval, context = self._facts(connection, item, customer)
        if approval is None or not approval.is_open(database_now(connection)):
            return None
        token = token_of(approval, self.token_key)
        reminder = int(item.content["context"].get("reminder", 0))
        link = approval_link(self.web_url, token)
        letter = self.templates.render(
            "approval_request",
            {
                **context,
                "link": link,
                "reminder": reminder,
                "by_mail": self.proof_of(customer) != "link_only",
                "stands_in_for": _stands_in_for(connection, approval),
            },
        )
        first = request_message_id(token, customer.sender)
        return replace(
            letter,
            subject=f"{letter.subject} {subject_tag(token)}",
            message_id=request_message_id(token, customer.sender, reminder),
            in_reply_to=first if reminder else None,
            references=(first,) if reminder else (),
            attachments=approval.subject.attachments,
        )

    def reminder(self, connection: Connection, item: OutboxItem, customer: CustomerPolicy) -> Letter | None:
        """Ask again about all that waits for this person now: one request as it was asked, many as a digest."""
        approver = item.content["context"].get("approver")
        if approver is None:
            return self.request(connection, item, customer)
        waiting = open_questions_to(connection, UUID(approver))
        if not waiting:
            return None
        if len(waiting) == 1:
            number = max(waiting[0].reminders, 1)
            words = {"approval": str(waiting[0].id), "reminder": number}
            return self.request(connection, replace(item, content={"context": words}), customer)
        return self._digest(waiting, customer)

    def _digest(self, waiting: Sequence[Approval], customer: CustomerPolicy) -> Letter:
        listed = [
            {
                "it": shown(each, [each], customer.zone),
                "link": approval_link(self.web_url, token_of(each, self.token_key)),
            }
            for each in waiting[:MOST_IN_DIGEST]
        ]
        words = {"organization": customer.name, "owner": customer.owner, "listed": listed, "count": len(waiting)}
        return self.templates.render("approval_digest", {**words, "approver": waiting[0].approver_name})

    def answer(self, connection: Connection, item: OutboxItem, customer: CustomerPolicy) -> Letter | None:
        """Tell an approver why an answer does not count; the link goes to the address on file only."""
        approval, context = self._facts(connection, item, customer)
        if approval is None:
            return None
        token = token_of(approval, self.token_key)
        usable = approval.is_open(database_now(connection))
        link = approval_link(self.web_url, token) if usable else None
        letter = self.templates.render("approval_answer", {**context, "link": link})
        # In the thread of the request, so that a reply to this mail carries the token too.
        return replace(letter, references=(request_message_id(token, customer.sender),))

    def about(self, connection: Connection, item: OutboxItem, customer: CustomerPolicy) -> Letter | None:
        """Tell the customer's owner about an approval: a comment, a decider without authority, time is over."""
        approval, context = self._facts(connection, item, customer)
        return None if approval is None else self.templates.render(item.template, context)

    def _facts(
        self, connection: Connection, item: OutboxItem, customer: CustomerPolicy
    ) -> tuple[Approval | None, dict[str, Any]]:
        own = item.content["context"]
        approval = get_approval(connection, UUID(own["approval"]))
        if approval is None:
            return None, {}
        asked = approvals_of(connection, [approval.transaction_id]).get(approval.transaction_id, [])
        return approval, {
            **own,
            "organization": customer.name,
            "owner": customer.owner,
            "transaction": str(approval.transaction_id),
            "it": shown(approval, asked, customer.zone),
        }


def _stands_in_for(connection: Connection, approval: Approval) -> list[str]:
    """Return the names of those who are away and were asked the same, whom this approver stands in for."""
    asked = {each.approver_id for each in approvals_of(connection, [approval.transaction_id])[approval.transaction_id]}
    return sorted(
        each.user_name
        for each in running_delegations(connection)
        if each.substitute["id"] == approval.approver_id and each.user_id in asked
    )
