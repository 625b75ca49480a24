"""Caps that are checked on the raw bytes, before anything parses them (reliability T13, T14).

The scan follows the same boundaries as the standard library's parser but keeps its own stack, so that
3,000 nested levels cost as little as none. It never raises.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email.message import Message

from mailroom.domain.rfc822.addresses import split_addresses

_DASHES = re.compile(rb"-+")
_REST_OF_LINE = re.compile(rb"[^\r\n]*")
_BLANK_LINE = re.compile(rb"(?<=\n)(?:\r\n|\n|\r)|(?<=\r)\r\n?")
_LINE_START = re.compile(rb"^(?=\S)", re.MULTILINE)
_ADDRESS_HEADER = re.compile(
    rb"^(?:from|sender|to|cc|bcc|reply-to|resent-to|resent-cc):(.*(?:\n[ \t].*)*)",
    re.IGNORECASE | re.MULTILINE,
)
_CONTENT_TYPE = re.compile(rb"^content-type[ \t]*:(.*(?:\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE)
_LONGEST_CONTENT_TYPE = 10_000


@dataclass(frozen=True, slots=True)
class MailLimits:
    """The largest mail that is read; anything beyond is kept and quarantined. Sizes in bytes."""

    raw_bytes: int = 64 * 1024 * 1024
    depth: int = 20
    parts: int = 200
    header_bytes: int = 256 * 1024
    headers: int = 1_000
    addresses: int = 500


DEFAULT_LIMITS = MailLimits()


def breach(raw: bytes, limits: MailLimits = DEFAULT_LIMITS) -> str | None:
    """Return the code of the first limit that `raw` breaks, or None."""
    if len(raw) > limits.raw_bytes:
        return "mail_too_large"
    return _Scan(raw, limits).run()


def header_block(raw: bytes, start: int = 0) -> tuple[int, int]:
    """Return (end of the headers, start of the body) of the entity that begins at `start`."""
    if raw[start : start + 1] in {b"\n", b"\r"}:
        return start, _next_line(raw, start)
    blank = _BLANK_LINE.search(raw, start + 1)
    return (blank.start(), blank.end()) if blank else (len(raw), len(raw))


@dataclass(slots=True)
class _Scan:
    """One pass over the raw bytes with a stack of open boundaries; None stands for a nested mail."""

    raw: bytes
    limits: MailLimits
    stack: list[bytes | None] = field(default_factory=list)
    parts: int = 0

    def run(self) -> str | None:
        position, fault = self.enter(0)
        while fault is None:
            found = _next_delimiter(self.raw, position)
            if found is None:
                return None
            text, position = found
            level = self.level_of(text)
            if level is None:
                continue
            del self.stack[level + 1 :]
            if text == (self.stack[level] or b"") + b"--":
                self.stack.pop()
                continue
            self.parts += 1
            if self.parts > self.limits.parts:
                return "too_many_parts"
            position, fault = self.enter(_next_line(self.raw, position))
        return fault

    def level_of(self, text: bytes) -> int | None:
        """Return which open boundary a delimiter line closes or continues."""
        for level in range(len(self.stack) - 1, -1, -1):
            boundary = self.stack[level]
            if boundary is not None and text in {boundary, boundary + b"--"}:
                return level
        return None

    def enter(self, start: int) -> tuple[int, str | None]:
        """Read the header block at `start`, and those of mails nested directly in it."""
        while True:
            end, body = header_block(self.raw, start)
            if end - start > self.limits.header_bytes:
                # A body without a blank line is not a header flood: the first line that is no header ends it.
                end = body = _end_of_headers(self.raw, start, end)
            fault = self.header_fault(start, end)
            if fault:
                return body, fault
            kind, boundary, too_long = _content_type(_with_plain_line_ends(self.raw[start:end]))
            if too_long:
                return body, "header_too_large"
            if not (kind.startswith("message/") or (kind.startswith("multipart/") and boundary)):
                return body, None
            self.stack.append(None if kind.startswith("message/") else boundary)
            if len(self.stack) > self.limits.depth:
                return body, "nested_too_deep"
            if not kind.startswith("message/") or body >= len(self.raw):
                # The next delimiter is looked for from the blank line on.
                return body, None
            start = body

    def header_fault(self, start: int, end: int) -> str | None:
        """Return which limit a header block breaks."""
        if end - start > self.limits.header_bytes:
            return "header_too_large"
        block = _with_plain_line_ends(self.raw[start:end])
        if sum(1 for _ in _LINE_START.finditer(block)) > self.limits.headers:
            return "too_many_headers"
        addresses = 0
        for value in _ADDRESS_HEADER.findall(block):
            addresses += len(split_addresses(value.decode("latin-1")))
            if addresses > self.limits.addresses:
                return "too_many_addresses"
        return None


def _next_delimiter(raw: bytes, position: int) -> tuple[bytes, int] | None:
    """Return (what follows the two dashes, end of the line) of the next line that starts with them."""
    while (start := raw.find(b"--", position)) >= 0:
        if start == 0 or raw[start - 1] in b"\r\n":
            line = _REST_OF_LINE.match(raw, start + 2)
            end = line.end() if line else start + 2
            return raw[start + 2 : end].rstrip(), end
        dashes = _DASHES.match(raw, start)
        position = dashes.end() if dashes else start + 2
    return None


def _end_of_headers(raw: bytes, start: int, end: int) -> int:
    """Return where lines stop looking like headers or their continuations."""
    position = start
    header = re.compile(rb"(?:[!-9;-~]+:|[ \t]|From )[^\r\n]*(?:\r\n|\n|\r)?")
    while position < end:
        line = header.match(raw, position)
        if line is None:
            break
        position = line.end()
    return position


def _with_plain_line_ends(block: bytes) -> bytes:
    return block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _next_line(raw: bytes, position: int) -> int:
    if raw[position : position + 2] == b"\r\n":
        return position + 2
    return position + 1 if position < len(raw) else position


def _content_type(block: bytes) -> tuple[str, bytes | None, bool]:
    """Return (type, boundary, too long) as the standard library reads this block's Content-Type."""
    found = _CONTENT_TYPE.search(block)
    if found is None:
        return "", None, False
    if len(found[1]) > _LONGEST_CONTENT_TYPE:
        return "", None, True
    holder = Message()
    holder["Content-Type"] = found[1].replace(b"\n", b"").decode("ascii", "surrogateescape").strip()
    try:
        boundary = holder.get_boundary()
        kind = holder.get_content_type()
    except Exception:
        return "", None, False
    return kind, None if boundary is None else boundary.encode("utf-8", "surrogateescape"), False
