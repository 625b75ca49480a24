"""What each part of a mail is: a document, a logo, a signature, or a file that nobody here can read.

Decided by the bytes, then by the name; never by Content-Disposition alone (C11: some programs send invoices
`inline`). The formats themselves are opened elsewhere, in the sandbox, through `inspect`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import Protocol

from mailroom.documents.content import Content, ContentKind, recognize
from mailroom.documents.faults import Fault
from mailroom.domain.document import DocumentType
from mailroom.domain.rfc822 import Mail, Part
from mailroom.intake.naming import kind_by_name

_SIGNATURES = {
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "application/pgp-signature",
    "application/pgp-keys",
}
_ENCRYPTED = {"application/pkcs7-mime", "application/x-pkcs7-mime", "application/pgp-encrypted"}
_NO_PAPER = {"text/calendar", "text/vcard", "text/x-vcard", "application/ics"}
_TNEF = b"\x78\x9f\x3e\x22"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # also Outlook's .msg
_UNSUPPORTED = {ContentKind.OFFICE, ContentKind.ARCHIVE, ContentKind.HTML, ContentKind.MAIL}
_ROOT = re.compile(rb"<(?:[A-Za-z0-9_.-]+:)?([A-Za-z][A-Za-z0-9]*)[\s>]")
_ROOTS = {
    "CrossIndustryInvoice": DocumentType.INVOICE,
    "CrossIndustryDocument": DocumentType.INVOICE,
    "Invoice": DocumentType.INVOICE,
    "FatturaElettronica": DocumentType.INVOICE,
    "Facturae": DocumentType.INVOICE,
    "Faktura": DocumentType.INVOICE,
    "CreditNote": DocumentType.CREDIT_NOTE,
    "Order": DocumentType.PURCHASE_ORDER,
    "ReceiptAdvice": DocumentType.GOODS_RECEIVED_NOTE,
    "DespatchAdvice": DocumentType.GOODS_RECEIVED_NOTE,
    "Statement": DocumentType.STATEMENT,
    "Reminder": DocumentType.REMINDER,
}
_NOT_OPENED_HERE = {Fault.NO_TEXT_LAYER, Fault.UNSUPPORTED_FORMAT}


class Inspected(Protocol):
    """What a look into a file told: `error` is a code when it can't be read, `reason` says it in words."""

    @property
    def document_type(self) -> DocumentType | None:
        """Return the kind of paper, where the text told it."""
        ...

    @property
    def reason(self) -> str:
        """Return why, in words."""
        ...

    @property
    def error(self) -> str | None:
        """Return the code of what stops reading."""
        ...


Inspect = Callable[[bytes, str], Inspected]
"""Looks into a file: (bytes, name) -> what it is. Slow; may be left out."""


@dataclass(frozen=True, slots=True)
class ScreenedPart:
    """One part and what it is.

    `file_kind` is pdf, xml, image, unsupported, unreadable or none (no document at all); `kind` is a kind of
    paper (`DocumentType`) or what else it is: body, inline_image, signature, unsupported, unreadable, other.
    `sure` tells that the content itself said so, `fault` names why it can't be read.
    """

    part: Part
    kind: str
    file_kind: str
    reason: str
    sure: bool = False
    fault: str | None = None

    @property
    def usable(self) -> bool:
        """Tell whether a reader can open it."""
        return self.file_kind in {"pdf", "xml", "image"}


def look_at(part: Part, mail: Mail, smallest_picture: int, inspect: Inspect | None = None) -> ScreenedPart:
    """Return what one part is."""
    aside = _no_document(part, mail, smallest_picture)
    if aside is not None:
        return aside
    name, content = part.filename or "", recognize(part.body, part.filename or "")
    if part.body.startswith(_TNEF) or PurePath(name).name.lower() == "winmail.dat":
        return _unsupported(part, "an Outlook packet (winmail.dat)")
    if content.kind in _UNSUPPORTED or part.body.startswith(_OLD_OFFICE):
        return _unsupported(part, content.words if content.kind in _UNSUPPORTED else "an office document")
    if content.kind is ContentKind.XML or _is_bare_xml(part):
        return _xml(part)
    if content.kind in {ContentKind.PDF, ContentKind.IMAGE}:
        return _document(part, content.kind.value, inspect)
    return _not_what_it_says(part, content) or ScreenedPart(
        part, DocumentType.OTHER.value, "none", f"{content.words}, no document"
    )


