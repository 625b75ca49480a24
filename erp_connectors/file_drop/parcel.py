"""What a bill looks like as files: names, bill.json, lines.csv, the attachments, and the receipt."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from erp_connectors.bill import Bill

FORMAT = "erp_connectors.file_drop/1"
_LINE_COLUMNS = ("description", "quantity", "unit_price", "net", "tax_rate", "account", "tax_code")
_TEXT_COLUMNS = frozenset({"description", "account", "tax_code"})


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is remembered of a bill for ever, also after the importing system has taken its folder away.

    `staged` is the folder's name while it is being written; `files` are the attachments' hashes by name.
    """

    key: str
    folder: str
    staged: str
    invoice_number: str
    document_type: str
    currency: str
    gross: str
    draft: bool
    files: Mapping[str, str]

    def as_bytes(self) -> bytes:
        """Return the form kept on disk."""
        return _json(asdict(self))


def delivery_from_bytes(body: bytes) -> Delivery:
    """Read back what `Delivery.as_bytes` wrote."""
    return Delivery(**json.loads(body))


def key_hash(key: str) -> str:
    """Return the name under which a key is remembered: no key, however odd, is a path."""
    return hashlib.sha256(key.encode()).hexdigest()


def delivery_of(bill: Bill, staged: str) -> Delivery:
    """Return what will be remembered of this bill. Its folder reads `S-17_INV-7_1f00aa93c2d4`."""
    parts = (bill.supplier_code or bill.supplier_name, bill.invoice_number)
    readable = "_".join(_file_safe(part, 40) for part in parts)
    return Delivery(
        key=bill.key,
        folder=f"{readable}_{key_hash(bill.key)[:12]}",
        staged=staged,
        invoice_number=bill.invoice_number,
        document_type=bill.document_type.value,
        currency=bill.currency,
        gross=str(bill.gross),
        draft=bill.draft,
        files={_stored_name(bill, place): file.sha256 for place, file in enumerate(bill.attachments)},
    )


def files_of(bill: Bill, *, lines_csv: bool) -> dict[str, bytes]:
    """Return every file of the bill's folder by name."""
    files = {_stored_name(bill, place): file.body for place, file in enumerate(bill.attachments)}
    files["bill.json"] = _json(_document(bill))
    if lines_csv:
        files["lines.csv"] = _lines_csv(bill)
    return files


def _document(bill: Bill) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "key": bill.key,
        "document_type": bill.document_type.value,
        "draft": bill.draft,
        "supplier": {"code": bill.supplier_code, "name": bill.supplier_name},
        "invoice_number": bill.invoice_number,
        "issue_date": bill.issue_date.isoformat(),
        "due_date": None if bill.due_date is None else bill.due_date.isoformat(),
        "purchase_order": bill.purchase_order,
        "currency": bill.currency,
        "net": str(bill.net),
        "tax": str(bill.tax),
        "gross": str(bill.gross),
        "lines": [{name: _plain(getattr(line, name)) for name in _LINE_COLUMNS} for line in bill.lines],
        "attachments": [
            {
                "file": _stored_name(bill, place),
                "filename": file.filename,
                "content_type": file.content_type,
                "sha256": file.sha256,
            }
            for place, file in enumerate(bill.attachments)
        ],
    }


def _lines_csv(bill: Bill) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("position", *_LINE_COLUMNS))
    for position, line in enumerate(bill.lines, start=1):
        writer.writerow((position, *(_cell(name, getattr(line, name)) for name in _LINE_COLUMNS)))
    return text.getvalue().encode()


def _cell(column: str, value: str | Decimal | None) -> str:
    text = _plain(value) or ""
    # OWASP ASVS 5.0, 1.2.10: a cell that starts like a formula would be run by a spreadsheet.
    return f"'{text}" if column in _TEXT_COLUMNS and text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _plain(value: str | Decimal | None) -> str | None:
    return None if value is None else f"{value:f}" if isinstance(value, Decimal) else value


def _stored_name(bill: Bill, place: int) -> str:
    return f"{place + 1:02d}-{_file_safe(bill.attachments[place].filename, 100)}"


def _file_safe(text: str, longest: int) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    safe = re.sub(r"[^A-Za-z0-9.-]+", "-", plain).strip("-.")
    return safe[-longest:].strip("-.") or "unnamed"


def _json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, indent=2, ensure_ascii=False).encode() + b"\n"
