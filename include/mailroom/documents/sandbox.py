"""Open files in warm, killable children with memory, CPU and wall limits; one bad file costs one child."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import structlog

import mailroom
from mailroom.documents.faults import MAX_BYTES, Fault, unreadable
from mailroom.documents.frames import WireClosedError, WireTimeoutError, read_frame, write_frame
from mailroom.domain.errors import RejectedInputError, UnavailableError

log = structlog.get_logger()

_START_SECONDS = 60.0
_OUT_OF_MEMORY_SHARE = 0.3
_KEPT_ENVIRONMENT = (
    "PATH",
    "LANG",
    "LC_ALL",
    "TZ",
    "PYTHONPATH",
    "LD_LIBRARY_PATH",
    "COVERAGE_PROCESS_START",
)
_PACKAGE_ROOT = str(Path(mailroom.__file__).parents[1])


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: megabytes of address space, seconds of CPU and of wall time, bytes."""

    megabytes: int = 1024
    cpu_seconds: float = 10.0
    wall_seconds: float = 10.0
    max_bytes: int = MAX_BYTES


class _Child:
    """One process of the pool, used by one thread at a time."""

    def __init__(self, limits: Limits, warm_modules: tuple[str, ...]) -> None:
        command = [
            sys.executable,
            "-P",
            "-m",
            "mailroom.documents.worker",
            str(limits.megabytes),
            *warm_modules,
        ]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                cwd="/",
                env=_environment(),
            )
        except OSError as err:
            raise UnavailableError(f"The sandbox for documents could not start: {err}.") from err
        self._limits = limits
        self.jobs = 0
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._requests, self._replies = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._requests, False)
        os.set_blocking(self._replies, False)
        self._peak_at_start = self._wait_until_ready()

    @property
    def pid(self) -> int:
        return self._process.pid

    def _wait_until_ready(self) -> int:
        try:
            ready = json.loads(read_frame(self._replies, time.monotonic() + _START_SECONDS))
        except (WireClosedError, WireTimeoutError) as err:
            self.kill()
            raise UnavailableError("The sandbox for documents did not start.") from err
        return int(ready["peak_kb"])

    def ask(self, task: str, content: bytes, options: dict[str, Any]) -> dict[str, Any]:
        """Send one request and return its reply; on timeout or death the reply is a fault, the child gone."""
        self.jobs += 1
        limits = self._limits
        header = {
            "task": task,
            "options": options,
            "cpu_seconds": limits.cpu_seconds,
            "wall_seconds": limits.wall_seconds,
        }
        deadline = time.monotonic() + limits.wall_seconds
        try:
            write_frame(self._requests, json.dumps(header).encode(), deadline)
            write_frame(self._requests, content, deadline)
            reply: dict[str, Any] = json.loads(read_frame(self._replies, deadline))
        except WireTimeoutError:
            self.kill()
            return {"fault": Fault.TIMEOUT.value}
        except (WireClosedError, ValueError):
            return {"fault": self._cause_of_death().value}
        return reply

    def is_usable(self) -> bool:
        """Tell whether the process still runs and was not ended by us."""
        return self._process.poll() is None

    def _cause_of_death(self) -> Fault:
        """Reap the child and tell why it died.

        pdfium aborts when memory runs out, so a death with much memory in use is called by its cause.
        The kernel's peak starts at the parent's own size (exec keeps it): only growth since start counts.
        """
        with suppress(ProcessLookupError):
            os.kill(self._process.pid, signal.SIGKILL)  # Popen.kill would reap it, and its peak with it
        _, status, usage = os.wait4(self._process.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        self.forget()
        grown_megabytes = (usage.ru_maxrss - self._peak_at_start) // 1024
        if grown_megabytes > _OUT_OF_MEMORY_SHARE * self._limits.megabytes:
            return Fault.OUT_OF_MEMORY
        if self._process.returncode in {-signal.SIGXCPU, -signal.SIGALRM}:
            return Fault.TIMEOUT
        return Fault.CRASHED

    def kill(self) -> None:
        """End the process and reap it."""
        self._process.kill()
        self._process.wait()
        self.forget()

    def forget(self) -> None:
        """Close our ends of the pipes; a living child sees the end of its input and leaves."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


class SandboxPool:
    """Run reading tasks in up to `size` warm children; safe to share between threads.

    Use as a context manager: leaving it ends every child. Children start when first needed, are used
    for `jobs_per_child` files and replaced when they die. A process that was forked from the owner
    starts children of its own.
    """

    def __init__(
        self,
        size: int = 2,
        *,
        limits: Limits | None = None,
        warm_modules: tuple[str, ...] = (),
        jobs_per_child: int = 2000,
    ) -> None:
        self.size = size
        self.limits = limits or Limits()
        self._warm_modules = warm_modules
        self._jobs_per_child = jobs_per_child
        self._start_empty()

    def _start_empty(self) -> None:
        self._owner = os.getpid()
        self._idle: list[_Child] = []
        self._lock = threading.Lock()
        self._free = threading.BoundedSemaphore(self.size)
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(self, task: str, content: bytes, **options: Any) -> Any:
        """Call `task` ("mailroom.package.module:function") with the bytes and options in a child.

        The function gets `(content, **options)` and its result must be JSON; the same is returned here.
        Raises `RejectedInputError` with a code of `Fault` when the file is the reason,
        `UnavailableError` when no child could be started.
        """
        if not content:
            raise unreadable(Fault.EMPTY)
        if len(content) > self.limits.max_bytes:
            raise unreadable(Fault.TOO_LARGE)
        self._notice_fork()
        with self._free:
            child = self._take()
            reply = child.ask(task, content, options)
            self._give_back(child)
        if "result" in reply:
            return reply["result"]
        raise self._error(task, reply)

    def close(self) -> None:
        """End every idle child; children at work end when their file is done."""
        self._notice_fork()
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for child in idle:
            child.kill()

    def child_pids(self) -> list[int]:
        """Return the process ids of the idle children."""
        with self._lock:
            return [child.pid for child in self._idle]

    def _notice_fork(self) -> None:
        if self._owner == os.getpid():
            return
        for child in self._idle:
            child.forget()
        self._start_empty()

    def _take(self) -> _Child:
        with self._lock:
            if self._closed:
                raise UnavailableError("The sandbox for documents is closed.")
            while self._idle:
                child = self._idle.pop()
                if child.is_usable():
                    return child
                child.forget()
        return _Child(self.limits, self._warm_modules)

    def _give_back(self, child: _Child) -> None:
        keep = child.is_usable() and child.jobs < self._jobs_per_child
        with self._lock:
            if keep and not self._closed:
                self._idle.append(child)
                return
        if child.is_usable():
            child.kill()

    def _error(self, task: str, reply: dict[str, Any]) -> RejectedInputError:
        fault = reply["fault"]
        log.info("document not read", task=task, fault=fault, error=reply.get("error"))
        if "message" in reply:
            return RejectedInputError(reply["message"], code=fault)
        return unreadable(Fault(fault), seconds=self.limits.wall_seconds, megabytes=self.limits.megabytes)


def _environment() -> dict[str, str]:
    """Return the child's environment: no secret of ours is in it."""
    kept = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    path = [_PACKAGE_ROOT, *filter(None, [kept.get("PYTHONPATH")])]
    return kept | {"PYTHONPATH": os.pathsep.join(path), "PYTHONDONTWRITEBYTECODE": "1"}
