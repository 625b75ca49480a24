"""`file_drop` keeps the contract, and behaves on full, read-only and missing disks."""

from __future__ import annotations

import csv
import errno
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from erp_connectors.file_drop import FileDropConnector
from erp_connectors.interface import (
    Connector,
    DocumentType,
    NotReachableError,
    OutcomeUnknownError,
    SettingsError,
    UploadRefusedError,
)
from erp_connectors.testing import ConnectorContract, Fault, StoredBill, StoredFile, StoredLine, a_bill, a_line
from tests.servers.fixtures import require


class Outbox:
    """A folder, read as the importing system would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def connector(self) -> Connector:
        return FileDropConnector({"folder": str(self.folder)}, {})

    def stored(self) -> list[StoredBill]:
        return [_read(path) for path in sorted(self.folder.glob("*/bill.json"))]

    @contextmanager
    def inject(self, fault: Fault) -> Iterator[None]:
        if fault is Fault.UNREACHABLE:
            away = self.folder.with_name("unmounted")
            self.folder.rename(away)
            yield
            away.rename(self.folder)
        elif fault is Fault.REFUSES:
            (self.folder / ".mailroom").write_text("a file where a folder must be")
            yield
            (self.folder / ".mailroom").unlink()
        else:
            with failing_fsync_of(self.folder.name):
                yield


def _read(path: Path) -> StoredBill:
    body = json.loads(path.read_bytes())
    sign = -1 if body["document_type"] == DocumentType.CREDIT_NOTE else 1
    return StoredBill(
        invoice_number=body["invoice_number"],
        supplier=body["supplier"]["code"],
        issue_date=date.fromisoformat(body["issue_date"]),
        currency=body["currency"],
        payable=sign * Decimal(body["gross"]),
        tax=sign * Decimal(body["tax"]),
        draft=body["draft"],
        lines=tuple(StoredLine(line["description"], sign * Decimal(line["net"])) for line in body["lines"]),
        files=tuple(
            StoredFile(file["filename"], (path.parent / file["file"]).read_bytes()) for file in body["attachments"]
        ),
    )


@contextmanager
def failing_fsync_of(folder: str) -> Iterator[None]:
    """Let the disk fail when entries of this folder are to be made durable."""
    real = os.fsync

    def fsync(descriptor: int) -> None:
        if os.readlink(f"/proc/self/fd/{descriptor}").endswith(f"/{folder}"):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        real(descriptor)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        yield


class TestFileDropKeepsTheContract(ConnectorContract):
    connector_class = FileDropConnector

    @pytest.fixture
    def system(self, tmp_path):
        return Outbox(tmp_path / "outbox")


@pytest.fixture
def outbox(tmp_path):
    return Outbox(tmp_path / "outbox")


def test_only_whole_bills_are_ever_visible(outbox):
    bill = a_bill()
    outbox.connector().upload(bill)

    (folder,) = [path for path in outbox.folder.iterdir() if not path.name.startswith(".")]
    assert sorted(path.name for path in folder.iterdir()) == ["01-invoice.pdf", "bill.json"]
    assert not list((outbox.folder / ".mailroom" / "staging").iterdir())


def test_a_bill_that_was_collected_is_not_delivered_again(outbox):
    first = outbox.connector().upload(a_bill())
    shutil.rmtree(outbox.folder / first.external_reference)

    again = outbox.connector().upload(a_bill())

    assert again.already_there
    assert again.evidence["collected"] == "yes"
    assert not outbox.stored()


@pytest.mark.parametrize(
    "finish", [lambda c: c.find(a_bill().key), lambda c: c.upload(a_bill())], ids=["find", "upload"]
)
def test_a_writer_killed_right_after_the_claim_leaves_a_bill_that_the_next_one_finishes(outbox, finish):
    script = f"""
import os, signal, sys
from erp_connectors.file_drop import FileDropConnector
from erp_connectors.testing import a_bill
real = os.link
def link(source, target):
    real(source, target)
    os.kill(os.getpid(), signal.SIGKILL)
