"""What the daily report reads: events for what happened, tables for the names of things."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from mailroom.database.bulk import to_json
from mailroom.database.messages import HANDED_IN
from mailroom.domain.transaction import FINAL

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a transaction, its facts taken apart."""

    transaction_id: UUID
    seq: int
    at: datetime
    kind: str
    actor: str
    state_from: str | None
    state_to: str | None
    step: str | None
    reason: str | None
    straight_through: bool
    connector: str | None
    external_id: str | None


def happenings(connection: Connection, organization_id: UUID, start: datetime, until: datetime) -> list[Happening]:
    """Return every event before `until` of the transactions that were open at `until` or moved since `start`.

    Ordered by transaction, then by sequence number. The table only narrows down whose events are read.
    """
    rows = connection.execute(
        text(
            """WITH wanted AS (
                SELECT id AS transaction_id FROM transactions
                WHERE updated_at >= :start OR state <> ALL(CAST(:final AS text[]))
                UNION
                SELECT transaction_id FROM events
                WHERE organization_id = :o AND at >= :start AND at < :until AND transaction_id IS NOT NULL)
            SELECT e.transaction_id, e.seq, e.at, e.kind, e.actor, f ->> 'from' AS state_from,
                f ->> 'to' AS state_to, f ->> 'step' AS step, coalesce(f ->> 'reason', f ->> 'error') AS reason,
                coalesce(f ->> 'straight_through', 'false') = 'true' AS straight_through,
                f ->> 'connector' AS connector, f ->> 'external_id' AS external_id
            FROM wanted JOIN events e USING (transaction_id)
            CROSS JOIN LATERAL (SELECT e.body::jsonb -> 'facts' AS f) AS facts
            WHERE e.at < :until ORDER BY e.transaction_id, e.seq"""
        ),
        {"o": organization_id, "start": start, "until": until, "final": [state.value for state in FINAL]},
    )
    return [Happening(**row._mapping) for row in rows]


