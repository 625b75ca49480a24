"""Ask clamd about bytes: its INSTREAM command (clamd(8)) over TCP or a local socket, one connection a file."""

from __future__ import annotations

import contextlib
import socket
import struct
from urllib.parse import urlsplit

from mailroom.domain.errors import ConfigurationError, UnavailableError
from mailroom.domain.virus import ScanAnswer

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 60.0
"""How long one answer may take; clamd gives up on a file of its own accord after MaxScanTime, 120 s."""

_CHUNK = 256 * 1024
_LONGEST_ANSWER = 4096
_TOO_LARGE = "size limit exceeded"
_NOT_LOOKED_THROUGH = "Heuristics.Limits.Exceeded"
"""What clamd calls a file it gave up on, when AlertExceedsMax is set; without it, it says OK (clamd.conf(5))."""


class ClamdScanner:
    """A clamd at `tcp://host:port` or `unix:///path`. Safe to use from several threads.

    Raises `ConfigurationError` with code `clamd_address` for any other address.
    """

    def __init__(self, address: str, *, answer_seconds: float = ANSWER_SECONDS) -> None:
        self.address = address
        self.answer_seconds = answer_seconds
        self._place = _place(address)

    def scan(self, content: bytes) -> ScanAnswer:
        """Return what clamd says of `content`.

        What it breaks off, or fails on, twice while it answers for others is `untold`. Raises `UnavailableError`
        with code `scanner_unreachable` when clamd answers nobody.
        """
        words = self._ask(content)
        if not _is_answer(words):
            if self._ask(b"clean") != "stream: OK":
                raise self._unreachable("it gives no answer")
            words = self._ask(content)
        return _read(words)

    def _ask(self, content: bytes) -> str:
        """Return clamd's words on one file, empty when it broke off before it said any."""
        with self._connect() as link:
            # Over its size limit, clamd says so and hangs up while we still send.
            with contextlib.suppress(OSError):
                link.sendall(b"zINSTREAM\0")
                for start in range(0, len(content), _CHUNK):
                    chunk = content[start : start + _CHUNK]
                    link.sendall(struct.pack("!I", len(chunk)) + chunk)
                link.sendall(struct.pack("!I", 0))
            try:
                return _line(link)
            except OSError:
                return ""

    def _connect(self) -> socket.socket:
        try:
            if isinstance(self._place, tuple):
                link = socket.create_connection(self._place, CONNECT_SECONDS)
            else:
                link = _local(self._place)
        except OSError as err:
            raise self._unreachable(err.strerror or str(err)) from err
        link.settimeout(self.answer_seconds)
        return link

    def _unreachable(self, why: str) -> UnavailableError:
        message = f"The virus scanner at {self.address} can't be asked ({why}); mail stays unread until it answers."
        return UnavailableError(message, code="scanner_unreachable")


def _place(address: str) -> str | tuple[str, int]:
    """Return the path or (host, port) that an address names."""
    url = urlsplit(address)
    with contextlib.suppress(ValueError):
        if url.scheme == "tcp" and url.hostname and url.port and not url.path:
            return url.hostname, url.port
    if url.scheme == "unix" and not url.netloc and len(url.path) > 1:
        return url.path
    message = f"MAILROOM_CLAMD_ADDRESS {address!r} is neither tcp://host:port nor unix:///path"
    raise ConfigurationError(message, code="clamd_address")


def _local(path: str) -> socket.socket:
    link = socket.socket(socket.AF_UNIX)
    link.settimeout(CONNECT_SECONDS)
    try:
        link.connect(path)
    except OSError:
        link.close()
        raise
    return link


def _line(link: socket.socket) -> str:
    """Return what is sent up to a NUL or the end of the connection."""
    received = b""
    while b"\0" not in received and len(received) < _LONGEST_ANSWER:
        more = link.recv(_LONGEST_ANSWER)
        if not more:
            break
        received += more
    return received.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _is_answer(words: str) -> bool:
    return words.endswith((" FOUND", ": OK")) or _TOO_LARGE in words


def _read(words: str) -> ScanAnswer:
    """Return what clamd's words mean; whatever is neither OK nor FOUND is untold."""
    said = words.removeprefix("stream: ")
    name = said.removesuffix(" FOUND")
    if name != said and not name.startswith(_NOT_LOOKED_THROUGH):
        return ScanAnswer(found=name)
    if words == "stream: OK":
        return ScanAnswer()
    return ScanAnswer(untold="it is larger than what clamd scans" if _TOO_LARGE in words else said or "clamd broke off")
