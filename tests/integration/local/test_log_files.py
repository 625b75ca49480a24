"""Logs that are read from their end, turned over and pruned."""

from __future__ import annotations

import os
import time
from pathlib import Path

from mailroom.local.log_files import prune, tail, turn_over


def test_the_last_lines_of_a_log(tmp_path: Path):
    log = tmp_path / "web.log"
    log.write_text("".join(f"line {number}\n" for number in range(50_000)))

    assert tail(log, 2) == "line 49998\nline 49999"
    assert tail(tmp_path / "none.log") == "(no log)"


def test_a_log_is_emptied_under_its_writer_and_a_copy_kept(tmp_path: Path):
    log = tmp_path / "web.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"old" * 100)
        turn_over(tmp_path, at=200)
        writer.write(b"new")

    assert log.read_bytes() == b"new"
    assert (tmp_path / "web.log.1").read_bytes() == b"old" * 100


def test_only_files_past_their_time_and_empty_folders_go(tmp_path: Path):
    old, fresh = tmp_path / "run 1" / "task" / "1.log", tmp_path / "run 2" / "1.log"
    for path in (old, fresh):
        path.parent.mkdir(parents=True)
        path.write_text("log")
    month_ago = time.time() - 31 * 86400
    os.utime(old, (month_ago, month_ago))

    assert prune(tmp_path, older_than_days=30) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["run 2"]
