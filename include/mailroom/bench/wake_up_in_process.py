"""From a mail's delivery to its transaction with the IDLE watch and the poll in one process: no scheduler between."""

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
from mailroom.bench.intake_desk import Desk, intake_desk
from mailroom.bench.invoice_mail import invoice_mail
from mailroom.domain.errors import UnavailableError
from mailroom.settings.mailboxes import Mailbox
from mailroom.tasks.idle import IdleWatch

MAILS = 20
APART = 0.7
"""Seconds between two mails."""
LONGEST = 60.0


def woken(mails: int = MAILS) -> list[float]:
    """Return the seconds from delivery to transaction of every mail."""
    with intake_desk() as desk:
        mailbox, owner = desk.mailbox()
        with _watched(desk, mailbox, owner) as arrivals:
            return _deliver(desk, arrivals, mailbox, mails)


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


def _deliver(desk: Desk, arrivals: _Arrivals, mailbox: Mailbox, mails: int) -> list[float]:
    """Hand mails over by LMTP, one after the other; return how long each took."""
    delivered = []
    for number in range(mails):
        time.sleep(APART)
        with smtplib.LMTP("127.0.0.1", desk.dovecot.lmtp_port) as client:
            client.sendmail("billing@nordlicht.example", [mailbox.username], invoice_mail(f"IDLE-{number}"))
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
