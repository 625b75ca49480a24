"""Read suppliers from a CSV file: each row is one supplier, a bad row is reported and the rest is kept.

Columns, in any order, by these names: `number` and `name` are required; `aliases`, `email_domains`,
`tax_ids` and `bank_accounts` hold several values separated by `;` or `|`; `email`, `phone`,
`department`, `default_account`, `default_tax_code` and `status` (active or blocked) hold one.
A column that is not there leaves what is on file; an empty cell clears it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mailroom.domain.errors import RejectedInputError
from mailroom.payables.reading import text_of
from mailroom.payables.rules.accounts import filed_account_fault, normal_account

SEVERAL = ("aliases", "email_domains", "tax_ids")
SINGLE = ("email", "phone", "department", "default_account", "default_tax_code")
COLUMNS = ("number", "name", *SEVERAL, "bank_accounts", *SINGLE, "status")
_MOST_BYTES = 50 * 1024 * 1024
_SEPARATORS = re.compile(r"[;|]")
_DOMAIN = re.compile(r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\.[a-z0-9-]{2,}$")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """One good row: column values as the database takes them, and bank accounts apart."""

    line: int
    values: dict[str, Any]
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be used: where it begins, and why."""

    line: int
    message: str


def decoded(content: bytes) -> str:
    """Return the file's text: by its byte-order mark, else UTF-8, else Windows-1252 as Excel writes it."""
    if len(content) > _MOST_BYTES:
        raise RejectedInputError(f"the file is larger than {_MOST_BYTES // 1024 // 1024} MB", code="too_large")
    for mark, encoding in (*_MARKS, (b"", "utf-8")):
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                break
    return content.decode("cp1252", errors="replace")


def supplier_rows(content: bytes) -> Iterator[SupplierRow | BadRow]:
    """Yield every row of a CSV file; raises `RejectedInputError` when its head cannot be used."""
    text = decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    head: list[str] | None = None
    seen: set[str] = set()
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as err:
            yield BadRow(line, f"it is no CSV: {err}")
            continue
        if head is None:
            head = _checked_head(cells)
        elif any(cell.strip() for cell in cells):
            yield _row(line, head, cells, seen)
    if head is None:
        raise RejectedInputError("the file is empty; its first line names the columns", code="empty_file")


def _delimiter(text: str) -> str:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    return max((",", ";", "\t"), key=first.count)


def _checked_head(cells: Sequence[str]) -> list[str]:
    head = [re.sub(r"[\s-]+", "_", cell.strip().lower()) for cell in cells]
    while head and not head[-1]:
        head.pop()
    unknown = sorted(set(head) - set(COLUMNS))
    missing = [name for name in ("number", "name") if name not in head]
    double = sorted({name for name in head if head.count(name) > 1})
    faults = [
        *(f"column {name!r} is not known" for name in unknown),
        *(f"column {name!r} is missing" for name in missing),
        *(f"column {name!r} stands twice" for name in double),
    ]
    if faults:
        raise RejectedInputError(f"{'; '.join(faults)}. Columns are {', '.join(COLUMNS)}.", code="bad_columns")
    return head


def _row(line: int, head: Sequence[str], cells: Sequence[str], seen: set[str]) -> SupplierRow | BadRow:
    if len(cells) < len(head) or any(cell.strip() for cell in cells[len(head) :]):
        return BadRow(line, f"it has {len(cells)} cells, the head has {len(head)}")
    given = {name: text_of(cell) for name, cell in zip(head, cells, strict=False)}
    number, name = given["number"], given["name"]
    if not number or not name:
        return BadRow(line, f"it has no {'number' if not number else 'name'}")
    if number in seen:
        return BadRow(line, f"number {number} stands in the file before")
    accounts = tuple(normal_account(each) for each in _several(given.get("bank_accounts")))
    fault = _fault(given)
    if fault is not None:
        return BadRow(line, fault)
    seen.add(number)
    values: dict[str, Any] = {"number": number, "name": name}
    values |= {column: list(_several(given[column])) for column in SEVERAL if column in given}
    if "email_domains" in values:
        values["email_domains"] = [each.lower().lstrip("@") for each in values["email_domains"]]
    values |= {column: given[column] for column in SINGLE if column in given}
    if given.get("status"):
        values["status"] = (given["status"] or "").lower()
    return SupplierRow(line, values, tuple(each for each in accounts if each))


def _fault(given: dict[str, str | None]) -> str | None:
    status = (given.get("status") or "active").lower()
    if status not in {"active", "blocked"}:
        return f"status {status!r} is neither active nor blocked"
    for domain in _several(given.get("email_domains")):
        if _DOMAIN.match(domain.lower().lstrip("@")) is None:
            return f"{domain!r} is no mail domain"
    email = given.get("email")
    if email and (email.count("@") != 1 or " " in email):
        return f"{email!r} is no mail address"
    for account in _several(given.get("bank_accounts")):
        if fault := filed_account_fault(account):
            return f"a bank account cannot exist: {fault}"
    return None


def _several(cell: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in _SEPARATORS.split(cell or "") if part.strip()))
