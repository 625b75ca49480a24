"""Header text: RFC 2047 words, RFC 2231 parameters, and what hostile ones hide (T15, C30, C31)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mailroom.domain.rfc822 import read_mail
from mailroom.domain.rfc822.headers import as_text, date_of, decoded, parameter
from tests.unit.raw_mail import raw


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("=?ISO-8859-1?Q?Patrik_F=E4ltstr=F6m?=", "Patrik Fältström"),  # RFC 2047, 8
        (
            "=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?= =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=",
            "If you can read this you understand the example.",
        ),
        ("a =?utf-8?q?b?= c", "a b c"),
        ("=?utf-8?b?w4M=?=", "Ã"),
        ("=?utf-8?b?4oI=?= =?utf-8?b?rA==?=", "€"),  # one character split between two words
        ("=?nonsense?q?plain?=", "plain"),
        ("=?utf-8?b?SGVsbG8!?=", "Hello"),  # a sign that is not base64
    ],
)
def test_encoded_words(written, read):
    assert decoded(written) == read


def test_a_decoded_line_break_adds_no_header():
    # "Hi\r\nBcc: victim@x.test" in base64 (CVE-2024-6923)
    mail = read_mail(raw("Subject: =?utf-8?B?SGkNCkJjYzogdmljdGltQHgudGVzdA==?=", "From: a@b.test"))

    assert mail.subject == "Hi Bcc: victim@x.test"
    assert mail.values("Bcc") == []


@pytest.mark.parametrize("subject", ["a\u2028b", "=?utf-8?b?YeKAqGI=?=", "=?utf-8?q?a=00b?=", "=?utf-8?q?a=1Bb?="])
def test_a_subject_is_one_line_of_plain_characters(subject):
    assert read_mail(raw(f"Subject: {subject}")).subject == "a b"


@pytest.mark.parametrize(
    "charset", ["unicode_escape", "raw_unicode_escape", "utf-7", "utf-16", "zlib", "rot13", "undefined"]
)
def test_no_charset_makes_text_that_nothing_can_store(charset):
    as_text(rb"a\ud800b", charset).encode("utf-8")
    as_text(b"+2AA-", charset).encode("utf-8")


def test_bytes_without_an_encoding_are_read_as_what_they_must_be():
    assert read_mail("Subject: Zahlung über 5 €\n\n".encode()).subject == "Zahlung über 5 €"
    assert read_mail("Subject: Zahlung über 5\n\n".encode("latin-1")).subject == "Zahlung über 5"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ('attachment; filename="a b.pdf"', "a b.pdf"),
        ("attachment; filename=a.pdf", "a.pdf"),
        ("attachment; filename*=utf-8''%e2%82%ac%20rates.pdf", "€ rates.pdf"),  # RFC 6266, 5
        ("attachment; filename*0*=utf-8''Rech; filename*1*=nung%20%C3%BC; filename*2=.pdf", "Rechnung ü.pdf"),
        ('attachment; filename="=?utf-8?q?Rechnung_=C3=BC.pdf?="', "Rechnung ü.pdf"),
        ('attachment; filename="a\\"b.pdf"', 'a"b.pdf'),
        ("attachment", None),
    ],
)
def test_file_names(value, name):
    assert parameter(value, "filename")[0] == name


def test_dates_are_in_utc():
    assert date_of("Mon, 02 Mar 2026 09:00:00 +0200") == datetime(2026, 3, 2, 7, tzinfo=UTC)
    assert date_of("yesterday") is None
    assert date_of("Mon, 99 Mar 99999 09:00:00 +9999") is None