def _is_bare_xml(part: Part) -> bool:
    """Tell XML without its declaration from plain text."""
    named = (part.filename or "").lower().endswith(".xml") or part.content_type in {"text/xml", "application/xml"}
    return named and part.body[:100].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _not_what_it_says(part: Part, content: Content) -> ScreenedPart | None:
    """Recognize an empty, mislabelled or encrypted attachment."""
    if content.kind is ContentKind.EMPTY:
        return _unreadable(part, Fault.EMPTY, f"{_called(part)} is empty")
    if (part.filename or "").lower().endswith(".pdf") or part.content_type == "application/pdf":
        return _unreadable(part, Fault.NOT_A_PDF, f"{_called(part)} is named a PDF but is {content.words}")
    if part.content_type in _ENCRYPTED:
        return _unreadable(part, Fault.ENCRYPTED, "the mail is encrypted and no key is known")
    return None


def _no_document(part: Part, mail: Mail, smallest_picture: int) -> ScreenedPart | None:
    """Recognize what is never a paper: bodies, signatures, appointments, logos (C11, C18, C47)."""
    if part.is_body or (part.nested and part.content_type.startswith("text/") and not part.filename):
        return ScreenedPart(part, "body", "none", "text of the mail")
    name = (part.filename or "").lower()
    if part.content_type in _SIGNATURES or name in {"smime.p7s", "signature.asc"}:
        return ScreenedPart(part, "signature", "none", "a signature")
    if part.content_type in _NO_PAPER or part.content_type.startswith("message/"):
        return ScreenedPart(part, DocumentType.OTHER.value, "none", f"{part.content_type}, no document")
    if not part.body and not part.filename:
        return ScreenedPart(part, DocumentType.OTHER.value, "none", "an empty part")
    if part.content_type.startswith("image/") or recognize(part.body[:4096]).kind is ContentKind.IMAGE:
        shown = part.content_id is not None and mail.html is not None and f"cid:{part.content_id}" in mail.html
        if shown or (part.related and part.content_id) or part.size < smallest_picture:
            return ScreenedPart(part, "inline_image", "none", "a picture of the text, or a logo")
    return None


def _document(part: Part, file_kind: str, inspect: Inspect | None) -> ScreenedPart:
    """Ask `inspect`; where it can't tell, the file's name may."""
    found = inspect(part.body, part.filename or "") if inspect else None
    if found is not None and found.error and found.error not in _NOT_OPENED_HERE:
        return _unreadable(part, found.error, found.reason)
    if found is not None and found.document_type not in {None, DocumentType.OTHER}:
        return ScreenedPart(part, str(found.document_type), file_kind, found.reason, sure=True)
    named = kind_by_name(PurePath(part.filename or "").stem)
    if named is not None:
        return ScreenedPart(part, named.value, file_kind, f"{_called(part)}: the name says {named.value}")
    return ScreenedPart(part, DocumentType.OTHER.value, file_kind, f"{_called(part)}: nothing says what it is")


def _xml(part: Part) -> ScreenedPart:
    """Tell an e-invoice by its root element; nothing is parsed here."""
    head = re.sub(rb"<[?!][^>]*>", b"", part.body[:4096].replace(b"\x00", b""))
    root = _ROOT.search(head)
    kind = _ROOTS.get(root[1].decode("ascii")) if root else None
    if kind is None:
        return ScreenedPart(part, DocumentType.OTHER.value, "none", f"{_called(part)} is XML of an unknown kind")
    return ScreenedPart(part, kind.value, "xml", f"{_called(part)} is a structured {kind.value}", sure=True)


def _unsupported(part: Part, words: str) -> ScreenedPart:
    reason = f"{_called(part)} is {words}, which is not read"
    return ScreenedPart(part, "unsupported", "unsupported", reason, fault=Fault.UNSUPPORTED_FORMAT.value)


def _unreadable(part: Part, fault: str, reason: str) -> ScreenedPart:
    return ScreenedPart(part, "unreadable", "unreadable", reason, fault=str(fault))


def _called(part: Part) -> str:
    """Name a part in a sentence; long names are cut."""
    return (part.filename or f"part {part.path}")[:80]
