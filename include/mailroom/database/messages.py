"""The message ledger: one row for every message ever seen, each with one terminal disposition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, TextClause, text

from mailroom.database.bulk import insert_rows, to_json
from mailroom.database.pages import Mark, contains, page
from mailroom.database.transactions import database_now

HANDED_IN = "rest:api"
"""The ledger's mailbox of documents that programs hand in; no configured one can be named so."""


@dataclass(frozen=True, slots=True)
class MailboxRow:
    """A mailbox folder's cursor and health. `last_uid` is the low-water mark of what the ledger holds.

    UIDs below `reread_below` were there when the folder was renumbered, so some may be older than our reading.
    """

    id: UUID
    name: str
    folder: str
    uidvalidity: int | None
    last_uid: int | None
    reread_below: int
    created_at: datetime
    failures: int
    may_log_in: bool


@dataclass(frozen=True, slots=True)
class PendingMessage:
    """A message whose disposition is still to be found; `attempts` counts the claims so far."""

    id: UUID
    uid: int
    uidvalidity: int
    attempts: int


def mailbox_row(connection: Connection, organization_id: UUID, name: str, folder: str) -> MailboxRow:
    """Return the row of a mailbox folder, making it when this is the first time."""
    connection.execute(
        text(
            """INSERT INTO mailboxes (organization_id, name, folder) VALUES (:o, :name, :folder)
            ON CONFLICT (organization_id, name, folder) DO NOTHING"""
        ),
        {"o": organization_id, "name": name, "folder": folder},
    )
    row = connection.execute(
        text(
            """SELECT id, name, folder, uidvalidity, last_uid, reread_below, created_at, failures,
                (next_login_at IS NULL OR next_login_at <= now()) AS may_log_in
            FROM mailboxes WHERE name = :name AND folder = :folder"""
        ),
        {"name": name, "folder": folder},
    ).one()
    return MailboxRow(**row._mapping)


def set_epoch(connection: Connection, mailbox_id: UUID, uidvalidity: int, uidnext: int) -> None:
    """Start an epoch of UIDs unless it has been started: a new mailbox at now, a renumbered one from the beginning."""
    connection.execute(
        text(
            """UPDATE mailboxes SET uidvalidity = :v,
                last_uid = CASE WHEN uidvalidity IS NULL THEN greatest(:next - 1, 0) ELSE 0 END,
                reread_below = CASE WHEN uidvalidity IS NULL THEN 0 ELSE :next END
            WHERE id = :id AND uidvalidity IS DISTINCT FROM :v"""
        ),
        {"v": uidvalidity, "next": uidnext, "id": mailbox_id},
    )


def stale_pending(connection: Connection, mailbox_id: UUID, uidvalidity: int) -> list[UUID]:
    """Return undecided messages of other epochs that nobody works on: they can't be fetched any more."""
    return list(
        connection.execute(
            text(
                """SELECT id FROM messages WHERE mailbox_id = :m AND uidvalidity <> :v AND disposition IS NULL
                AND (leased_until IS NULL OR leased_until < now()) ORDER BY uid FOR UPDATE SKIP LOCKED"""
            ),
            {"m": mailbox_id, "v": uidvalidity},
        ).scalars()
    )


def add_seen(
    connection: Connection, organization_id: UUID, mailbox_id: UUID, uidvalidity: int, uids: Sequence[int]
) -> None:
    """Put UIDs into the ledger and move the cursor past them, in one commit: none is ever skipped (C20)."""
    rows = [
        {
            "id": uuid4(),
            "organization_id": organization_id,
            "mailbox_id": mailbox_id,
            "uidvalidity": uidvalidity,
            "uid": uid,
        }
        for uid in uids
    ]
    insert_rows(connection, "messages", rows, on_conflict="ON CONFLICT (mailbox_id, uidvalidity, uid) DO NOTHING")
    connection.execute(
        text("UPDATE mailboxes SET last_uid = greatest(last_uid, :u) WHERE id = :m AND uidvalidity = :v"),
        {"u": max(uids), "m": mailbox_id, "v": uidvalidity},
    )


def add_handed_in(connection: Connection, organization_id: UUID, message_id: UUID) -> None:
    """Put a document that a program hands in into the ledger, in the commit that decides what it is."""
    box = mailbox_row(connection, organization_id, HANDED_IN, HANDED_IN)
    uid = connection.execute(
        text("UPDATE mailboxes SET last_uid = coalesce(last_uid, 0) + 1 WHERE id = :id RETURNING last_uid"),
        {"id": box.id},
    ).scalar_one()
    row = {
        "id": message_id,
        "organization_id": organization_id,
        "mailbox_id": box.id,
        "uidvalidity": 1,
        "uid": uid,
        "seen_at": database_now(connection),
        "attempts": 0,
        "recipients": [],
        "parts": [],
    }
    insert_rows(connection, "messages", [row])


