"""The IMAP socket: imapclient with bounded lines, a noticed end of stream and no delay.

imaplib and imapclient are trusted with the protocol; what is overridden here is what a hostile mail or a
dying link would break in them.
"""

from __future__ import annotations

import imaplib
import logging
import re
import socket
import ssl
from io import BufferedReader
from typing import cast

from imapclient import IMAPClient, SocketTimeout  # type: ignore[import-untyped]

MAX_LINE = 1_000_000
"""Longest answer line kept, in bytes: more than an honest mail's structure, little enough to parse."""

_LITERAL_FOLLOWS = re.compile(rb"\{\d+\}\r\n$")

# At debug level both libraries print subjects and addresses; those never belong in a log.
logging.getLogger("imapclient").setLevel(logging.INFO)


class Wire(imaplib.IMAP4):
    """One IMAP connection over TLS or a plain socket."""

    def __init__(self, host: str, port: int, tls: ssl.SSLContext | None, connect_timeout: float) -> None:
        self._tls = tls
        self.dropped_lines = 0
        super().__init__(host, port, timeout=connect_timeout)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        sock = socket.create_connection((self.host, self.port), timeout=timeout)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if self._tls is None:
            return sock
        try:
            return self._tls.wrap_socket(sock, server_hostname=self.host)
        except BaseException:
            sock.close()
            raise

    def readline(self) -> bytes:
        """Read a line; of one that is too long only its end is kept, as a remark.

        imaplib raises in the middle of such a line and is out of step from then on: one mail with 20,000
        parts would end every poll.
        """
        file = cast(BufferedReader, self.file)
        line = file.readline(MAX_LINE)
        if len(line) < MAX_LINE or line.endswith(b"\n"):
            return line
        while line and not line.endswith(b"\n"):
            line = line[-32:] + file.readline(MAX_LINE)
            if len(line) <= 32:
                return b""
        self.dropped_lines += 1
        literal = _LITERAL_FOLLOWS.search(line)
        return b"* OK too long " + (literal.group() if literal else b"\r\n")

    def read(self, size: int) -> bytes:
        """Read a literal whole; imaplib would take half a mail for a whole one until the next line fails."""
        body = super().read(size)
        if len(body) < size:
            raise self.abort("connection ended inside a message")
        return body

    def has_buffered(self) -> bool:
        """Tell whether an answer sits in our buffer, where select and poll on the socket can't see it."""
        timeout = self.sock.gettimeout()
        self.sock.setblocking(False)
        try:
            return bool(cast(BufferedReader, self.file).peek(1))
        except OSError:
            return False
        finally:
            self.sock.settimeout(timeout)


class Client(IMAPClient):  # type: ignore[misc]
    """imapclient over a `Wire`."""

    def __init__(self, host: str, port: int, tls: ssl.SSLContext | None, timeout: float) -> None:
        self._wire_tls = tls
        super().__init__(host, port, ssl=tls is not None, ssl_context=tls, timeout=SocketTimeout(timeout, timeout))
        self.normalise_times = False
        # imapclient sets 5: imaplib then formats every byte of every message for a log nobody reads.
        self._imap.debug = 0

    def _create_IMAP4(self) -> Wire:
        return Wire(self.host, self.port, self._wire_tls, self._timeout.connect)

    def _poll_socket(self, sock: socket.socket, timeout: float | None = None) -> object:
        """Wait for an answer to IDLE; one that came in the same packet as `+ idling` is here already."""
        return self.wire.has_buffered() or super()._poll_socket(sock, timeout)

    @property
    def wire(self) -> Wire:
        """Return the connection under this client."""
        return cast(Wire, self._imap)
