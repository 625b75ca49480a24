"""Mail that no person wrote (RFC 3834, RFC 3464, RFC 8098, RFC 5965; C26).

Only an answer, a bounce or a receipt ends a mail's way. A billing system's own mail (`generated`, `list`) may
carry an invoice; it is never an approval and never answered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from mailroom.domain.rfc822.mail import Mail
from mailroom.domain.rfc822.wording import (
    ANSWER_SUBJECT,
    BOUNCE_BODY,
    BOUNCE_SUBJECT,
    COMPLAINT_SUBJECT,
    RECEIPT_SUBJECT,
    ROBOT_ADDRESS,
    ROBOT_NAME,
)


class AutomaticKind(StrEnum):
    """What wrote it."""

    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    RECEIPT = "receipt"
    LIST = "list"
    GENERATED = "generated"


@dataclass(frozen=True, slots=True)
class Automatic:
    """The kind and the evidence, in words."""

    kind: AutomaticKind
    reason: str


_NO_PAPER = ("text/", "message/", "image/", "multipart/", "application/pgp-", "application/pkcs7-")
_REPORTS = {
    "delivery-status": AutomaticKind.BOUNCE,
    "feedback-report": AutomaticKind.BOUNCE,
    "disposition-notification": AutomaticKind.RECEIPT,
}
_REPORT_PARTS = {
    "message/delivery-status": AutomaticKind.BOUNCE,
    "message/global-delivery-status": AutomaticKind.BOUNCE,
    "message/feedback-report": AutomaticKind.BOUNCE,
    "message/disposition-notification": AutomaticKind.RECEIPT,
}
_REPLY_HEADERS = (
    "x-autoreply",
    "x-autorespond",
    "x-autoresponder",
    "x-auto-reply",
    "x-autoreply-from",
    "x-mail-autoreply",
    "x-vacation",
    "x-autoreply-subject",
    "auto-reply",
    "x-ooo",
)
_LIST_HEADERS = ("list-id", "list-post", "list-unsubscribe", "mailing-list", "x-mailing-list", "feedback-id")


def automatic(mail: Mail) -> Automatic | None:
    """Return what wrote this mail when no person did, or None."""
    return _report(mail) or _bounce_in_words(mail) or _answer(mail) or _unattended(mail)


def ends_here(found: Automatic | None) -> bool:
    """Tell whether this mail can hold no paper for us: an answer, a bounce or a receipt."""
    return found is not None and found.kind in {
        AutomaticKind.BOUNCE,
        AutomaticKind.AUTO_REPLY,
        AutomaticKind.RECEIPT,
    }


def _report(mail: Mail) -> Automatic | None:
    """Recognize multipart/report and the machine-readable parts that some write without it."""
    content_type = mail.value("Content-Type").lower()
    if content_type.startswith("multipart/report"):
        for name, kind in _REPORTS.items():
            if name in content_type:
                return Automatic(kind, f"multipart/report of type {name}")
        return Automatic(AutomaticKind.BOUNCE, "multipart/report")
    for part in mail.parts:
        if not part.nested and part.content_type in _REPORT_PARTS:
            return Automatic(_REPORT_PARTS[part.content_type], f"holds {part.content_type}")
    if COMPLAINT_SUBJECT.search(mail.subject) and any(part.nested for part in mail.parts):
        return Automatic(AutomaticKind.BOUNCE, "a complaint with the mail that it is about")
    if mail.values("X-Failed-Recipients"):
        return Automatic(AutomaticKind.BOUNCE, "X-Failed-Recipients")
    return None


def _bounce_in_words(mail: Mail) -> Automatic | None:
    """Recognize bounces without a machine-readable part: two kinds of evidence, or a daemon's address."""
    robot = any(ROBOT_ADDRESS.search(address) for address in mail.from_addresses)
    robot = robot or bool(
        ROBOT_ADDRESS.search(mail.value("From").strip(' <>"')) or ROBOT_NAME.search(mail.value("From"))
    )
    null_path, subject = _null_return_path(mail), bool(BOUNCE_SUBJECT.search(mail.subject))
    body = bool(BOUNCE_BODY.search(_first_text(mail)[:4_000]))
    # A person who writes about a bounce attaches the invoice again.
    in_words_only = subject and body and _without_papers(mail) and not mail.in_reply_to
    from_system = robot or null_path
    if (from_system and (subject or body)) or (robot and null_path) or in_words_only or _is_daemon(mail):
        return Automatic(AutomaticKind.BOUNCE, "a mail system says that a mail was not delivered")
    return None


