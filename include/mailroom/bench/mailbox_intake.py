"""Benchmark `intake`: whole polls of a mailbox of invoices, against a bare loop that fetches, parses and decodes."""

from __future__ import annotations

import email
import email.policy
import imaplib
import time
from collections.abc import Sequence

from mailroom.bench.dovecot import PASSWORD
from mailroom.bench.figure import Baseline, Figure, OnPart, middle_pair, peak_rss_mb, silent
from mailroom.bench.intake_desk import Desk, intake_desk
from mailroom.bench.invoice_mail import invoice_mails
from mailroom.bench.no_op_queue import WrongCountError

MAILS = 300
PAIRS = 5


def run(on_part: OnPart = silent, *, mails: int = MAILS, pairs: int = PAIRS) -> Figure:
    """Return mails a second from Dovecot to ledger, store and transactions."""
    measured: list[tuple[float, float]] = []
    with intake_desk() as desk:
        on_part("a first poll, so that everything is warm")
        _poll(desk, list(invoice_mails(20, "warm")))
        for number in range(pairs):
            on_part(f"pair {number + 1} of {pairs}")
            found = list(invoice_mails(mails, f"INV{number}"))
            measured.append((_poll(desk, found), _bare_loop(desk, found)))
    figure, baseline = middle_pair(measured)
    return Figure(
        benchmark="intake",
        figure=figure,
        unit="mails/s",
        baseline=Baseline("imaplib fetch, parse, decode loop", baseline),
        better="higher",
        floor_on="ratio",
        floor=0.4,
        goal=0.8,
        peak_rss_mb=peak_rss_mb(),
    )


def _poll(desk: Desk, mails: Sequence[bytes]) -> float:
    mailbox, owner = desk.mailbox()
    desk.dovecot.seed(mailbox.username, mails)
    started = time.monotonic()
    opened = 0
    while opened < len(mails):
        report = desk.poll(mailbox, owner)
        opened += report.transactions
        if report.error or not report.seen:
            raise WrongCountError(f"{len(mails)} mails gave {opened} transactions: {report.error or 'no more mail'}")
    return len(mails) / (time.monotonic() - started)


def _bare_loop(desk: Desk, mails: Sequence[bytes]) -> float:
    """Read a fresh mailbox of the same mails as a script after Python's manual would, one at a time, keeping nothing.

    Headers decoded, text as `str`, attachments as bytes: `email.policy.default`, which the manual recommends.
    """
    mailbox, _ = desk.mailbox()
    desk.dovecot.seed(mailbox.username, mails)
    started = time.monotonic()
    files = 0
    with imaplib.IMAP4("127.0.0.1", desk.dovecot.imap_port) as client:
        client.login(mailbox.username, PASSWORD)
        client.select("INBOX", readonly=True)
        for uid in client.uid("SEARCH", "ALL")[1][0].split():
            _, answer = client.uid("FETCH", uid, "(BODY.PEEK[])")
            files += _decoded(answer[0][1])
    if files != len(mails):
        raise WrongCountError(f"the bare loop found {files} attachments in {len(mails)} mails")
    return len(mails) / (time.monotonic() - started)


def _decoded(raw: bytes) -> int:
    """Parse and decode a mail; return how many attachments it has."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    for name in ("From", "To", "Subject", "Date", "Message-ID"):
        str(message[name])
    files = 0
    for part in message.walk():
        if not part.is_multipart():
            part.get_content()
            files += part.get_filename() is not None
    return files
