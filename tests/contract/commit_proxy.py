"""A proxy before Postgres that can lose a COMMIT, or its answer, and nothing else."""

from __future__ import annotations

import select
import socket
from typing import Literal

from tests.servers.tcp_proxy import TcpProxy


class CommitProxy(TcpProxy):
    """Forwards everything; `at_commit` says what becomes of a COMMIT.

    `lose_answer`: the server commits and answers, the client's connection is reset instead.
    `lose_request`: the client's connection is reset, the server never sees the COMMIT.
    `hang`: the server commits, and the client is left waiting on an open connection.
    `hang_at`: words of a query that is never forwarded, while the connection stays open.
    """

    def __init__(self, target: int) -> None:
        super().__init__(target)
        self.at_commit: Literal["forward", "lose_answer", "lose_request", "hang"] = "forward"
        self.hang_at: bytes | None = None

    def _forward(self, client: socket.socket, server: socket.socket, swallow: bool) -> None:
        while not self._stopping.is_set():
            if self.stalled:
                self._stopping.wait(0.02)
                continue
            readable, _, _ = select.select([client, server], [], [], 0.1)
            for end in readable:
                chunk = end.recv(65536)
                if not chunk:
                    return
                if end is client and self.hang_at is not None and self.hang_at in chunk:
                    assert not client.recv(1), "the client gave up by itself"
                    return
                if end is client and b"COMMIT" in chunk and self._lost(client, server, chunk):
                    return
                (server if end is client else client).sendall(chunk)

    def _lost(self, client: socket.socket, server: socket.socket, chunk: bytes) -> bool:
        if self.at_commit in {"lose_answer", "hang"}:
            server.sendall(chunk)
            assert server.recv(65536), "the server answered: it has committed"
        if self.at_commit == "hang":
            assert not client.recv(1), "the client gave up by itself"
        return self.at_commit != "forward"
