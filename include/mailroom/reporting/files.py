"""What a report leaves behind: its files, and its numbers without names."""

from __future__ import annotations

from typing import Any

from mailroom.reporting.day_tables import report_tables
from mailroom.reporting.page import ReportPage
from mailroom.reporting.status import DailyStatus
from mailroom.reporting.workbook import csv_bytes, workbook_bytes

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def report_files(status: DailyStatus, page: ReportPage) -> dict[str, tuple[bytes, str]]:
    """Return each file's name, bytes and content type."""
    tables = report_tables(status)
    title = f"{status.customer}, daily report, {status.day.on}"
    bodies = {
        "report.html": (page.page_html.encode(), "text/html; charset=utf-8"),
        "report.txt": (page.text.encode(), "text/plain; charset=utf-8"),
        "report.xlsx": (workbook_bytes(tables, title=title, made_at=status.made_at), XLSX_TYPE),
    }
    bodies |= {f"{table.name}.csv": (csv_bytes(table), "text/csv; charset=utf-8") for table in tables}
    return bodies | {f"{name}.png": (png, "image/png") for name, png in page.charts.items()}


def report_figures(status: DailyStatus) -> dict[str, Any]:
    """Return the report's numbers, without names."""
    needs, figures, line = status.needs, status.figures, status.balance
    return {
        "needs": needs.count,
        "exceptions": len(needs.exceptions),
        "mails_to_look_at": len(needs.mails),
        "mailboxes_not_read": len(needs.mailboxes),
        "approvals_waiting": len(needs.approvals),
        "stalled": len(needs.stalled),
        "mails_not_delivered": len(needs.unsent),
        "mails_seen": line.seen,
        "dispositions": dict(line.dispositions),
        "balances": line.holds,
        "received": figures.received,
        "done": figures.done,
        "straight_through": figures.straight_through,
        "rejected": dict(figures.rejected),
        "failed": dict(figures.failed),
        "cancelled": figures.cancelled,
        "waiting": figures.waiting,
        "open": figures.open,
        "posted": [
            {"currency": total.currency, "amount": total.amount, "bills": count} for total, count in figures.posted
        ],
    }
