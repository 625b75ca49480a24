"""Approvals: one row per question to one approver about one version. Run as `mailroom_app`.

Every write happens under the transaction's row lock, so two of them never meet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from mailroom.database.bulk import insert_rows, to_json
from mailroom.database.pages import Mark, contains, page
from mailroom.domain.approval import ApprovalState, ApprovalSubject
from mailroom.domain.approval_json import subject_from_json
from mailroom.domain.transaction import FINAL, RESTING

_SELECT = """SELECT a.id, a.organization_id, a.transaction_id, a.step, a.approver_id, a.token_hash, a.version_hash,
        a.subject, a.state, a.asked_at, a.expires_at, a.reminders, a.decided_at, a.decided_by, a.channel, a.reason,
        a.message_id, u.email AS approver_email, u.name AS approver_name, u.role AS approver_role,
        u.status AS approver_status, u.approval_limit AS approver_limit
    FROM approvals a JOIN users u ON u.id = a.approver_id"""


@dataclass(frozen=True, slots=True)
class Approval:
    """One question, as it was asked; `subject` is what the approver was shown.

    What starts with `approver_` is how that person is on file now; a limit of None means any amount.
    """

    id: UUID
    organization_id: UUID
    transaction_id: UUID
    step: str
    approver_id: UUID
    token_hash: str
    version_hash: str
    subject: ApprovalSubject
    state: ApprovalState
    asked_at: datetime
    expires_at: datetime
    reminders: int
    decided_at: datetime | None
    decided_by: UUID | None
    channel: str | None
    reason: str | None
    message_id: UUID | None
    approver_email: str
    approver_name: str
    approver_role: str
    approver_status: str
    approver_limit: Decimal | None

    def is_open(self, now: datetime) -> bool:
        """Tell whether it can still be decided at `now`."""
        return self.state is ApprovalState.OPEN and now < self.expires_at


def insert_approvals(connection: Connection, rows: Sequence[dict[str, Any]]) -> int:
    """Open questions: id, organization_id, transaction_id, step, approver_id, token_hash, version_hash, subject,
    state, asked_at, expires_at, reminders. One that is open already stays as it is.
    """
    return insert_rows(connection, "approvals", rows, on_conflict="ON CONFLICT DO NOTHING")


def get_approval(connection: Connection, approval_id: UUID) -> Approval | None:
    """Return one approval, or None when this organization has no such."""
    row = connection.execute(text(f"{_SELECT} WHERE a.id = :id"), {"id": approval_id}).one_or_none()
    return None if row is None else _approval(row)


def approvals_of(connection: Connection, transaction_ids: Sequence[UUID]) -> dict[UUID, list[Approval]]:
    """Return every approval of these transactions, oldest first."""
    rows = connection.execute(
        text(f"{_SELECT} WHERE a.transaction_id = ANY(:ids) ORDER BY a.asked_at, u.email, a.id"),
        {"ids": list(transaction_ids)},
    )
    found: dict[UUID, list[Approval]] = defaultdict(list)
    for row in rows:
        found[row.transaction_id].append(_approval(row))
    return dict(found)


def open_questions_to(connection: Connection, approver_id: UUID) -> list[Approval]:
    """Return what waits for one approver's decision now, the first to run out first."""
    rows = connection.execute(
        text(
            f"""{_SELECT} JOIN transactions t ON t.id = a.transaction_id AND t.step = a.step
            WHERE a.approver_id = :approver AND a.state = 'open' AND a.expires_at > now()
                AND t.state <> ALL(:resting) AND t.deleted_at IS NULL
            ORDER BY a.expires_at, a.asked_at, a.id"""
        ),
        {"approver": approver_id, "resting": [state.value for state in FINAL | RESTING]},
    )
    return [_approval(row) for row in rows]


