"""Remind people whose time is running out: approvers of open requests, owners of held work.

**When** every five minutes; each reminder fires once, after an outage too.
**Owner** the accounts payable team lead.
**Normal** one short task that finds nothing due, and skips the rest; else one mapped task a customer, named after it.
**When it fails** the clocks stay due and the next run fires them. See docs/runbooks/follow_up.md.
"""

from datetime import UTC, datetime

from airflow.sdk import dag

from mailroom.tasks import work
from mailroom.tasks.retries import TASK_DEFAULTS


@dag(
    schedule="*/5 * * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    default_args=TASK_DEFAULTS,
    doc_md=__doc__,
    tags=["mailroom", "clocks"],
)
def follow_up():
    work.remind.expand(organization=work.list_reminders())


follow_up()
