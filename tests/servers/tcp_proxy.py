"""A TCP proxy on loopback that breaks connections on request."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import threading
from collections.abc import Iterator


class TcpProxy:
    """Forwards to `target` until told otherwise; the settings apply to what comes next.

    `cut_after`: bytes from the server after which a connection is reset. `swallow_answers`: number of
    connections on which the server's answer is read and thrown away before the client's side is reset.
    `stalled`: nothing is forwarded, connections stay open. `canned`: answers given in place of the server's,
    one per connection. `refusing`: connections are reset at once.
    """

    def __init__(self, target: int, host: str = "127.0.0.1") -> None:
        self.target = target
        self.cut_after: int | None = None
        self.swallow_answers = 0
        self.stalled = False
        self.refusing = False
        self.canned: list[bytes] = []
        self.connections = 0
        self._stopping = threading.Event()
        self._listener = socket.create_server((host, 0))
        self._listener.settimeout(0.1)
        self.port = int(self._listener.getsockname()[1])
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def stop(self) -> None:
        """Close everything."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                client, _ = self._listener.accept()
            except TimeoutError:
                continue
            self.connections += 1
            if self.refusing:
                _reset(client)
                continue
            thread = threading.Thread(target=self._serve, args=(client,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, client: socket.socket) -> None:
        if self.canned:
            self._answer(client, self.canned.pop(0))
            return
        swallow = self.swallow_answers > 0
        self.swallow_answers -= swallow
        with socket.create_connection(("127.0.0.1", self.target)) as server:
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with contextlib.suppress(OSError):
                self._forward(client, server, swallow)
        _reset(client)

    def _forward(self, client: socket.socket, server: socket.socket, swallow: bool) -> None:
        sent = 0
        while not self._stopping.is_set():
            if self.stalled:
                self._stopping.wait(0.05)
                continue
            readable, _, _ = select.select([client, server], [], [], 0.1)
            for end in readable:
                chunk = end.recv(65536)
                if not chunk or (swallow and end is server):
                    return
                if end is client:
                    server.sendall(chunk)
                    continue
                if self.cut_after is not None:
                    chunk = chunk[: max(0, self.cut_after - sent)]
                client.sendall(chunk)
                sent += len(chunk)
                if self.cut_after is not None and sent >= self.cut_after:
                    return

    def _answer(self, client: socket.socket, answer: bytes) -> None:
        client.settimeout(0.3)
        with contextlib.suppress(OSError):
            while client.recv(65536):
                pass
        with contextlib.suppress(OSError):
            client.sendall(answer)
            client.shutdown(socket.SHUT_WR)
            client.recv(65536)
        client.close()


def running_tcp_proxy(target: int, host: str = "127.0.0.1") -> Iterator[TcpProxy]:
    """Yield a proxy to a port on loopback; the body of a fixture."""
    proxy = TcpProxy(target, host)
    try:
        yield proxy
    finally:
        proxy.stop()


def _reset(client: socket.socket) -> None:
    """Close with RST, as a dying host or a firewall does."""
    with contextlib.suppress(OSError):
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()
