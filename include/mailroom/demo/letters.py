"""Write the mails of the story as bytes, as the programs of their senders would."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What every mail has: who writes to whom, about what, under which Message-ID, when."""

    sender: str
    name: str
    recipient: str
    subject: str
    message_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Quoted:
    """The mail that a reply quotes, as it was received."""

    sender: str
    subject: str
    message_id: str
    date: str
    text: str


File = tuple[str, bytes]
"""A file's name and content; every file of the story is called a PDF."""


def letter(head: Letterhead, text: str, files: Sequence[File] = ()) -> bytes:
    """Return a mail with PDF files attached."""
    mail = _started(head)
    mail.set_content(text)
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return mail.as_bytes()


def out_of_office(head: Letterhead, text: str) -> bytes:
    """Return what a mail server answers for somebody who is away (RFC 3834)."""
    mail = _started(head)
    mail["Auto-Submitted"] = "auto-replied"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(text)
    return mail.as_bytes()


def nested(head: Letterhead, levels: int) -> bytes:
    """Return a mail whose parts are nested so deep that parsers trip over it (reliability T13)."""
    fields = (
        f"From: {head.name} <{head.sender}>", f"To: <{head.recipient}>", f"Subject: {head.subject}",
        f"Date: {format_datetime(head.at)}", f"Message-ID: {head.message_id}", "MIME-Version: 1.0",
    )  # fmt: skip
    lines = [*fields]
    for level in range(levels):
        lines += [f'Content-Type: multipart/mixed; boundary="b{level}"', "", f"--b{level}"]
    lines += ["Content-Type: text/plain", "", "Please find our invoice attached."]
    lines += [f"--b{level}--" for level in reversed(range(levels))]
    return ("\r\n".join(lines) + "\r\n").encode()


def reply_quoting_below(head: Letterhead, words: str, quoted: Quoted) -> bytes:
    """Return a reply as desktop programs write it: words, signature, a rule, a header block, the history."""
    mail = _answering(head, quoted)
    block = f"From: {quoted.sender}\nSent: {quoted.date}\nTo: {head.name} <{head.sender}>\nSubject: {quoted.subject}\n"
    signature = f"Kind regards\n{head.name}"
    mail.set_content(f"{words}\n\n{signature}\n\n{'_' * 32}\n{block}\n{quoted.text}\n")
    below = escape(block + "\n" + quoted.text).replace("\n", "<br>\n")
    mail.add_alternative(
        f'<html><body><div style="font-family:Calibri,sans-serif"><p>{_broken(words)}</p><p>{_broken(signature)}</p>'
        f'</div><hr tabindex="-1"><div id="divRplyFwdMsg" dir="ltr">{below}</div></body></html>',
        subtype="html",
    )
    return mail.as_bytes()


def reply_quoting_marked(head: Letterhead, words: str, quoted: Quoted) -> bytes:
    """Return a reply as web mail writes it: words, one line that says who wrote, the history marked line by line."""
    mail = _answering(head, quoted)
    lead = f"On {quoted.date}, {quoted.sender} wrote:"
    history = "\n".join(f"> {line}".rstrip() for line in quoted.text.splitlines())
    mail.set_content(f"{words}\n\n{lead}\n{history}\n")
    mail.add_alternative(
        f'<div dir="ltr">{_broken(words)}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        f'{escape(lead)}<br></div><blockquote class="gmail_quote">{_broken(quoted.text)}</blockquote></div>',
        subtype="html",
    )
    return mail.as_bytes()


def _broken(text: str) -> str:
    return escape(text).replace("\n", "<br>\n")


def _started(head: Letterhead) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"{head.name} <{head.sender}>"
    mail["To"] = head.recipient
    mail["Subject"] = head.subject
    mail["Date"] = format_datetime(head.at)
    mail["Message-ID"] = head.message_id
    return mail


def _answering(head: Letterhead, quoted: Quoted) -> EmailMessage:
    mail = _started(head)
    mail["In-Reply-To"] = quoted.message_id
    mail["References"] = quoted.message_id
    return mail
