"""One organization's day, as the report tells it: facts only, no wording and no layout."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from mailroom.domain.money import Money


@dataclass(frozen=True, slots=True)
class ReportDay:
    """A calendar day in the customer's zone; `until` is its end, or now while it lasts. Times are aware."""

    on: date
    zone: ZoneInfo
    start: datetime
    end: datetime
    until: datetime

    @classmethod
    def of(cls, day: date, zone: ZoneInfo, now: datetime) -> ReportDay:
        """Return the day as seen at `now`; a day of 23 or 25 hours is as long as the zone says."""
        start = datetime.combine(day, time.min, zone)
        end = datetime.combine(day + timedelta(days=1), time.min, zone)
        return cls(day, zone, start, end, max(start, min(end, now)))

    @property
    def is_over(self) -> bool:
        """Tell whether the whole day is told."""
        return self.until >= self.end


@dataclass(frozen=True, slots=True)
class NamedTransaction:
    """A transaction as people know it."""

    id: UUID
    process: str
    reference: str | None
    supplier: str | None
    sender: str | None
    amount: Money | None
    owner: str
    document: str = "invoice"

    @property
    def title(self) -> str:
        """Return what people call it: the invoice number, or the first block of the id."""
        return self.reference or f"{str(self.id)[:8]}…"


@dataclass(frozen=True, slots=True)
class ExceptionItem:
    """A transaction that a person must decide: held, failed or escalated; or one that nothing moves."""

    transaction: NamedTransaction
    state: str
    step: str
    reason: str | None
    since: datetime
    age: timedelta


@dataclass(frozen=True, slots=True)
class MailItem:
    """A mail that a person must look at."""

    id: UUID
    disposition: str
    reason: str | None
    mailbox: str | None
    sender: str | None
    subject: str | None
    seen_at: datetime
    age: timedelta


@dataclass(frozen=True, slots=True)
class MailboxItem:
    """A mailbox that was not read, as of the time the report is made."""

    name: str
    folder: str
    last_success_at: datetime | None
    failures: int
    reason: str


@dataclass(frozen=True, slots=True)
class ApprovalItem:
    """One decision one person owes."""

    approver: str
    email: str
    transaction: NamedTransaction
    asked_at: datetime
    reminders: int
    age: timedelta


@dataclass(frozen=True, slots=True)
class UnsentMailItem:
    """A mail of ours that could not be delivered and is given up."""

    template: str
    recipient: str
    reason: str | None
    given_up_at: datetime
    reference: str | None


@dataclass(frozen=True, slots=True)
class Needs:
    """Everything that waits for somebody: what is urgent first, then the oldest. `older_mails` are not listed."""

    exceptions: tuple[ExceptionItem, ...]
    mails: tuple[MailItem, ...]
    older_mails: int
    mailboxes: tuple[MailboxItem, ...]
    approvals: tuple[ApprovalItem, ...]
    stalled: tuple[ExceptionItem, ...]
    unsent: tuple[UnsentMailItem, ...]

    @property
    def count(self) -> int:
        """Return how many things need somebody."""
        listed = (self.exceptions, self.mails, self.mailboxes, self.approvals, self.stalled, self.unsent)
        return sum(len(items) for items in listed) + self.older_mails


@dataclass(frozen=True, slots=True)
class Balance:
    """Mails seen against mails disposed of: every mail has exactly one disposition (reliability I1).

    `being_read` counts mails seen so short a time ago that they may still be read; `undecided` those that
    should have a disposition by now; `unknown` dispositions of mails that the ledger does not hold.
    """

    seen: int
    dispositions: tuple[tuple[str, int], ...]
    being_read: int
    undecided: int
    unknown: int

    @property
    def disposed(self) -> int:
        """Return the sum of the dispositions."""
        return sum(count for _, count in self.dispositions)

    @property
    def holds(self) -> bool:
        """Tell whether every mail seen is accounted for, and nothing else is."""
        return self.seen == self.disposed + self.being_read and not self.undecided and not self.unknown


@dataclass(frozen=True, slots=True)
class Ageing:
    """Open transactions by how long ago they were received: `counts` follow `AGE_BOUNDS`, for each group."""

    groups: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def totals(self) -> tuple[int, ...]:
        """Return the open transactions of each age."""
        return tuple(sum(column) for column in zip(*(counts for _, counts in self.groups), strict=True))


AGE_BOUNDS: tuple[tuple[str, timedelta | None], ...] = (
    ("under 1 day", timedelta(days=1)),
    ("1 to 3 days", timedelta(days=3)),
    ("3 to 7 days", timedelta(days=7)),
    ("7 to 30 days", timedelta(days=30)),
    ("over 30 days", None),
)


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What happened on the day, and what was open at its end.

    `straight_through` counts those of `done` that no person touched.
    """

    received: int
    done: int
    straight_through: int
    rejected: tuple[tuple[str, int], ...]
    failed: tuple[tuple[str, int], ...]
    cancelled: int
    posted: tuple[tuple[Money, int], ...]
    open: int
    waiting: int
    ageing: Ageing

    @property
    def straight_through_rate(self) -> float | None:
        """Return the share of what was done that no person touched; None when nothing was done."""
        return self.straight_through / self.done if self.done else None


@dataclass(frozen=True, slots=True)
class TransactionLine:
    """One transaction of the day's list (S3-060): who sent it, what it is, how it stood at the end."""

    transaction: NamedTransaction
    received_at: datetime
    state: str
    reason: str | None
    since: datetime
    straight_through: bool
    external_id: str | None


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One batch check of the day: which expectation, how many rows it did not hold for."""

    suite: str
    run: str
    checked_at: datetime
    records: int
    check: str
    unexpected: int


@dataclass(frozen=True, slots=True)
class DailyStatus:
    """Everything the report says about one organization and one day. `notes` are warnings to show on top."""

    organization_id: UUID
    customer: str
    day: ReportDay
    made_at: datetime
    mode: str
    needs: Needs
    balance: Balance
    figures: DayFigures
    trend: tuple[tuple[date, int, int], ...]
    transactions: tuple[TransactionLine, ...]
    checks: tuple[CheckLine, ...]
    check_runs: int
    notes: tuple[str, ...]
