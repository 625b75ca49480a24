"""Write bills into a folder, each once, each whole.

A bill is written to `.mailroom/staging/`, flushed to disk, then claimed by linking its receipt to
`.mailroom/delivered/<hash of key>.json`, which fails when the key was ever delivered before, and last
moved to its own folder in one rename. The link decides: before it nothing has happened, after it the bill
is delivered, and whoever comes next finishes the rename if the writer died. Receipts stay when the
importing system takes a folder away, so a key is never delivered twice.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, ClassVar

from erp_connectors.bill import Bill, BillState, Health, Receipt
from erp_connectors.errors import (
    ConnectorError,
    NotReachableError,
    OutcomeUnknownError,
    UploadRefusedError,
)
from erp_connectors.file_drop import parcel
from erp_connectors.file_drop.parcel import Delivery
from erp_connectors.file_drop.settings import Settings
from erp_connectors.interface import Feature
from erp_connectors.unusable import refuse_unusable

_SECONDS_TILL_ABANDONED = 24 * 3600
_NEEDS_A_PERSON = frozenset(
    {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.ENAMETOOLONG, errno.EFBIG, errno.EOPNOTSUPP}
)


class FileDropConnector:
    """Drop each bill as bill.json and its files into one folder per bill under `settings.folder`."""

    accepts_key: ClassVar[bool] = True
    finds_by_key: ClassVar[bool] = True
    features: ClassVar[frozenset[Feature]] = frozenset()
    Settings = Settings

    def __init__(self, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> None:
        self._settings = Settings.read(settings, secrets)
        self._folder = self._settings.folder
        self._staging = self._folder / ".mailroom" / "staging"
        self._delivered = self._folder / ".mailroom" / "delivered"

    def check(self) -> Health:
        """See that the folder is there and that we may write into it."""
        with self._translated("looking at the folder"):
            self._require_folder()
            if not os.access(self._folder, os.R_OK | os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, "no right to write")
            free = shutil.disk_usage(self._folder).free
        return Health("folder", {"folder": str(self._folder), "free_bytes": str(free)})

    def upload(self, bill: Bill) -> Receipt:
        """Write the bill's folder, whole or not at all; see `Connector.upload`."""
        refuse_unusable(bill)
        with self._translated("writing the bill"):
            self._require_folder()
            there = self._recall(bill.key)
            if there is None:
                staged = self._stage(bill)
                there = self._claim(bill, staged)
                if there is None:
                    return self._deliver(staged)
            self._finish(there)
            _refuse_other_bill(bill, there)
            return self._receipt(there, already_there=True)

    def find(self, key: str) -> Receipt | None:
        """Return the receipt of a key that was ever delivered, whether or not its folder is still there."""
        with self._translated("looking up a bill"):
            self._require_folder()
            there = self._recall(key)
            if there is None:
                return None
            self._finish(there)
            return self._receipt(there, already_there=True)

    def close(self) -> None:
        """Do nothing: no file is held open between calls."""

    def _stage(self, bill: Bill) -> Delivery:
        staged = parcel.delivery_of(bill, f"{parcel.key_hash(bill.key)}.{uuid.uuid4().hex}")
        for folder in (self._staging, self._delivered):
            folder.mkdir(parents=True, exist_ok=True)
        self._sweep()
        place = self._staging / staged.staged
        try:
            place.mkdir()
            for name, body in parcel.files_of(bill, lines_csv=self._settings.lines_csv).items():
                _write(place / name, body)
            _flush(place)
            _write(self._ticket(staged), staged.as_bytes())
            _flush(self._staging)
        except OSError:
            self._discard(staged)
            raise
        return staged

    def _claim(self, bill: Bill, staged: Delivery) -> Delivery | None:
        """Take the key for this delivery, or return the delivery that has it already."""
        try:
            os.link(self._ticket(staged), self._remembered(bill.key))
        except FileExistsError:
            self._discard(staged)
            return self._recall(bill.key)
        except OSError:
            self._discard(staged)
            raise
        return None

    def _deliver(self, staged: Delivery) -> Receipt:
        try:
            _flush(self._delivered)
            self._finish(staged)
            self._ticket(staged).unlink(missing_ok=True)
            return self._receipt(staged, already_there=False)
        except OSError as err:
            raise OutcomeUnknownError(
                f"the bill was written to {self._folder} and the disk did not confirm it: {err.strerror}"
            ) from err

    def _finish(self, delivery: Delivery) -> None:
        """Move a claimed bill to its place, unless that was done."""
        try:
            (self._staging / delivery.staged).rename(self._folder / delivery.folder)
            _flush(self._folder)
        except FileNotFoundError:
            return
        except OSError as err:
            if err.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
                raise
            # The folder outlived its receipt (somebody emptied .mailroom): the bill is there, once.
            shutil.rmtree(self._staging / delivery.staged)

    def _recall(self, key: str) -> Delivery | None:
        return _read_delivery(self._remembered(key))

    def _receipt(self, delivery: Delivery, *, already_there: bool) -> Receipt:
        place = self._folder / delivery.folder
        kept = [name for name, sha256 in delivery.files.items() if _sha256(place / name) == sha256]
        collected = not place.exists()
        evidence = {
            "gross": delivery.gross,
            "currency": delivery.currency,
            "invoice_number": delivery.invoice_number,
            "attachments": str(len(delivery.files) if collected else len(kept)),
            "collected": "yes" if collected else "no",
        }
        state = BillState.DRAFT if delivery.draft else BillState.POSTED
        return Receipt(parcel.key_hash(delivery.key), delivery.folder, state, already_there, evidence)

    def _sweep(self) -> None:
        """Remove what writers that died left behind a day ago or more; never a claimed bill."""
        oldest = time.time() - _SECONDS_TILL_ABANDONED
        for place in self._staging.iterdir():
            with contextlib.suppress(OSError):
                if place.stat().st_mtime > oldest:
                    continue
                if not place.is_dir():
                    place.unlink()
                elif not self._is_claimed(place.name):
                    shutil.rmtree(place)

    def _is_claimed(self, staged: str) -> bool:
        remembered = _read_delivery(self._delivered / f"{staged.partition('.')[0]}.json")
        return remembered is not None and remembered.staged == staged

    def _discard(self, staged: Delivery) -> None:
        shutil.rmtree(self._staging / staged.staged, ignore_errors=True)
        with contextlib.suppress(OSError):
            self._ticket(staged).unlink(missing_ok=True)

    def _ticket(self, staged: Delivery) -> Path:
        return self._staging / f"{staged.staged}.json"

    def _remembered(self, key: str) -> Path:
        return self._delivered / f"{parcel.key_hash(key)}.json"

    def _require_folder(self) -> None:
        if not self._folder.exists():
            raise FileNotFoundError(errno.ENOENT, "it is not there; is the share mounted?")
        if not self._folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "it is not a folder")

    @contextlib.contextmanager
    def _translated(self, doing: str) -> Iterator[None]:
        try:
            yield
        except ConnectorError:
            raise
        except OSError as err:
            sentence = f"{doing} in {self._folder} failed: {err.strerror or err}"
            if err.errno in _NEEDS_A_PERSON:
                raise UploadRefusedError(sentence, code="set_up") from err
            raise NotReachableError(sentence) from err


def _read_delivery(path: Path) -> Delivery | None:
    try:
        return parcel.delivery_from_bytes(path.read_bytes())
    except FileNotFoundError:
        return None


def _refuse_other_bill(bill: Bill, there: Delivery) -> None:
    same = (
        bill.invoice_number == there.invoice_number
        and bill.document_type.value == there.document_type
        and bill.currency == there.currency
        and bill.gross == Decimal(there.gross)
    )
    if not same:
        raise UploadRefusedError(
            f"this key was delivered before as another bill, in {there.folder}", code="key_conflict"
        )


def _write(path: Path, body: bytes) -> None:
    with path.open("xb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    """Make a folder's entries durable; renames and links are not until then."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sha256(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None
