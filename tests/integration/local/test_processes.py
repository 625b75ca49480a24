"""Ending what is ours, all of it, and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from mailroom.local.processes import ProcessBook, seconds_after_boot
from mailroom.local.server import process_book
from mailroom.local.state_folder import StateFolder

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)",
]
# A leader with a child in a process group of its own and a child in a session of its own.
FAMILY = [
    sys.executable,
    "-c",
    "import os, subprocess, sys, time\n"
    "sleep = [sys.executable, '-c', 'import time; time.sleep(60)']\n"
    "subprocess.Popen(sleep, process_group=0)\n"
    "subprocess.Popen(sleep, start_new_session=True)\n"
    "time.sleep(60)",
]


@pytest.fixture
def book(state_dir: Path) -> ProcessBook:
    folder = StateFolder(state_dir)
    folder.create()
    return process_book(folder)


@pytest.fixture
def stranger() -> Iterator[psutil.Popen]:
    """A process that is not ours and must live."""
    process = psutil.Popen(SLEEP, start_new_session=True)
    yield process
    assert process.poll() is None, "a stranger was ended"
    process.kill()
    process.wait()


def test_children_that_left_the_group_or_the_session_are_ended_too(book, state_dir, plain_environment, eventually):
    leader = book.start("family", FAMILY, environment=plain_environment, log_file=state_dir / "logs" / "family.log")
    eventually(lambda: len(book.members()) == 3)
    leader.kill()
    leader.wait()

    assert book.end_leftovers() == 2
    assert book.members() == []


def test_a_process_that_ignores_sigterm_is_killed(book, state_dir, plain_environment, eventually):
    log_file = state_dir / "logs" / "stubborn.log"
    process = book.start("stubborn", STUBBORN, environment=plain_environment, log_file=log_file)
    eventually(lambda: "ready" in log_file.read_text())

    book.end("stubborn", within=0.2)

    assert process.wait(timeout=5) == -signal.SIGKILL
    assert book.records() == []


def test_a_stranger_with_a_recorded_number_is_left_alone(book, state_dir, stranger):
    started_otherwise = seconds_after_boot(stranger) - 100
    record = {"component": "mail", "pid": stranger.pid, "started": started_otherwise}
    (state_dir / "run" / "processes.json").write_text(json.dumps([record]))

    assert book.end_leftovers() == 0
    book.end("mail", within=0)


def test_another_stacks_processes_are_left_alone(book, state_dir, plain_environment, eventually):
    other_folder = StateFolder(state_dir.parent / "other")
    other_folder.create()
    other = process_book(other_folder)
    theirs = other.start("mail", SLEEP, environment=plain_environment, log_file=other_folder.log_of("mail"))
    eventually(other.members)

    assert book.end_leftovers() == 0
    assert theirs.poll() is None
    assert other.end_leftovers() == 1
    theirs.wait()


def test_a_shell_that_stands_in_the_data_folder_is_left_alone(book, state_dir):
    data = state_dir / "postgres" / "data"
    data.mkdir(parents=True)
    shell = psutil.Popen(SLEEP, cwd=data, start_new_session=True)
    try:
        assert book.end_leftovers() == 0
        assert shell.poll() is None
    finally:
        shell.kill()
        shell.wait()


def test_a_postgres_of_ours_is_known_by_its_data_folder_alone(book, state_dir, eventually):
    """Postgres processes have sessions of their own and overwrite their environment."""
    data = state_dir / "postgres" / "data"
    data.mkdir(parents=True)
    named_postgres = state_dir.parent / "postgres"
    shutil.copy(shutil.which("sleep") or "/bin/sleep", named_postgres)
    process = subprocess.Popen([named_postgres, "60"], cwd=data, env={}, start_new_session=True)
    eventually(lambda: psutil.Process(process.pid).name() == "postgres")

    assert book.end_leftovers() == 1
    assert process.wait(timeout=5) == -signal.SIGINT


def test_the_record_stands_in_a_file_only_its_owner_reads(book, state_dir, plain_environment):
    process = book.start("mail", SLEEP, environment=plain_environment, log_file=state_dir / "logs" / "mail.log")
    path = state_dir / "run" / "processes.json"

    [entry] = json.loads(path.read_text())

    assert entry["pid"] == process.pid == os.getsid(process.pid)
    assert path.stat().st_mode & 0o777 == 0o600
    book.end("mail", within=2)
    process.wait()
