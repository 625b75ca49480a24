"""Which ports of this machine are free, and who holds those that are not."""

from __future__ import annotations

import contextlib
import secrets
import socket
import sys
from collections.abc import Iterable

import psutil

LOOPBACK = "127.0.0.1"
PICKED_FROM = range(20_000, 32_000)
"""A port from the kernel's own range (32768 and up) may be taken by a connection before a server starts."""


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


def free_ports(count: int) -> list[int]:
    """Return that many different free ports, none from the range the kernel gives to outgoing connections."""
    found: set[int] = set()
    while len(found) < count:
        port = secrets.choice(PICKED_FROM)
        if is_free(port):
            found.add(port)
    return list(found)


def listened_on(processes: Iterable[psutil.Process]) -> set[int]:
    """Return the TCP ports that any of these processes listens on."""
    ports: set[int] = set()
    for process in processes:
        with contextlib.suppress(psutil.Error):
            ports |= {
                connection.laddr.port
                for connection in process.net_connections(kind="tcp")
                if connection.status == psutil.CONN_LISTEN
            }
    return ports


class PortClaims:
    """The ports of one stack, kept from other stacks of this machine until its servers listen and after.

    A port is free until a server listens, and Airflow's takes ten seconds to: two stacks that start
    together would both find it free. A claim is a Unix socket with a name and no file (Linux), which the
    kernel gives back however the process ends.
    """

    def __init__(self) -> None:
        self._held: dict[int, socket.socket] = {}

    def claim(self, port: int) -> bool:
        """Claim a port nobody listens on; tell whether it is ours now."""
        mark = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            if sys.platform == "linux":
                mark.bind(f"\0mailroom-port-{port}")
            if port not in self._held and is_free(port):
                self._held[port] = mark
                return True
        except OSError:
            pass
        mark.close()
        return False

    def claim_any(self) -> int:
        """Claim some free port."""
        while not self.claim(port := free_ports(1)[0]):
            pass
        return port

    def release(self) -> None:
        """Give all claims back."""
        for mark in self._held.values():
            mark.close()
        self._held.clear()


def holder_of(port: int) -> str:
    """Name who has a port: "postgres (process 123)", or as much as we may know."""
    try:
        connections = psutil.net_connections(kind="tcp")
    except psutil.Error:  # macOS lets only root look
        connections = []
    for connection in connections:
        if connection.status == psutil.CONN_LISTEN and connection.laddr and connection.laddr.port == port:
            return _describe(connection.pid)
    return "another stack that is starting" if is_free(port) else "another program"


def _describe(pid: int | None) -> str:
    if pid is None:
        return "another user's program"
    try:
        return f"{psutil.Process(pid).name()} (process {pid})"
    except psutil.Error:
        return f"process {pid}"
