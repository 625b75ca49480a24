"""The report as an HTML page, an HTML mail and plain text."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from mailroom.reporting.cells import one_line, unlinked
from mailroom.reporting.charts import ageing_chart, trend_chart
from mailroom.reporting.status import AGE_BOUNDS, ApprovalItem, Balance, DailyStatus
from mailroom.reporting.tables import days
from mailroom.reporting.words import disposition_words, mail_action, next_action, reason_words, state_words

MOST_ROWS = 25
"""Rows of a table on the page; the workbook holds all. Gmail cuts mails at 102 kB."""


@dataclass(frozen=True, slots=True)
class ReportPage:
    """What is read: the subject of the mail, its text and HTML, the page, and its charts as PNG by name."""

    subject: str
    text: str
    mail_html: str
    page_html: str
    charts: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class PersonApprovals:
    """What one person still has to decide, the oldest first."""

    name: str
    email: str
    items: tuple[ApprovalItem, ...]

    @property
    def oldest(self) -> timedelta:
        """Return the age of the oldest request."""
        return self.items[0].age


def render_report(status: DailyStatus) -> ReportPage:
    """Render everything that is read; outside text is escaped and its addresses are no links (T28)."""
    context = _context(status)
    environment = _environment()
    page = environment.get_template("daily_report.html.j2")
    charts = {"ageing": ageing_chart(status), "trend": trend_chart(status)}
    pictures = {name: _data_uri(png) for name, png in charts.items()}
    return ReportPage(
        subject=subject_line(status),
        text=environment.get_template("daily_report.txt.j2").render(context),
        mail_html=page.render(context, pictures=None),
        page_html=page.render(context, pictures=pictures),
        charts=charts,
    )


def subject_line(status: DailyStatus) -> str:
    """Return the mail's subject: what needs somebody, or that nothing does."""
    count = status.needs.count
    headline = f"{count} need{'s' if count == 1 else ''} somebody" if count else "nothing needs anybody"
    warning = "" if status.balance.holds else "MAILS DO NOT BALANCE, "
    return one_line(f"{status.customer}: {warning}{headline} on {status.day.on:%d %b %Y}", 200)


def age_words(age: timedelta) -> str:
    """Return an age for people: minutes, hours, then days."""
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // 1440} days"


def by_person(items: Sequence[ApprovalItem]) -> tuple[PersonApprovals, ...]:
    """Return approvals by who owes them, the longest waiting person first."""
    ordered = sorted(items, key=lambda item: (item.email, item.asked_at))
    people = [
        PersonApprovals(group[0].approver, email, tuple(group))
        for email, found in groupby(ordered, key=lambda item: item.email)
        for group in [list(found)]
    ]
    return tuple(sorted(people, key=lambda person: (-person.oldest, person.email)))


def balance_sum(balance: Balance) -> str:
    """Return the right-hand side of the balance line: `3 invoices + 1 duplicate`."""
    parts = [f"{count} {disposition_words(code, count)}" for code, count in balance.dispositions]
    if balance.being_read:
        parts.append(f"{balance.being_read} being read")
    return " + ".join(parts) or "0"


def _context(status: DailyStatus) -> dict[str, Any]:
    zone = status.day.zone

    def when(moment: datetime | None) -> str:
        return "never" if moment is None else f"{moment.astimezone(zone):%d %b %Y, %H:%M}"

    return {
        "status": status,
        "needs": status.needs,
        "figures": status.figures,
        "balance": status.balance,
        "balance_sum": balance_sum(status.balance),
        "people": by_person(status.needs.approvals),
        "tallies": list(_tallies(status)),
        "warnings": list(_warnings(status)),
        "reasons": [(reason_words(code), count) for code, count in _reasons(status)],
        "ages": [label for label, _ in AGE_BOUNDS],
        "when": when,
        "most": MOST_ROWS,
    }


def _tallies(status: DailyStatus) -> Iterator[str]:
    needs = status.needs
    for count, one, many in (
        (len(needs.exceptions), "exception", "exceptions"),
        (len(needs.mails), "mail to look at", "mails to look at"),
        (needs.older_mails, "older mail", "older mails"),
        (len(needs.mailboxes), "mailbox not read", "mailboxes not read"),
        (len(needs.approvals), "approval waiting", "approvals waiting"),
        (len(needs.stalled), "invoice nothing moves", "invoices nothing moves"),
        (len(needs.unsent), "mail not delivered", "mails not delivered"),
    ):
        if count:
            yield f"{count} {one if count == 1 else many}"


def _reasons(status: DailyStatus) -> list[tuple[str | None, int]]:
    """Return the exceptions by reason, the most frequent first."""
    return Counter(item.reason for item in status.needs.exceptions).most_common()


def _warnings(status: DailyStatus) -> Iterator[str]:
    if not status.day.is_over:
        yield f"The day is not over: this is how it stood at {status.day.until.astimezone(status.day.zone):%H:%M}."
    if status.mode == "shadow":
        yield "Shadow mode: everything is read and decided, nothing is sent or posted."
    yield from status.notes


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(("html", "html.j2"), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "age": age_words,
        "days": days,
        "reason": reason_words,
        "action": next_action,
        "mail_action": lambda mail: mail_action(mail.disposition, mail.reason),
        "state": state_words,
        "disposition": disposition_words,
        "outside": lambda text, longest=120: unlinked(text or "", longest),
    }
    return environment


def _data_uri(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"