def _is_daemon(mail: Mail) -> bool:
    """Tell whether a mail transfer agent's own account wrote it; nobody reads or writes there."""
    return any(address.startswith(("mailer-daemon@", "mail-daemon@")) for address in mail.from_addresses)


def _answer(mail: Mail) -> Automatic | None:
    """Recognize out-of-office and other automatic answers, and read receipts without a report."""
    header = _answer_header(mail)
    if header:
        return Automatic(AutomaticKind.AUTO_REPLY, header)
    if not _without_papers(mail):
        return None
    if RECEIPT_SUBJECT.search(mail.subject):
        return Automatic(AutomaticKind.RECEIPT, "the subject is that of a read receipt")
    if ANSWER_SUBJECT.search(mail.subject):
        return Automatic(AutomaticKind.AUTO_REPLY, "the subject is that of an automatic answer")
    if _null_return_path(mail):
        return Automatic(AutomaticKind.AUTO_REPLY, "null return path")
    return None


def _answer_header(mail: Mail) -> str | None:
    """Return the header that says an automatic answer, with its value where that matters."""
    if _submitted(mail).startswith("auto-replied"):
        return "Auto-Submitted: auto-replied"
    if mail.value("Precedence").strip().lower() in {"auto_reply", "auto-reply"}:
        return "Precedence: auto_reply"
    for name in _REPLY_HEADERS:
        if mail.value(name).strip().lower() not in {"", "no", "false", "0"}:
            return name
    if "vacation" in mail.value("X-Apple-Action").lower():
        return "X-Apple-Action: VACATION"
    return "X-MS-Exchange-Inbox-Rules-Loop" if mail.values("X-MS-Exchange-Inbox-Rules-Loop") else None


def _submitted(mail: Mail) -> str:
    """Return the keyword of Auto-Submitted (RFC 3834 5)."""
    return mail.value("Auto-Submitted").partition(";")[0].strip().lower()


def _unattended(mail: Mail) -> Automatic | None:
    """Recognize mail that systems and lists send on their own account."""
    for name in _LIST_HEADERS:
        if mail.values(name):
            return Automatic(AutomaticKind.LIST, name)
    if mail.value("Precedence").strip().lower() in {"bulk", "list", "junk"}:
        return Automatic(AutomaticKind.LIST, "Precedence")
    if _submitted(mail) not in {"", "no"}:
        return Automatic(AutomaticKind.GENERATED, "Auto-Submitted")
    if mail.value("X-Auto-Response-Suppress").strip().lower() not in {"", "none"}:
        return Automatic(AutomaticKind.GENERATED, "X-Auto-Response-Suppress")
    if _null_return_path(mail):
        return Automatic(AutomaticKind.GENERATED, "null return path")
    return None


def _null_return_path(mail: Mail) -> bool:
    values = mail.values("Return-Path")
    return bool(values) and values[0].replace(" ", "") in {"<>", ""}


def _without_papers(mail: Mail) -> bool:
    return all(
        part.nested or (part.content_type.startswith(_NO_PAPER) and not part.content_type.startswith("text/xml"))
        for part in mail.parts
    )


def _first_text(mail: Mail) -> str:
    if mail.text:
        return mail.text
    return re.sub(r"<[^>]{0,500}>", " ", mail.html[:20_000]) if mail.html else ""
