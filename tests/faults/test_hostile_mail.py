"""Mail made to hurt ends with a reason, the good mail around it is done, no worker is lost (T13-T25, F14)."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from mailroom.documents.sandbox import Limits, SandboxPool
from tests.mail_room import MailRoom, a_mail
from tests.servers.dovecot import Dovecot
from tests.unit.documents.hostile_files import inflating_pdf, looping_pages_pdf, many_pages_pdf, nested_forms_pdf

GOOD = 40


@pytest.fixture(scope="module")
def strict_pool() -> Iterator[SandboxPool]:
    """Warm children that give a file three seconds."""
    with SandboxPool(2, limits=Limits(cpu_seconds=3, wall_seconds=3)) as pool:
        yield pool


def nested(levels: int) -> bytes:
    """A mail of parts in parts (T13)."""
    head = b"From: x@nordlicht.example\nSubject: nested %d\nMessage-ID: <nested%d@x>\n" % (levels, levels)
    parts = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level) for level in range(levels)
    )
    return head + b"MIME-Version: 1.0\n" + parts + b"Content-Type: text/plain\n\nhello\n"


def flooded(header: bytes, message_id: bytes) -> bytes:
    """A mail with these header lines on top (T14)."""
    return header + b"Subject: flood\nMessage-ID: <" + message_id + b"@x>\n\nhello\n"


def with_file(name: str, content: bytes, number: str) -> bytes:
    """A mail with this one file, named a PDF."""
    return a_mail(number, files=[(name, content)], Subject="please see attached")


def with_raw_name(parameter: bytes, number: str) -> bytes:
    """A mail whose attachment has a name that a mail program would not write (T25)."""
    mail = a_mail(number, files=[("NAME.pdf", b"%PDF-1.4 " + number.encode())])
    return mail.replace(b'filename="NAME.pdf"', parameter)


def hostile_mails() -> dict[str, tuple[bytes, str, str]]:
    """Return mails by what they are: (raw, disposition, reason or "" for any)."""
    return {
        "T13 50 levels": (nested(50), "quarantined", "nested_too_deep"),
        "T13 900 levels": (nested(900), "quarantined", "nested_too_deep"),
        "T13 3,000 levels": (nested(3_000), "quarantined", "nested_too_deep"),
        "T13 300 parts": (
            b'From: x@y.example\nMessage-ID: <p@x>\nContent-Type: multipart/mixed; boundary="b"\n\n'
            + b"--b\n\nx\n" * 300,
            "quarantined",
            "too_many_parts",
        ),
        "T14 50,000 headers": (flooded(b"From: x@y.example\n" + b"X-A: b\n" * 50_000, b"f1"), "quarantined", ""),
        "T14 16,000 recipients": (
            flooded(
                b"From: x@y.example\nTo: " + b",\n ".join(b"a%d@b.example" % n for n in range(16_000)) + b"\n", b"f2"
            ),
            "quarantined",
            "",
        ),
        "T14 brackets": (flooded(b"From: " + b"(" * 2_000 + b"\n", b"f3"), "unidentified", "no_rule"),
        "T15 line ends in the subject": (
            flooded(b"From: x@y.example\nSubject: =?utf-8?B?aGVsbG8NCkJjYzogdmljdGltQGV4YW1wbGUuY29t?=\n", b"f4"),
            "unidentified",
            "no_rule",
        ),
        "T16 inflating": (with_file("a.pdf", inflating_pdf(), "T16"), "unidentified", ""),
        "T18 billion laughs": (with_file("b.pdf", nested_forms_pdf(), "T18"), "unidentified", ""),
        "T19 pages": (with_file("c.pdf", many_pages_pdf(200_000), "T19a"), "unidentified", "too_many_pages"),
        "T19 loop": (with_file("d.pdf", looping_pages_pdf(), "T19b"), "unidentified", ""),
        "T19 truncated": (with_file("e.pdf", nested_forms_pdf()[:300], "T19c"), "unidentified", "broken"),
        "T22 program": (with_file("f.pdf", b"MZ\x90\x00" + b"\x00" * 900, "T22a"), "unidentified", "not_a_pdf"),
        "T22 page": (with_file("g.pdf", b"<!DOCTYPE html><html>%PDF-1.4</html>", "T22b"), "unidentified", ""),
        "T22 archive in front": (
            with_file("h.pdf", b"PK\x03\x04" + b"\x00" * 90 + b"%PDF-1.4", "T22c"),
            "unidentified",
            "",
        ),
    }


NAMES = {
    "T25a": b'filename*0="../../etc/cron."; filename*1="d/x.pdf"',
    "T25b": b'filename="..%2f..%2fx%00.pdf"',
    "T25c": b'filename="' + b"x" * 5_000 + b'.pdf"',
    "T25d": b"filename*=utf-8''a%00b.pdf",
    "T25e": b'filename="CON.pdf"',
    "T25f": b"filename*=utf-8''invoice%E2%80%AEfdp.exe",
}


def test_every_hostile_mail_ends_with_a_reason_and_the_good_ones_are_done(
    room: MailRoom, dovecot: Dovecot, strict_pool: SandboxPool
):
    room.pool = strict_pool
    good = [a_mail(f"INV-{number}") for number in range(GOOD)]
    hostile = hostile_mails()
    mails = good + [mail for mail, _, _ in hostile.values()]
    order = list(range(len(mails)))
    random.Random(7).shuffle(order)
    dovecot.seed(room.user, [mails[index] for index in order])
    uid_of = {index: place for place, index in enumerate(order, 1)}

    report = room.poll()

    assert report.error is None
    rows = {row.uid: row for row in room.rows("SELECT uid, disposition, reason, object_key, attempts FROM messages")}
    assert {rows[uid_of[index]].disposition for index in range(GOOD)} == {"invoice"}
    for place, (name, (_, disposition, reason)) in enumerate(hostile.items(), GOOD):
        row = rows[uid_of[place]]
        assert (name, row.disposition) == (name, disposition)
        assert not reason or row.reason == reason, name
    assert all(row.reason and row.attempts == 1 and room.store.exists(row.object_key) for row in rows.values())
    assert len(room.transactions()) == GOOD


def test_no_attachments_name_becomes_a_path(room: MailRoom, dovecot: Dovecot):
    dovecot.seed(room.user, [with_raw_name(parameter, number) for number, parameter in NAMES.items()])

    room.poll()

    assert room.dispositions() == {"invoice": len(NAMES)}
    prefix = f"org/{room.organizations['acme']}/"
    documents = room.rows("SELECT object_key, filename FROM documents")
    for row in documents:
        folder, _, name = row.object_key.rpartition("/")
        assert folder.startswith(f"{prefix}tx/")
        assert name.isascii()
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-")
        assert row.filename is None or len(row.filename) <= 500
    outside = [path for path in room.store.root.parent.rglob("*") if room.store.root not in (path, *path.parents)]
    assert outside == []
    assert all(key.startswith(prefix) for key in room.store.list(""))
