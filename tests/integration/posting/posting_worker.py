"""A worker process that posts what is due into a ledger, and kills itself where it is told.

Arguments: database URL, organization, store folder, ledger URL, where to die ("" to live).
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from uuid import UUID

from erp_connectors.interface import Bill, Receipt
from erp_connectors.sql import SqlConnector
from mailroom.adapters.directory import DirectoryStore
from mailroom.database.session import Database
from tests.contract.ledger import mapping
from tests.integration.payables.desk import Desk


class DyingLedger(SqlConnector):
    """The real connector; the process is killed around its call, as `kill -9` does it."""

    dies: str = ""

    def upload(self, bill: Bill) -> Receipt:
        if self.dies == "before_the_call":
            os.kill(os.getpid(), signal.SIGKILL)
        receipt = super().upload(bill)
        if self.dies == "after_the_answer":
            os.kill(os.getpid(), signal.SIGKILL)
        return receipt


def main() -> None:
    """Run once."""
    url, organization, folder, ledger_url, dies = sys.argv[1:]
    ledger = DyingLedger(mapping(), {"url": ledger_url})
    ledger.dies = dies
    desk = Desk(Database(url), DirectoryStore(Path(folder)), UUID(organization), ledger=ledger)
    desk.run(f"process-{os.getpid()}")


if __name__ == "__main__":
    main()