def claim_pending(
    connection: Connection, mailbox_id: UUID, uidvalidity: int, most: int, lease_seconds: float
) -> list[PendingMessage]:
    """Lease undecided messages of this epoch: up to `most` new ones, else one that was claimed before.

    One at a time, fewest attempts first, so that a message that kills its worker takes none along.
    """
    parameters = {"m": mailbox_id, "v": uidvalidity, "lease": lease_seconds}
    rows = connection.execute(_CLAIM_NEW, {**parameters, "most": most}).all()
    rows = rows or connection.execute(_CLAIM_AGAIN, {**parameters, "most": 1}).all()
    return sorted((PendingMessage(**row._mapping) for row in rows), key=lambda message: message.uid)


def _claim(which: str) -> TextClause:
    return text(
        f"""WITH next AS (
            SELECT id FROM messages WHERE mailbox_id = :m AND uidvalidity = :v AND disposition IS NULL
                AND (leased_until IS NULL OR leased_until < now()) AND {which}
            ORDER BY attempts, uid LIMIT :most FOR UPDATE SKIP LOCKED)
        UPDATE messages SET leased_until = now() + make_interval(secs => :lease), attempts = attempts + 1
        FROM next WHERE messages.id = next.id
        RETURNING messages.id, uid, uidvalidity, attempts"""
    )


_CLAIM_NEW = _claim("attempts = 0")
_CLAIM_AGAIN = _claim("attempts > 0")


def renew_pending(connection: Connection, message_ids: Sequence[UUID], lease_seconds: float) -> None:
    """Hold on to undecided messages while they are worked on."""
    connection.execute(
        text(
            """UPDATE messages SET leased_until = now() + make_interval(secs => :lease)
            WHERE id = ANY(:ids) AND disposition IS NULL"""
        ),
        {"ids": list(message_ids), "lease": lease_seconds},
    )


def seconds_until_free(connection: Connection, mailbox_id: UUID, uidvalidity: int) -> float | None:
    """Return when the first undecided message in somebody's hands is free again; None when there is none."""
    seconds = connection.execute(
        text(
            """SELECT extract(epoch FROM min(leased_until) - now()) FROM messages WHERE mailbox_id = :m
            AND uidvalidity = :v AND disposition IS NULL AND attempts > 0 AND leased_until > now()"""
        ),
        {"m": mailbox_id, "v": uidvalidity},
    ).scalar_one()
    return None if seconds is None else float(seconds)


def release_pending(connection: Connection, message_ids: Sequence[UUID], *, count_attempt: bool = False) -> None:
    """Give undecided messages back at once; the attempt counts only when the message was at fault."""
    connection.execute(
        text(
            """UPDATE messages SET leased_until = NULL, attempts = attempts - CASE WHEN :count THEN 0 ELSE 1 END
            WHERE id = ANY(:ids) AND disposition IS NULL"""
        ),
        {"ids": list(message_ids), "count": count_attempt},
    )


def defer_pending(connection: Connection, message_ids: Sequence[UUID], seconds: float) -> None:
    """Leave undecided messages alone for a while; they did no harm, so no attempt counts."""
    connection.execute(
        text(
            """UPDATE messages SET attempts = 0, leased_until = now() + make_interval(secs => :seconds)
            WHERE id = ANY(:ids) AND disposition IS NULL"""
        ),
        {"ids": list(message_ids), "seconds": seconds},
    )


def intake_lock(connection: Connection, organization_id: UUID) -> None:
    """Let one commit at a time decide whether a mail is new to this organization."""
    connection.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('intake:' || :o, 0))"), {"o": str(organization_id)}
    )


def known_mails(
    connection: Connection, canonical: Sequence[str], message_ids: Sequence[str]
) -> list[tuple[UUID, str, str | None, str | None]]:
    """Return (id, canonical hash, Message-ID, disposition) of decided mails with one of these hashes or ids.

    Ignored mail does not count: it was neither read nor kept, so a copy elsewhere is the first. Nor do
    duplicates, whose original is there.
    """
    rows = connection.execute(
        text(
            """SELECT id, canonical_sha256, message_id, disposition FROM messages
            WHERE disposition NOT IN ('ignored', 'duplicate')
                AND (canonical_sha256 = ANY(:hashes) OR message_id = ANY(:ids)) ORDER BY disposed_at"""
        ),
        {"hashes": list(canonical), "ids": list(message_ids)},
    )
    return [(row.id, row.canonical_sha256, row.message_id, row.disposition) for row in rows]


