"""One of the two worker processes of the `queue` benchmark: says "ready", waits for a line, works, says how much.

Arguments: engine or plain, the database's URL, and for plain the organizations.
"""

from __future__ import annotations

import os
import resource
import sys
from uuid import UUID

from mailroom.bench.noop import PROCESS, noop_engine
from mailroom.bench.plain_writes import write_all
from mailroom.database.session import Database


def main(arguments: list[str]) -> None:
    """Do all due work once told to."""
    kind, url, *organizations = arguments
    database = Database(url)
    engine = noop_engine(database, f"worker-{os.getpid()}")
    with database.engine.connect():
        pass  # connected before the clock starts
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    if kind == "plain":
        done = write_all(url, [UUID(each) for each in organizations])
    else:
        done = 0
        while moves := engine.run_due([PROCESS]).total:
            done += moves
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(f"{done} {peak}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
