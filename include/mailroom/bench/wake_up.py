"""Benchmark `wakeup`: from a mail's delivery to its transaction, woken by IMAP IDLE, against polling by the clock.

The watch and the poll run in this process: what a scheduler adds between them is `airflow_tax`'s to measure.
"""

from __future__ import annotations

import smtplib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from mailroom.adapters.imap import MailboxConnection
from mailroom.bench.dovecot import PASSWORD
from mailroom.bench.figure import Baseline, Figure, OnPart, peak_rss_mb, silent
from mailroom.bench.intake_desk import Desk, intake_desk
from mailroom.bench.invoice_mail import invoice_mail
from mailroom.domain.errors import UnavailableError
from mailroom.settings.mailboxes import Mailbox
from mailroom.tasks.idle import IdleWatch

ROUNDS = 4
MAILS = 5
"""Mails in each round, evenly over the time between two polls."""
POLL_EVERY = 5.0
LONGEST = 60.0


def run(on_part: OnPart = silent, *, rounds: int = ROUNDS, mails: int = MAILS) -> Figure:
    """Return the 95th percentile of the seconds from delivery to transaction."""
    woken: list[float] = []
    polled: list[float] = []
    with intake_desk() as desk:
        for number in range(rounds):
            on_part(f"round {number + 1} of {rounds}, woken by IDLE")
            mailbox, owner = desk.mailbox()
            with _watched(desk, mailbox, owner) as arrivals:
                woken += _deliver(desk, arrivals, mailbox, f"IDLE{number}", mails)
            on_part(f"round {number + 1} of {rounds}, polled every {POLL_EVERY:g} s")
            mailbox, owner = desk.mailbox()
            with _polled(desk, mailbox, owner) as arrivals:
                polled += _deliver(desk, arrivals, mailbox, f"POLL{number}", mails)
    return Figure(
        benchmark="wakeup",
        figure=percentile_95(woken),
        unit="s, p95",
        baseline=Baseline("polling every 5 s", percentile_95(polled)),
        better="lower",
        floor_on="figure",
        floor=10,
        goal=2,
        peak_rss_mb=peak_rss_mb(),
    )


def percentile_95(seconds: list[float]) -> float:
    """Return the smallest value that 95 % of them do not exceed (nearest rank)."""
    return sorted(seconds)[max(0, -(-95 * len(seconds) // 100) - 1)]


@dataclass(slots=True)
class _Arrivals:
    """When each transaction of a mailbox was committed, in order."""

    at: list[float] = field(default_factory=list)

    def note(self, transactions: int) -> None:
        """Count what a poll has just committed."""
        self.at += [time.monotonic()] * transactions


def _deliver(desk: Desk, arrivals: _Arrivals, mailbox: Mailbox, prefix: str, mails: int) -> list[float]:
    """Hand mails over by LMTP, evenly over the time between two polls; return how long each took."""
    delivered = []
    for number in range(mails):
        time.sleep(POLL_EVERY / mails)
        with smtplib.LMTP("127.0.0.1", desk.dovecot.lmtp_port) as client:
            client.sendmail("billing@nordlicht.example", [mailbox.username], invoice_mail(f"{prefix}-{number}"))
        delivered.append(time.monotonic())
    while len(arrivals.at) < mails:
        if time.monotonic() - delivered[-1] > LONGEST:
            raise UnavailableError(f"a delivered mail made no transaction within {LONGEST:g} s")
        time.sleep(0.01)
    return [arrived - sent for arrived, sent in zip(arrivals.at, delivered, strict=True)]


@contextmanager
def _running(loop: Callable[[threading.Event], None]) -> Iterator[None]:
    stopping = threading.Event()
    thread = threading.Thread(target=loop, args=(stopping,))
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


@contextmanager
def _watched(desk: Desk, mailbox: Mailbox, owner: UUID) -> Iterator[_Arrivals]:
    """Poll whenever the mail server tells of mail, as the trigger and the DAG do."""
    arrivals = _Arrivals()
    watch = IdleWatch([mailbox], lambda each: MailboxConnection.open(each, PASSWORD))
    watch.wait(10)  # the first look at a mailbox counts as news

    def loop(stopping: threading.Event) -> None:
        while not stopping.is_set():
            if watch.wait(0.5):
                arrivals.note(desk.poll(mailbox, owner).transactions)

    try:
        with _running(loop):
            yield arrivals
    finally:
        watch.close()


@contextmanager
def _polled(desk: Desk, mailbox: Mailbox, owner: UUID) -> Iterator[_Arrivals]:
    """Poll by the clock."""
    arrivals = _Arrivals()

    def loop(stopping: threading.Event) -> None:
        while not stopping.wait(POLL_EVERY):
            arrivals.note(desk.poll(mailbox, owner).transactions)

    with _running(loop):
        yield arrivals
