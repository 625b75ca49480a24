"""Attacks T13 and T14: what would cost the parser time or its stack is refused before it is parsed."""

from __future__ import annotations

import time

import pytest

from mailroom.domain.rfc822 import MailLimits, read_mail
from mailroom.domain.rfc822.limits import breach


def nested(levels: int) -> bytes:
    opening = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (level, level) for level in range(levels)
    )
    return b"From: a@b.test\r\n" + opening + b"Content-Type: text/plain\r\n\r\nhi\r\n"


def forwarded(levels: int) -> bytes:
    return b"From: a@b.test\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * levels + b"Subject: x\r\n\r\nhi\r\n"


@pytest.mark.parametrize("levels", [21, 50, 200, 900, 3_000])
@pytest.mark.parametrize("build", [nested, forwarded])
def test_a_mail_nested_deeper_than_twenty_levels_is_quarantined_at_once(build, levels):
    raw = build(levels)
    begun = time.perf_counter()

    mail = read_mail(raw)

    assert mail.problem == "nested_too_deep"
    assert mail.sender.address == "a@b.test"
    assert time.perf_counter() - begun < 0.5


@pytest.mark.parametrize("build", [nested, forwarded])
def test_twenty_levels_are_read(build):
    mail = read_mail(build(20))

    assert mail.problem is None
    assert [part.body.strip() for part in mail.parts] == [b"hi"]


def test_bare_carriage_returns_hide_no_nesting():
    assert read_mail(nested(50).replace(b"\r\n", b"\r")).problem == "nested_too_deep"


def test_a_boundary_in_quotes_or_pieces_hides_no_nesting():
    quoted = b"".join(b'Content-Type: multipart/mixed; boundary="b %d"\r\n\r\n--b %d\r\n' % (n, n) for n in range(50))
    pieces = b"".join(
        b"Content-Type: multipart/mixed; boundary*0=b; boundary*1=%d\n\n--b%d\n" % (n, n) for n in range(50)
    )

    assert read_mail(quoted).problem == "nested_too_deep"
    assert read_mail(pieces).problem == "nested_too_deep"


def test_more_than_two_hundred_parts_are_quarantined():
    part = b"--b\r\n\r\nx\r\n"
    head = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"

    assert read_mail(head + part * 200 + b"--b--\r\n").problem is None
    assert read_mail(head + part * 201 + b"--b--\r\n").problem == "too_many_parts"


def test_a_header_flood_is_quarantined():
    flood = b"".join(b"X-%d: y\r\n" % number for number in range(1_001))

    assert read_mail(flood + b"\r\nhi").problem == "too_many_headers"
    assert read_mail(b"".join(b"X-%d: y\r\n" % number for number in range(50_000)) + b"\r\nhi").problem is not None


def test_a_header_block_over_256_kb_is_quarantined():
    assert read_mail(b"Subject: " + b"x" * (256 * 1024) + b"\r\n\r\nhi").problem == "header_too_large"


def test_a_flood_in_the_headers_of_a_part_counts_too():
    head = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
    flood = b"".join(b"X-%d: y\r\n" % number for number in range(1_001))

    assert read_mail(head + flood + b"\r\nhi\r\n--b--\r\n").problem == "too_many_headers"


def test_more_than_five_hundred_addresses_are_quarantined():
    def to(count: int) -> bytes:
        return b"From: a@b.test\r\nTo: " + b", ".join(b"u%d@x.test" % number for number in range(count)) + b"\r\n\r\nhi"

    assert read_mail(to(499)).problem is None
    begun = time.perf_counter()
    assert read_mail(to(16_000)).problem == "too_many_addresses"
    assert time.perf_counter() - begun < 1


def test_open_parentheses_do_not_exhaust_the_stack():
    mail = read_mail(b"From: " + b"(" * 2_000 + b"\r\nSubject: x\r\n\r\nhi")

    assert mail.sender.address is None
    assert mail.problem is None


def test_a_long_body_without_a_blank_line_is_no_header_flood():
    assert read_mail(b"no header at all\n" + b"x" * 400_000).problem is None


def test_limits_can_be_set():
    assert breach(b"Subject: x\n\n" + b"x" * 100, MailLimits(raw_bytes=50)) == "mail_too_large"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n",
        b"\r",
        b"\x00" * 100,
        bytes(range(256)) * 40,
        b"Content-Type: multipart/mixed\n\n--\n",
        b"From",
        b"Content-Type: multipart/mixed; boundary=\xff\xfe\n\n--\xff\xfe\n\nx",
    ],
)
def test_odd_bytes_are_read_without_an_exception(raw):
    assert read_mail(raw).raw == raw