_DISPOSE = text(
    """UPDATE messages m SET disposition = d.disposition, reason = d.reason, rule = d.rule, disposed_at = now(),
        marked_at = CASE WHEN d.mark THEN NULL ELSE now() END, leased_until = NULL,
        message_id = d.message_id, sender = d.sender, recipients = coalesce(d.recipients, '{}'), subject = d.subject,
        received_at = d.received_at, size_bytes = d.size_bytes, raw_sha256 = d.raw_sha256,
        canonical_sha256 = d.canonical_sha256, object_key = d.object_key, parts = coalesce(d.parts, '[]'),
        related_id = d.related_id, configuration_hash = d.configuration_hash
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS d (id uuid, disposition text, reason text, rule text, mark boolean,
        message_id text, sender text, recipients text[], subject text, received_at timestamptz, size_bytes bigint,
        raw_sha256 text, canonical_sha256 text, object_key text, parts jsonb, related_id uuid, configuration_hash text)
    WHERE m.id = d.id AND m.disposition IS NULL RETURNING m.id"""
)


def write_dispositions(connection: Connection, rows: Sequence[dict[str, Any]]) -> set[UUID]:
    """Give messages their one disposition; return the ids written, without those decided already."""
    if not rows:
        return set()
    return set(connection.execute(_DISPOSE, {"rows": to_json(list(rows))}).scalars())


def assign_message(connection: Connection, message_id: UUID, organization_id: UUID) -> None:
    """Give a shared mailbox's message to the customer whose it is. Run as the operator's organization."""
    connection.execute(text("SELECT assign_message(:m, :o)"), {"m": message_id, "o": organization_id})


def unmarked(connection: Connection, mailbox_id: UUID, uidvalidity: int, most: int) -> list[tuple[UUID, int]]:
    """Return decided messages of this epoch whose mark in the mailbox is still to be set."""
    rows = connection.execute(
        text(
            """SELECT id, uid FROM messages WHERE mailbox_id = :m AND uidvalidity = :v AND disposition IS NOT NULL
            AND marked_at IS NULL ORDER BY uid LIMIT :most"""
        ),
        {"m": mailbox_id, "v": uidvalidity, "most": most},
    )
    return [(row.id, row.uid) for row in rows]


def set_marked(connection: Connection, message_ids: Sequence[UUID]) -> None:
    """Record that the mailbox shows these as done."""
    connection.execute(text("UPDATE messages SET marked_at = now() WHERE id = ANY(:ids)"), {"ids": list(message_ids)})


def poll_succeeded(connection: Connection, mailbox_id: UUID) -> None:
    """Record a good poll."""
    connection.execute(
        text(
            """UPDATE mailboxes SET last_polled_at = now(), last_success_at = now(), failures = 0, next_login_at = NULL,
                last_error_code = NULL, last_error_message = NULL WHERE id = :id"""
        ),
        {"id": mailbox_id},
    )


def poll_failed(connection: Connection, mailbox_id: UUID, code: str, message: str, wait_seconds: float) -> None:
    """Record a failed poll and when the next login may be tried: an account must not be locked out (F8)."""
    connection.execute(
        text(
            """UPDATE mailboxes SET last_polled_at = now(), failures = failures + 1, last_error_code = :code,
                last_error_message = :message, next_login_at = now() + make_interval(secs => :wait) WHERE id = :id"""
        ),
        {"id": mailbox_id, "code": code, "message": message, "wait": wait_seconds},
    )


def search_messages(
    connection: Connection,
    *,
    disposition: str | None = None,
    search: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    after: Mark | None = None,
    limit: int = 100,
) -> list[dict[str, Any]]:
    """Return messages for people, newest first; `search` looks at sender, subject and Message-ID.

    `since` and `until` limit when they were seen; `after` is a page's last (seen_at, uid, id).
    """
    return page(
        connection,
        """SELECT m.id, b.name AS mailbox, m.uid, m.seen_at, m.sender, m.subject, m.disposition, m.reason, m.rule
        FROM messages m LEFT JOIN mailboxes b ON b.id = m.mailbox_id""",
        {
            "disposition": "m.disposition = :disposition",
            "search": "(m.sender ILIKE :search OR m.subject ILIKE :search OR m.message_id ILIKE :search)",
            "since": "m.seen_at >= :since",
            "until": "m.seen_at < :until",
        },
        {"disposition": disposition, "search": contains(search), "since": since, "until": until},
        order={"m.seen_at": "timestamptz", "m.uid": "bigint", "m.id": "uuid"},
        after=after,
        limit=limit,
    )


def message_by_id(connection: Connection, message_id: UUID) -> dict[str, Any] | None:
    """Return every column of one message."""
    row = connection.execute(text("SELECT * FROM messages WHERE id = :id"), {"id": message_id}).one_or_none()
    return None if row is None else dict(row._mapping)


def mailbox_health(connection: Connection) -> list[dict[str, Any]]:
    """Return each mailbox folder's cursor and health."""
    rows = connection.execute(
        text(
            """SELECT name, folder, last_uid, last_polled_at, last_success_at, failures, last_error_code,
                last_error_message FROM mailboxes ORDER BY name, folder"""
        )
    )
    return [dict(row._mapping) for row in rows]
