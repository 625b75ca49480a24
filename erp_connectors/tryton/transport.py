"""One HTTP request and its answer, telling apart what was surely not sent from what may have been."""

from __future__ import annotations

import gzip
import http.client
import socket
import ssl
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from erp_connectors.tryton.settings import Settings

LARGEST_ANSWER = 256 * 1024 * 1024
_GZIP = b"\x1f\x8b"


class NotSentError(Exception):
    """No connection was made, so the server has seen nothing. `by_setup`: trying again would not help."""

    def __init__(self, message: str, *, by_setup: bool = False) -> None:
        super().__init__(message)
        self.by_setup = by_setup


class NoAnswerError(Exception):
    """The request left, wholly or in part, and no whole answer came."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport:
    """Sends to one Tryton server, each request on a connection of its own.

    A connection kept open may have died unseen, and whether a request sent into it arrived can't be told.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._tls: ssl.SSLContext | None = None
        if settings.url.scheme == "https":
            self._tls = ssl.create_default_context(cafile=settings.ca_file)

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send and return the answer, whatever its status; raises `NotSentError` or `NoAnswerError`."""
        connection = self._connected()
        try:
            until = time.monotonic() + self._settings.timeout_seconds
            _limit(connection, until)
            connection.request("POST", self._settings.url.path.rstrip("/") + path, body, {**_HEADERS, **headers})
            _limit(connection, until)
            response = connection.getresponse()
            content = _read(connection, response, until)
            return Answer(response.status, dict(response.headers.items()), content)
        except (OSError, http.client.HTTPException, EOFError, zlib.error) as err:
            raise NoAnswerError(_in_words(err)) from err
        finally:
            connection.close()

    def _connected(self) -> http.client.HTTPConnection:
        url, seconds = self._settings.url, self._settings.connect_seconds
        connection = (
            http.client.HTTPConnection(url.hostname or "", url.port, timeout=seconds)
            if self._tls is None
            else http.client.HTTPSConnection(url.hostname or "", url.port, timeout=seconds, context=self._tls)
        )
        try:
            connection.connect()
        except ssl.SSLCertVerificationError as err:
            raise NotSentError(f"its certificate is not trusted: {err.verify_message}", by_setup=True) from err
        except OSError as err:
            connection.close()
            raise NotSentError(_in_words(err)) from err
        return connection


_HEADERS = {
    "Content-Type": "application/json",
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "User-Agent": "erp-connectors",
}


def _read(connection: http.client.HTTPConnection, response: http.client.HTTPResponse, until: float) -> bytes:
    chunks, size = [], 0
    while chunk := response.read1(1 << 16):
        size += len(chunk)
        if size > LARGEST_ANSWER:
            raise http.client.HTTPException("its answer is larger than any it should give")
        chunks.append(chunk)
        _limit(connection, until)
    body = b"".join(chunks)
    expected = response.headers.get("Content-Length")
    if expected is not None and expected.isdigit() and size < int(expected):
        raise http.client.IncompleteRead(body, int(expected) - size)
    # Tryton names gzip for long answers even when it did not compress them.
    return gzip.decompress(body) if body.startswith(_GZIP) else body


def _limit(connection: http.client.HTTPConnection, until: float) -> None:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    if connection.sock is not None:
        connection.sock.settimeout(left)


def _in_words(err: Exception) -> str:
    if isinstance(err, TimeoutError):
        return "it did not answer in time"
    if isinstance(err, socket.gaierror):
        return "its name is not known"
    if isinstance(err, OSError) and err.strerror:
        return err.strerror
    return str(err) or type(err).__name__
