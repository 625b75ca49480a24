"""One mail, read once: what rules and approvals look at. Odd mail gives a `problem`, never an exception."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32

from mailroom.domain.rfc822.addresses import Sender, addresses, strict_sender
from mailroom.domain.rfc822.headers import Header, as_text, date_of, make_header, message_ids
from mailroom.domain.rfc822.limits import DEFAULT_LIMITS, MailLimits, breach, header_block
from mailroom.domain.rfc822.parts import Part, TooMuchError, leaves, parse

_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to")
# Written on the way, so different for each copy of one mail (reliability I3).
_TRACE = re.compile(
    rb"(?:received|received-spf|delivered-to|return-path|envelope-to|authentication-results|arc-[a-z-]+"
    rb"|dkim-signature|x-[!-9;-~]+|status|lines|content-length)[ \t]*:",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as facts. `problem` is the code of the limit it broke; then it has headers but no parts.

    Addresses are in lower case. `text` and `html` are the bodies a mail program shows, forwarded mails apart.
    """

    raw: bytes
    sha256: str
    canonical_sha256: str
    headers: tuple[Header, ...]
    sender: Sender
    from_addresses: tuple[str, ...]
    to: tuple[str, ...]
    cc: tuple[str, ...]
    delivered_to: tuple[str, ...]
    subject: str
    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    date: datetime | None
    text: str | None
    html: str | None
    parts: tuple[Part, ...]
    problem: str | None = None

    def values(self, name: str) -> list[str]:
        """Return the decoded values of every header of this name, top first."""
        return [header.text for header in self.headers if header.name.lower() == name.lower()]

    def value(self, name: str) -> str:
        """Return the topmost value of a header, or an empty string."""
        return next(iter(self.values(name)), "")

    @property
    def recipients(self) -> tuple[str, ...]:
        """Return every address it was written or delivered to."""
        return tuple(dict.fromkeys(self.delivered_to + self.to + self.cc))


def read_mail(raw: bytes, limits: MailLimits = DEFAULT_LIMITS) -> Mail:
    """Read a raw mail. Never raises: what breaks a limit or cannot be parsed has a `problem`."""
    problem = breach(raw, limits)
    if problem is None:
        try:
            message = parse(raw)
            return _mail(raw, message, leaves(message, limits), None)
        except TooMuchError as err:
            problem = str(err.args[0])
        except (RecursionError, ValueError, LookupError, TypeError, AttributeError):
            # Whatever the standard library's parser trips over must not stop the mailbox (C17).
            problem = "unreadable_mail"
    return _mail(raw, _parsed_head(raw, limits), (), problem)


def _parsed_head(raw: bytes, limits: MailLimits) -> Message:
    """Parse as much of the top header block as the limits allow."""
    end, _ = header_block(raw)
    head = raw[: min(end, limits.header_bytes)]
    lines = re.split(rb"\r\n|\n|\r", head, maxsplit=limits.headers)
    return BytesHeaderParser(policy=compat32).parsebytes(b"\n".join(lines[: limits.headers]) + b"\n\n")


def _mail(raw: bytes, message: Message, parts: tuple[Part, ...], problem: str | None) -> Mail:
    headers = tuple(
        make_header(name, str(value).encode("utf-8", "surrogateescape")) for name, value in message.raw_items()
    )
    text, html = _bodies(parts)
    return Mail(
        raw=raw,
        sha256=hashlib.sha256(raw).hexdigest(),
        canonical_sha256=canonical_sha256(raw),
        headers=headers,
        sender=strict_sender(_raw_values(headers, "from")),
        from_addresses=_addresses(headers, "from"),
        to=_addresses(headers, "to"),
        cc=_addresses(headers, "cc"),
        delivered_to=_addresses(headers, *_DELIVERED),
        subject=next((header.text for header in headers if header.name.lower() == "subject"), ""),
        message_id=next(iter(message_ids(_raw_values(headers, "message-id"))), None),
        in_reply_to=message_ids(_raw_values(headers, "in-reply-to")),
        references=message_ids(_raw_values(headers, "references")),
        date=date_of(next(iter(_raw_values(headers, "date")), None)),
        text=text,
        html=html,
        parts=parts,
        problem=problem,
    )


def _raw_values(headers: tuple[Header, ...], *names: str) -> list[str]:
    return [as_text(header.raw) for header in headers if header.name.lower() in names]


def _addresses(headers: tuple[Header, ...], *names: str) -> tuple[str, ...]:
    # The limit on addresses was checked on the raw bytes; a longer list here belongs to a quarantined mail.
    return addresses([value[:100_000] for value in _raw_values(headers, *names)])


def _bodies(parts: tuple[Part, ...]) -> tuple[str | None, str | None]:
    """Return the text and the HTML that a mail program shows, pieces joined."""
    texts = [part.text for part in parts if part.is_body and part.content_type == "text/plain"]
    htmls = [part.text for part in parts if part.is_body and part.content_type == "text/html"]
    return ("\n".join(texts) if texts else None), ("\n".join(htmls) if htmls else None)


def canonical_sha256(raw: bytes) -> str:
    """Return the hash that two deliveries of one mail share: no trace headers, line ends as LF."""
    folded = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    if folded.startswith(b"From "):
        folded = folded.partition(b"\n")[2]
    end, body = header_block(folded)
    kept, keep = [], True
    for line in folded[:end].split(b"\n"):
        if line[:1] not in {b" ", b"\t"}:
            keep = _TRACE.match(line) is None
        if keep and line:
            kept.append(line)
    digest = hashlib.sha256(b"\n".join(kept))
    digest.update(b"\n\n")
    digest.update(folded[body:].rstrip(b"\n"))
    return digest.hexdigest()
