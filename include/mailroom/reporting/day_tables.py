"""The day in numbers, as tables; and every section of the report in reading order."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from mailroom.reporting.cells import unlinked
from mailroom.reporting.needs_tables import needs_tables
from mailroom.reporting.status import AGE_BOUNDS, DailyStatus
from mailroom.reporting.tables import (
    CODE_COLUMN,
    ID_COLUMN,
    TRANSACTION_COLUMNS,
    Cell,
    Column,
    Kind,
    Table,
    about,
    local_time,
)
from mailroom.reporting.words import disposition_words, reason_words, state_words


def report_tables(status: DailyStatus) -> list[Table]:
    """Return every section, in reading order."""
    return [
        _summary(status),
        *needs_tables(status),
        _balance(status),
        _transactions(status),
        _outcomes(status),
        _ageing(status),
        _checks(status),
    ]


def _summary(status: DailyStatus) -> Table:
    return Table(
        "summary",
        "Summary",
        (Column("Figure", width=44), Column("Number", Kind.AMOUNT, 16), Column("Note", width=60)),
        tuple(_summary_rows(status)),
    )


def _summary_rows(status: DailyStatus) -> Iterator[tuple[Cell, ...]]:
    figures, needs, line = status.figures, status.needs, status.balance
    yield "Needs somebody", needs.count, "exceptions, mails, mailboxes, approvals; each on a sheet of its own"
    yield "Exceptions", len(needs.exceptions), None
    yield "Mails to look at", len(needs.mails), f"and {needs.older_mails} older" if needs.older_mails else None
    yield "Mailboxes not read", len(needs.mailboxes), None
    yield "Approvals waiting", len(needs.approvals), None
    yield "Transactions nothing moves", len(needs.stalled), None
    yield "Mails that could not be sent", len(needs.unsent), None
    yield "Mails seen", line.seen, "balances" if line.holds else "DOES NOT BALANCE with the dispositions"
    yield "Mails with a disposition", line.disposed, None
    yield "Invoices received", figures.received, None
    yield "Done", figures.done, None
    yield "Done without a person", figures.straight_through, None
    rate = figures.straight_through_rate
    yield "Straight-through rate in percent", None if rate is None else Decimal(f"{100 * rate:.1f}"), None
    yield "Rejected", sum(count for _, count in figures.rejected), None
    yield "Failed", sum(count for _, count in figures.failed), None
    yield "Cancelled", figures.cancelled, None
    yield "Open at the end of the day", figures.open, None
    yield "Of these waiting for an answer", figures.waiting, None
    for total, count in figures.posted:
        yield f"Posted in {total.currency}", total.amount, f"{count} bill{'s' if count != 1 else ''}"


def _balance(status: DailyStatus) -> Table:
    line = status.balance
    rows: list[tuple[Cell, ...]] = [(disposition_words(code), count, code) for code, count in line.dispositions]
    if line.being_read:
        rows.append(("being read", line.being_read, "being_read"))
    if line.undecided:
        rows.append(("seen and not yet disposed of", line.undecided, "undecided"))
    if line.unknown:
        rows.append(("disposed of and not in the ledger", line.unknown, "unknown"))
    rows.append(("Mails seen", line.seen, "balances" if line.holds else "DOES NOT BALANCE"))
    return Table(
        "balance", "Mails", (Column("Disposition", width=34), Column("Mails", Kind.COUNT, 10), CODE_COLUMN), tuple(rows)
    )


def _transactions(status: DailyStatus) -> Table:
    columns = (
        Column("Received", Kind.TIME, 17),
        Column("Sender", width=32),
        *TRANSACTION_COLUMNS,
        Column("State", width=20),
        Column("Since", Kind.TIME, 17),
        Column("Why", width=44),
        Column("Straight through", width=16),
        Column("ERP id", width=20),
        ID_COLUMN,
    )
    rows = tuple(
        (
            local_time(status, line.received_at),
            unlinked(line.transaction.sender or ""),
            *about(line.transaction),
            state_words(line.state),
            local_time(status, line.since),
            reason_words(line.reason) if line.reason else None,
            "yes" if line.straight_through else "no",
            line.external_id,
            str(line.transaction.id),
        )
        for line in status.transactions
    )
    return Table("transactions", "Invoices", columns, rows)


def _outcomes(status: DailyStatus) -> Table:
    figures = status.figures
    rows: list[tuple[Cell, ...]] = [
        (word, reason_words(reason), count, reason)
        for word, counts in (("Failed", figures.failed), ("Rejected", figures.rejected))
        for reason, count in counts
    ]
    columns = (Column("Outcome", width=12), Column("Why", width=52), Column("Invoices", Kind.COUNT, 10), CODE_COLUMN)
    return Table("outcomes", "Failed and rejected", columns, tuple(rows))


def _ageing(status: DailyStatus) -> Table:
    ageing = status.figures.ageing
    names = [name for name, _ in ageing.groups]
    columns = (
        Column("Age", width=16),
        *(Column(name.capitalize(), Kind.COUNT, 22) for name in names),
        Column("Open", Kind.COUNT, 10),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (label, *(counts[place] for _, counts in ageing.groups), ageing.totals[place])
        for place, (label, _) in enumerate(AGE_BOUNDS)
    )
    return Table("ageing", "Ageing", columns, rows)


def _checks(status: DailyStatus) -> Table:
    columns = (
        Column("Suite", width=18),
        Column("Check", width=40),
        Column("Rows it does not hold for", Kind.COUNT, 24),
        Column("Rows", Kind.COUNT, 8),
        Column("Checked", Kind.TIME, 17),
        Column("Run", width=40),
    )
    rows = tuple(
        (
            line.suite,
            line.check.replace("_", " "),
            line.unexpected,
            line.records,
            local_time(status, line.checked_at),
            line.run,
        )
        for line in status.checks
    )
    return Table("checks", "Batch checks", columns, rows)
