"""The leaf parts of a mail: bytes end to end, names decoded and as written (C24, C28-C31)."""

from __future__ import annotations

import hashlib
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32

from mailroom.domain.rfc822.headers import as_text, lenient_base64, parameter
from mailroom.domain.rfc822.limits import MailLimits, breach
from mailroom.domain.rfc822.smime import signed_content

_TYPE = re.compile(r"[ \t\r\n]*([A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+)")
_OPAQUE = {"application/pkcs7-mime", "application/x-pkcs7-mime"}


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf: `path` counts as IMAP does (1, 2.1); `filename` is for people, never for a path (T25).

    `nested` tells that it belongs to a forwarded mail, `related` that an HTML body may show it,
    `is_body` that it is text a mail program shows as the message.
    """

    path: str
    content_type: str
    charset: str | None
    disposition: str | None
    filename: str | None
    raw_filename: str | None
    content_id: str | None
    body: bytes
    sha256: str
    nested: bool = False
    related: bool = False
    is_body: bool = False

    @property
    def size(self) -> int:
        """Return the number of decoded bytes."""
        return len(self.body)

    @property
    def text(self) -> str:
        """Return the bytes as text in the declared charset, or the nearest that works."""
        return as_text(self.body.removeprefix(b"\xef\xbb\xbf"), self.charset)


class TooMuchError(ValueError):
    """A mail inside a mail breaks a limit; `args[0]` is its code."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the walk stands."""

    path: str = ""
    depth: int = 0
    nested: bool = False
    parent: str = ""
    body_allowed: bool = True


def parse(raw: bytes) -> Message:
    """Parse without decoding anything; bytes outside ASCII survive as surrogates."""
    return BytesParser(policy=compat32).parsebytes(raw)


def leaves(message: Message, limits: MailLimits) -> tuple[Part, ...]:
    """Return every leaf part, in order. Raises `TooMuchError` when an encoded inner mail breaks a limit."""
    found: list[Part] = []
    for part in _walk(message, _Place(), limits):
        found.append(part)
        if len(found) > limits.parts:
            raise TooMuchError("too_many_parts")
    return tuple(found)


def _walk(message: Message, place: _Place, limits: MailLimits) -> Iterator[Part]:
    if place.depth > limits.depth:
        raise TooMuchError("nested_too_deep")
    kind = content_type(message)
    children = _children(message, kind)
    if children is None:
        yield from _leaf_or_inner_mail(message, kind, place, limits)
        return
    for number, child in enumerate(children, 1):
        path = f"{place.path}.{number}" if place.path else str(number)
        inner = kind.startswith("message/")
        yield from _walk(
            child,
            _Place(path, place.depth + 1, place.nested or inner, kind, place.body_allowed and not inner),
            limits,
        )


def _children(message: Message, kind: str) -> list[Message] | None:
    """Return the parts of a container, or None for a leaf."""
    payload = _inside(message)
    if not payload:
        return None
    if kind.startswith("multipart/"):
        return payload
    encoded = str(message.get("Content-Transfer-Encoding", "")).strip().lower() in {
        "base64",
        "quoted-printable",
    }
    return payload if kind in {"message/rfc822", "message/global", "message/news"} and not encoded else None


def _inside(message: Message) -> list[Message]:
    """Return what the parser found inside an entity; nothing for a leaf."""
    payload = message.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _leaf_or_inner_mail(message: Message, kind: str, place: _Place, limits: MailLimits) -> Iterator[Part]:
    body = _bytes_of(message)
    inner = _inner_mail(kind, body, message)
    if inner is None:
        yield _part(message, kind, body, place)
        return
    fault = breach(inner, limits)
    if fault:
        raise TooMuchError(fault)
    # Opaque S/MIME holds the mail's own body; an encoded message/rfc822 holds another mail.
    opaque = kind in _OPAQUE
    yield from _walk(
        parse(inner),
        _Place(
            f"{place.path or '1'}.1",
            place.depth + 1,
            place.nested or not opaque,
            place.parent,
            place.body_allowed and opaque,
        ),
        limits,
    )


def _inner_mail(kind: str, body: bytes, message: Message) -> bytes | None:
    """Return the mail that an encoded message/rfc822 or an opaque signature carries (C18, C24)."""
    if kind in _OPAQUE or (kind == "application/octet-stream" and _name(message)[0] == "smime.p7m"):
        return signed_content(body)
    if kind == "message/rfc822" and body and re.match(rb"[!-9;-~]+:", body):
        return body
    return None


def _bytes_of(message: Message) -> bytes:
    """Return the decoded body of a leaf; broken encodings give what can be had."""
    if message.is_multipart():
        return _decoded(message, b"\n".join(_source_of(child) for child in _inside(message)))
    data = message.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _decoded(message: Message, source: bytes) -> bytes:
    """Undo an encoding that the standard library leaves in place on message types."""
    encoding = str(message.get("Content-Transfer-Encoding", "")).strip().lower()
    if encoding == "base64":
        return lenient_base64(source)
    return quopri.decodestring(source.lstrip(b"\n")) if encoding == "quoted-printable" else source


def _source_of(message: Message) -> bytes:
    """Return an unparsed child (a block of a delivery report) as it was written."""
    head = b"".join(
        name.encode("ascii", "surrogateescape") + b": " + str(value).encode("utf-8", "surrogateescape") + b"\n"
        for name, value in message.raw_items()
    )
    if message.is_multipart():
        return head + b"\n" + b"\n".join(_source_of(child) for child in _inside(message))
    encoding = str(message.get("Content-Transfer-Encoding", "")).strip().lower()
    text = str(message.get_payload() or "").encode("utf-8", "surrogateescape")
    data = message.get_payload(decode=True) if encoding else text
    return head + b"\n" + (data if isinstance(data, bytes) else b"")


def content_type(message: Message) -> str:
    """Return the declared type in lower case; without a usable one, text/plain (RFC 2045 5.2)."""
    found = _TYPE.match(_value(message, "Content-Type") or "")
    return found[1].lower() if found else message.get_default_type()


def _part(message: Message, kind: str, body: bytes, place: _Place) -> Part:
    disposition = (_value(message, "Content-Disposition") or "").partition(";")[0].strip().lower() or None
    filename, raw_filename = _name(message)
    content_id = _value(message, "Content-ID")
    is_body = (
        place.body_allowed and kind in {"text/plain", "text/html"} and disposition != "attachment" and not filename
    )
    return Part(
        path=place.path or "1",
        content_type=kind,
        charset=parameter(_value(message, "Content-Type") or "", "charset")[0],
        disposition=disposition,
        filename=filename,
        raw_filename=raw_filename,
        content_id=content_id.strip().strip("<>") if content_id else None,
        body=body,
        sha256=hashlib.sha256(body).hexdigest(),
        nested=place.nested,
        related=place.parent == "multipart/related",
        is_body=is_body,
    )


def _name(message: Message) -> tuple[str | None, str | None]:
    """Return (decoded, as written) from Content-Disposition, else from Content-Type."""
    for header, key in (("Content-Disposition", "filename"), ("Content-Type", "name")):
        name, raw = parameter(_value(message, header) or "", key)
        if name:
            return name, raw
    return None, None


def _value(message: Message, name: str) -> str | None:
    """Return a header's first raw value; bytes outside ASCII as UTF-8 or Windows-1252."""
    for key, value in message.raw_items():
        if key.lower() == name.lower():
            return as_text(str(value).encode("utf-8", "surrogateescape"))
    return None
