"""The bytes of an outgoing mail: clean headers, text and HTML, attachments, a DKIM signature."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, unquote

import dkim  # type: ignore[import-untyped]

from mailroom.domain.errors import ConfigurationError, RejectedInputError
from mailroom.domain.mail import OutgoingMail

# No folding below 900 characters: Python writes a long word of References as an encoded word, which no
# mail program takes for a Message-ID. SMTP allows 998 (RFC 5322, 2.1.1).
_POLICY = SMTP.clone(max_line_length=900, cte_type="7bit")
_HEADER_NAME = re.compile(r"[!-9;-~]{1,76}")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]+@[!-;=?-~]+>")
_MAILBOX = re.compile(r"(?:([^<>]*)<([^<>\s]+)>|([^<>\s]+))")
_ADDRESS = re.compile(r"([!#-'*+\-/-9=?A-Z^-~][!#-'*+\--9=?A-Z^-~]{0,63})@([^\s@<>\[\]()\\,;:\"]{1,253})")
_CONTENT_TYPE = re.compile(r"([a-z0-9][a-z0-9!#$&^_.+-]*)/([a-z0-9][a-z0-9!#$&^_.+-]*)", re.IGNORECASE)
_OURS = {
    *("from", "sender", "to", "cc", "bcc", "reply-to", "subject", "date", "message-id", "in-reply-to"),
    *("references", "auto-submitted", "mime-version", "dkim-signature", "return-path"),
}
_SIGNED = "from to subject date message-id in-reply-to references mime-version content-type auto-submitted"


@dataclass(frozen=True, slots=True)
class DkimKey:
    """A private key in PEM to sign as `domain` under `selector` (RFC 6376)."""

    domain: str
    selector: str
    private_key: bytes


def compose(mail: OutgoingMail, now: datetime) -> EmailMessage:
    """Return the message, marked as sent by a machine (RFC 3834) and dated `now`.

    Raises `RejectedInputError` with code `bad_address`, `bad_header` or `bad_message_id`.
    """
    message = EmailMessage(policy=_POLICY)
    try:
        _write_headers(message, mail, now)
        _write_body(message, mail)
    except (MessageError, ValueError, LookupError) as err:
        raise RejectedInputError(f"Mail {mail.message_id} can't be written: {err}", code="bad_mail") from err
    return message


def signed(message: EmailMessage, key: DkimKey | None) -> bytes:
    """Return the message's bytes with CRLF, and a signature in front when there is a key."""
    raw = message.as_bytes()
    if key is None:
        return raw
    names = [name.encode() for name in _SIGNED.split() if name in message]
    try:
        signature = dkim.sign(raw, key.selector.encode(), key.domain.encode(), key.private_key, include_headers=names)
    except (dkim.DKIMException, ValueError) as err:
        raise ConfigurationError(f"The DKIM key of {key.domain} can't sign: {err}", code="dkim_key") from err
    return bytes(signature) + raw


def clean_header(text: str) -> str:
    """Return `text` on one line: line ends and control characters become spaces (T15)."""
    one_line = "".join(" " if _breaks(character) else character for character in text)
    return re.sub(r" {2,}", " ", one_line).strip()


def bare_address(text: str) -> str:
    """Return the one address in `address` or `Name <address>`, its domain in ASCII.

    Raises `RejectedInputError` with code `bad_address`; stricter than the standard, so that nobody else is
    ever written to.
    """
    return _mailbox(text).addr_spec


def _breaks(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}


def _write_headers(message: EmailMessage, mail: OutgoingMail, now: datetime) -> None:
    message["From"] = _mailbox(mail.sender)
    message["To"] = _mailbox(mail.recipient)
    message["Subject"] = clean_header(mail.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = _message_id(mail.message_id)
    if mail.in_reply_to:
        message["In-Reply-To"] = _message_id(mail.in_reply_to)
    if mail.references:
        message["References"] = " ".join(_message_id(reference) for reference in mail.references)
    message["Auto-Submitted"] = "auto-generated"
    for name, value in mail.headers.items():
        if name.lower() in _OURS or name.lower().startswith("content-") or not _HEADER_NAME.fullmatch(name):
            raise RejectedInputError(f"A mail can't carry a header {name[:80]!r} of its own.", code="bad_header")
        message[name] = clean_header(value)


def _write_body(message: EmailMessage, mail: OutgoingMail) -> None:
    message.set_content(_sendable(mail.text), cte="quoted-printable")
    if mail.html is not None:
        message.add_alternative(_sendable(mail.html), subtype="html", cte="quoted-printable")
    for filename, content_type, body in mail.attachments:
        main, sub = _kind(content_type)
        message.add_attachment(body, maintype=main, subtype=sub, filename=clean_header(filename))


def _mailbox(text: str) -> Address:
    written = _MAILBOX.fullmatch(clean_header(text))
    address = written and _ADDRESS.fullmatch(written[2] or written[3])
    if not written or not address:
        raise RejectedInputError(f"{text[:200]!r} is no mail address.", code="bad_address")
    try:
        domain = address[2].encode("idna").decode("ascii")
        return Address(unquote((written[1] or "").strip()), username=address[1], domain=domain)
    except (MessageError, ValueError, LookupError) as err:
        raise RejectedInputError(f"{text[:200]!r} is no mail address.", code="bad_address") from err


def _message_id(text: str) -> str:
    if _MESSAGE_ID.fullmatch(text) is None:
        raise RejectedInputError(f"{text[:200]!r} is no Message-ID.", code="bad_message_id")
    return text


def _kind(content_type: str) -> tuple[str, str]:
    """Split a content type; a whole mail goes along as a file, since base64 is not allowed in message/*."""
    match = _CONTENT_TYPE.match(content_type.strip())
    if match is None or match[1].lower() in {"message", "multipart"}:
        return "application", "octet-stream"
    return match[1].lower(), match[2].lower()


def _sendable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
