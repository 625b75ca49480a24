"""Keep the house: verify and anchor the audit chain, sweep orphan files, name work that has stalled.

**When** every night at 02:30 UTC.
**Owner** the mailroom's operator.
**Normal** one task, green, under a minute; its result counts what was verified and swept.
**When it fails** an audit chain does not verify: stop and read docs/runbooks/housekeeping.md before anything else.
"""

from datetime import UTC, datetime

from airflow.sdk import dag

from mailroom.tasks import work
from mailroom.tasks.retries import TASK_DEFAULTS


@dag(
    schedule="30 2 * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    default_args=TASK_DEFAULTS,
    doc_md=__doc__,
    tags=["mailroom", "upkeep"],
)
def housekeeping():
    work.keep_house()


housekeeping()
