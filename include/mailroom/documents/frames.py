"""The wire between pool and child: frames of a four-byte length and that many bytes."""

from __future__ import annotations

import os
import select
import struct
import time

HEADER = struct.Struct(">I")
MAX_FRAME = 256 * 1024 * 1024
_CHUNK = 1 << 20


class WireClosedError(Exception):
    """The other side closed the pipe."""


class WireTimeoutError(Exception):
    """The other side did not move in time."""


def read_frame(descriptor: int, deadline: float | None = None) -> bytes:
    """Read one frame; `deadline` is on `time.monotonic`, None waits for ever.

    Raises `WireClosedError` at the end of the stream and `WireTimeoutError` after the deadline.
    """
    (length,) = HEADER.unpack(_read_exactly(descriptor, HEADER.size, deadline))
    if length > MAX_FRAME:
        raise WireClosedError(f"a frame of {length} bytes is not ours")
    return _read_exactly(descriptor, length, deadline)


def write_frame(descriptor: int, body: bytes, deadline: float | None = None) -> None:
    """Write one frame; raises as `read_frame` does."""
    view = memoryview(HEADER.pack(len(body)) + body)
    while view:
        _wait(descriptor, select.POLLOUT, deadline)
        try:
            view = view[os.write(descriptor, view[:_CHUNK]) :]
        except BlockingIOError:
            continue
        except OSError as err:
            raise WireClosedError(str(err)) from err


def _read_exactly(descriptor: int, size: int, deadline: float | None) -> bytes:
    parts: list[bytes] = []
    while size:
        _wait(descriptor, select.POLLIN, deadline)
        try:
            part = os.read(descriptor, min(size, _CHUNK))
        except BlockingIOError:
            continue
        if not part:
            raise WireClosedError("end of stream")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _wait(descriptor: int, event: int, deadline: float | None) -> None:
    if deadline is None:
        return
    poll = select.poll()
    poll.register(descriptor, event)
    left = deadline - time.monotonic()
    if left <= 0 or not poll.poll(left * 1000):
        raise WireTimeoutError
