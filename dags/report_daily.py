"""Make each customer's daily status report and mail it to their finance team.

**When** looks every fifteen minutes whose morning has come; a person triggers it for any day.
**Owner** the finance team that reads it.
**Normal** one short task that finds nobody's morning, and skips the rest; in the morning one mapped task a customer,
named after it. A report that was made is not made again, unless a person asks for its day.
**When it fails** the readers get a mail that says so; trigger the DAG for that day when the cause is gone. See
docs/runbooks/report_daily.md.
"""

from datetime import UTC, datetime

from airflow.sdk import Param, dag

from mailroom.tasks import work
from mailroom.tasks.retries import TASK_DEFAULTS


@dag(
    schedule="*/15 * * * *",
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    default_args=TASK_DEFAULTS,
    doc_md=__doc__,
    tags=["mailroom", "reports"],
    params={
        "day": Param(
            None,
            type=["null", "string"],
            format="date",
            title="Day",
            description="The day reported on; empty makes the reports that are due.",
        ),
        "organization": Param(
            "", type="string", title="Organization", description="Only this customer (slug); empty: all of them."
        ),
        "mail": Param(True, type="boolean", title="Mail it", description="Send the report to its readers."),
    },
)
def report_daily():
    work.report_day.expand(organization=work.list_reports())


report_daily()
