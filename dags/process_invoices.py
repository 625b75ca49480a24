"""Take invoices on their way: extract, validate, approve, upload, conclude.

**When** within seconds of a transaction becoming due (Postgres notifies), and every ten minutes.
**Owner** the accounts payable team lead.
**Normal** a task group for each due invoice while they are few, a few large slices when they are many; held
invoices are no failure, they wait in the exception queue.
**When it fails** a slice could not reach Postgres or the object store even after repeating; what it had not
finished is due again and the next run takes it. `all_slices_done` fails the run so that nobody overlooks it. See
docs/runbooks/process_invoices.md.
"""

from datetime import UTC, datetime

from airflow.sdk import chain, dag, task_group

from mailroom.tasks import work
from mailroom.tasks.retries import TASK_DEFAULTS
from mailroom.tasks.wakeups import on_due

PROCESS = "accounts_payable"
PHASES = ("extract", "validate", "approve", "upload", "conclude")


@dag(
    schedule=on_due([PROCESS], "*/10 * * * *"),
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    default_args=TASK_DEFAULTS,
    doc_md=__doc__,
    tags=["mailroom", "payables"],
)
def process_invoices():
    @task_group
    def invoice(share):
        chain(*(work.run_phase.override(task_id=phase)(share=share, process=PROCESS, phase=phase) for phase in PHASES))

    slices = invoice.expand(share=work.plan_slices(PROCESS))
    checked = work.check_batch(PROCESS)
    slices >> checked
    [slices, checked] >> work.all_slices_done()


process_invoices()
