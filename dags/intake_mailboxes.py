"""Read every mailbox: new messages go into the ledger, each gets one disposition, invoices become transactions.

**When** within seconds of a mail's arrival (IMAP IDLE), and every five minutes as the safety net.
**Owner** the mailroom's operator.
**Normal** one mapped task a mailbox, named after it, done in a few seconds; nothing new is the usual result.
**When it fails** the mailbox's task says in its last line why it could not be read. The ledger keeps when it is tried
again: ten minutes after a refused login, sooner after an unreachable server; runs before that skip it. Nothing is
lost: the cursor moves only with the ledger. See docs/runbooks/intake_mailboxes.md.
"""

from datetime import UTC, datetime

from airflow.sdk import Param, dag

from mailroom.tasks import work
from mailroom.tasks.retries import TASK_DEFAULTS
from mailroom.tasks.wakeups import on_mail


@dag(
    schedule=on_mail("*/5 * * * *"),
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,
    default_args=TASK_DEFAULTS,
    doc_md=__doc__,
    tags=["mailroom", "intake"],
    params={
        "mailbox": Param(
            "", type="string", title="Mailbox", description="Read only this one; empty reads all of them."
        ),
    },
)
def intake_mailboxes():
    work.read_mailbox.expand(mailbox=work.list_mailboxes())


intake_mailboxes()
