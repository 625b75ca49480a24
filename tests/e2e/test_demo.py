"""`mailroom demo`, as a newcomer runs it: twice, with everything it starts gone afterwards."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

pytestmark = pytest.mark.xdist_group("airflow")

BILLS_OF_A_STORY = 5  # straight through: 1 + 2 of one mail; approved: one by mail, one on the page
MAILS_OF_A_STORY = 16


@pytest.fixture
def state_dir() -> Iterator[Path]:
    # Not pytest's own folder: as root, Postgres runs as another user, who must be able to reach it.
    root = Path(tempfile.mkdtemp(prefix="mailroom-demo-", dir="/var/tmp"))
    root.chmod(0o755)
    yield root
    shutil.rmtree(root, ignore_errors=True)


def tell(state_dir: Path, out: Path) -> str:
    """Run the command and return what it printed."""
    command = [sys.executable, "-m", "mailroom.cli.main", "demo", "--out", str(out)]
    environment = {**os.environ, "MAILROOM_STATE_DIR": str(state_dir)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=420, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    return done.stdout


def left_running(state_dir: Path) -> list[str]:
    """Return the command lines of processes that know the state folder."""
    lines = []
    for process in psutil.process_iter(["cmdline"]):
        try:
            words = [*(process.info["cmdline"] or ()), *process.environ().values()]
        except psutil.Error:
            continue
        if process.pid != os.getpid() and any(str(state_dir) in word for word in words):
            lines.append(" ".join(process.info["cmdline"] or ()))
    return lines


def test_the_story_is_told_twice_and_leaves_nothing_running(state_dir: Path, tmp_path: Path):
    first = tell(state_dir, tmp_path / "first")
    second = tell(state_dir, tmp_path / "second")

    assert first.count("✓") == second.count("✓") == MAILS_OF_A_STORY
    bills = (tmp_path / "second" / "ledger.txt").read_text().splitlines()[1:]
    numbers = [re.search(r"[A-Z]+-\d{4}-\d+", bill)[0] for bill in bills]  # type: ignore[index]
    assert len(set(numbers)) == len(numbers) == 2 * BILLS_OF_A_STORY
    assert (tmp_path / "first" / "report" / "acme" / "report.xlsx").read_bytes().startswith(b"PK")
    assert "failed" not in (tmp_path / "second" / "dag-runs.txt").read_text()
    assert left_running(state_dir) == []
