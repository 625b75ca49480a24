import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from mailroom.documents.inspection import inspect
from mailroom.documents.sandbox import Limits, SandboxPool
from mailroom.domain.errors import RejectedInputError, UnavailableError
from tests.unit.documents import hostile_files
from tests.unit.documents.papers import an_invoice_pdf

INSPECT = "mailroom.documents.inspection:inspect_here"


@pytest.fixture(scope="module")
def pool():
    with SandboxPool(1) as opened:
        yield opened


def test_one_child_reads_many_files(pool):
    inspect(an_invoice_pdf(), "a.pdf", pool)
    first = pool.child_pids()

    for _ in range(20):
        assert inspect(an_invoice_pdf(), "a.pdf", pool).error is None

    assert pool.child_pids() == first


@pytest.mark.parametrize("made", ["inflating_pdf", "nested_forms_pdf", "endless_text_pdf"])
def test_a_bomb_is_stopped_and_the_next_file_is_read(pool, made):
    started = time.monotonic()

    seen = inspect(getattr(hostile_files, made)(), "bomb.pdf", pool)

    assert seen.error in {"out_of_memory", "timeout", "crashed"}
    assert time.monotonic() - started < 15
    assert inspect(an_invoice_pdf(), "a.pdf", pool).error is None


def test_a_file_that_takes_too_long_is_stopped_on_time():
    limits = Limits(megabytes=4096, wall_seconds=0.4)
    with SandboxPool(1, limits=limits) as pool:
        inspect(an_invoice_pdf(), "a.pdf", pool)
        started = time.monotonic()

        seen = inspect(hostile_files.endless_text_pdf(4_000_000), "slow.pdf", pool)

        assert seen.error == "timeout"
        assert time.monotonic() - started < 2


def test_a_child_killed_from_outside_is_replaced(pool):
    inspect(an_invoice_pdf(), "a.pdf", pool)
    os.kill(pool.child_pids()[0], signal.SIGKILL)
    time.sleep(0.1)

    assert inspect(an_invoice_pdf(), "a.pdf", pool).error is None


def test_a_file_over_the_limit_of_bytes_reaches_no_parser():
    with SandboxPool(1, limits=Limits(max_bytes=1000)) as pool, pytest.raises(RejectedInputError) as refused:
        pool.run(INSPECT, b"x" * 1001)

    assert refused.value.code == "too_large"
    assert pool.child_pids() == []


def test_threads_share_few_children():
    with SandboxPool(2) as pool, ThreadPoolExecutor(8) as threads:
        seen = list(threads.map(lambda _: inspect(an_invoice_pdf(), "a.pdf", pool), range(40)))

        assert {one.document_type for one in seen} == {"invoice"}
        assert 1 <= len(pool.child_pids()) <= 2


def test_the_child_gets_no_secrets(pool, monkeypatch):
    monkeypatch.setenv("MAILROOM_SECRET_SMTP", "do-not-leak")
    with SandboxPool(1) as fresh:
        inspect(an_invoice_pdf(), "a.pdf", fresh)
        environment = Path(f"/proc/{fresh.child_pids()[0]}/environ").read_bytes()

    assert b"do-not-leak" not in environment


def test_leaving_the_pool_ends_its_children():
    with SandboxPool(1) as pool:
        inspect(an_invoice_pdf(), "a.pdf", pool)
        pid = pool.child_pids()[0]

    assert not Path(f"/proc/{pid}").exists()
    with pytest.raises(UnavailableError):
        pool.run(INSPECT, b"x")


def test_children_of_a_killed_parent_leave():
    code = (
        "import time\n"
        "from mailroom.documents.inspection import inspect\n"
        "from mailroom.documents.sandbox import SandboxPool\n"
        "pool = SandboxPool(1)\n"
        "inspect(b'text', 'a.txt', pool)\n"
        "print(pool.child_pids()[0], flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    # structlog prints to standard output by default; the pid is the last word of a line of digits
    child = int(next(line for line in parent.stdout if line.strip().isdigit()))
    parent.kill()
    parent.wait()
    parent.stdout.close()

    deadline = time.monotonic() + 10
    while Path(f"/proc/{child}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{child}").exists()


def test_a_forked_process_starts_children_of_its_own(pool):
    inspect(an_invoice_pdf(), "a.pdf", pool)
    mine = set(pool.child_pids())
    fork = os.fork()
    if fork == 0:
        try:
            ok = inspect(an_invoice_pdf(), "a.pdf", pool).error is None and not mine & set(pool.child_pids())
            pool.close()
            os._exit(0 if ok else 1)
        except BaseException:
            os._exit(2)
    _, status = os.waitpid(fork, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert inspect(an_invoice_pdf(), "a.pdf", pool).error is None
    assert set(pool.child_pids()) == mine


def test_only_our_own_functions_run_in_a_child(pool):
    with pytest.raises(RejectedInputError):
        pool.run("os:system", b"true")
