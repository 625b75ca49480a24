"""Keep a long-running stack small: turn logs over, prune Airflow's history once a day.

Tasks cannot reach Airflow's metadata database, so this is the supervisor's work. It runs as a process of
its own: `python -m mailroom.local.upkeep STATE_DIR [--airflow]`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from mailroom.local.airflow_components import airflow_command
from mailroom.local.log_files import prune, turn_over
from mailroom.local.processes import ProcessBook
from mailroom.local.state_folder import StateFolder, read_json, write_private

log = structlog.get_logger()

KEEP_DAYS = 30
DAY = 86400.0
FIRST_AFTER = 300.0
"""Seconds a stack runs before its first upkeep, so that it is not in the way of whoever just started it."""
LOGS_EVERY = 600.0
NAME = "upkeep"


class Upkeep:
    """Start the daily upkeep when it is due; `turn` is called again and again by whoever runs the stack."""

    def __init__(
        self,
        folder: StateFolder,
        environment: Mapping[str, str],
        *,
        with_airflow: bool,
        first_after: float = FIRST_AFTER,
    ) -> None:
        self._folder = folder
        self._environment = environment
        self._with_airflow = with_airflow
        self._process: subprocess.Popen[bytes] | None = None
        self._not_before = time.monotonic() + first_after
        self._logs_at = time.monotonic() + LOGS_EVERY

    def turn(self, book: ProcessBook) -> None:
        """Do what is due and return at once."""
        if time.monotonic() >= self._logs_at:
            self._logs_at = time.monotonic() + LOGS_EVERY
            turn_over(self._folder.logs)
        if self._process is not None:
            self._note_end(book)
        elif time.monotonic() >= self._not_before and self._is_due():
            self._start(book)

    def _is_due(self) -> bool:
        last = read_json(self._folder.run / "upkeep.json") or {}
        return time.time() - float(last.get("started", 0)) > DAY

    def _start(self, book: ProcessBook) -> None:
        write_private(self._folder.run / "upkeep.json", json.dumps({"started": time.time()}))
        flags = ["--airflow"] if self._with_airflow else []
        self._process = book.start(
            NAME,
            [sys.executable, "-m", "mailroom.local.upkeep", str(self._folder.root), *flags],
            environment=self._environment,
            log_file=self._folder.log_of(NAME),
        )

    def _note_end(self, book: ProcessBook) -> None:
        assert self._process is not None
        code = self._process.poll()
        if code is not None:
            log.info("upkeep ended", exit_code=code)
            book.end(NAME, within=0)
            self._process = None


def main() -> None:
    """Prune logs and, with --airflow, Airflow's metadata, both older than `KEEP_DAYS`."""
    parser = argparse.ArgumentParser()
    parser.add_argument("state_dir", type=Path)
    parser.add_argument("--airflow", action="store_true")
    arguments = parser.parse_args()
    folder = StateFolder(arguments.state_dir)
    removed = prune(folder.airflow / "logs", KEEP_DAYS)
    log.info("old task logs removed", files=removed)
    if arguments.airflow:
        limit = (datetime.now(UTC) - timedelta(days=KEEP_DAYS)).isoformat(timespec="seconds")
        clean = airflow_command("db", "clean", "--clean-before-timestamp", limit, "--yes", "--skip-archive")
        sys.exit(subprocess.run(clean, check=False).returncode)  # noqa: S603 - our own command


if __name__ == "__main__":
    main()