def write_decision(
    connection: Connection,
    approval: Approval,
    state: ApprovalState,
    *,
    channel: str,
    reason: str | None,
    evidence: dict[str, Any],
    message_id: UUID | None,
) -> None:
    """Decide an open approval and close the same question to the others."""
    connection.execute(
        text(
            """UPDATE approvals SET state = :state, decided_at = now(), decided_by = approver_id, channel = :channel,
                reason = :reason, evidence = CAST(:evidence AS jsonb), message_id = :message
            WHERE id = :id AND state = 'open'"""
        ),
        {
            "state": state.value,
            "channel": channel,
            "reason": reason,
            "evidence": to_json(evidence),
            "message": message_id,
            "id": approval.id,
        },
    )
    connection.execute(
        text(
            """UPDATE approvals SET state = 'superseded' WHERE transaction_id = :transaction AND step = :step
            AND version_hash = :version AND state = 'open'"""
        ),
        {"transaction": approval.transaction_id, "step": approval.step, "version": approval.version_hash},
    )


def void_approvals(connection: Connection, transaction_id: UUID, keep: str | None = None) -> int:
    """Void open questions about any version but `keep`; return how many. Call it in the commit of an edit."""
    return connection.execute(
        text(
            """UPDATE approvals SET state = 'void' WHERE transaction_id = :id AND state = 'open'
            AND version_hash IS DISTINCT FROM CAST(:keep AS text)"""
        ),
        {"id": transaction_id, "keep": keep},
    ).rowcount


def void_question_to(connection: Connection, transaction_id: UUID, approver_id: UUID) -> int:
    """Void what one person is asked about a transaction: they have had a hand in it (T12). Return how many."""
    return connection.execute(
        text(
            """UPDATE approvals SET state = 'void' WHERE transaction_id = :id AND state = 'open'
            AND approver_id = :approver"""
        ),
        {"id": transaction_id, "approver": approver_id},
    ).rowcount


def expire_approvals(connection: Connection, transaction_ids: Sequence[UUID]) -> None:
    """Close open questions whose time is over."""
    connection.execute(
        text(
            """UPDATE approvals SET state = 'expired' WHERE transaction_id = ANY(:ids) AND state = 'open'
            AND expires_at <= now()"""
        ),
        {"ids": list(transaction_ids)},
    )


def count_reminder(connection: Connection, approval_ids: Sequence[UUID]) -> None:
    """Count one more reminder for these approvals."""
    connection.execute(
        text("UPDATE approvals SET reminders = reminders + 1 WHERE id = ANY(:ids)"), {"ids": list(approval_ids)}
    )


def recent_bad_tokens(connection: Connection, organization_id: UUID, source: str) -> int:
    """Return how many unknown tokens came from `source` (a hash) within the last hour."""
    count: int = connection.execute(
        text(
            """SELECT count(*) FROM events WHERE organization_id = :organization AND kind = 'bad_token'
            AND at > now() - interval '1 hour' AND body::jsonb -> 'facts' ->> 'source' = :source"""
        ),
        {"organization": organization_id, "source": source},
    ).scalar_one()
    return count


def search_approvals(
    connection: Connection,
    *,
    state: str | None = None,
    search: str | None = None,
    transaction_id: UUID | None = None,
    approver_id: UUID | None = None,
    after: Mark | None = None,
    limit: int = 100,
) -> list[dict[str, Any]]:
    """Return approvals for people, newest first; `search` looks at ids, reference and approver.

    `after` is a page's last (asked_at, id).
    """
    return page(
        connection,
        """SELECT a.id, a.transaction_id, t.reference, a.step, a.state, u.email AS approver, a.asked_at,
            a.expires_at, a.reminders, a.decided_at, a.channel, a.reason
        FROM approvals a JOIN users u ON u.id = a.approver_id JOIN transactions t ON t.id = a.transaction_id""",
        {
            "state": "a.state = :state",
            "search": """(a.id::text LIKE :search OR t.id::text LIKE :search OR t.reference ILIKE :search
                OR u.email ILIKE :search)""",
            "transaction": "a.transaction_id = :transaction",
            "approver": "a.approver_id = :approver",
        },
        {"state": state, "search": contains(search), "transaction": transaction_id, "approver": approver_id},
        order={"a.asked_at": "timestamptz", "a.id": "uuid"},
        after=after,
        limit=limit,
    )


def _approval(row: Any) -> Approval:
    columns = dict(row._mapping)
    return Approval(
        **{**columns, "subject": subject_from_json(columns["subject"]), "state": ApprovalState(columns["state"])}
    )
