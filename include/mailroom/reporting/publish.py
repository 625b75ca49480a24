"""Make a customer's daily report: files in the object store, a row, an event, a mail to each reader."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Connection

from mailroom.database.dispatch import organization_ids
from mailroom.database.events import append_events
from mailroom.database.outbox import OutboxItem, insert_outbox
from mailroom.database.reporting import (
    organization_created_at,
    report_failed_since,
    report_made_at,
    save_report,
)
from mailroom.database.session import Database
from mailroom.database.transactions import database_now
from mailroom.domain.effects import SendMail
from mailroom.domain.errors import MailroomError, RejectedInputError
from mailroom.domain.event import Event
from mailroom.domain.mail import Attachment
from mailroom.engine.common_writers import outbox_row
from mailroom.engine.rendering import Letter
from mailroom.engine.setup import CustomerSetup, Setups
from mailroom.engine.writers import WriterContext
from mailroom.ports import ObjectStore
from mailroom.reporting.daily import daily_status
from mailroom.reporting.files import XLSX_TYPE, report_figures, report_files
from mailroom.reporting.page import ReportPage, render_report
from mailroom.reporting.status import DailyStatus, ReportDay
from mailroom.settings.customers import CustomerPolicy

log = structlog.get_logger()

KIND = "daily"
TEMPLATE = "daily_report"
ACTOR = "reporting"
RETRY_AFTER = timedelta(hours=1)
"""How long a report that could not be made is left alone before it is tried again."""


class ReportNotMadeError(MailroomError):
    """The report could not be made; that is recorded, and its readers are told."""

    code = "report_not_made"


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """Where a report's files are (object keys) and what it says in short."""

    organization_id: UUID
    day: date
    html: str
    xlsx: str
    csv: tuple[str, ...]
    charts: tuple[str, ...]
    needs: int
    balances: bool
    mails: int

    @property
    def keys(self) -> tuple[str, ...]:
        """Return every file's key."""
        return (self.html, self.xlsx, *self.csv, *self.charts)


@dataclass(frozen=True, slots=True)
class DueReport:
    """A report that is to be made now."""

    organization_id: UUID
    day: date


def make_report(
    database: Database,
    store: ObjectStore,
    setup: CustomerSetup,
    organization_id: UUID,
    day: date,
    *,
    mail: bool,
    audit_key: bytes,
    notes: Sequence[str] = (),
) -> ReportFiles:
    """Make the report of one organization and day, replacing an earlier one; a reader gets one mail a day.

    `notes` are warnings to show on top. When it cannot be made, an event records why, a mail says so, and
    `ReportNotMadeError` is raised.
    """
    desk = _Desk(database, store, setup, organization_id, audit_key)
    try:
        return desk.publish(day, mail, notes)
    except Exception as err:
        code, message = _cause(err)
        log.error("report not made", organization=str(organization_id), day=str(day), cause=code)
        desk.tell_failure(day, mail, code, message)
        name = setup.customer.organization
        raise ReportNotMadeError(f"The report of {name} for {day} could not be made: {message}", code=code) from err


def due_reports(database: Database, setups: Setups, now: datetime) -> list[DueReport]:
    """Return the organizations whose morning has come and whose report of yesterday is missing.

    A report made while its day lasted does not count; one that could not be made waits `RETRY_AFTER`.
    """
    with database.dispatch() as connection:
        organizations = organization_ids(connection)
    due = []
    for organization_id in organizations.values():
        setup = setups.of(organization_id)
        day = None if setup is None else _day_to_report(setup.customer, now)
        if setup is None or day is None:
            continue
        with database.organization(organization_id) as connection:
            if _is_missing(connection, organization_id, ReportDay.of(day, setup.customer.zone, now), now):
                due.append(DueReport(organization_id, day))
    return due


def report_letter(_connection: Connection, item: OutboxItem, _customer: CustomerPolicy) -> Letter:
    """Return the mail of a report as it was rendered when the report was made (a composer of `rendering`)."""
    rendered = item.content.get("rendered")
    if not rendered:
        raise RejectedInputError(f"the outbox row {item.id} holds no rendered report", code="bad_mail")
    return Letter(rendered["subject"], rendered["text"], rendered["html"])


def _day_to_report(customer: CustomerPolicy, now: datetime) -> date | None:
    local = now.astimezone(customer.zone)
    return local.date() - timedelta(days=1) if local.time() >= time.fromisoformat(customer.report.at) else None


def _is_missing(connection: Connection, organization_id: UUID, window: ReportDay, now: datetime) -> bool:
    made_at = report_made_at(connection, KIND, window.on)
    if made_at is not None and made_at >= window.end:
        return False
    if organization_created_at(connection, organization_id) >= window.end:
        return False
    return not report_failed_since(connection, organization_id, window.on, now - RETRY_AFTER)


