"""Benchmark `wakeup`: from a mail's delivery to its transaction, through Airflow as it runs.

Dovecot tells the triggerer's IDLE connection, the event starts a run of `intake_mailboxes`, the mailbox's task
reads the mail. Every other DAG runs too, so the last mail's invoice is worked on while the next one comes in.
The baseline is the same watch and the same poll in one process: what is above it is Airflow's.
"""

from __future__ import annotations

import random
import smtplib
import time
from dataclasses import dataclass
from statistics import median
from typing import Any

from mailroom.bench.figure import Baseline, Figure, OnPart, silent
from mailroom.bench.invoice_mail import invoice_mail
from mailroom.bench.mailroom_rig import MailroomRig, mailroom_rig
from mailroom.bench.wake_up_in_process import percentile_95, woken

MAILS = 20
MAILBOXES = ("invoices", "bills")
APART = (2.0, 5.0)
"""Seconds between two mails, at random: shorter than a run and its rest now and then, so that runs overlap."""
FLOOR, GOAL = 10.0, 2.0

_TRANSACTIONS = """SELECT m.message_id, extract(epoch FROM t.created_at)::float8
    FROM transactions t JOIN messages m ON m.id = t.message_id"""
# The scheduler makes the run; its first task lists the mailboxes, then each one's task reads it.
_RUNS = """SELECT extract(epoch FROM r.queued_at)::float8, extract(epoch FROM r.start_date)::float8,
        extract(epoch FROM l.start_date)::float8, extract(epoch FROM l.end_date)::float8,
        extract(epoch FROM i.start_date)::float8, extract(epoch FROM i.end_date)::float8
    FROM task_instance i JOIN dag_run r USING (dag_id, run_id)
    JOIN task_instance l ON l.dag_id = i.dag_id AND l.run_id = i.run_id AND l.task_id = 'list_mailboxes'
    WHERE i.dag_id = 'intake_mailboxes' AND i.task_id = 'read_mailbox' AND i.end_date IS NOT NULL"""
_STAGES = ("run_made", "run_started", "listing_began", "listing_ended", "reading_began")


@dataclass(frozen=True, slots=True)
class Arrival:
    """One mail: when it was delivered and when its transaction was written, in seconds of one machine's clock."""

    delivered: float
    written: float

    @property
    def seconds(self) -> float:
        """Return how long it took."""
        return self.written - self.delivered


def run(on_part: OnPart = silent, *, mails: int = MAILS) -> Figure:
    """Return the 95th percentile of the seconds from delivery to transaction."""
    on_part("the watch and the poll in one process")
    in_process = woken(mails)
    on_part("starting the stack")
    with mailroom_rig(MAILBOXES) as rig:
        arrivals = _deliver(rig, mails, on_part)
        rig.rest()
        stages = _stages(rig, arrivals)
        peak = rig.peak_mb
    seconds = [each.seconds for each in arrivals]
    return Figure(
        benchmark="wakeup",
        figure=percentile_95(seconds),
        unit="s, p95",
        baseline=Baseline("the watch and the poll in one process, without Airflow", percentile_95(in_process)),
        better="lower",
        floor_on="figure",
        floor=FLOOR,
        goal=GOAL,
        peak_rss_mb=peak,
        detail={
            "mails": mails,
            "median": round(median(seconds), 2),
            "longest": round(max(seconds), 2),
            "median_in_process": round(median(in_process), 2),
            "median_after_delivery": stages,
        },
    )


def _deliver(rig: MailroomRig, mails: int, on_part: OnPart) -> list[Arrival]:
    """Hand mails over by LMTP to one mailbox or another; return them all when each has its transaction."""
    chance = random.Random(1)  # noqa: S311 - the same spacing each time
    delivered: dict[str, float] = {}
    for number in range(mails):
        on_part(f"mail {number + 1} of {mails}, through Airflow")
        time.sleep(chance.uniform(*APART))
        name = f"WAKE-{number}"
        with smtplib.LMTP("127.0.0.1", rig.dovecot.lmtp_port) as client:
            client.sendmail("billing@nordlicht.example", [chance.choice(rig.mailboxes)], invoice_mail(name))
        delivered[f"<{name}@nordlicht.example>"] = time.time()
    rig.wait(lambda: len(rig.rows(_TRANSACTIONS)) >= mails, "a transaction of each mail")
    written = {str(message_id): float(at) for message_id, at in rig.rows(_TRANSACTIONS)}
    return [Arrival(at, written[message_id]) for message_id, at in delivered.items()]


def _stages(rig: MailroomRig, arrivals: list[Arrival]) -> dict[str, float]:
    """Return the median seconds after delivery of what led to each transaction, as Airflow has recorded it."""
    runs = rig.airflow_rows(_RUNS)
    found: list[list[Any]] = []
    for each in arrivals:
        *moments, _ = max(run for run in runs if run[4] <= each.written <= run[5])
        found.append([moment - each.delivered for moment in moments])
    return {name: round(median(column), 2) for name, column in zip(_STAGES, zip(*found, strict=True), strict=True)}
