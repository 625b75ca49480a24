"""Benchmark `queue`: no-op transactions of eight steps through the engine, against the same writes in plain psycopg."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from uuid import UUID

from mailroom.bench.figure import Baseline, Figure, OnPart, middle_pair, silent
from mailroom.bench.noop import PROCESS, seed
from mailroom.bench.rig import Rig, database_rig
from mailroom.database.session import Database
from mailroom.domain.errors import MailroomError

TRANSACTIONS = 4_000
ORGANIZATIONS = 4
WORKERS = 2
PAIRS = 5


class WrongCountError(MailroomError):
    """A run did not do what it was given, so its time means nothing."""

    code = "wrong_count"


def run(on_part: OnPart = silent, *, transactions: int = TRANSACTIONS, pairs: int = PAIRS) -> Figure:
    """Return transactions a second with two worker processes."""
    measured: list[tuple[float, float]] = []
    peak = 0.0
    with database_rig() as rig:
        for number in range(pairs):
            on_part(f"pair {number + 1} of {pairs}")
            ours, used = _measure(rig, "engine", transactions)
            base, _ = _measure(rig, "plain", transactions)
            measured.append((ours, base))
            peak = max(peak, used)
    figure, baseline = middle_pair(measured)
    return Figure(
        benchmark="queue",
        figure=figure,
        unit="transactions/s",
        baseline=Baseline("same writes in plain psycopg", baseline),
        better="higher",
        floor_on="figure",
        floor=400,
        goal=1000,
        peak_rss_mb=peak,
    )


def _measure(rig: Rig, kind: str, transactions: int) -> tuple[float, float]:
    """Return (transactions a second, a worker's peak in MiB) of two processes; starting them is not timed."""
    database = Database(rig.login_url)
    organizations = seed(rig.owner_url, database, ORGANIZATIONS, transactions // ORGANIZATIONS)
    url = rig.login_url if kind == "engine" else rig.owner_url
    shares = [organizations[place::WORKERS] if kind == "plain" else [] for place in range(WORKERS)]
    workers = [_start(kind, url, share) for share in shares]
    started = time.monotonic()
    for worker in workers:
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    said = [worker.communicate()[0].split() for worker in workers]
    seconds = time.monotonic() - started
    _check(database, organizations, transactions)
    database.close()
    return transactions / seconds, max(int(peak) for _, peak in said) / 1024


def _start(kind: str, url: str, share: Sequence[UUID]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "mailroom.bench.queue_worker", kind, url, *map(str, share)]
    worker = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout is not None
    worker.stdout.readline()
    return worker


def _check(database: Database, organizations: Sequence[UUID], transactions: int) -> None:
    """Raise unless every transaction is completed, with an event for each step and a mail at the end."""
    counted = [0, 0, 0]
    for organization in organizations:
        with database.organization(organization) as connection:
            row = connection.exec_driver_sql(
                f"SELECT (SELECT count(*) FROM transactions WHERE process = '{PROCESS}' AND state = 'completed'),"
                " (SELECT count(*) FROM events), (SELECT count(*) FROM outbox)"
            ).one()
        counted = [total + part for total, part in zip(counted, row, strict=True)]
    if counted != [transactions, 8 * transactions, transactions]:
        raise WrongCountError(f"{transactions} transactions gave {counted} (completed, events, mails)")
