"""Escalate what has waited too long, and let fail what has taken longer than anything may.

**When** every five minutes; each level fires once, after an outage too, and only on business days.
**Owner** the accounts payable team lead.
**Normal** one short task that finds nothing overdue, and skips the rest; else one mapped task a customer, named
after it.
**When it fails** the clocks stay due and the next run fires them. See docs/runbooks/escalate_overdue.md.
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
def escalate_overdue():
    work.escalate.expand(organization=work.list_overdue())


escalate_overdue()
