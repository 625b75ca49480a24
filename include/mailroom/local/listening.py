"""Which ports of this machine are free, and who holds those that are not."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from contextlib import ExitStack

import psutil

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this loopback port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port in TIME_WAIT is free to a server
        try:
            probe.bind((LOOPBACK, port))
            probe.listen(1)
        except OSError:
            return False
    return True


def answers(port: int, within: float = 1.0) -> bool:
    """Tell whether something accepts connections on this loopback port."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=within):
            return True
    except OSError:
        return False


def free_ports(count: int, avoid: Iterable[int] = ()) -> list[int]:
    """Return that many different free ports, none of them in `avoid`."""
    taken = set(avoid)
    found: list[int] = []
    with ExitStack() as held:
        while len(found) < count:
            probe = held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            probe.bind((LOOPBACK, 0))
            port = probe.getsockname()[1]
            if port not in taken:
                found.append(port)
    return found


def holder_of(port: int) -> str:
    """Name who listens on a port: "postgres (process 123)", or "another program" when we may not know."""
    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.Error:  # macOS lets only root look
        connections = []
    for connection in connections:
        if connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port:
            return _describe(connection.pid)
    return "another program"


def _describe(pid: int | None) -> str:
    if pid is None:
        return "another user's program"
    try:
        return f"{psutil.Process(pid).name()} (process {pid})"
    except psutil.Error:
        return f"process {pid}"
