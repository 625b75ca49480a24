"""The report as plain tables, one per section: what the workbook and the CSV files are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum

from mailroom.reporting.status import DailyStatus, NamedTransaction

Cell = str | int | Decimal | float | datetime | date | None


class Kind(Enum):
    """How a column is written."""

    TEXT = "text"
    COUNT = "count"
    AMOUNT = "amount"
    DAYS = "days"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, how it is written, its width in characters."""

    heading: str
    kind: Kind = Kind.TEXT
    width: int = 18


@dataclass(frozen=True, slots=True)
class Table:
    """One section: `name` is its file and `title` its sheet. Times are in the customer's zone, without it."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


TRANSACTION_COLUMNS = (
    Column("Invoice", width=20),
    Column("Supplier", width=28),
    Column("Amount", Kind.AMOUNT, 14),
    Column("Currency", width=10),
)
ID_COLUMN = Column("Transaction", width=38)
CODE_COLUMN = Column("Code", width=22)


def days(age: timedelta) -> Decimal:
    """Return an age in days, to one decimal."""
    return (Decimal(int(age.total_seconds())) / 86_400).quantize(Decimal("0.1"))


def local_time(status: DailyStatus, moment: datetime | None) -> datetime | None:
    """Return a time in the customer's zone, without the zone: spreadsheets know none."""
    return None if moment is None else moment.astimezone(status.day.zone).replace(tzinfo=None, microsecond=0)


def about(transaction: NamedTransaction) -> tuple[Cell, ...]:
    """Return the cells of `TRANSACTION_COLUMNS`."""
    amount = transaction.amount
    return (
        transaction.title,
        transaction.supplier,
        amount.amount if amount else None,
        amount.currency if amount else None,
    )
