"""The child that opens files: limits itself, then answers one request at a time.

Run by `sandbox.SandboxPool` as `python -m mailroom.documents.worker MEGABYTES MODULE...`. A request is
two frames, a JSON header naming a task and the file's bytes; the reply is one JSON frame. JSON and
not pickle: what a hostile file may have taken over must not run code in the parent.
"""

from __future__ import annotations

import importlib
import json
import math
import os
import resource
import select
import signal
import sys
from collections.abc import Callable
from typing import Any

from mailroom.documents.frames import WireClosedError, read_frame, write_frame
from mailroom.domain.errors import MailroomError

_PARENT_CHECK_MS = 5000
_GRACE_SECONDS = 2


def main(arguments: list[str]) -> int:
    """Serve requests on standard input until it closes or the parent is gone."""
    requests, replies = os.dup(0), os.dup(1)
    _silence()
    _limit_memory(int(arguments[0]))
    for module in arguments[1:]:
        importlib.import_module(module)
    write_frame(replies, json.dumps({"ready": True, "peak_kb": peak_kilobytes()}).encode())
    parent = os.getppid()
    while _wait_for_request(requests, parent):
        try:
            header, content = json.loads(read_frame(requests)), read_frame(requests)
        except WireClosedError:
            return 0
        reply = _answer(header, content)
        write_frame(replies, json.dumps(reply).encode())
        if reply.get("fault") == "out_of_memory":
            return 1
    return 0


def peak_kilobytes() -> int:
    """Return this process's largest resident size so far, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _silence() -> None:
    """Give parsers no way to write into the reply pipe or to read the request pipe."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    os.close(null)


def _limit_memory(megabytes: int) -> None:
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle


def _limit_time(cpu_seconds: float, wall_seconds: float) -> None:
    """Let the kernel end this process: CPU by SIGXCPU, and wall time even when the parent is dead."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(usage.ru_utime + usage.ru_stime + cpu_seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
    signal.setitimer(signal.ITIMER_REAL, wall_seconds + _GRACE_SECONDS)


def _wait_for_request(requests: int, parent: int) -> bool:
    """Wait for bytes; False once the parent died (a fork of it may still hold the pipe open)."""
    signal.setitimer(signal.ITIMER_REAL, 0)
    poll = select.poll()
    poll.register(requests, select.POLLIN)
    while not poll.poll(_PARENT_CHECK_MS):
        if os.getppid() != parent:
            return False
    return True


def _answer(header: dict[str, Any], content: bytes) -> dict[str, Any]:
    _limit_time(header["cpu_seconds"], header["wall_seconds"])
    try:
        return {"result": _task(header["task"])(content, **header["options"])}
    except MailroomError as err:
        return {"fault": err.code, "message": err.message}
    except MemoryError:
        return {"fault": "out_of_memory"}
    except RecursionError:
        return {"fault": "broken"}
    except Exception as err:
        # A parser may raise anything on a hostile file; the type name is safe to log, its text is not.
        return {"fault": "crashed", "error": type(err).__name__}


def _task(name: str) -> Callable[..., Any]:
    module, _, function = name.partition(":")
    if not module.startswith("mailroom."):
        raise ValueError(f"{module} is not ours")
    found: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
