"""From a screened mail to everything that follows: objects to keep, the ledger row, transactions to open.

Pure: the same mail, screening and ids give the same answer; nothing is written here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from mailroom.documents.content import recognize
from mailroom.domain.approval_token import without_tokens
from mailroom.domain.document import DocumentType
from mailroom.domain.html_text import visible_text
from mailroom.domain.mail import Disposition
from mailroom.domain.rfc822 import Mail
from mailroom.domain.rfc822.addresses import addresses
from mailroom.domain.rfc822.automatic import automatic
from mailroom.intake.parts import ScreenedPart
from mailroom.intake.screening import Screening
from mailroom.intake.working_directory import (
    TRANSACTION_FILE,
    file_key,
    object_key,
    quarantine_key,
    working_directory,
)

_NAMESPACE = UUID("9c2f8b44-7a4e-4f0b-8b53-2b6a9f5d0e11")
_COMPANIONS = {DocumentType.PURCHASE_ORDER.value, DocumentType.GOODS_RECEIVED_NOTE.value}
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Opening:
    """A transaction to open: its row, its documents, and its files as (key, object it is a copy of)."""

    transaction: dict[str, Any]
    documents: tuple[dict[str, Any], ...]
    copies: tuple[tuple[str, str], ...]
    manifest: tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Disposal:
    """What becomes of one message. `objects` are (key, bytes) that must be durable before any row is written."""

    message_id: UUID
    ledger: dict[str, Any]
    objects: tuple[tuple[str, bytes], ...] = ()
    openings: tuple[Opening, ...] = ()
    mail: Mail | None = None
    screening: Screening | None = None
    answer_reason: str | None = None

    @property
    def disposition(self) -> str:
        """Return the disposition."""
        return str(self.ledger["disposition"])


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whose mail it is and how its transactions begin."""

    organization_id: UUID
    mode: str
    process: str
    first_step: str
    configuration_hash: str
    make_id: Callable[[], UUID] = field(repr=False)


def unread(message_id: UUID, disposition: Disposition, reason: str, *, mark: bool = False) -> Disposal:
    """Return the disposal of a message that was not fetched: gone, too large, or of an old epoch."""
    ledger = {**_EMPTY, "id": message_id, "disposition": disposition.value, "reason": reason, "mark": mark}
    return Disposal(message_id, ledger)


def dispose(
    message_id: UUID,
    mail: Mail,
    screening: Screening,
    receiver: Receiver,
    *,
    received_at: datetime | None,
    mark: bool,
) -> Disposal:
    """Return what becomes of a mail. `mark` says whether the mailbox is to show it as done."""
    ledger = _ledger(message_id, mail, screening, receiver, received_at, mark)
    if screening.disposition is Disposition.IGNORED:
        # Headers and hash are kept; what nobody asked us to read is neither copied nor touched.
        return Disposal(message_id, ledger, mail=mail, screening=screening)
    organization_id = receiver.organization_id
    if screening.sealed:
        ledger["object_key"] = quarantine_key(organization_id, mail.sha256)
        return Disposal(message_id, ledger, ((ledger["object_key"], mail.raw),), mail=mail, screening=screening)
    ledger["object_key"] = object_key(organization_id, mail.sha256)
    objects = [(ledger["object_key"], mail.raw)]
    objects += [(object_key(organization_id, each.part.sha256), each.part.body) for each in _kept(screening)]
    openings = tuple(
        _opening(message_id, mail, group, screening, receiver, number)
        for number, group in enumerate(screening.invoices, start=1)
    )
    # A robot's mail is never answered: two robots would go on for ever (RFC 3834, 2).
    answered = screening.disposition is Disposition.UNIDENTIFIED and automatic(mail) is None
    return Disposal(
        message_id,
        ledger,
        tuple(dict(objects).items()),
        openings,
        mail,
        screening,
        answer_reason=screening.reason if answered else None,
    )


def _kept(screening: Screening) -> list[ScreenedPart]:
    """Return the parts worth keeping as files of their own: attachments, not the mail's own text."""
    return [each for each in screening.parts if not each.part.is_body and each.part.body]


