"""Header fields as they came and as people read them. Nothing here raises on odd mail."""

from __future__ import annotations

import binascii
import quopri
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]+(?==\?[^?\s]{1,60}\?[bBqQ]\?)")
# Declared charsets that senders mean in their wider form (WHATWG Encoding Standard, 4.2).
_WIDER = {
    "iso-8859-1": "cp1252",
    "us-ascii": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
}
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")


@dataclass(frozen=True, slots=True)
class Header:
    """One header field: `raw` folded and encoded as it came, `text` on one line, no control characters."""

    name: str
    raw: bytes
    text: str


def make_header(name: str, raw: bytes) -> Header:
    """Decode one field."""
    return Header(name, raw, decoded(as_text(raw)))


def as_text(raw: bytes, charset: str | None = None) -> str:
    """Return bytes as text: the charset named, else UTF-8, else Windows-1252. Never fails."""
    named = _WIDER.get((charset or "").lower(), charset or "")
    for candidate in (named, "utf-8"):
        if candidate:
            try:
                text = raw.decode(candidate)
                text.encode("utf-8")  # some of Python's charsets give halves of characters
                return text
            except (LookupError, UnicodeError, ValueError):
                continue
    return raw.decode("cp1252", "replace")


def decoded(value: str) -> str:
    """Return RFC 2047 encoded words decoded, on one line, control characters as blanks (T15)."""
    joined = _BETWEEN_WORDS.sub(r"\1", value)
    return _CONTROL.sub(" ", _decode_runs(joined)).strip()


def _decode_runs(value: str) -> str:
    """Decode each run of touching words of one charset as one: a character may be split between words."""
    out: list[str] = []
    position, run, run_charset = 0, b"", None
    for word in _ENCODED_WORD.finditer(value):
        charset = word[1].partition("*")[0].lower()
        if run_charset is not None and (word.start() > position or charset != run_charset):
            out.append(as_text(run, run_charset))
            run = b""
        out.append(value[position : word.start()])
        run += _word_bytes(word[2], word[3])
        run_charset, position = charset, word.end()
    if run_charset is not None:
        out.append(as_text(run, run_charset))
    out.append(value[position:])
    return "".join(out)


def _word_bytes(encoding: str, body: str) -> bytes:
    """Return the bytes of one encoded word; broken base64 gives what can be had."""
    data = body.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return quopri.decodestring(data.replace(b"_", b" "), header=False)
    return lenient_base64(data)


def lenient_base64(data: bytes) -> bytes:
    """Decode base64; what is not in its alphabet is skipped, an incomplete end is dropped."""
    data = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    data = data[:-1] if len(data) % 4 == 1 else data
    return binascii.a2b_base64(data + b"=" * (-len(data) % 4))


def parameter(value: str, name: str) -> tuple[str | None, str | None]:
    """Return (decoded, as written) of a parameter, RFC 2231 pieces joined, RFC 2047 tolerated (C31)."""
    pieces: list[tuple[int, bool, str]] = []
    plain: str | None = None
    for key, text in _parameters(value):
        base, _, rest = key.partition("*")
        if base != name:
            continue
        if key == name:
            plain = text if plain is None else plain
        else:
            number = rest.rstrip("*")
            pieces.append(
                (
                    int(number) if number.isdigit() and len(number) < 5 else 0,
                    rest.endswith("*") or not number,
                    text,
                )
            )
    if pieces:
        return _joined_pieces(sorted(pieces, key=lambda piece: piece[0])), "".join(piece[2] for piece in sorted(pieces))
    return (None if plain is None else decoded(plain)), plain


def _parameters(value: str) -> list[tuple[str, str]]:
    """Return (name, value) of each `; name=value`, quotes and backslashes undone."""
    found = []
    pattern = re.compile(r';\s*([^\s=;"]+)\s*=\s*("(?:[^"\\]|\\.)*"?|[^;]*)', re.DOTALL)
    for match in pattern.finditer(value):
        text = match[2].strip()
        if text.startswith('"'):
            text = re.sub(r'\\(["\\])', r"\1", text[1:-1] if text.endswith('"') and len(text) > 1 else text[1:])
        found.append((match[1].lower(), re.sub(r"\r?\n[ \t]?", "", text)))
    return found


def _joined_pieces(pieces: list[tuple[int, bool, str]]) -> str:
    charset, data = None, b""
    for index, (_, extended, text) in enumerate(pieces):
        written = text
        if extended and index == 0 and text.count("'") >= 2:
            charset, _, written = text.split("'", 2)
        data += unquote_to_bytes(written) if extended else written.encode("utf-8", "surrogateescape")
    return _CONTROL.sub(" ", decoded(as_text(data, charset)))


def message_ids(values: list[str]) -> tuple[str, ...]:
    """Return each `<id>` once, in order."""
    return tuple(dict.fromkeys(found for value in values for found in _MESSAGE_ID.findall(value)))


def date_of(value: str | None) -> datetime | None:
    """Return an RFC 5322 date in UTC, or None."""
    if not value:
        return None
    try:
        parsed = parsedate_to_datetime(value)
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
