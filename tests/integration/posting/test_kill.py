"""kill -9 around the call to the ERP leaves exactly one bill; the ledger itself is asked."""

from __future__ import annotations

import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from mailroom.adapters.directory import DirectoryStore
from mailroom.database.session import Database
from tests.contract.ledger import SqliteLedger
from tests.integration.payables.desk import Desk

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(("dies", "bills_at_death"), [("before_the_call", 0), ("after_the_answer", 1)])
def test_a_killed_worker_leaves_exactly_one_bill(
    database: Database, login_url: str, tmp_path: Path, organization, dies: str, bills_at_death: int
):
    ledger = SqliteLedger(tmp_path / "ledger.db")
    folder = tmp_path / "objects"
    desk = Desk(database, DirectoryStore(folder), organization)
    desk.supplier()
    key = desk.receive(desk.paper())

    def worker(where: str) -> subprocess.CompletedProcess[bytes]:
        arguments = [login_url, str(organization), str(folder), ledger.url, where]
        command = [sys.executable, "-m", "tests.integration.posting.posting_worker", *arguments]
        return subprocess.run(command, cwd=ROOT, capture_output=True, timeout=60, check=False)

    assert worker(dies).returncode == -signal.SIGKILL
    assert len(ledger.stored()) == bills_at_death
    assert desk.state(key)[0] == "uploading"

    # While the dead worker's lease lasts nobody touches its work; afterwards the next one settles it.
    assert worker("").returncode == 0
    assert desk.state(key)[0] == "uploading"
    desk.rows("UPDATE transactions SET leased_until = now() - interval '1 second' RETURNING 1")
    desk.rows("UPDATE posting_intents SET sent_at = sent_at - interval '1 hour' RETURNING 1")
    finished = worker("")

    assert finished.returncode == 0, finished.stderr.decode()
    assert desk.state(key) == ("completed", None)
    (bill,) = ledger.stored()
    assert (bill.invoice_number, bill.payable, bill.draft) == ("INV-1001", Decimal("119.00"), True)
    assert [file.body for file in bill.files] == [desk.paper()]
    (intent,) = desk.rows("SELECT state, already_there FROM posting_intents")
    assert intent.state == "confirmed"


def test_a_worker_that_lost_its_lease_sends_nothing(desk: Desk):
    """A worker stands still before the mark, another one posts, the first one wakes up."""
    store, taken = desk.store, []

    class Slow:
        def __getattr__(self, name):
            return getattr(store, name)

        def get(self, key):
            if len(taken) == 1:
                taken.append("second")
                desk.rows("UPDATE transactions SET leased_until = now() - interval '1 second' RETURNING 1")
                desk.store = store
                desk.run("worker-2")
            elif not taken:
                taken.append("first")
            return store.get(key)

    desk.store = Slow()
    key = desk.receive(desk.paper())
    desk.run("worker-1")

    assert taken == ["first", "second"]
    assert desk.state(key) == ("completed", None)
    assert len(desk.ledger.bills) == 1
