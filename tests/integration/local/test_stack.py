"""The stack without Airflow, started, killed and stopped through its command line."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from mailroom.domain.errors import UnavailableError
from mailroom.local.server import process_book
from mailroom.local.settings import StackSettings
from mailroom.local.stack import Stack, local_environment
from mailroom.local.stack_status import read_owner
from mailroom.local.state_folder import StateFolder

MAILROOM = (sys.executable, "-m", "mailroom.cli.main")
Command = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def mailroom(state_dir: Path) -> Iterator[Command]:
    """Run `mailroom up|down|status` on this test's state folder."""
    environment = {**os.environ, "MAILROOM_STATE_DIR": str(state_dir), "MAILROOM_PORTS": "auto"}

    def run(*arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
        command = [*MAILROOM, *arguments]
        return subprocess.run(command, env=environment | extra, capture_output=True, text=True, timeout=60, check=False)

    yield run
    run("down")


UP = ("up", "--without", "web", "--without", "airflow")


def test_up_status_and_down_tell_what_they_find(mailroom: Command, state_dir: Path):
    assert mailroom("down").returncode == 0
    assert mailroom("status", "--json").stdout == ""

    first, second = mailroom(*UP), mailroom(*UP)
    shown = [json.loads(line) for line in mailroom("status", "--json").stdout.splitlines()]
    ended, again = mailroom("down"), mailroom("down")

    assert first.returncode == 0, first.stderr
    assert "already running" in second.stdout
    assert "not scanned for viruses" in " ".join(second.stdout.split())
    assert second.returncode == 0
    assert {entry["component"]: entry["state"] for entry in shown} == {
        "postgres": "healthy",
        "mail": "healthy",
        "schema": "done",
    }
    assert all(entry["memory_mb"] > 0 for entry in shown if entry["pid"])
    assert "has stopped" in ended.stdout
    assert "Nothing runs" in again.stdout
    assert not everything_in(state_dir)


def test_a_killed_supervisor_leaves_nothing_after_the_next_up_or_down(mailroom: Command, state_dir: Path):
    started = mailroom(*UP)
    assert started.returncode == 0, started.stderr
    for command, expected in ((UP, True), (("down",), False)):
        left = kill_supervisor(state_dir)
        assert left
        assert "left over" in mailroom("status").stdout

        assert mailroom(*command).returncode == 0

        assert not [process for process in left if process.is_running() and process.status() != "zombie"]
        assert bool(everything_in(state_dir)) is expected


def test_a_taken_port_stops_the_start_and_what_had_started(mailroom: Command, state_dir: Path):
    with socket.create_server(("127.0.0.1", 0)) as holder:
        port = str(holder.getsockname()[1])
        tried = mailroom(*UP, MAILROOM_PORTS="fixed", MAILROOM_PORT_SMTP=port)

    assert tried.returncode != 0
    assert f"Port {port} for smtp is taken by" in tried.stderr
    assert not everything_in(state_dir)


def test_in_the_foreground_sigterm_stops_everything(mailroom: Command, state_dir: Path, eventually):
    environment = {**os.environ, "MAILROOM_STATE_DIR": str(state_dir), "MAILROOM_PORTS": "auto"}
    process = subprocess.Popen([*MAILROOM, *UP, "--foreground"], env=environment, stdout=subprocess.PIPE, text=True)
    eventually(lambda: '"healthy"' in mailroom("status", "--json").stdout)

    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=20) in {0, 130}
    assert not everything_in(state_dir)


def test_a_test_can_use_a_stack_of_its_own(state_dir: Path):
    stack = Stack(StackSettings(state_dir=state_dir, ports="auto"))
    stack.start({"schema", "mail"})
    try:
        environment = stack.environment()
        address = environment["MAILROOM_DATABASE_URL"].replace("+psycopg", "", 1)
        with psycopg.connect(address) as connection:
            user = connection.execute("SELECT current_user, current_database()").fetchone()
        found = local_environment({"MAILROOM_STATE_DIR": str(state_dir)})
        with pytest.raises(UnavailableError, match="already runs"):
            Stack(StackSettings(state_dir=state_dir)).start({"mail"})
    finally:
        stack.stop()

    assert user == ("mailroom_login", "mailroom")
    assert found == {name: value for name, value in environment.items() if name.startswith("MAILROOM_")}
    assert local_environment({"MAILROOM_STATE_DIR": str(state_dir)}) == {}
    assert stack.settings.folder.environment_file.stat().st_mode & 0o777 == 0o600


def kill_supervisor(state_dir: Path) -> list[psutil.Process]:
    """Kill the supervisor and return what it leaves."""
    folder = StateFolder(state_dir)
    owner = read_owner(folder)
    left = process_book(folder).members()
    process = owner.process()
    process.kill()
    psutil.wait_procs([process], timeout=5)
    return left


def everything_in(state_dir: Path) -> list[psutil.Process]:
    """Find the state folder's processes by looking at the machine, not at our own records."""
    found = []
    for process in psutil.process_iter():
        try:
            words = [*process.cmdline(), process.cwd()]
        except psutil.Error:
            continue
        if any(str(state_dir) in word for word in words) and process.status() != "zombie":
            found.append(process)
    return found
