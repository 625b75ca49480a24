"""Ending processes: ask first, then insist, and look until none is left."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable, Iterable, Sequence

import psutil

Find = Callable[[], Sequence[psutil.Process]]
_LOOK_EVERY = 0.1
_KILL_WITHIN = 10.0


def living(process: psutil.Process) -> bool:
    """Tell whether a process still runs; one that ended and waits for its parent does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def signal_all(processes: Iterable[psutil.Process], number: signal.Signals) -> None:
    """Send a signal to processes that still are who they were; one that is gone is no error."""
    for process in processes:
        with contextlib.suppress(psutil.Error):
            process.send_signal(number)


def wait_for_none(find: Find, within: float) -> bool:
    """Wait until `find` finds nothing; tell whether that came about in time."""
    deadline = time.monotonic() + within
    while find():
        if time.monotonic() >= deadline:
            return False
        time.sleep(_LOOK_EVERY)
    return True


def end_all(find: Find, *, within: float, first: signal.Signals = signal.SIGTERM) -> bool:
    """End all that `find` finds, those included that are started meanwhile; tell whether none is left.

    Each is sent `first` once; what lives after `within` seconds is killed.
    """
    asked: set[psutil.Process] = set()
    deadline = time.monotonic() + within
    while (found := find()) and time.monotonic() < deadline:
        signal_all([process for process in found if process not in asked], first)
        asked.update(found)
        time.sleep(_LOOK_EVERY)
    deadline = time.monotonic() + _KILL_WITHIN
    while (found := find()) and time.monotonic() < deadline:
        signal_all(found, signal.SIGKILL)
        time.sleep(_LOOK_EVERY)
    return not found