def _cause(err: Exception) -> tuple[str, str]:
    """Return a code and a sentence; a fault of our own is named by its type only, it may quote documents."""
    if isinstance(err, MailroomError):
        return err.code, err.message
    return "step_error", f"a fault inside Mailroom ({type(err).__name__})"


@dataclass(frozen=True, slots=True)
class _Desk:
    """Makes one organization's reports."""

    database: Database
    store: ObjectStore
    setup: CustomerSetup
    organization_id: UUID
    audit_key: bytes

    def publish(self, day: date, mail: bool, notes: Sequence[str]) -> ReportFiles:
        with self.database.organization(self.organization_id) as connection:
            now = database_now(connection)
            status = daily_status(connection, self.organization_id, self.setup.customer, day, now, notes)
        page = render_report(status)
        prefix = f"org/{self.organization_id}/reports/daily/{day}"
        bodies = report_files(status, page)
        for name, (body, content_type) in bodies.items():
            self.store.put(f"{prefix}/{name}", body, content_type=content_type)
        with self.database.organization(self.organization_id) as connection:
            figures = report_figures(status)
            facts: dict[str, Any] = {
                "day": str(day),
                "kind": KIND,
                "xlsx": hashlib.sha256(bodies["report.xlsx"][0]).hexdigest(),
            }
            facts |= {"needs": figures["needs"], "mails_seen": status.balance.seen, "balances": status.balance.holds}
            seq = self._record(connection, "report_made", facts)
            save_report(
                connection, self.organization_id, kind=KIND, day=day, figures=figures, object_prefix=f"{prefix}/"
            )
            letters = [self._letter(each, status, page, prefix) for each in self._readers()] if mail else []
            sent = self._send(
                connection,
                letters,
                seq,
                {"rendered": {"subject": page.subject, "text": page.text, "html": page.mail_html}},
            )
        return ReportFiles(
            self.organization_id,
            day,
            html=f"{prefix}/report.html",
            xlsx=f"{prefix}/report.xlsx",
            csv=tuple(f"{prefix}/{name}" for name in bodies if name.endswith(".csv")),
            charts=tuple(f"{prefix}/{name}" for name in bodies if name.endswith(".png")),
            needs=status.needs.count,
            balances=status.balance.holds,
            mails=sent,
        )

    def tell_failure(self, day: date, mail: bool, code: str, message: str) -> None:
        """Record that a report could not be made and tell its readers; out of reach, Postgres keeps nothing."""
        try:
            with self.database.organization(self.organization_id) as connection:
                seq = self._record(connection, "report_failed", {"day": str(day), "kind": KIND, "error": code})
                words = {"day": str(day), "message": message}
                readers = dict.fromkeys((*self._readers(), self.setup.customer.owner)) if mail else {}
                letters = [SendMail("report_failed", each, f"report_failed:{day}", words) for each in readers]
                self._send(connection, letters, seq, {})
        except MailroomError as err:
            log.error("failure of a report not recorded", organization=str(self.organization_id), cause=err.code)

    def _readers(self) -> Iterable[str]:
        return dict.fromkeys(self.setup.customer.report.recipients)

    def _letter(self, reader: str, status: DailyStatus, page: ReportPage, prefix: str) -> SendMail:
        # What was told while the day lasted does not stand in for the report of the whole day.
        key = f"{TEMPLATE}:{status.day.on}{'' if status.day.is_over else ':so_far'}"
        stem = f"daily-report-{self.setup.customer.organization}-{status.day.on}"
        pictures = tuple(Attachment(f"{prefix}/{name}.png", f"{stem}-{name}.png", "image/png") for name in page.charts)
        workbook = Attachment(f"{prefix}/report.xlsx", f"{stem}.xlsx", XLSX_TYPE)
        return SendMail(TEMPLATE, reader, key, attachments=(workbook, *pictures))

    def _send(self, connection: Connection, mails: Sequence[SendMail], seq: int, content: dict[str, Any]) -> int:
        context = WriterContext(
            connection, self.organization_id, self.setup.customer, database_now(connection), self.setup.hash
        )
        rows = [outbox_row(context, None, mail, seq, self.setup.customer.mode) for mail in mails]
        return insert_outbox(connection, [{**row, "content": {**row["content"], **content}} for row in rows])

    def _record(self, connection: Connection, kind: str, facts: dict[str, Any]) -> int:
        event = Event(kind, database_now(connection), ACTOR, facts={**facts, "configuration": self.setup.hash})
        return append_events(connection, self.organization_id, self.audit_key, [event])[0]
