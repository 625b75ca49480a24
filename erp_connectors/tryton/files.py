"""A bill's files in Tryton.

An attachment must belong to a record, and no single call writes a bill together with its attachments. So the
files go first, to the supplier's record, each with a note that names the upload and the key; then one call writes
the bill, which names both too; then one call moves the files to it. Whoever finds the bill finishes the move, so
a bill whose writer died is whole the next time anyone looks, and takes away what earlier attempts left behind.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from erp_connectors.bill import Attachment
from erp_connectors.errors import ConnectorError, NotReachableError
from erp_connectors.tryton.entries import Entry
from erp_connectors.tryton.session import Record, Session

_MODEL = "ir.attachment"


def stage(session: Session, files: Sequence[Attachment], party: int, key: str, upload: str) -> None:
    """Put the files on the supplier's record, all or none; nobody's bill has changed yet."""
    if not files:
        return
    values = [
        {
            "name": " ".join(file.filename.split()),
            "type": "data",
            "resource": f"party.party,{party}",
            "description": _note(key, upload),
            "data": file.body,
        }
        for file in files
    ]
    made = session.call(f"model.{_MODEL}.create", values)
    sizes = [row["data_size"] for row in session.search_read(_MODEL, [["id", "in", made]], ["data_size"])]
    if sizes != [len(file.body) for file in files]:
        discard(session, party, key, upload)
        raise NotReachableError("Tryton did not keep the files whole, so the bill was not sent")


def discard(session: Session, party: int, key: str, upload: str) -> None:
    """Take back the files of an upload that came to nothing; if Tryton is away they stay with the supplier."""
    try:
        _delete(session, [row for row in _staged(session, party, key) if _is_of(row, upload)])
    except ConnectorError:
        return


def attach(session: Session, entry: Entry) -> int:
    """Move the bill's files to it, those that are not there yet, and return how many it has."""
    if entry.key is not None and entry.upload is not None:
        changes: list[Any] = []
        staged = _staged(session, entry.party, entry.key)
        for row in staged:
            if _is_of(row, entry.upload):
                changes += [[row["id"]], {"resource": f"account.invoice,{entry.id}", "description": None}]
        if changes:
            session.call(f"model.{_MODEL}.write", *changes)
        _delete(session, [row for row in staged if not _is_of(row, entry.upload)])
    domain = [["resource", "=", f"account.invoice,{entry.id}"]]
    return len(session.search_read(_MODEL, domain, ["id"]))


def _staged(session: Session, party: int, key: str) -> list[Record]:
    domain = [["resource", "=", f"party.party,{party}"], ["description", "like", f"Mailroom % {_hash(key)}:%"]]
    return session.search_read(_MODEL, domain, ["description"])


def _delete(session: Session, rows: Sequence[Record]) -> None:
    if rows:
        session.call(f"model.{_MODEL}.delete", [row["id"] for row in rows])


def _note(key: str, upload: str) -> str:
    return f"Mailroom {upload} {_hash(key)}: belongs to a bill that is being entered"


def _is_of(row: Record, upload: str) -> bool:
    return str(row["description"]).startswith(f"Mailroom {upload} ")


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:16]
