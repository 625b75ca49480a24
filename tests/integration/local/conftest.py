"""State folders that Postgres' own user can reach, and what must not be left behind."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mailroom.local.server import process_book
from mailroom.local.state_folder import StateFolder


@contextmanager
def state_folder() -> Iterator[Path]:
    """Yield a folder of one's own; whatever still runs in it at the end is ended and is a failure."""
    # Not pytest's tmp_path: its parents are closed to `nobody`, whom Postgres runs as under root.
    parent = Path(tempfile.mkdtemp(prefix="mailroom-local-", dir="/var/tmp"))
    parent.chmod(0o755)
    root = parent / "state"
    try:
        yield root
        left = process_book(StateFolder(root)).end_leftovers() if (root / "run").exists() else 0
        assert left == 0, f"{left} processes were left running"
    finally:
        if (root / "run").exists():
            process_book(StateFolder(root)).end_leftovers()
        shutil.rmtree(parent, ignore_errors=True)


@pytest.fixture
def state_dir() -> Iterator[Path]:
    """Return a state folder of this test's own."""
    with state_folder() as root:
        yield root


@pytest.fixture(scope="module")
def shared_state_dir() -> Iterator[Path]:
    """Return a state folder for all tests of a module."""
    with state_folder() as root:
        yield root


@pytest.fixture
def eventually() -> Callable[[Callable[[], object]], None]:
    """Return a function that waits up to 20 s for a condition and fails when it does not come true."""

    def wait(condition: Callable[[], object], within: float = 20) -> None:
        deadline = time.monotonic() + within
        while not condition():
            assert time.monotonic() < deadline, "it did not come true in time"
            time.sleep(0.05)

    return wait


@pytest.fixture
def plain_environment() -> dict[str, str]:
    """Return what a program needs to start, and nothing of Mailroom's."""
    return {"PATH": os.environ["PATH"], "HOME": "/nonexistent"}