os.link = link
FileDropConnector({{"folder": {str(outbox.folder)!r}}}, {{}}).upload(a_bill())
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -9
    assert not outbox.stored()

    assert finish(outbox.connector()).already_there

    assert [bill.payable for bill in outbox.stored()] == [Decimal("119.00")]
    assert outbox.connector().upload(a_bill()).already_there


def test_a_writer_killed_before_the_claim_leaves_nothing_but_what_is_swept_a_day_later(outbox):
    script = f"""
import os, signal
from erp_connectors.file_drop import FileDropConnector
from erp_connectors.testing import a_bill
os.link = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
FileDropConnector({{"folder": {str(outbox.folder)!r}}}, {{}}).upload(a_bill())
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -9
    assert outbox.connector().find(a_bill().key) is None
    staging = outbox.folder / ".mailroom" / "staging"
    left = list(staging.iterdir())
    assert left
    yesterday = time.time() - 25 * 3600
    for path in left:
        os.utime(path, (yesterday, yesterday))

    outbox.connector().upload(a_bill("INV-8"))

    assert not list(staging.iterdir())
    assert [bill.invoice_number for bill in outbox.stored()] == ["INV-8"]


def test_a_full_disk_is_not_reachable_and_leaves_no_trace(tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(small)], capture_output=True, check=False
    )
    if mounted.returncode:
        require(f"this machine does not let us mount a small disk: {mounted.stderr.decode().strip()}")
    try:
        outbox = Outbox(small / "outbox")
        large = a_bill(lines=tuple(a_line("0.10") for _ in range(2000)), net="200.00", tax="38.00")
        with pytest.raises(NotReachableError, match="No space left"):
            outbox.connector().upload(large)
        assert outbox.connector().find(large.key) is None
        assert not list((outbox.folder / ".mailroom" / "staging").iterdir())
        outbox.connector().upload(a_bill("INV-8"))
        assert len(outbox.stored()) == 1
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_a_folder_we_may_not_write_into_needs_a_person():
    folder = Path("/sys/kernel")  # no process may create a file here, whoever runs it
    connector = FileDropConnector({"folder": str(folder)}, {})

    with pytest.raises(UploadRefusedError) as refusal:
        connector.upload(a_bill())

    assert refusal.value.code == "set_up"
    assert str(folder) in str(refusal.value)


def test_a_missing_folder_may_be_a_share_that_comes_back(tmp_path):
    connector = FileDropConnector({"folder": str(tmp_path / "gone")}, {})

    with pytest.raises(NotReachableError, match="is the share mounted"):
        connector.check()


def test_a_disk_that_does_not_confirm_the_claim_leaves_the_outcome_unknown(outbox):
    with failing_fsync_of("delivered"), pytest.raises(OutcomeUnknownError, match="did not confirm"):
        outbox.connector().upload(a_bill())


def test_a_disk_that_fails_before_the_claim_means_nothing_was_sent(outbox):
    with failing_fsync_of("staging"), pytest.raises(NotReachableError):
        outbox.connector().upload(a_bill())

    assert outbox.connector().find(a_bill().key) is None


def test_lines_come_as_csv_too_and_no_cell_is_a_formula(tmp_path):
    outbox = Outbox(tmp_path / "outbox")
    connector = FileDropConnector({"folder": str(outbox.folder), "lines_csv": True}, {})
    lines = (a_line("101.00", description='=HYPERLINK("x")'), a_line("-1.00", description="@discount"))
    receipt = connector.upload(a_bill(lines=lines))

    with (outbox.folder / receipt.external_reference / "lines.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["description"] for row in rows] == ['\'=HYPERLINK("x")', "'@discount"]
    assert [row["net"] for row in rows] == ["101.00", "-1.00"]


def test_every_fault_of_the_settings_is_named_at_once():
    with pytest.raises(SettingsError) as error:
        FileDropConnector({"folder": "relative", "lines_csv": "yes", "line_csv": True}, {"password": "x"})

    assert [fault.path for fault in error.value.faults] == ["folder", "lines_csv", "", "line_csv"]
    assert "did you mean 'lines_csv'?" in str(error.value)
