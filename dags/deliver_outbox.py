"""Send the mail that is due: approval requests, answers to senders, reminders, reports.

**When** within seconds of a mail being recorded, and every minute.
**Owner** the mailroom's operator.
**Normal** a run of one short task. A mail is sent at least once, under a Message-ID that a repeat shares.
**When it fails** the mail server does not answer: mail waits in the outbox and is tried again; nothing is lost. See
docs/runbooks/deliver_outbox.md.
"""

from datetime import UTC, datetime

from airflow.sdk import dag

from mailroom.tasks import work
from mailroom.tasks.retries import TASK_DEFAULTS
from mailroom.tasks.wakeups import on_due


@dag(
    schedule=on_due([], "* * * * *"),
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    default_args=TASK_DEFAULTS,
    doc_md=__doc__,
    tags=["mailroom", "mail"],
)
def deliver_outbox():
    work.deliver()


deliver_outbox()
