"""The outbox: what is to be sent, recorded in the commit that caused it, sent at least once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from mailroom.database.bulk import insert_rows
from mailroom.domain.slices import Claim

_DUE = "due_at <= now() AND (leased_until IS NULL OR leased_until < now())"

# One organization with many mails must not keep the others waiting: each gives its share first. In no fixed
# order, or the last ones would never have a turn when there are more of them than mails are claimed.
_ORGANIZATIONS_DUE = text(
    f"""SELECT o.id FROM organizations o WHERE EXISTS (SELECT 1 FROM outbox WHERE organization_id = o.id AND {_DUE})
    ORDER BY random()"""
)
_CLAIM = text(
    f"""WITH due AS (
        SELECT m.id FROM unnest(CAST(:organizations AS uuid[])) AS o (id)
        CROSS JOIN LATERAL (SELECT id FROM outbox WHERE organization_id = o.id AND {_DUE}
            ORDER BY due_at LIMIT :each FOR UPDATE SKIP LOCKED) AS m LIMIT :most)
    UPDATE outbox o SET leased_until = now() + make_interval(secs => :lease), lease_owner = :owner,
        fence = o.fence + 1 FROM due WHERE o.id = due.id
    RETURNING o.organization_id, o.id, o.channel AS step, o.fence"""
)


WEBHOOK = "webhook"
"""The channel of calls to other systems; every other row is a mail."""


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One claimed mail: everything needed to render and send it."""

    id: UUID
    organization_id: UUID
    transaction_id: UUID | None
    template: str
    recipient: str
    internet_message_id: str
    content: dict[str, Any]
    attempts: int
    created_at: datetime
    channel: str = "mail"


def insert_outbox(connection: Connection, rows: Sequence[dict[str, Any]]) -> int:
    """Record mails; one whose dedupe key is known already is left as it is (one per event and recipient, I13)."""
    return insert_rows(connection, "outbox", rows, on_conflict="ON CONFLICT (organization_id, dedupe_key) DO NOTHING")


def claim_outbox(connection: Connection, most: int, *, owner: str, lease_seconds: float) -> list[Claim]:
    """Lease at most `most` due mails, each organization its share, oldest first. Run as `mailroom_dispatch`."""
    organizations = list(connection.execute(_ORGANIZATIONS_DUE).scalars())
    claims: list[Claim] = []
    while organizations and len(claims) < most:
        rows = connection.execute(
            _CLAIM,
            {
                "organizations": organizations,
                "each": -(-most // len(organizations)),
                "most": most - len(claims),
                "owner": owner,
                "lease": lease_seconds,
            },
        ).all()
        if not rows:
            break
        claims += [Claim(row.organization_id, row.id, row.step, row.fence) for row in rows]
    return claims


def load_outbox(connection: Connection, claims: Sequence[Claim]) -> dict[UUID, OutboxItem]:
    """Return claimed mails by id; those whose fence has moved on are absent."""
    rows = connection.execute(
        text(
            """SELECT id, organization_id, transaction_id, template, recipient, internet_message_id, content,
                attempts, created_at, channel FROM outbox
            JOIN unnest(CAST(:ids AS uuid[]), CAST(:fences AS bigint[])) AS c (id, fence) USING (id, fence)
            WHERE state = 'waiting' ORDER BY created_at"""
        ),
        {"ids": [claim.id for claim in claims], "fences": [claim.fence for claim in claims]},
    )
    return {row.id: OutboxItem(**row._mapping) for row in rows}


def outbox_sent(connection: Connection, claim: Claim) -> bool:
    """Mark one mail sent; False when somebody else has claimed it since."""
    return _finish(connection, claim, "sent", None, None, None)


def outbox_failed(connection: Connection, claim: Claim, code: str, message: str) -> bool:
    """Give one mail up for good."""
    return _finish(connection, claim, "failed", code, message, None)


def outbox_retry(connection: Connection, claim: Claim, code: str, message: str, seconds: float) -> bool:
    """Try one mail again after some seconds."""
    return _finish(connection, claim, "waiting", code, message, seconds)


def next_mail_in(connection: Connection) -> float | None:
    """Return seconds until a mail falls due (0 when one is due), or None. Run as `mailroom_dispatch`."""
    seconds = connection.execute(
        text(
            """SELECT extract(epoch FROM min(greatest(due_at, coalesce(leased_until, due_at))) - now())
            FROM outbox WHERE due_at IS NOT NULL"""
        )
    ).scalar()
    return None if seconds is None else max(0.0, float(seconds))


def unsent_since(connection: Connection) -> datetime | None:
    """Return when the oldest unsent mail was due. Run as `mailroom_dispatch`."""
    oldest: datetime | None = connection.execute(text("SELECT min(due_at) FROM outbox WHERE due_at <= now()")).scalar()
    return oldest


def _finish(
    connection: Connection, claim: Claim, state: str, code: str | None, message: str | None, seconds: float | None
) -> bool:
    done = connection.execute(
        text(
            """UPDATE outbox SET state = :state, attempts = attempts + 1, last_error_code = :code,
                last_error_message = :message, leased_until = NULL, lease_owner = NULL,
                sent_at = CASE WHEN :state = 'sent' THEN now() END,
                due_at = now() + make_interval(secs => CAST(:seconds AS double precision))
            WHERE id = :id AND fence = :fence AND state = 'waiting'"""
        ),
        {"state": state, "code": code, "message": message, "seconds": seconds, "id": claim.id, "fence": claim.fence},
    )
    return done.rowcount == 1
