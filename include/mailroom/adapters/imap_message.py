"""What a mailbox tells about a folder and a message before the message is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.utils import collapse_rfc2231_value, decode_rfc2231
from typing import Any
from urllib.parse import unquote

MAX_DEPTH = 50
"""Levels of MIME nesting that are looked into (T13); deeper parts are left out."""


@dataclass(frozen=True, slots=True)
class FolderStatus:
    """A folder as it was selected: its epoch, the UID a next message would get, and how many there are."""

    folder: str
    uidvalidity: int
    uidnext: int
    exists: int
    highestmodseq: int | None = None


@dataclass(frozen=True, slots=True)
class PartSummary:
    """One leaf part as the server describes it; `filename` is decoded, `raw_filename` is what was sent."""

    section: str
    content_type: str
    size: int
    disposition: str | None = None
    filename: str | None = None
    raw_filename: str | None = None


@dataclass(frozen=True, slots=True)
class MessageEnvelope:
    """One message without its body: arrival (aware, UTC), size in bytes, header block, leaf parts.

    `headers` is the raw header block, cut at 256 KiB: our own reader parses it, so that server and we can't
    disagree about a From (T4) and a flood of addresses stays harmless (T14). `parts` is None when the
    structure could not be told.
    """

    uid: int
    received_at: datetime | None
    size: int
    headers: bytes
    parts: tuple[PartSummary, ...] | None


def read_envelope(uid: int, row: dict[bytes, Any], headers_key: bytes) -> MessageEnvelope:
    """Build an envelope from imapclient's parsed FETCH items."""
    arrival = row.get(b"INTERNALDATE")
    structure = row.get(b"BODYSTRUCTURE")
    return MessageEnvelope(
        uid=uid,
        received_at=arrival.astimezone(UTC) if arrival is not None and arrival.tzinfo else None,
        size=int(row.get(b"RFC822.SIZE") or 0),
        headers=row.get(headers_key) or b"",
        parts=None if structure is None else tuple(_leaves(structure)),
    )


def _leaves(structure: Any) -> Iterator[PartSummary]:
    """Walk a BODYSTRUCTURE (RFC 9051, 7.5.2) without recursion; attached messages count as leaves."""
    todo: list[tuple[Any, tuple[int, ...]]] = [(structure, ())]
    while todo:
        node, path = todo.pop()
        if not isinstance(node, tuple) or not node or len(path) > MAX_DEPTH:
            continue
        if isinstance(node[0], list):
            children = [(child, (*path, number)) for number, child in enumerate(node[0], start=1)]
            todo.extend(reversed(children))
        elif len(node) >= 7:
            yield _leaf(node, ".".join(map(str, path or (1,))))


def _leaf(node: tuple[Any, ...], section: str) -> PartSummary:
    kind, subtype, parameters = _text(node[0]).lower(), _text(node[1]).lower(), _pairs(node[2])
    # Seven fields for all; then text has lines, message/rfc822 envelope, structure and lines; then MD5.
    extra = 8 if kind == "text" else 10 if (kind, subtype) == ("message", "rfc822") else 7
    disposition = node[extra + 1] if len(node) > extra + 1 else None
    named = _pairs(disposition[1]) if isinstance(disposition, tuple) and len(disposition) > 1 else {}
    raw = named.get("filename") or named.get("filename*") or parameters.get("name") or parameters.get("name*")
    return PartSummary(
        section=section,
        content_type=f"{kind}/{subtype}",
        size=node[6] if isinstance(node[6], int) else 0,
        disposition=_text(disposition[0]).lower() if isinstance(disposition, tuple) and disposition else None,
        filename=_decoded(raw) if raw else None,
        raw_filename=raw,
    )


def _pairs(items: Any) -> dict[str, str]:
    if not isinstance(items, tuple):
        return {}
    return {_text(key).lower(): _text(value) for key, value in zip(items[::2], items[1::2], strict=False)}


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else "" if value is None else str(value)


def _decoded(raw: str) -> str:
    """Decode RFC 2047 words and RFC 2231 values, both of which senders use for file names."""
    try:
        if raw.count("'") >= 2 and "%" in raw:
            charset, language, value = decode_rfc2231(raw)
            return collapse_rfc2231_value((charset, language, unquote(value, encoding="latin-1")))
        return str(make_header(decode_header(raw)))
    except (HeaderParseError, LookupError, UnicodeError, ValueError):
        return raw
