"""Writers of the effects that open, void and expire questions."""

from __future__ import annotations

from collections.abc import Sequence

from mailroom.database.approvals import expire_approvals, insert_approvals, void_approvals
from mailroom.domain.approval import ApprovalState, ExpireApprovals, OpenApproval, VoidApprovals
from mailroom.domain.approval_json import subject_as_json
from mailroom.engine.writers import EffectItem, Writer, WriterContext


def approvals_writers() -> dict[type, Writer]:
    """Return the writer of each approval effect, in the order in which they must run."""
    return {VoidApprovals: _void, ExpireApprovals: _expire, OpenApproval: _open}


def _void(context: WriterContext, items: Sequence[EffectItem]) -> None:
    for item in items:
        void_approvals(context.connection, item.transaction.id, item.effect.keep)


def _expire(context: WriterContext, items: Sequence[EffectItem]) -> None:
    expire_approvals(context.connection, [item.transaction.id for item in items])


def _open(context: WriterContext, items: Sequence[EffectItem]) -> None:
    insert_approvals(
        context.connection,
        [
            {
                "id": item.effect.approval_id,
                "organization_id": context.organization_id,
                "transaction_id": item.transaction.id,
                "step": item.effect.step,
                "approver_id": item.effect.approver_id,
                "token_hash": item.effect.token_hash,
                "version_hash": item.effect.subject.version_hash,
                "subject": subject_as_json(item.effect.subject),
                "state": ApprovalState.OPEN.value,
                "asked_at": context.now,
                "expires_at": item.effect.expires_at,
                "reminders": 0,
            }
            for item in items
        ],
    )