def _opening(
    message_id: UUID,
    mail: Mail,
    group: Sequence[ScreenedPart],
    screening: Screening,
    receiver: Receiver,
    number: int,
) -> Opening:
    transaction_id = receiver.make_id()
    directory = working_directory(receiver.organization_id, transaction_id)
    companions = [each for each in screening.parts if each.kind in _COMPANIONS and each.usable]
    documents = tuple(
        _document(message_id, transaction_id, directory, each, receiver) for each in (*group, *companions)
    )
    copies = [
        (document["object_key"], object_key(receiver.organization_id, document["sha256"])) for document in documents
    ]
    copies.append((f"{directory}/mail.eml", object_key(receiver.organization_id, mail.sha256)))
    inputs = _inputs(mail, documents, screening, number)
    transaction = {
        "id": transaction_id,
        "organization_id": receiver.organization_id,
        "process": receiver.process,
        "state": "received",
        "step": receiver.first_step,
        "mode": receiver.mode,
        "version": 1,
        "attempts": 0,
        "fence": 0,
        "message_id": message_id,
        "working_directory": directory,
        "inputs": inputs,
        "configuration_hash": receiver.configuration_hash,
    }
    manifest = {"transaction": str(transaction_id), "status": "NEW", "working_directory": directory, "inputs": inputs}
    body = json.dumps(storable(manifest), indent=2, ensure_ascii=False, default=str).encode()
    return Opening(storable(transaction), documents, tuple(copies), (f"{directory}/{TRANSACTION_FILE}", body))


def _document(
    message_id: UUID, transaction_id: UUID, directory: str, screened: ScreenedPart, receiver: Receiver
) -> dict[str, Any]:
    part = screened.part
    content_type = recognize(part.body, part.filename or "").media_type
    return {
        "id": uuid5(_NAMESPACE, f"{transaction_id}:{part.path}"),
        "organization_id": receiver.organization_id,
        "transaction_id": transaction_id,
        "message_id": message_id,
        "part_path": part.path,
        "document_type": screened.kind,
        "status": "received",
        "filename": _cut(part.filename) or None,
        "content_type": content_type,
        "sha256": part.sha256,
        "size_bytes": part.size,
        "object_key": file_key(directory, screened.kind, part.path, part.sha256, content_type),
    }


def _inputs(mail: Mail, documents: Sequence[dict[str, Any]], screening: Screening, number: int) -> dict[str, Any]:
    """Return what the first step needs to know, and what an auditor asks for (S3-039, S3-040)."""
    return {
        "invoice": documents[0]["object_key"],
        "files": [
            {"key": each["object_key"], "type": each["document_type"], "filename": each["filename"]}
            for each in documents
        ],
        "number_in_mail": number,
        "mail": {
            "from": list(mail.from_addresses),
            "sender": mail.sender.address,
            "to": list(mail.recipients)[:20],
            "subject": without_tokens(mail.subject)[:_LONGEST],
            "message_id": mail.message_id,
            "date": mail.date,
            "body": (mail.text or visible_text(mail.html or ""))[:20_000],
        },
        "screening": {"rule": screening.rule, "reason": screening.reason, "flags": list(screening.flags)},
        "reply_to": reply_address(mail),
        "answers_to": next(iter(addresses(mail.values("Reply-To"))), None),
    }


def reply_address(mail: Mail) -> str | None:
    """Return whom an answer may go to: the one From address; nobody for automatic mail, which may answer back (T9)."""
    if len(mail.from_addresses) != 1 or automatic(mail) is not None:
        return None
    return mail.from_addresses[0]


_EMPTY: dict[str, Any] = {
    "rule": None,
    "message_id": None,
    "sender": None,
    "recipients": [],
    "subject": None,
    "received_at": None,
    "size_bytes": None,
    "raw_sha256": None,
    "canonical_sha256": None,
    "object_key": None,
    "parts": [],
    "related_id": None,
    "configuration_hash": None,
}


def _ledger(
    message_id: UUID,
    mail: Mail,
    screening: Screening,
    receiver: Receiver,
    received_at: datetime | None,
    mark: bool,
) -> dict[str, Any]:
    ledger = {
        **_EMPTY,
        "id": message_id,
        "disposition": screening.disposition.value,
        "reason": screening.reason,
        "rule": screening.rule,
        "mark": mark,
        "message_id": mail.message_id,
        "sender": (mail.from_addresses[0] if mail.from_addresses else None),
        "recipients": list(mail.recipients)[:50],
        "subject": _cut(without_tokens(mail.subject)),
        "received_at": received_at,
        "size_bytes": len(mail.raw),
        "raw_sha256": mail.sha256,
        "canonical_sha256": mail.canonical_sha256,
        "parts": [_part(each) for each in screening.parts],
        "configuration_hash": receiver.configuration_hash,
    }
    return {key: storable(value) for key, value in ledger.items()}


def _part(screened: ScreenedPart) -> dict[str, Any]:
    part = screened.part
    return {
        "path": part.path,
        "filename": _cut(part.filename),
        "content_type": part.content_type,
        "sha256": part.sha256,
        "size": part.size,
        "kind": screened.kind,
        "reason": _cut(screened.reason),
    }


def _cut(words: str | None) -> str | None:
    return None if words is None else storable(words[:_LONGEST])


def storable(value: Any) -> Any:
    """Return the value with every text in it as Postgres takes it: no NUL, no lone surrogates."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {key: storable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [storable(each) for each in value]
    return value