def named_transactions(connection: Connection, transaction_ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Return what people call these transactions: reference, supplier, sender, amounts, owner; deleted ones too."""
    rows = connection.execute(
        text(
            """SELECT t.id, t.process, coalesce(t.reference, i.invoice_number) AS reference, t.owner, t.mode,
                t.deleted_at, i.document_type, coalesce(s.name, i.vendor_name) AS supplier, m.sender,
                i.currency, i.gross_total, p.connector, p.external_id, p.gross_total AS posted_total,
                p.currency AS posted_currency
            FROM transactions t
            LEFT JOIN invoices i ON i.transaction_id = t.id
            LEFT JOIN suppliers s ON s.id = i.supplier_id
            LEFT JOIN messages m ON m.id = t.message_id
            LEFT JOIN posting_intents p ON p.transaction_id = t.id
            WHERE t.id = ANY(:ids)"""
        ),
        {"ids": list(transaction_ids)},
    )
    return {row.id: dict(row._mapping) for row in rows}


def disposition_counts(
    connection: Connection, organization_id: UUID, start: datetime, until: datetime, *, decided_within: timedelta
) -> list[Row]:
    """Return (disposition, known, recent, count) over the mails of a window; disposition None where there is none.

    A mail seen shortly before `until` may be disposed of up to `decided_within` later. `known` False marks
    dispositions of mails the ledger does not hold; `recent` mails were seen that short a time ago from now.
    """
    rows = connection.execute(
        text(
            """WITH told AS (
                SELECT DISTINCT ON (message_id) message_id, body::jsonb -> 'facts' ->> 'disposition' AS disposition
                FROM events
                WHERE organization_id = :o AND kind LIKE 'message%' AND message_id IS NOT NULL
                    AND at >= :start AND at < :grace AND body::jsonb -> 'facts' ? 'disposition'
                ORDER BY message_id, (at < :until) DESC, CASE WHEN at < :until THEN -seq ELSE seq END),
            day AS (
                SELECT id, seen_at FROM messages WHERE organization_id = :o AND seen_at >= :start AND seen_at < :until)
            SELECT told.disposition, true AS known, day.seen_at >= now() - CAST(:within AS interval) AS recent,
                count(*) AS count
            FROM day LEFT JOIN told ON told.message_id = day.id GROUP BY 1, 3
            UNION ALL
            SELECT told.disposition, false, false, count(*) FROM told
            WHERE NOT EXISTS (SELECT 1 FROM messages m WHERE m.id = told.message_id) GROUP BY 1"""
        ),
        {
            "o": organization_id,
            "start": start,
            "until": until,
            "grace": until + decided_within,
            "within": decided_within,
        },
    )
    return [dict(row._mapping) for row in rows]


def mails_for_people(
    connection: Connection, organization_id: UUID, dispositions: Sequence[str], since: datetime, until: datetime
) -> list[Row]:
    """Return mails whose disposition at `until` was one of these, given since `since`; the oldest first."""
    rows = connection.execute(
        text(
            """WITH told AS (
                SELECT DISTINCT ON (message_id) message_id, f ->> 'disposition' AS disposition,
                    f ->> 'reason' AS reason, f ->> 'mailbox' AS mailbox
                FROM events CROSS JOIN LATERAL (SELECT body::jsonb -> 'facts' AS f) AS facts
                WHERE organization_id = :o AND kind LIKE 'message%' AND message_id IS NOT NULL
                    AND at >= :since AND at < :until AND f ? 'disposition'
                ORDER BY message_id, seq DESC)
            SELECT m.id, told.disposition, told.reason, coalesce(told.mailbox, b.name) AS mailbox, m.sender,
                m.subject, m.seen_at
            FROM told JOIN messages m ON m.id = told.message_id LEFT JOIN mailboxes b ON b.id = m.mailbox_id
            WHERE told.disposition = ANY(:dispositions) ORDER BY m.seen_at, m.id"""
        ),
        {"o": organization_id, "since": since, "until": until, "dispositions": list(dispositions)},
    )
    return [dict(row._mapping) for row in rows]


def older_mails_for_people(connection: Connection, dispositions: Sequence[str], before: datetime) -> int:
    """Return how many mails still have one of these dispositions and got it before `before`."""
    count: int = connection.execute(
        text("SELECT count(*) FROM messages WHERE disposition = ANY(:dispositions) AND disposed_at < :before"),
        {"dispositions": list(dispositions), "before": before},
    ).scalar_one()
    return count


def undecided_mails(connection: Connection, seen_before: datetime) -> list[Row]:
    """Return mails that were seen before a time and have no disposition yet."""
    rows = connection.execute(
        text(
            """SELECT m.id, m.sender, m.subject, m.seen_at, b.name AS mailbox FROM messages m
            LEFT JOIN mailboxes b ON b.id = m.mailbox_id
            WHERE m.disposition IS NULL AND m.seen_at < :before ORDER BY m.seen_at, m.id"""
        ),
        {"before": seen_before},
    )
    return [dict(row._mapping) for row in rows]


def mailbox_health(connection: Connection, silent_since: datetime, created_before: datetime) -> list[Row]:
    """Return mailboxes whose last try failed or that were last read before `silent_since`."""
    rows = connection.execute(
        text(
            """SELECT name, folder, last_success_at, failures, last_error_code FROM mailboxes
            WHERE created_at < :created AND name <> :handed_in
                AND (failures > 0 OR last_success_at IS NULL OR last_success_at < :silent)
            ORDER BY name, folder"""
        ),
        {"silent": silent_since, "created": created_before, "handed_in": HANDED_IN},
    )
    return [dict(row._mapping) for row in rows]


def pending_approvals(connection: Connection, transaction_ids: Sequence[UUID], until: datetime) -> list[Row]:
    """Return who had been asked about these transactions and had not answered at `until`, the oldest first."""
    rows = connection.execute(
        text(
            """SELECT * FROM (
                SELECT DISTINCT ON (a.transaction_id, a.step, a.approver_id) a.transaction_id, a.asked_at,
                    a.reminders, a.state, a.decided_at, a.expires_at, u.name, u.email
                FROM approvals a JOIN users u ON u.id = a.approver_id
                WHERE a.transaction_id = ANY(:ids) AND a.asked_at < :until
                ORDER BY a.transaction_id, a.step, a.approver_id, a.asked_at DESC) AS asked
            WHERE NOT (decided_at IS NOT NULL AND decided_at < :until)
                AND NOT (state = 'expired' AND expires_at < :until)
            ORDER BY asked_at, transaction_id, name"""
        ),
        {"ids": list(transaction_ids), "until": until},
    )
    return [dict(row._mapping) for row in rows]


def unsent_mails(connection: Connection, organization_id: UUID, start: datetime, until: datetime) -> list[Row]:
    """Return mails of ours that were given up in a window."""
    rows = connection.execute(
        text(
            """SELECT o.template, o.recipient, body::jsonb -> 'facts' ->> 'error' AS reason, e.at, t.reference
            FROM events e JOIN outbox o ON o.id = CAST(body::jsonb -> 'facts' ->> 'outbox' AS uuid)
            LEFT JOIN transactions t ON t.id = o.transaction_id
            WHERE e.organization_id = :o AND e.kind = 'mail_failed' AND e.at >= :start AND e.at < :until
            ORDER BY e.seq"""
        ),
        {"o": organization_id, "start": start, "until": until},
    )
    return [dict(row._mapping) for row in rows]


def daily_trend(
    connection: Connection, organization_id: UUID, since: datetime, until: datetime, zone: str
) -> list[tuple[date, int, int]]:
    """Return (day, received, done) for each day of the window in `zone` on which something happened."""
    rows = connection.execute(
        text(
            """SELECT CAST(at AT TIME ZONE :zone AS date) AS day,
                count(DISTINCT transaction_id) FILTER (WHERE kind = 'transaction_opened') AS received,
                count(DISTINCT transaction_id) FILTER (WHERE kind = 'done') AS done
            FROM events WHERE organization_id = :o AND at >= :since AND at < :until
                AND kind IN ('transaction_opened', 'done') GROUP BY 1 ORDER BY 1"""
        ),
        {"o": organization_id, "since": since, "until": until, "zone": zone},
    )
    return [(row.day, row.received, row.done) for row in rows]


def checks_of_window(connection: Connection, start: datetime, until: datetime) -> list[Row]:
    """Return the batch checks of a window with their results."""
    rows = connection.execute(
        text(
            """SELECT suite, run, success, records, results, checked_at FROM data_checks
            WHERE checked_at >= :start AND checked_at < :until ORDER BY checked_at"""
        ),
        {"start": start, "until": until},
    )
    return [dict(row._mapping) for row in rows]


def save_report(
    connection: Connection, organization_id: UUID, *, kind: str, day: date, figures: Row, object_prefix: str
) -> None:
    """Record a report; a later one of the same kind and day replaces it."""
    connection.execute(
        text(
            """INSERT INTO reports (organization_id, kind, day, figures, object_prefix)
            VALUES (:o, :kind, :day, CAST(:figures AS jsonb), :prefix)
            ON CONFLICT (organization_id, kind, day) DO UPDATE SET figures = excluded.figures,
                object_prefix = excluded.object_prefix, made_at = now()"""
        ),
        {"o": organization_id, "kind": kind, "day": day, "figures": to_json(figures), "prefix": object_prefix},
    )


def report_made_at(connection: Connection, kind: str, day: date) -> datetime | None:
    """Return when this organization's report of a day was last made, or None."""
    made: datetime | None = connection.execute(
        text("SELECT made_at FROM reports WHERE kind = :kind AND day = :day"), {"kind": kind, "day": day}
    ).scalar()
    return made


def report_of(connection: Connection, kind: str, day: date) -> Row | None:
    """Return what this organization's report of a day says, and where its files are."""
    row = connection.execute(
        text("SELECT day, made_at, figures, object_prefix FROM reports WHERE kind = :kind AND day = :day"),
        {"kind": kind, "day": day},
    ).one_or_none()
    return None if row is None else dict(row._mapping)


def report_failed_since(connection: Connection, organization_id: UUID, day: date, since: datetime) -> bool:
    """Tell whether making this day's report was tried in vain since a time."""
    return bool(
        connection.execute(
            text(
                """SELECT EXISTS (SELECT 1 FROM events WHERE organization_id = :o AND at >= :since
                AND kind = 'report_failed' AND body::jsonb -> 'facts' ->> 'day' = :day)"""
            ),
            {"o": organization_id, "since": since, "day": day.isoformat()},
        ).scalar_one()
    )


def organization_created_at(connection: Connection, organization_id: UUID) -> datetime:
    """Return since when the organization exists."""
    created: datetime = connection.execute(
        text("SELECT created_at FROM organizations WHERE id = :o"), {"o": organization_id}
    ).scalar_one()
    return created


def invoices_of_batch(connection: Connection, transaction_ids: Sequence[UUID]) -> list[Row]:
    """Return the invoices of these transactions, as far as they were read."""
    rows = connection.execute(
        text(
            """SELECT transaction_id, document_type, supplier_id, vendor_name, vendor_tax_id, invoice_number,
                number_normalised, issue_date, due_date, currency, net_total, tax_total, gross_total, bank_account
            FROM invoices WHERE transaction_id = ANY(:ids) ORDER BY transaction_id"""
        ),
        {"ids": list(transaction_ids)},
    )
    return [dict(row._mapping) for row in rows]


def save_data_check(
    connection: Connection,
    organization_id: UUID,
    *,
    suite: str,
    run: str,
    success: bool,
    records: int,
    results: list[Row],
) -> None:
    """Keep the results of a suite over a run; checking the run again replaces them."""
    connection.execute(
        text(
            """INSERT INTO data_checks (organization_id, suite, run, success, records, results)
            VALUES (:o, :suite, :run, :success, :records, CAST(:results AS jsonb))
            ON CONFLICT (organization_id, suite, run) DO UPDATE SET success = excluded.success,
                records = excluded.records, results = excluded.results, checked_at = now()"""
        ),
        {
            "o": organization_id,
            "suite": suite,
            "run": run,
            "success": success,
            "records": records,
            "results": to_json(results),
        },
    )
